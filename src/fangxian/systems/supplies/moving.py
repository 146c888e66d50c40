"""The ledger: every movement under the lock of its store, and the stock is what the movements make it.

Stock is never typed. A count enters what lies on the shelf; the movement holds the difference to the book.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.clock import now, today
from fangxian.core.officers import Officer
from fangxian.core.reasons import stated
from fangxian.core.records import Source
from fangxian.systems.supplies.announcements import stock_moved
from fangxian.systems.supplies.models import Movement, Stock, Store
from fangxian.systems.supplies.words import BETWEEN, INTO, SupplyItem, SupplyMove, label_of


class Part(NamedTuple):
    """How much of which lot."""

    lot: Stock
    quantity: int


def receive(
    *, by: Officer | None, store: Store, item: str, quantity: int, lot: str = "", expires_on: date | None = None,
    source: str = Source.WEB, **noted: Any,
) -> Movement:  # fmt: skip
    """Things come in: bought, given, allotted. Raises ValidationError for what has expired or contradicts its lot."""
    if expires_on and expires_on < today():
        raise ValidationError({"expires_on": _("This has expired: it cannot be taken in.")})
    return enter(by=by, store=store, item=item, kind=SupplyMove.IN, quantity=quantity, lot=lot, expires_on=expires_on,
                 source=source, **noted)  # fmt: skip


def use(
    *, by: Officer | None, store: Store, item: str, quantity: int, kind: str = SupplyMove.USED,
    source: str = Source.WEB, **noted: Any,
) -> list[Movement]:  # fmt: skip
    """Things are used (or given out): what expires first goes first, what has expired stays. One movement a lot."""
    if kind not in (SupplyMove.USED, SupplyMove.OUT):
        raise ValidationError({"kind": _("Choose whether it is used here or given out.")})
    with transaction.atomic():
        _locked(store)
        parts = first_expiring(store, item, quantity)
        return _told([_post(by, store, part.lot, kind, part.quantity, source, **noted) for part in parts], by)


def waste(
    *, by: Officer | None, store: Store, item: str, quantity: int, note: str, lot: str | None = None,
    source: str = Source.WEB,
) -> list[Movement]:  # fmt: skip
    """Things are spoilt or lost, and why: of a lot, or what expires first, also what has expired already."""
    why = stated(note)
    with transaction.atomic():
        _locked(store)
        if lot is not None:
            parts = [Part(_known(store, item, lot), quantity)]
        else:
            parts = first_expiring(store, item, quantity, also_expired=True)
        return _told(
            [_post(by, store, part.lot, SupplyMove.WASTED, part.quantity, source, note=why) for part in parts], by
        )


def count(*, by: Officer | None, store: Store, item: str, quantity: int, lot: str = "", **named: Any) -> Movement:
    """What lies on the shelf of a lot; the movement holds the difference to the book, which may be nothing."""
    return enter(by=by, store=store, item=item, kind=SupplyMove.COUNTED, quantity=quantity, lot=lot, **named)


def enter(
    *, by: Officer | None, store: Store, item: str, quantity: int, kind: str = SupplyMove.COUNTED, lot: str = "",
    expires_on: date | None = None, source: str = Source.WEB, **noted: Any,
) -> Movement:  # fmt: skip
    """One movement of one named lot, as a sheet or a program enters it."""
    if kind in BETWEEN:
        raise ValidationError({"kind": _("Between stores things move by a request or a transfer.")})
    if noted.get("moved_at") and noted["moved_at"] > now():
        raise ValidationError({"moved_at": _("This moment is yet to come.")})
    name = lot_name(lot, expires_on)
    with transaction.atomic():
        _locked(store)
        if kind in (*INTO, SupplyMove.COUNTED):
            row = _lot(store, item, name, expires_on)
        else:
            row = _known(store, item, name)
        return _told([_post(by, store, row, kind, quantity, source, **noted)], by)[0]


def transfer(
    *, by: Officer | None, from_store: Store, to_store: Store, item: str, quantity: int, note: str = ""
) -> tuple[list[Movement], list[Movement]]:
    """Things go from one store to another in one act: out there and in here, lot by lot, what expires first first."""
    with transaction.atomic():
        locked(from_store, to_store)
        parts = first_expiring(from_store, item, quantity)
        out = [send(by, part, to_store, note=note) for part in parts]
        back = [arrive(by, moved, to_store, moved.quantity, note=note) for moved in out]
        _told([*out, *back], by)
    return out, back


def send(by: Officer | None, part: Part, to_store: Store, **noted: Any) -> Movement:
    """One lot leaves for another store. Inside a transaction that holds the stores."""
    return _post(
        by, part.lot.store, part.lot, SupplyMove.SENT, part.quantity, Source.WEB, other_store=to_store, **noted
    )


def arrive(by: Officer | None, sent: Movement, store: Store, quantity: int, **noted: Any) -> Movement:
    """What was sent comes into its store, under its lot. Inside a transaction that holds the store."""
    row = _lot(store, sent.item, sent.lot, sent.expires_on)
    return _post(by, store, row, SupplyMove.ARRIVED, quantity, Source.WEB, other_store=sent.store, **noted)


def told(movements: list[Movement], by: Officer | None) -> None:
    """Announce what moved by `send` and `arrive`."""
    _told(movements, by)


def first_expiring(store: Store, item: str, quantity: int, *, also_expired: bool = False) -> list[Part]:
    """So much of an item, from the lots that expire first; those without a day last. The store must be locked.

    Raises ValidationError when there is not so much that may be used.
    """
    if quantity <= 0:
        raise ValidationError({"quantity": _("Enter how many.")})
    lots = Stock.objects.select_related("store").filter(store=store, item=item, quantity__gt=0)
    lots = lots if also_expired else lots.exclude(expires_on__lt=today())
    parts, wanted = [], quantity
    for lot in lots.order_by(F("expires_on").asc(nulls_last=True), "lot", "pk"):
        parts.append(Part(lot, min(wanted, lot.quantity)))
        wanted -= parts[-1].quantity
        if not wanted:
            return parts
    raise _too_little(item, quantity - wanted)


def locked(*stores: Store) -> None:
    """Hold several stores, always in one order, so that two acts in opposite ways do not wait for each other."""
    if len({store.pk for store in stores}) < len(stores):
        raise ValidationError({"to_store": _("Things cannot be sent to the store they lie in.")})
    held = Store.unscoped.select_for_update().filter(pk__in=[store.pk for store in stores]).order_by("pk")
    _refuse_closed(list(held))


def lot_name(lot: str, expires_on: date | None) -> str:
    """What carries no lot number is told apart by the day it expires."""
    return lot.strip() or (expires_on.isoformat() if expires_on else "")


def _locked(store: Store) -> None:
    locked(store)


def _refuse_closed(stores: Iterable[Store]) -> None:
    for store in stores:
        if store.closed_on and store.closed_on <= today():
            raise ValidationError({"store": _("“%(store)s” is closed.") % {"store": store}})


def _lot(store: Store, item: str, name: str, expires_on: date | None) -> Stock:
    """The lot in a store, made where it is not known there yet."""
    if item not in SupplyItem.values:
        raise ValidationError({"item": _("Choose what it is.")})
    row, _made = Stock.objects.get_or_create(store=store, item=item, lot=name, defaults={"expires_on": expires_on})
    if expires_on and row.expires_on != expires_on:
        raise ValidationError({"expires_on": _("This lot is known here with another expiry day.")})
    return row


def _known(store: Store, item: str, name: str) -> Stock:
    row = Stock.objects.filter(store=store, item=item, lot=name).first()
    if row is None:
        raise ValidationError({"lot": _("This store has no such lot of it.")})
    return row


def _post(
    by: Officer | None, store: Store, lot: Stock, kind: str, quantity: int, source: str, **noted: Any
) -> Movement:
    """Write one movement and bring the balance of its lot along; the store is locked."""
    if quantity < 0 or (quantity == 0 and kind != SupplyMove.COUNTED):
        raise ValidationError({"quantity": _("Enter how many.")})
    if kind == SupplyMove.WASTED:
        noted["note"] = stated(noted.get("note", ""))
    before = Stock.objects.get(pk=lot.pk).quantity
    change = quantity - before if kind == SupplyMove.COUNTED else quantity if kind in INTO else -quantity
    if before + change < 0:
        raise _too_little(lot.item, before)
    Stock.objects.filter(pk=lot.pk).update(quantity=F("quantity") + change)
    return records.create(
        Movement, by=by, action=f"supplies.stock.{kind.lower()}", source=source, area=store.area, store=store,
        item=lot.item, lot=lot.lot, expires_on=lot.expires_on, kind=kind, quantity=quantity, change=change,
        left=before + change, **noted,
    )  # fmt: skip


def _too_little(item: str, there: int) -> ValidationError:
    words = {"item": label_of(item), "there": there}
    return ValidationError({"quantity": _("%(item)s: only %(there)s can be taken.") % words})


def _told(movements: list[Movement], by: Officer | None) -> list[Movement]:
    stock_moved.send(sender=None, movements=movements, by=by)
    return movements
