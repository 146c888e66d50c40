"""A new pack on open plans: the difference that is shown is the one that is done, and both are what they should be.

Thousands of plans are opened under the 8th edition, on the days before it ended. The difference to the 9th edition is
shown, compared row by row with one worked out elsewhere (`replan_truth`), applied, and compared again with what now
stands in stays and test duties.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np

from fangxian.core import clock, policy, scope
from fangxian.core.areas import Area
from fangxian.core.ids import uuid7
from fangxian.faces.cli import first_start
from fangxian.faces.cli.checks import replan_truth as truth
from fangxian.registers import site
from fangxian.systems.people import services as people
from fangxian.workflows import closed_loop
from fangxian.workflows.loop import replanning

COUNTY = "410883"
WHY = "the check plans for a whole county"
Advance = Callable[..., None]
Plan = tuple[list[tuple[str, date, date]], set[date]]


@dataclass
class Report:
    """Plans opened and changed, and every one that differs from what it should be."""

    plans: int = 0
    changed: int = 0
    shorter: int = 0
    tests_added: int = 0
    tests_dropped: int = 0
    wrong: int = 0
    again: int = 0
    open_seconds: float = 0
    preview_seconds: float = 0
    apply_seconds: float = 0
    findings: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 when plans were changed and each as it should be."""
        return 0 if self.changed and not (self.wrong or self.again or self.findings) else 1

    def line(self) -> str:
        """The last line, for machines."""
        return (
            f"promise=replan plans={self.plans} changed={self.changed} shorter={self.shorter} "
            f"tests_added={self.tests_added} tests_dropped={self.tests_dropped} wrong={self.wrong} again={self.again} "
            f"open_seconds={self.open_seconds:.1f} preview_seconds={self.preview_seconds:.1f} "
            f"apply_seconds={self.apply_seconds:.1f}"
        )


def run(plans: int, seed: int, advance: Advance) -> Report:
    """Open the plans, look, compare, apply, compare, look again."""
    first_start.plant(COUNTY)
    report, rng = Report(plans=plans), np.random.default_rng(seed)
    with scope.everywhere(WHY):
        wanted = _open(plans, rng, report, advance)
        with clock.frozen(_noon(truth.CHANGE)):
            seen = _timed(report, "preview_seconds", lambda: replanning.preview(area_code=COUNTY, all_rows=True))
            _compare_seen(report, seen, wanted)
            advance(1, 2, "apply")
            _timed(
                report, "apply_seconds",
                lambda: replanning.apply(area_code=COUNTY, digest=seen.digest, by=None),
            )  # fmt: skip
            _compare_done(report, wanted)
            report.again = replanning.preview(area_code=COUNTY).changed
    return report


def _open(plans: int, rng: np.random.Generator, report: Report, advance: Advance) -> dict[UUID, tuple[str, date]]:
    """Plans of every rule, begun on the days before the change; returns rule and first day by subject."""
    cells = list(Area.objects.filter(kind="village", code__startswith=COUNTY).order_by("code")[:200])
    person = site.get("people.person").model
    rows = [person(name=f"旅客{n}", area=cells[n % len(cells)], id_type="NONE") for n in range(plans)]
    people.add_people_many(by=None, people=rows)
    rules, wanted = list(truth.EDITIONS), {}
    by_day: dict[date, list[tuple[Any, str]]] = {}
    for row in rows:
        rule = rules[int(rng.integers(len(rules)))]
        length = sum(days for _place, days in truth.EDITIONS[rule][truth.OLD][0])
        by_day.setdefault(truth.CHANGE - timedelta(int(rng.integers(1, length))), []).append((row, rule))
    for number, (day, group) in enumerate(sorted(by_day.items())):
        advance(number, len(by_day), "open")
        with clock.frozen(_noon(day)):
            asked = _wanted(group, day)
            _timed(report, "open_seconds", lambda asked=asked: closed_loop.open_loops(asked, by=None))
            wanted |= {one.subject_id: (one.rule, day) for one in asked}
    return wanted


def _wanted(group: list[tuple[Any, str]], day: date) -> list[closed_loop.Wanted]:
    pack = policy.pack(disease="covid19", area_code=COUNTY, on=day)
    return [closed_loop.Wanted(row, rule, uuid7(), row.area, day, pack) for row, rule in group]


def _compare_seen(report: Report, seen: replanning.Difference, wanted: dict[UUID, tuple[str, date]]) -> None:
    report.changed, report.shorter = seen.changed, seen.shorter
    report.tests_added, report.tests_dropped = seen.tests_added, seen.tests_dropped
    subjects = dict(site.get("arrivals.loop").rows().values_list("pk", "subject_id"))
    shown = {subjects[row.loop_id]: row for row in seen.rows}
    for subject, (rule, begins) in wanted.items():
        old, new = truth.tests(rule, truth.OLD, begins), truth.new_tests(rule, begins, truth.CHANGE)
        row = shown.get(subject)
        said = row and (
            [tuple(stage) for stage in row.stages[1]], set(row.tests_added), set(row.tests_dropped), row.until[1],
        )  # fmt: skip
        held = truth.new_stages(rule, begins, truth.CHANGE)
        right = (
            [(place, first.isoformat(), last.isoformat()) for place, first, last in held],
            {day.isoformat() for day in new - old}, {day.isoformat() for day in old - new}, held[-1][2].isoformat(),
        )  # fmt: skip
        if said != right:
            _wrong(report, f"shown: {rule} begun {begins}: {said}, should be {right}")


def _compare_done(report: Report, wanted: dict[UUID, tuple[str, date]]) -> None:
    """Stays and duties as they stand in their own ledgers, against the truth."""
    stays: dict[UUID, set[tuple[str, date, date]]] = {}
    stay_rows, duties = site.get("quarantine.stay"), site.get("testing.testduty")
    open_stays = stay_rows.rows().filter(state__in=stay_rows.model.OPEN)
    for subject, *stay in open_stays.values_list("subject_id", "place", "starts_on", "ends_on"):
        stays.setdefault(subject, set()).add(tuple(stay))
    tests: dict[UUID, set[date]] = {}
    for subject, day in duties.rows().exclude(state="CANCELLED").values_list("subject_id", "due_on"):
        tests.setdefault(subject, set()).add(day)
    for subject, (rule, begins) in wanted.items():
        held = {(place.upper(), *days) for place, *days in truth.new_stages(rule, begins, truth.CHANGE)}
        done = (stays.get(subject), tests.get(subject))
        if done != (held, right := truth.new_tests(rule, begins, truth.CHANGE)):
            _wrong(report, f"done: {rule} begun {begins}: {done}, should be {(held, right)}")


def _wrong(report: Report, finding: str) -> None:
    report.wrong += 1
    report.findings.append(finding)


def _timed(report: Report, name: str, act: Callable[[], Any]) -> Any:
    started = time.perf_counter()
    done = act()
    setattr(report, name, getattr(report, name) + time.perf_counter() - started)
    return done


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
