"""The totals a till has counted, product by product; and the houses, products and clerks behind them."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import identity, records
from fangxian.core.clock import now, today
from fangxian.core.officers import Officer
from fangxian.core.records import Source
from fangxian.systems.pharmacies import rules
from fangxian.systems.pharmacies.models import Pharmacy, Product, TillTotal
from fangxian.systems.pharmacies.words import Drug


def report_totals(
    *, by: Officer | None, pharmacy: Pharmacy, day: date, totals: dict[Product, int], source: str = Source.WEB
) -> list[TillTotal]:
    """What the till counted on a day. A product told again is corrected; what is not told stays as it was."""
    refuse_future(day)
    with transaction.atomic():
        known = {
            row.product_id: row
            for row in TillTotal.objects.select_for_update(of=("self",)).filter(pharmacy=pharmacy, day=day)
        }
        told = [
            records.change(known[product.pk], by=by, action="pharmacies.total.corrected", quantity=count)
            for product, count in totals.items()
            if product.pk in known
        ]
        new = [
            TillTotal(
                area=pharmacy.area, pharmacy=pharmacy, day=day, code=product.code, product=product, quantity=count
            )
            for product, count in totals.items()
            if product.pk not in known
        ]  # fmt: skip
        return told + records.create_many(TillTotal, new, by=by, action="pharmacies.totals.reported", source=source)


def nothing_sold(*, by: Officer | None, pharmacy: Pharmacy, day: date, source: str = Source.WEB) -> list[TillTotal]:
    """The pharmacy was open and sold nothing under watch: zero, said, which is not the same as silence."""
    products = watched_products(pharmacy)
    if not products:
        raise ValidationError(_("This pharmacy has no product under watch: enter its products first."))
    if TillTotal.objects.filter(pharmacy=pharmacy, day=day).exists():
        raise ValidationError(_("The till has reported this day already."))
    return report_totals(by=by, pharmacy=pharmacy, day=day, totals=dict.fromkeys(products, 0), source=source)


def watched_products(pharmacy: Pharmacy) -> list[Product]:
    """What the pharmacy sells of the classes under watch, by class and name."""
    classes = rules.watched(rules.pack_of(pharmacy.area_id, now()))
    return list(Product.objects.filter(pharmacy=pharmacy, drug__in=classes, ended_on=None).order_by("drug", "name"))


def refuse_future(day: date) -> None:
    """A till cannot have counted a day to come."""
    if day > today():
        raise ValidationError({"day": _("This day is still to come.")})


def of_its_till(values: dict[str, Any]) -> dict[str, Any]:
    """A total's values with the product behind the code; raises ValidationError for a code the till does not know."""
    pharmacy, code = values.get("pharmacy"), values.get("code")
    if pharmacy is None or not code:
        return values
    product = Product.objects.filter(pharmacy=pharmacy, code=code).first()
    if product is None:
        raise ValidationError({"code": _("This pharmacy sells no product with the code: %(codes)s") % {"codes": code}})
    return {**values, "product": product}


def classified(values: dict[str, Any]) -> dict[str, Any]:
    """A product's values with its class: by its name where the pack knows it, else as entered."""
    pharmacy, name = values.get("pharmacy"), values.get("name")
    if pharmacy is None or not name:
        return values
    by_name = rules.class_of(rules.pack_of(pharmacy.area_id, now()), name)
    return {**values, "drug": by_name or values.get("drug") or Drug.OTHER}


def checked_code(values: dict[str, Any]) -> dict[str, Any]:
    """A pharmacy's values with one spelling of its credit code; raises ValidationError for a code that is none."""
    if not values.get("credit_code"):
        return values
    try:
        return {**values, "credit_code": identity.organisation_code(values["credit_code"]).number}
    except identity.InvalidIdentifier as error:
        raise ValidationError({"credit_code": str(error)}) from error
