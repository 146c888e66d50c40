"""The verbs of checkpoints: passages in, exceptions settled, shifts begun and handed over, old passages dropped."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import audit, records
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.reasons import stated
from fangxian.systems.checkpoints import figures
from fangxian.systems.checkpoints.models import HandOver, Passage, PointOfEntry, Shift
from fangxian.systems.checkpoints.recording import (
    Entry,
    Recorded,
    change_passage,
    entry,
    record_passage,
    record_passages,
)
from fangxian.systems.checkpoints.retention import drop_before
from fangxian.systems.checkpoints.seeking import change_sought, seek
from fangxian.systems.checkpoints.words import ShiftState

__all__ = [
    "Entry", "Recorded", "begin_shift", "change_passage", "change_sought", "drop_before", "entry", "hand_over",
    "record_passage", "record_passages", "seek", "settle", "take_over",
]  # fmt: skip


def settle(*, passage: Passage, by: Officer, outcome: str) -> Passage:
    """Say what became of an exception: it is open no longer."""
    with transaction.atomic():
        current = Passage.objects.select_for_update(of=("self",)).get(pk=passage.pk)
        if not current.is_open:
            raise ValidationError(_("This exception is settled already, or there was none."))
        return records.change(
            current, by=by, action="checkpoints.passage.settled", is_open=False, settled_at=now(), settled_by=by,
            outcome=stated(outcome)[:200],
        )  # fmt: skip


def begin_shift(*, shift: Shift, by: Officer) -> Shift:
    """The first shift of a point, or one after a gap, begins without anybody to take over from."""
    with transaction.atomic():
        current = _locked(shift)
        if current.state != ShiftState.PLANNED:
            raise ValidationError(_("This shift has begun already."))
        other = Shift.unscoped.filter(point=current.point, state__in=[ShiftState.ON, ShiftState.LEAVING]).first()
        if other is not None:
            raise ValidationError(_("Another shift is on duty: take over from it."))
        return records.change(
            current, by=by, action="checkpoints.shift.begun", state=ShiftState.ON, leader=current.leader or by
        )


def hand_over(*, shift: Shift, by: Officer, equipment: dict[str, Any] | None = None, note: str = "") -> HandOver:
    """The leaving side signs: figures and open exceptions are taken down as they are at this moment."""
    with transaction.atomic():
        current = _locked(shift)
        if current.state != ShiftState.ON:
            raise ValidationError(_("Only the shift on duty can be handed over."))
        records.change(current, by=by, action="checkpoints.shift.left", state=ShiftState.LEAVING)
        counts = figures.of_shift(current)
        return records.create(
            HandOver, by=by, action="checkpoints.shift.handed_over", area=current.area, shift=current, counts=counts,
            open_exceptions=counts["open"], equipment=_equipment(equipment or {}), note=note[:400], given_by=by,
            given_at=now(),
        )  # fmt: skip


def take_over(*, sheet: HandOver, by: Officer, next_shift: Shift | None = None, objection: str = "") -> HandOver:
    """The coming side signs, another person than the one who left; its shift is on duty from now on."""
    with transaction.atomic():
        current = HandOver.objects.select_for_update(of=("self",)).select_related("shift").get(pk=sheet.pk)
        if current.taken_at is not None:
            raise ValidationError(_("This sheet is signed by both sides already."))
        if current.given_by_id == by.pk:
            raise ValidationError(_("Somebody else has to take over: a sheet is signed by two persons."))
        records.change(current.shift, by=by, action="checkpoints.shift.done", state=ShiftState.DONE)
        coming = _coming(current, next_shift, by)
        return records.change(
            current, by=by, action="checkpoints.shift.taken_over", taken_by=by, taken_at=now(), next_shift=coming,
            objection=objection[:400],
        )  # fmt: skip


def close_point(*, point: PointOfEntry, by: Officer, on: Any) -> PointOfEntry:
    """The point is not manned from a day on."""
    return records.change(point, by=by, action="checkpoints.point.closed", closed_on=on)


def purge(*, before: datetime, by: Officer | None = None) -> dict[str, int]:
    """Drop what passed before a moment and say how much it was."""
    with transaction.atomic():
        gone = drop_before(before)
        if any(gone.values()):
            audit.write("checkpoints.passages.dropped", by=by, detail={**gone, "before": before.isoformat()})
    return gone


def _coming(sheet: HandOver, next_shift: Shift | None, by: Officer) -> Shift | None:
    """The next planned shift of the point goes on duty."""
    planned = Shift.objects.select_for_update(of=("self",)).filter(
        point_id=sheet.shift.point_id, state=ShiftState.PLANNED
    )
    coming = planned.filter(pk=next_shift.pk).first() if next_shift else planned.order_by("starts_at").first()
    if next_shift is not None and coming is None:
        raise ValidationError(_("This shift is not the next one of the point."))
    if coming is None:
        return None
    return records.change(
        coming, by=by, action="checkpoints.shift.begun", state=ShiftState.ON, leader=coming.leader or by
    )


def _equipment(given: dict[str, Any]) -> dict[str, str]:
    """Thing → how many or in what state; short texts only."""
    return {str(thing).strip()[:40]: str(state).strip()[:80] for thing, state in given.items() if str(thing).strip()}


def _locked(shift: Shift) -> Shift:
    return Shift.objects.select_for_update(of=("self",)).select_related("point", "area").get(pk=shift.pk)
