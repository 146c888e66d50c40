"""The verbs of drills: those of the real installation, and those of the copy a drill is run on.

verb        from                 to           where
plan        (none)               PLANNED      real
change      PLANNED              PLANNED      real
start       PLANNED              RUNNING      real, when the copy is made
cancel      PLANNED RUNNING      CANCELLED    real
take_in     RUNNING EVALUATED    EVALUATED    real, what was observed in the copy
confirm     EVALUATED            CLOSED       real, by a person
destroyed   any with a copy      the same     real, once the copy is gone
begin, play, end                              copy
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import audit, records
from fangxian.core.areas import Area
from fangxian.core.clock import now, today
from fangxian.core.officers import Officer
from fangxian.core.reasons import stated
from fangxian.core.records import Record, Source
from fangxian.systems.drills.models import Drill, DrillStep
from fangxian.systems.drills.words import DrillState, LineKind, LineOutcome

TAKEN = ("outcome", "observed_at", "started_at", "due_at", "evidence", "note", "rule", "pack")


def plan(*, by: Officer | None, area: Area, scenario: str, on: date, source: str = Source.WEB, **values: Any) -> Drill:
    """Put a drill on the calendar. Raises ValidationError for a second one of the kind on that day."""
    return records.create(
        Drill, by=by, action="drills.drill.planned", source=source, area=area, scenario=scenario, on=on, **values
    )


def change(*, drill: Drill, by: Officer | None, base_version: int | None = None, **changes: Any) -> Drill:
    """Change what is planned; a drill that has begun stays as it is."""
    _refuse_unless(drill, DrillState.PLANNED)
    return records.change(drill, by=by, action="drills.drill.changed", base_version=base_version, **changes)


def cancel(*, drill: Drill, by: Officer | None, reason: str) -> Drill:
    """It does not take place, or was broken off; a copy that was made still has to be destroyed."""
    _refuse_unless(drill, DrillState.PLANNED, DrillState.RUNNING)
    said = stated(reason)[:200]
    return records.change(drill, by=by, action="drills.drill.cancelled", state=DrillState.CANCELLED, reason=said)


def start(*, drill: Drill, by: Officer | None, copy_at: str, factor: float) -> Drill:
    """The copy is about to be made: from now on the drill is held, and somebody answers for the copy."""
    with transaction.atomic():
        current = Drill.objects.select_for_update(of=("self",)).get(pk=drill.pk)
        _refuse_unless(current, DrillState.PLANNED)
        return records.change(
            current, by=by, action="drills.drill.started", state=DrillState.RUNNING, held_on=today(), copied_at=now(),
            copy_at=copy_at[:300], factor=factor,
        )  # fmt: skip


def not_started(*, drill: Drill, by: Officer | None) -> Drill:
    """No copy was made after all: the drill is planned as before."""
    return records.change(
        drill, by=by, action="drills.drill.not_started", state=DrillState.PLANNED, held_on=None, copied_at=None,
        copy_at="", factor=None,
    )  # fmt: skip


def take_in(
    *, drill: Drill, by: Officer | None, lines: Iterable[Mapping[str, Any]], begun_at: datetime, ended_at: datetime
) -> Drill:
    """Keep what was observed in the copy; brought a second time, it takes the place of the first."""
    with transaction.atomic():
        current = Drill.objects.select_for_update(of=("self",)).select_related("area").get(pk=drill.pk)
        _refuse_unless(current, DrillState.RUNNING, DrillState.EVALUATED)
        known = {(row.kind, row.key): row for row in DrillStep.objects.filter(drill=current)}
        rows = [_line(current, number, known, line) for number, line in enumerate(lines, start=1)]
        records.create_many(
            DrillStep, [row for row in rows if row._state.adding], by=by, action="drills.steps.taken", source=Source.WEB
        )
        again = [row for row in rows if not row._state.adding and (row.kind, row.key) in known]
        records.save_many(again, list(TAKEN), by=by, action="drills.steps.taken_again")
        return records.change(
            current, by=by, action="drills.drill.evaluated", state=DrillState.EVALUATED, begun_at=begun_at,
            ended_at=ended_at, **_counts(rows),
        )  # fmt: skip


def confirm(*, drill: Drill, by: Officer, conclusion: str) -> Drill:
    """Somebody has read the evaluation and says what follows from it. Raises ValidationError without a conclusion."""
    with transaction.atomic():
        current = Drill.objects.select_for_update(of=("self",)).get(pk=drill.pk)
        _refuse_unless(current, DrillState.EVALUATED)
        return records.change(
            current, by=by, action="drills.drill.confirmed", state=DrillState.CLOSED,
            conclusion=stated(conclusion)[:500], confirmed_at=now(), confirmed_by=by,
        )  # fmt: skip


def destroyed(*, drill: Drill, by: Officer | None, files: int, size: int) -> Drill:
    """The copy is gone; how much was overwritten and removed stands in the audit."""
    with transaction.atomic():
        done = records.change(drill, by=by, action="drills.copy.destroyed", destroyed_at=now())
        audit.write("drills.copy.proof", by=by, area=drill.area, target=drill, detail={"files": files, "bytes": size})
    return done


# --- in the copy ---


def begin(*, drill: Drill, by: Officer | None, lines: Iterable[DrillStep]) -> Drill:
    """The clock runs: the lines of the scenario are there, each still to come."""
    with transaction.atomic():
        current = Drill.objects.select_for_update(of=("self",)).get(pk=drill.pk)
        if current.begun_at is not None:
            raise ValidationError(_("This drill has begun already."))
        records.create_many(DrillStep, lines, by=by, action="drills.steps.laid_out")
        return records.change(current, by=by, action="drills.drill.begun", begun_at=now())


def play(*, step: DrillStep, subject: Record | None, note: str = "") -> DrillStep:
    """An inject was played in, at this moment of the drill's clock; with a note, it could not be."""
    about = {"subject_kind": subject._meta.label_lower, "subject_id": subject.pk} if subject is not None else {}
    outcome = LineOutcome.FAILED if note else LineOutcome.HAPPENED
    return records.change(
        step, by=None, action="drills.step.played", started_at=now(), observed_at=now(), outcome=outcome,
        note=note[:200], **about,
    )  # fmt: skip


def start_clock(*, step: DrillStep, at: datetime, due_at: datetime) -> DrillStep:
    """The clock of a reaction begins."""
    return records.change(step, by=None, action="drills.step.expected", started_at=at, due_at=due_at)


def end(*, drill: Drill, by: Officer | None, at: datetime | None = None) -> Drill:
    """Nothing more is played in, and nothing done later counts."""
    if drill.ended_at is not None:
        return drill
    return records.change(drill, by=by, action="drills.drill.ended", ended_at=min(at or now(), now()))


def _refuse_unless(drill: Drill, *states: str) -> None:
    if drill.state not in states:
        raise ValidationError(_("A drill that is “%(state)s” does not allow this.") % {
            "state": drill.get_state_display()})  # fmt: skip


def _line(drill: Drill, number: int, known: dict[tuple[str, str], DrillStep], line: Mapping[str, Any]) -> DrillStep:
    values = dict(line)
    row = known.get((values["kind"], values["key"]))
    if row is None:
        return DrillStep(drill=drill, area=drill.area, number=number, **values)
    for name in TAKEN:
        setattr(row, name, values.get(name, DrillStep._meta.get_field(name).get_default()))
    return row


def _counts(rows: list[DrillStep]) -> dict[str, int]:
    asked = [row.outcome for row in rows if row.kind == LineKind.REACTION and row.outcome != LineOutcome.NOT_REACHED]
    return {"expected": len(asked), "in_time": asked.count(LineOutcome.IN_TIME), "late": asked.count(LineOutcome.LATE),
            "missed": asked.count(LineOutcome.MISSED)}  # fmt: skip
