"""The verbs of a sale: at the till, from a till's file, taken back.

At the till what the ladder forbids is refused. What has been sold already cannot be refused any more: it is kept with
what is wrong about it, and becomes a finding (`workflows/drug_sale_signal.py`).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.clock import now, shown
from fangxian.core.ids import uuid7
from fangxian.core.officers import Officer
from fangxian.core.reasons import stated
from fangxian.core.records import Source
from fangxian.systems.pharmacies import baskets, buyers, rules
from fangxian.systems.pharmacies.announcements import sales_kept
from fangxian.systems.pharmacies.models import Pharmacy, Product, Sale, SaleLine
from fangxian.systems.pharmacies.words import Drug, Wrong

CORRECTED = {"phone", "address", "for_whom", "for_name", "came_from"}
"""What may be put right on a receipt that is kept; nothing of it changes what the ladder or the rules made of it."""
REFUSED = {
    Wrong.STOPPED: _("The sale of this medicine is stopped here at present: do not hand it out."),
    Wrong.NO_NAME: _("This medicine is sold under the real name only: enter the name, and a number, phone or address."),
}


def sell(
    *, by: Officer | None, pharmacy: Pharmacy, items: str, receipt: str = "", source: str = Source.WEB, **buyer: Any
) -> Sale:
    """A sale that is being made now. Raises ValidationError where the ladder forbids it; then nothing is kept."""
    refuse_closed(pharmacy)
    pk = buyer.get("id") or uuid7()
    at = now()
    wanted = {**buyer, "id": pk, "receipt": receipt or receipt_number(pharmacy, at, str(pk)), "sold_at": at}
    return _keep(by=by, pharmacy=pharmacy, items=items, source=source, forbid=True, **wanted)


def take_over(
    *, by: Officer | None, pharmacy: Pharmacy, items: str, receipt: str, sold_at: datetime, source: str = Source.IMPORT,
    **buyer: Any,
) -> Sale:  # fmt: skip
    """A sale that has happened, as the till's file or interface tells it."""
    if sold_at > now():
        raise ValidationError({"sold_at": _("This moment is yet to come.")})
    return _keep(
        by=by, pharmacy=pharmacy, items=items, receipt=receipt, sold_at=sold_at, source=source, forbid=False, **buyer
    )


def _keep(*, by: Officer | None, pharmacy: Pharmacy, items: str, source: str, forbid: bool, **values: Any) -> Sale:
    """Judge and keep a sale with its lines and its buyer. A known id answers with the stored sale."""
    known = Sale.objects.filter(pk=values["id"]).first() if values.get("id") else None
    if known is not None:
        return known
    values = buyers.tidy(values)
    basket = baskets.products_of(pharmacy, baskets.parse(items))
    judged = judge(pharmacy, basket, values)
    if forbid and judged.wrong:
        raise ValidationError(REFUSED[Wrong(judged.wrong)])
    with transaction.atomic():
        person = buyers.known_or_new(values, area=pharmacy.area, by=by, source=source)
        sale = records.create(
            Sale, by=by, action="pharmacies.sale.kept", source=source, area=pharmacy.area, pharmacy=pharmacy,
            items=baskets.written({product.code: count for product, count in basket.items()}), person=person,
            stage=judged.stage, wrong=judged.wrong, is_fever=judged.is_fever, pack=judged.pack,
            rule=rules.LADDER if judged.wrong else "", **values,
        )  # fmt: skip
        _write_lines(sale, basket, by, source)
        sales_kept.send(sender=None, sales=[sale], by=by)
    return sale


def judge(pharmacy: Pharmacy, basket: Iterable[Product], values: dict[str, Any]) -> rules.Judged:
    """What the ladder says of a basket at the moment of its sale."""
    pack = rules.pack_of(pharmacy.area_id, values["sold_at"])
    return rules.judge(pack, {product.drug for product in basket if product.drug != Drug.OTHER}, values)


def _write_lines(sale: Sale, basket: dict[Product, int], by: Officer | None, source: str) -> None:
    day = timezone.localdate(sale.sold_at)
    lines = [
        SaleLine(area=sale.area, sale=sale, pharmacy=sale.pharmacy, product=product, drug=product.drug, day=day,
                 quantity=count)
        for product, count in basket.items()
    ]  # fmt: skip
    records.create_many(SaleLine, lines, by=by, action="pharmacies.lines.kept", source=source)


def correct(*, sale: Sale, by: Officer | None, base_version: int | None = None, **values: Any) -> Sale:
    """Put right how the buyer is reached and for whom it was; what was sold, to whom and when stays as it was."""
    changed = {name: value for name, value in values.items() if getattr(sale, name) != value}
    if not changed.keys() <= CORRECTED:
        raise ValidationError(_("This receipt is kept already and says otherwise: take it back, then enter it."))
    return records.change(sale, by=by, action="pharmacies.sale.corrected", base_version=base_version, **changed)


def take_back(*, sale: Sale, by: Officer | None, reason: str) -> Sale:
    """A sale rung up by mistake, or brought back, no longer counts; it stays on record with the reason."""
    with transaction.atomic():
        current = Sale.objects.select_for_update(of=("self",)).get(pk=sale.pk)
        if current.voided_at:
            raise ValidationError(_("This sale was taken back already."))
        changed = records.change(
            current, by=by, action="pharmacies.sale.taken_back", voided_at=now(), void_reason=stated(reason)[:200]
        )
        lines = list(SaleLine.objects.filter(sale=current))
        records.change_many(lines, by=by, action="pharmacies.lines.taken_back", is_void=True)
    return changed


def receipt_number(pharmacy: Pharmacy, at: datetime, unique: str) -> str:
    """A number for a sale the till has given none."""
    return f"{shown(at, '%Y%m%d-%H%M%S')}-{unique.replace('-', '')[-8:]}"


def refuse_closed(pharmacy: Pharmacy) -> None:
    """A pharmacy that has closed sells nothing."""
    if pharmacy.closed_on and pharmacy.closed_on <= timezone.localdate(now()):
        raise ValidationError(_("This pharmacy is closed."))
