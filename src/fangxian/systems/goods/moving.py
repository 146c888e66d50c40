"""Goods on their way: moved, split, merged, re-packed, processed, sold, sent back, destroyed.

A held lot only goes back or is destroyed, unless it is on the way to be checked (from a port or vehicle). Nothing
leaves a place that is not there.
"""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.clock import day_of, now
from fangxian.core.records import Source
from fangxian.systems.goods import judging
from fangxian.systems.goods.models import GoodsPlace, Lot, Movement
from fangxian.systems.goods.tidying import tidy
from fangxian.systems.goods.words import Moved, PlaceKind

OUT = (Moved.RETURN, Moved.DESTROY)
BEFORE_ENTRY = (PlaceKind.PORT, PlaceKind.VEHICLE)
NEW_LOT = (Moved.SPLIT, Moved.MERGE, Moved.REPACK, Moved.PROCESS)
SAME_PIECES = (Moved.SPLIT, Moved.MERGE)


def move(
    *, by, kind: str, lot: Lot, pieces: int, from_place: GoodsPlace | None = None, to_place: GoodsPlace | None = None,
    to_lot: Lot | None = None, made: int | None = None, at: datetime | None = None, source: str = Source.WEB,
    **values: Any,
) -> Movement:  # fmt: skip
    """Write one movement down. Without `to_lot` the lot stays what it is; `made` says how many pieces came of them.

    Raises ValidationError where the goods are held, are not there in that number, or the kind does not fit.
    """
    at = at or now()
    goal = None if kind == Moved.DESTROY or (kind == Moved.RETURN and to_place is None) else to_lot or lot
    _check(kind, lot, goal, from_place, to_place, at)
    with transaction.atomic():
        current = Lot.unscoped.select_for_update().get(pk=lot.pk)  # the last pieces leave once
        _check_held(kind, current, from_place)
        _check_stock(kind, current, from_place, pieces)
        moved = records.create(
            Movement, by=by, action="goods.movement.written", source=source, kind=kind, lot=current, to_lot=goal,
            area=(from_place or to_place).area, to_area=(to_place or from_place).area, from_place=from_place,
            to_place=to_place, at=at, pieces=pieces, made=0 if goal is None else made or pieces, **tidy(values),
        )  # fmt: skip
        if goal is not None and goal.pk != lot.pk:
            _grow(goal, by)
            judging.judge(judging.of_ids([goal.pk]), by=by)
    return moved


def divide(
    *, by, kind: str, lots: dict[Lot, int], place: GoodsPlace, number: str, made: int | None = None,
    to_place: GoodsPlace | None = None, goods: str = "", at: datetime | None = None, source: str = Source.WEB,
    **values: Any,
) -> Lot:  # fmt: skip
    """Make one new lot of pieces of others at a place: split, merged, re-packed or processed.

    `lots` says how many pieces of each are taken. Pieces made are shared among them by what was taken, exactly; split
    or put together, they are as many as were taken unless said otherwise. Raises ValidationError as `move` does, and
    for a number the area has given already.
    """
    if kind not in NEW_LOT or not lots:
        raise ValidationError({"kind": _("Name the lots it is made of and how many pieces come of them.")})
    first, at, target = next(iter(lots)), at or now(), to_place or place
    made = made or (sum(lots.values()) if kind in SAME_PIECES else 0)
    _check_new(number, made, target)
    consignments = {lot.consignment_id for lot in lots}
    with transaction.atomic():
        new = records.create(
            Lot, by=by, action="goods.lot.made", source=source, area=target.area, number=number,
            goods=goods or first.goods, place=target, pieces=made, begun_at=at,
            consignment_id=consignments.pop() if len(consignments) == 1 else None,
            produced_on=day_of(at) if kind == Moved.PROCESS else first.produced_on, expires_on=first.expires_on,
        )  # fmt: skip
        for (lot, taken), share in zip(lots.items(), _shares(list(lots.values()), made), strict=True):
            move(by=by, kind=kind, lot=lot, pieces=taken, made=share, to_lot=new, from_place=place, to_place=target,
                 at=at, source=source, **values)  # fmt: skip
    return Lot.unscoped.get(pk=new.pk)


def stock(lot: Lot, place: GoodsPlace) -> int:
    """Pieces of a lot at a place, from the movements."""
    came = Movement.unscoped.filter(to_lot=lot, to_place=place).aggregate(n=Sum("made"))["n"] or 0
    left = Movement.unscoped.filter(lot=lot, from_place=place).aggregate(n=Sum("pieces"))["n"] or 0
    return came - left


def _grow(goal: Lot, by) -> None:
    """A lot has at least the pieces that were made into it, also where they come row by row."""
    came = Movement.unscoped.filter(to_lot=goal, kind__in=NEW_LOT).aggregate(n=Sum("made"))["n"] or 0
    if came > goal.pieces:
        records.change(goal, by=by, action="goods.lot.grown", pieces=came)


def _shares(taken: list[int], made: int) -> list[int]:
    """`made` cut in proportion to `taken`, whole numbers that add up."""
    total, shares, before = sum(taken), [], 0
    for number in range(1, len(taken) + 1):
        upto = made * sum(taken[:number]) // total
        shares.append(upto - before)
        before = upto
    return shares


def _check_new(number: str, made: int, target: GoodsPlace) -> None:
    if not number:
        raise ValidationError({"number": _("Give the new lot a number.")})
    if made < 1:
        raise ValidationError({"made": _("Say how many pieces come of it.")})
    if Lot.unscoped.filter(area=target.area_id, number=number).exists():
        raise ValidationError({"number": _("There is a lot with this number already: choose another.")})


def _check(kind: str, lot: Lot, goal: Lot | None, from_place, to_place, at: datetime) -> None:
    if from_place is None and to_place is None:
        raise ValidationError({"from_place": _("Say where the goods come from or where they go.")})
    if kind == Moved.RECEIVE and to_place is None:
        raise ValidationError({"to_place": _("Say where the goods are received.")})
    if kind != Moved.RECEIVE and from_place is None:
        raise ValidationError({"from_place": _("Say where the goods come from.")})
    if kind in (Moved.MOVE, *NEW_LOT) and to_place is None:
        raise ValidationError({"to_place": _("Say where the goods go.")})
    if kind in NEW_LOT and goal is not None and goal.pk == lot.pk:
        raise ValidationError({"to_lot": _("Name the lot that is made.")})
    if at > now():
        raise ValidationError({"at": _("This moment is yet to come.")})


def _check_held(kind: str, lot: Lot, from_place: GoodsPlace) -> None:
    """Held goods stay where they are; a judgement that only waited for its time is made anew first."""
    if kind in (*OUT, Moved.RECEIVE) or from_place.kind in BEFORE_ENTRY or not lot.is_held:
        return
    judging.judge(judging.of_ids([lot.pk]), by=None)
    current = Lot.unscoped.get(pk=lot.pk)
    if current.is_held:
        words = ", ".join(str(word) for word in current.reasons_in_words)
        raise ValidationError({"lot": _("This lot is held: %(missing)s.") % {"missing": words}})


def _check_stock(kind: str, lot: Lot, from_place: GoodsPlace, pieces: int) -> None:
    """What is received was counted where it came from, if anywhere; everything else leaves a place where it is."""
    if kind == Moved.RECEIVE:
        return
    there = stock(lot, from_place)
    if pieces > there:
        raise ValidationError(
            {"pieces": _("Of this lot %(there)s pieces are there: %(pieces)s cannot leave.")
             % {"there": max(0, there), "pieces": pieces}}
        )  # fmt: skip
