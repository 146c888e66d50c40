"""Recalls: opened with a line a holder, told, stopped, sealed, accounted for to the last piece."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.clock import now
from fangxian.core.records import Source
from fangxian.systems.goods import judging
from fangxian.systems.goods.announcements import recall_closed
from fangxian.systems.goods.models import GoodsPlace, GoodsTest, Lot, Recall, RecallLine
from fangxian.systems.goods.moving import move
from fangxian.systems.goods.words import HolderState, Moved

COUNTED = ("sealed", "returned", "destroyed", "used")
GONE = ("returned", "destroyed", "used")
LEFT_BY = {"returned": Moved.RETURN, "destroyed": Moved.DESTROY}
TRACED = ("since", "passed", "pieces")


@dataclass(frozen=True)
class Holder:
    """What a trace found at one holder of one lot: contaminated since when, pieces passed through, pieces there."""

    lot: Lot
    place: GoodsPlace | None
    since: datetime
    passed: int
    pieces: int

    @property
    def key(self) -> tuple[Any, Any]:
        """What makes it the same line when the trace runs again."""
        return self.lot.pk, self.place.pk if self.place else None


def open_recall(
    *, by, lot: Lot, test: GoodsTest | None, reason: str, from_at: datetime, until_at: datetime, rule: str, pack: str
) -> Recall:
    """The open recall of a lot, or a new one; searched again, it says when."""
    searched = {"from_at": from_at, "until_at": until_at, "rule": rule, "pack": pack}
    with transaction.atomic():
        Lot.unscoped.select_for_update().get(pk=lot.pk)
        known = Recall.objects.filter(lot=lot, closed_at=None).first()
        if known:
            return records.change(known, by=by, action="goods.recall.searched", **searched)
        return records.create(
            Recall, by=by, action="goods.recall.opened", source=Source.WORKFLOW, area=lot.area, lot=lot, test=test,
            reason=reason, started_at=now(), **searched,
        )  # fmt: skip


def keep_lines(*, recall: Recall, holders: Iterable[Holder], handlers: int, by) -> list[RecallLine]:
    """Lines as the trace found them: new holders are added, known ones keep what was done. None is ever taken away.

    A holder who has accounted for more than a later trace finds there keeps the larger number.
    """
    holders = list(holders)
    with transaction.atomic():
        stored = {(row.lot_id, row.place_id): row for row in RecallLine.objects.filter(recall=recall)}
        fresh = [_line(recall, holder) for holder in holders if holder.key not in stored]
        known = [_updated(stored[holder.key], holder) for holder in holders if holder.key in stored]
        records.create_many(RecallLine, fresh, by=by, action="goods.recall.lines_added")
        changed = [row for row, is_new in known if is_new]
        records.save_many(changed, [*TRACED, "state"], by=by, action="goods.recall.lines_changed")
        lines = [*stored.values(), *fresh]
        figures = {
            "lots": len({row.lot_id for row in lines}), "handlers": handlers,
            "pieces": sum(row.pieces for row in lines), "places": len({row.place_id for row in lines if row.place_id}),
        }  # fmt: skip
        records.change(recall, by=by, action="goods.recall.counted", **figures)
        judging.judge(judging.of_ids({row.lot_id for row in lines}), by=by)
    return lines


def tell(*, line: RecallLine, by) -> RecallLine:
    """The holder has been told."""
    return _step(line, by, "told", lambda row: {"told_at": row.told_at or now()})


def stop(*, line: RecallLine, by) -> RecallLine:
    """The holder no longer sells or uses the goods; who stops has been told."""
    return _step(line, by, "stopped", lambda row: {"told_at": row.told_at or now(), "stopped_at": now()})


def account(*, line: RecallLine, by, **counts: int) -> RecallLine:
    """Pieces sealed, sent back, destroyed, used up: the whole numbers now, not what is added.

    What is sent back or destroyed becomes a movement as well, so it is entered once. Raises ValidationError when the
    numbers exceed the pieces to account for, and when pieces that are gone would come back.
    """
    unknown = set(counts) - set(COUNTED)
    if unknown or any(number < 0 for number in counts.values()):
        raise ValidationError({"pieces": _("Pieces are counted from 0 on.")})
    with transaction.atomic():
        before = RecallLine.objects.select_for_update(of=("self",)).get(pk=line.pk)
        done = _step(line, by, "accounted", lambda row: _counted(row, counts))
        _write_movements(done, before, by)
    return done


def close_settled(*, recall: Recall, by) -> bool:
    """Close a recall of which every piece has come to its end; its lots are judged anew. Whether it is closed."""
    with transaction.atomic():
        lines = RecallLine.unscoped.filter(recall=recall)
        if not lines.exists() or lines.exclude(state=HolderState.SETTLED).exists():
            return False
        closed = records.change(recall, by=by, action="goods.recall.closed", closed_at=now())
        judging.judge(judging.of_ids(lines.values_list("lot", flat=True)), by=by)
        recall_closed.send(sender=None, recall=closed, by=by)
    return True


def state_of(line: RecallLine) -> str:
    """How far a holder is: computed from what was done, never typed. Who has no piece is done once told."""
    if line.told_at is None:
        return HolderState.OPEN
    if sum(getattr(line, name) for name in GONE) == line.pieces:
        return HolderState.SETTLED
    if line.open_pieces == 0:
        return HolderState.SEALED
    return HolderState.STOPPED if line.stopped_at else HolderState.TOLD


def _step(line: RecallLine, by, verb: str, changes) -> RecallLine:
    with transaction.atomic():
        current = (
            RecallLine.objects.select_for_update(of=("self",))
            .select_related("recall", "lot", "area", "place")
            .get(pk=line.pk)
        )
        if current.recall.closed_at:
            raise ValidationError(_("This recall is closed."))
        wanted = changes(current)
        for name, value in wanted.items():
            setattr(current, name, value)
        done = records.change(line, by=by, action=f"goods.recall.{verb}", **wanted, state=state_of(current))
        close_settled(recall=current.recall, by=by)
    return done


def _counted(row: RecallLine, counts: dict[str, int]) -> dict[str, Any]:
    total = sum(counts.get(name, getattr(row, name)) for name in COUNTED)
    if total > row.pieces:
        raise ValidationError(
            {"pieces": _("%(total)s pieces are more than the %(pieces)s to account for: count again.")
             % {"total": total, "pieces": row.pieces}}
        )  # fmt: skip
    return {**counts, "told_at": row.told_at or now(), "stopped_at": row.stopped_at or now()}


def _write_movements(done: RecallLine, before: RecallLine, by) -> None:
    """The pieces that went since, as movements from the holder's place; customers without a name have none."""
    for name, kind in LEFT_BY.items():
        went = getattr(done, name) - getattr(before, name)
        if went < 0:
            raise ValidationError({"pieces": _("Pieces that are gone do not come back: enter the number now.")})
        if went and done.place:
            move(by=by, kind=kind, lot=done.lot, from_place=done.place, pieces=went)


def _line(recall: Recall, holder: Holder) -> RecallLine:
    area = holder.place.area if holder.place else holder.lot.area
    return RecallLine(
        recall=recall, recall_area_id=recall.area_id, area=area, lot=holder.lot, place=holder.place,
        since=holder.since, passed=holder.passed, pieces=holder.pieces,
    )  # fmt: skip


def _updated(row: RecallLine, holder: Holder) -> tuple[RecallLine, bool]:
    """A known line with what the trace found now, and whether that is new."""
    before = tuple(getattr(row, name) for name in TRACED)
    accounted = row.pieces - row.open_pieces
    left = sum(getattr(row, name) for name in LEFT_BY) if row.place_id else 0
    row.since, row.passed, row.pieces = holder.since, holder.passed, max(holder.pieces + left, accounted)
    row.state = state_of(row)
    return row, tuple(getattr(row, name) for name in TRACED) != before
