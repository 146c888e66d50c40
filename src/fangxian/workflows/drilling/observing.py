"""How a reaction is seen: in the audit of the copy, in the clocks of its case, in the task it was asked by.

Nothing is typed by an observer. Each answer carries the entry of the audit, or the record, that shows it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fangxian.core import drilling
from fangxian.core.areas import code_range
from fangxian.core.audit import AuditEntry
from fangxian.systems.cases import selectors as cases
from fangxian.systems.command import selectors as tasks
from fangxian.systems.drills.models import Drill, DrillStep
from fangxian.systems.drills.scenarios import Reaction, Scenario
from fangxian.systems.drills.words import LineKind, LineOutcome
from fangxian.workflows.response.clocks import FINISHED, clocks

Seen = tuple[datetime, str]
"""When, and what shows it."""

ANYBODY, INJECT = "anybody", "inject"


@dataclass
class Observation:
    """A line as it stands at a moment of the drill's clock."""

    step: DrillStep
    outcome: str
    observed_at: datetime | None = None
    evidence: str = ""

    @property
    def late_minutes(self) -> int | None:
        """How many minutes after its time; negative before it; None while nothing was seen or no clock runs."""
        if self.observed_at is None or self.step.due_at is None:
            return None
        return round((self.observed_at - self.step.due_at).total_seconds() / 60)


def observe(drill: Drill, scenario: Scenario, steps: Iterable[DrillStep], at: datetime) -> list[Observation]:
    """Every line as it stands at `at`; after the end of the drill nothing counts any more."""
    steps = list(steps)
    played = {step.key: step for step in steps if step.kind == LineKind.INJECT}
    asked = {one.key: one for one in scenario.reactions}
    until = min(at, drill.ended_at) if drill.ended_at else at
    return [
        _played(step, drill) if step.kind == LineKind.INJECT
        else _reaction(drill, step, asked[step.key], played[asked[step.key].after], until)
        for step in steps
    ]  # fmt: skip


def _played(step: DrillStep, drill: Drill) -> Observation:
    waits = step.outcome == LineOutcome.WAITING and drill.ended_at is not None
    return Observation(step, LineOutcome.NOT_REACHED if waits else step.outcome, step.observed_at)


def _reaction(drill: Drill, step: DrillStep, asked: Reaction, inject: DrillStep, until: datetime) -> Observation:
    if step.started_at is None or step.due_at is None:
        return Observation(step, LineOutcome.NOT_REACHED if drill.ended_at else LineOutcome.WAITING)
    seen = _seen(drill, step, asked, inject, until)
    if seen is not None:
        return Observation(step, LineOutcome.IN_TIME if seen[0] <= step.due_at else LineOutcome.LATE, *seen)
    if step.due_at <= until:
        return Observation(step, LineOutcome.MISSED)
    return Observation(step, LineOutcome.NOT_REACHED if drill.ended_at else LineOutcome.WAITING)


def _seen(drill: Drill, step: DrillStep, asked: Reaction, inject: DrillStep, until: datetime) -> Seen | None:
    if "task" in asked.seen:
        found = _task_done(inject)
    elif "clock" in asked.seen:
        found = _clock_kept(inject, asked.seen["clock"])
    else:
        found = _entry(drill, step, asked.seen, inject, until)
    return found if found is not None and found[0] <= until else None


def _task_done(inject: DrillStep) -> Seen | None:
    """When the task the inject handed down was reported done."""
    for found in tasks.by_ids([inject.subject_id] if inject.subject_id else []):
        if found.status in FINISHED and found.done_at is not None:
            return found.done_at, f"command.task {found.pk}"
    return None


def _clock_kept(inject: DrillStep, key: str) -> Seen | None:
    """When a clock of the case of the person the inject is about was met."""
    for case in cases.cases_in().filter(person_id=inject.subject_id):
        found = {clock.key: clock for clock in clocks(case, tasks.for_subject("cases.case", case.pk))}.get(key)
        if found is not None and found.done_at is not None:
            return found.done_at, f"cases.case {case.number} {key}"
    return None


def _entry(drill: Drill, step: DrillStep, seen: dict[str, Any], inject: DrillStep, until: datetime) -> Seen | None:
    """The first fitting entry of the audit since the clock began, within the area of the drill."""
    marker, (low, high) = drilling.current(), code_range(drill.area_id)
    entries = AuditEntry.objects.filter(
        seq__gt=marker.seq if marker else 0, action__in=seen["actions"], at__gte=step.started_at, at__lte=until,
        area_code__gte=low, area_code__lt=high,
    )  # fmt: skip
    if seen.get("by") != ANYBODY:
        entries = entries.filter(officer__isnull=False)
    if seen.get("about") == INJECT:
        entries = entries.filter(target_id=str(inject.subject_id))
    first = entries.order_by("seq").values("seq", "at", "action").first()
    return (first["at"], f"{first['action']} #{first['seq']}") if first else None
