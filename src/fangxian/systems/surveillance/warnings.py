"""The products of a warning and their four steps.

verb       from        to         who
form       -           FORMED     whoever answers signals in the area of the product
deliver    FORMED      DELIVERED  the same; the clock of the response starts
respond    DELIVERED   RESPONDED  whoever answers signals in the area of the receiver
feed_back  RESPONDED   FED_BACK   the side that formed it: what came of it
withdraw   FORMED DELIVERED  WITHDRAWN  the side that formed it
"""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, require
from fangxian.core.reasons import stated
from fangxian.core.records import Source
from fangxian.systems.surveillance import rules
from fangxian.systems.surveillance.announcements import product_moved
from fangxian.systems.surveillance.models import Signal, WarningProduct
from fangxian.systems.surveillance.selectors import SEEN
from fangxian.systems.surveillance.words import WarningState

S = WarningState
FROM: dict[str, tuple[str, ...]] = {
    "deliver": (S.FORMED,), "respond": (S.DELIVERED,), "feed_back": (S.RESPONDED,),
    "withdraw": (S.FORMED, S.DELIVERED),
}  # fmt: skip


def form(
    *, by: Officer | None, area: Area, kind: str, title: str, text: str, addressee: str, to_area: Area | None = None,
    signal: Signal | None = None, source: str = Source.WEB, **values: Any,
) -> WarningProduct:  # fmt: skip
    """Form a product; nobody sees it outside until it is delivered."""
    _may(by, area.pk)
    return records.create(
        WarningProduct, by=by, action="surveillance.warning.formed", source=source, area=area, kind=kind, title=title,
        text=text, addressee=addressee, to_area=to_area or area, signal=signal, **values,
    )  # fmt: skip


def deliver(*, product: WarningProduct, by: Officer | None) -> WarningProduct:
    """Hand it to whom it is for; from now on they have the pack's time to respond, and it says what was seen now."""
    _may(by, product.area_id)
    due = now() + rules.time_to_respond(rules.pack_of(product.to_area_id))
    seen = _seen(product.signal) if product.signal is not None else {}
    return _move(product, "deliver", by, state=S.DELIVERED, delivered_at=now(), due_at=due, seen=seen)


def respond(*, product: WarningProduct, by: Officer | None, response: str) -> WarningProduct:
    """What whoever got it does about it."""
    _may(by, product.to_area_id)
    return _move(product, "respond", by, state=S.RESPONDED, response=stated(response)[:300], responded_at=now())


def feed_back(*, product: WarningProduct, by: Officer | None, feedback: str) -> WarningProduct:
    """What came of it, as the side that warned sees it; the last step."""
    _may(by, product.area_id)
    return _move(product, "feed_back", by, state=S.FED_BACK, feedback=stated(feedback)[:300], fed_back_at=now())


def withdraw(*, product: WarningProduct, by: Officer | None, reason: str) -> WarningProduct:
    """It was a mistake, or is not needed any more."""
    _may(by, product.area_id)
    return _move(product, "withdraw", by, state=S.WITHDRAWN, feedback=stated(reason)[:300])


def allowed(product: WarningProduct) -> list[str]:
    """The verbs its state allows."""
    return [verb for verb, states in FROM.items() if product.state in states]


def _seen(signal: Signal) -> dict[str, Any]:
    """A card as it stands, in plain values; `selectors.seen` reads it."""
    plain = {name: getattr(signal, name) for name in SEEN}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in plain.items()}


def _may(by: Officer | None, area_code: str) -> None:
    if by is not None:
        require(by, Permission.SURVEILLANCE_WRITE, area_code)


def _move(product: WarningProduct, verb: str, by: Officer | None, **changes: Any) -> WarningProduct:
    if product.state not in FROM[verb]:
        shown = product.get_state_display()
        raise ValidationError({"state": _("A product that is “%(state)s” does not allow this.") % {"state": shown}})
    with transaction.atomic():
        moved = records.change(product, by=by, action=f"surveillance.warning.{verb}", **changes)
        product_moved.send(sender=None, product=moved, by=by)
    return moved
