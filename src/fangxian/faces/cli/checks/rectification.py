"""Findings live through a drawn hundred of acts, half of them forbidden: none leaves the ladder, whoever tries.

After each act every finding is looked at anew with the check's own eyes: where its task stands, whether what is closed
was shown to be mended and looked at by somebody else, whether each repeat was remembered, and after each turn of the
clock whether what is late stands where the drawn ladder says. At the end three damages are planted around the verbs:
the same eyes have to see each of them.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from fangxian.core import clock, scope
from fangxian.faces.cli import first_start
from fangxian.faces.cli.checks import rectification_world as county
from fangxian.faces.cli.checks.rectification_world import World
from fangxian.registers import site as registers
from fangxian.workflows import rectification

BEGIN = datetime(2022, 3, 15, 0, 30, tzinfo=UTC)
WHY = "the check looks at every finding"
TASK_OF = {"OPEN": {"PENDING", "IN_PROGRESS"}, "RECTIFIED": {"DONE"}, "IMPOSSIBLE": {"NOT_EXECUTABLE"},
           "CLOSED": {"CHECKED"}, "WITHDRAWN": {"REMOVED"}}  # fmt: skip
HOURS = {"MINOR": (48, 144, 336), "MAJOR": (24, 72, 168), "CRITICAL": (12, 36, 84)}
"""The drawn ladder: hours after the time is over until supervised, summoned, accountability."""
STEPS = ("OWNER", "SUPERVISED", "SUMMONED", "ACCOUNT")
Advance = Callable[..., None]


@dataclass
class Report:
    """What was tried, what was refused, and everything that was not as it has to be."""

    findings_raised: int = 0
    acts: int = 0
    done: int = 0
    refused: int = 0
    refused_by_store: int = 0
    wrongly_done: int = 0
    left_ladder: int = 0
    closed: int = 0
    closed_without_evidence: int = 0
    closed_by_owner: int = 0
    repeats: int = 0
    repeats_missed: int = 0
    late_steps: int = 0
    accounts: int = 0
    control: int = 0
    by_state: Counter = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)

    @property
    def wrong(self) -> int:
        """Everything that must be zero."""
        return (self.wrongly_done + self.left_ladder + self.closed_without_evidence + self.closed_by_owner
                + self.repeats_missed + self.late_steps)  # fmt: skip

    @property
    def exit_code(self) -> int:
        """0 when much was done, refused and repeated, nothing was wrong, and each planted damage was seen."""
        tested = self.closed and self.repeats and self.refused and self.refused_by_store and self.accounts
        return 0 if tested and not self.wrong and self.control == len(DAMAGES) else 1

    def line(self) -> str:
        """The last line, for machines."""
        return (
            f"promise=rectification findings={self.findings_raised} acts={self.acts} done={self.done} "
            f"refused={self.refused} refused_by_store={self.refused_by_store} wrongly_done={self.wrongly_done} "
            f"closed={self.closed} accounts={self.accounts} left_ladder={self.left_ladder} "
            f"closed_without_evidence={self.closed_without_evidence} closed_by_owner={self.closed_by_owner} "
            f"repeats={self.repeats} repeats_missed={self.repeats_missed} late_steps={self.late_steps} "
            f"control={self.control}/{len(DAMAGES)}"
        )


def run(acts: int, seed: int, advance: Advance) -> Report:
    """Make the county, try the acts, turn the clock, look after each; then plant the damages."""
    first_start.plant(county.COUNTY)
    report, rng = Report(), np.random.default_rng(seed)
    at = BEGIN
    with scope.everywhere(WHY):
        with clock.frozen(at):
            world = county.make()
        for number in range(acts):
            advance(number, acts, "acts")
            at += timedelta(minutes=int(rng.integers(5, 240)))
            with clock.frozen(at):
                _try(world, rng, report)
                if number % 10 == 9:
                    rectification.climb_due(at)
                    report.late_steps += _late(world, at, report)
                _look(world, report)
        with clock.frozen(at):
            _control(world, report)
    return report


def _try(world: World, rng: np.random.Generator, report: Report) -> None:
    """One act: done, or refused by the verb or by the store."""
    act = county.draw(world, rng)
    report.acts += 1
    try:
        with transaction.atomic():
            act.do()
    except IntegrityError:
        report.refused_by_store += 1
    except (ValidationError, PermissionDenied):
        report.refused += 1
    else:
        report.done += 1
        if act.is_forbidden:
            report.wrongly_done += 1
            report.findings.append(f"“{act.name}” should have been refused")


def _rows() -> list[Any]:
    return list(registers.get("inspection.finding").model.unscoped.select_related("task").order_by("pk"))


def _look(world: World, report: Report) -> None:
    """Every finding, with the check's own eyes."""
    rows, told = _rows(), {one.pk: one for one in world.told}
    report.findings_raised, report.by_state = len(rows), Counter(row.state for row in rows)
    report.closed, report.repeats = report.by_state["CLOSED"], sum(one.before > 0 for one in world.told)
    report.accounts = registers.get("inspection.accountability").model.unscoped.count()
    report.left_ladder += _off(rows, report) + (len(told) - len(rows)) + county.off_ladder()
    owners = {code: {officer.pk for officer in officers} for code, officers in world.township.items()}
    for row in rows:
        if row.state == "CLOSED" and not (row.evidence or row.evidence_files):
            report.closed_without_evidence += 1
        if row.state == "CLOSED" and row.settled_by_id in {row.mended_by_id, None, *owners[row.area_id]}:
            report.closed_by_owner += 1
    report.repeats_missed += _missed(rows, told)


def _off(rows: list[Any], report: Report) -> int:
    """Findings without a task, without a time, or in another state than their task."""
    off = [row for row in rows if row.task is None or row.due_at is None or row.task.status not in TASK_OF[row.state]]
    report.findings += [f"finding {row.pk} is {row.state}, its task is not" for row in off]
    return len(off)


def _missed(rows: list[Any], told: dict[Any, Any]) -> int:
    return sum(row.times_before != told[row.pk].before or (row.repeat_of_id is None) != (told[row.pk].before == 0)
               for row in rows)  # fmt: skip


def _late(world: World, at: datetime, report: Report) -> int:
    """Open findings that stand lower than the drawn ladder says for their lateness and their past."""
    told, late = {one.pk: one for one in world.told}, 0
    for row in _rows():
        if row.state == "OPEN" and STEPS.index(row.step) < _drawn(row, told[row.pk], at):
            late += 1
            report.findings.append(f"finding {row.pk} stands on {row.step}, which is too low")
    return late


def _drawn(row: Any, told: Any, at: datetime) -> int:
    by_clock = sum(at >= row.due_at + timedelta(hours=hours) for hours in HOURS[row.severity])
    before = 0 if told.is_own else told.before
    return max(by_clock, (before >= 1) + (before >= 3), (row.times_reopened >= 1) + (row.times_reopened >= 3))


def _control(world: World, report: Report) -> None:
    """Plant each damage in a transaction that is undone: the same eyes have to see it."""
    for name, damage in DAMAGES.items():
        seen = Report()
        try:
            with transaction.atomic():
                damage(world)
                _look(world, seen)
                raise _Undone
        except _Undone:
            report.control += seen.wrong > 0
            report.findings += [] if seen.wrong else [f"the damage “{name}” was not seen"]


class _Undone(Exception):
    """Takes a planted damage back."""


def _take_the_task(world: World) -> None:
    open_ = next(row for row in _rows() if row.state == "OPEN")
    type(open_.task).unscoped.filter(pk=open_.task_id).update(status="REMOVED")


def _forget(world: World) -> None:
    repeat = next(one for one in world.told if one.before)
    registers.get("inspection.finding").model.unscoped.filter(pk=repeat.pk).update(times_before=0, repeat_of=None)


def _close_by_a_colleague(world: World) -> None:
    """What no constraint can know: the officer who looked again holds the same role as who mended."""
    closed = next(row for row in _rows() if row.state == "CLOSED")
    colleague = next(one for one in world.township[closed.area_id] if one.pk != closed.mended_by_id)
    type(closed).unscoped.filter(pk=closed.pk).update(settled_by=colleague)


DAMAGES: dict[str, Callable[[World], None]] = {
    "the task is taken away": _take_the_task,
    "a repeat is forgotten": _forget,
    "a colleague closes it": _close_by_a_colleague,
}
