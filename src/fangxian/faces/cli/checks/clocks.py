"""Clocks to the minute: those of the response to a case, of arrivals and of closed loops are lived through.

People land, are checked, taken in early, late or never, at minutes drawn by lot; every five minutes the rounds look.
What then stands in chains and tasks is compared with `clocks_truth`, which knows only minutes.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np

from fangxian.core import clock, jobs, policy, scope
from fangxian.core.areas import Area
from fangxian.core.ids import uuid7
from fangxian.core.officers import Officer, appoint
from fangxian.faces.cli import first_start
from fangxian.faces.cli.checks import clocks_truth as truth
from fangxian.registers import site
from fangxian.systems.arrivals import selectors as arrivals_selectors
from fangxian.systems.arrivals import services as arrivals
from fangxian.systems.cases import services as cases
from fangxian.systems.command import services as command
from fangxian.systems.people import services as people
from fangxian.systems.quarantine import services as quarantine
from fangxian.workflows import closed_loop
from fangxian.workflows.response import clocks as response_clocks

COUNTY = "410883"
START = datetime(2022, 7, 4, 0, 0, tzinfo=UTC)
UNTIL = 14 * 60
NEVER_ONE_IN = 5
WHY = "the check lives through the clocks of a county"
Advance = Callable[..., None]


@dataclass
class Report:
    """How many clocks there were, what became of them, and every one that is not as it should be."""

    clocks: int = 0
    met: int = 0
    missed: int = 0
    escalated: int = 0
    wrong: int = 0
    findings: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 when clocks were met, missed and handed up, each at its minute."""
        return 0 if self.met and self.missed and self.escalated and not self.wrong else 1

    def line(self) -> str:
        """The last line, for machines."""
        return (
            f"promise=clocks clocks={self.clocks} met={self.met} missed={self.missed} escalated={self.escalated} "
            f"wrong={self.wrong}"
        )


@dataclass
class Lived:
    """Loops and arrivals with the minutes at which something happens to them; None: never."""

    loops: dict[UUID, tuple[int, int | None]] = field(default_factory=dict)
    arrivals: dict[UUID, tuple[int, int | None, int | None]] = field(default_factory=dict)


def run(loops: int, seed: int, advance: Advance) -> Report:
    """Open everything, live through it minute by minute, compare."""
    first_start.plant(COUNTY)
    report, rng = Report(), np.random.default_rng(seed)
    with scope.everywhere(WHY):
        area = Area.objects.filter(kind="village", code__startswith=COUNTY).order_by("code")[0]
        officer = Officer.objects.create_officer("clocks", name="clocks")
        appoint(officer, role="duty_officer", area=Area.objects.get(code=COUNTY), by=None)
        _response(report, area)
        lived = _open(loops, rng, area)
        for mark in range(0, UNTIL + 1, truth.LOOK_EVERY):
            advance(mark, UNTIL, "live")
            _happen(lived, mark, officer)
            with _at(mark):
                closed_loop.look()
                command.escalate_overdue(clock.now())
        _compare_loops(report, lived)
        _compare_arrivals(report, lived)
    return report


def _response(report: Report, area: Area) -> None:
    """The clocks of a case: due so many hours after the positive result was known, missed a minute after."""
    with _at(0):
        case = cases.open_case(by=None, person=_person(area, "病例"), disease="covid19", positive_at=clock.now())
        known = clock.now()
    for key, hours in truth.RESPONSE_HOURS.items():
        for minute, state in ((hours * 60, response_clocks.RUNNING), (hours * 60 + 1, response_clocks.MISSED)):
            with clock.frozen(known + timedelta(minutes=minute)):
                found = next(one for one in response_clocks.clocks(case, []) if one.key == key)
                said = (found.due_at, found.state)
            _count(report, f"response {key} at {minute}", said, (known + timedelta(hours=hours), state))
        report.clocks += 1


def _open(loops: int, rng: np.random.Generator, area: Area) -> Lived:
    """Loops at home and arrivals, each beginning at a minute of the first hour."""
    lived = Lived()
    pack = policy.pack(disease="covid19", area_code=area.pk, on=START.date())
    for number in range(loops):
        started, who = int(rng.integers(60)), _person(area, f"闭环{number}")
        with _at(started):
            subject = uuid7()
            closed_loop.open_loop(
                by=None, person_id=who.pk, rule="contact.secondary", because={}, subject_id=subject, area_code=area.pk,
                begins=START.date(), pack=pack,
            )  # fmt: skip
        lived.loops[subject] = (started, _lot(rng, started))
    for number in range(loops):
        started, who = int(rng.integers(60)), _person(area, f"来返{number}")
        with _at(started):
            made = arrivals.record_arrival(by=None, person=who, area=area, arrived_on=START.date())
            jobs.run_pending()
        received = _lot(rng, started)
        checked = _lot(rng, started, 300)
        lived.arrivals[made.pk] = (started, _before(checked, received), received)
    return lived


def _lot(rng: np.random.Generator, started: int, within: int = 720) -> int | None:
    """A minute after the start, or never."""
    return None if rng.integers(NEVER_ONE_IN) == 0 else started + int(rng.integers(1, within))


def _before(checked: int | None, received: int | None) -> int | None:
    """Nobody is checked at the landing after having been received at home."""
    return None if checked is None or (received is not None and checked >= received) else checked


def _happen(lived: Lived, mark: int, officer: Officer) -> None:
    """What happened since the last look, each at its own minute."""
    since = mark - truth.LOOK_EVERY
    for subject, (_started, done) in lived.loops.items():
        if done is not None and since < done <= mark:
            with _at(done):
                quarantine.check_in(stay=site.get("quarantine.stay").rows().get(subject_id=subject), by=officer)
    for pk, (_started, checked, received) in lived.arrivals.items():
        for minute, act in ((checked, arrivals.check), (received, arrivals.receive)):
            if minute is not None and since < minute <= mark:
                with _at(minute):
                    act(arrival=arrivals_selectors.arrival(pk), by=officer)
                    jobs.run_pending()


def _compare_loops(report: Report, lived: Lived) -> None:
    for loop in site.get("arrivals.loop").rows().filter(subject_id__in=lived.loops):
        started, done = lived.loops[loop.subject_id]
        done = done if done is not None and done <= UNTIL else None
        for link, right in zip(loop.links, truth.way(started, done), strict=False):
            missed = right.missed if right.missed is not None and right.missed <= UNTIL else None
            said = tuple(_minute(link[name]) for name in ("starts_at", "due_at", "done_at", "missed_at"))
            _count(report, f"{link['kind']}", said, (right.started, right.due, right.done, missed))
            report.clocks += 1
            report.met += right.done is not None and right.done <= right.due
            report.missed += missed is not None
        _escalated(report, f"loop:{loop.pk}:TRANSFER:home", truth.way(started, done)[0])


def _compare_arrivals(report: Report, lived: Lived) -> None:
    for arrival in arrivals_selectors.by_ids(lived.arrivals):
        started, *minutes = lived.arrivals[arrival.pk]
        checked, received = (one if one is not None and one <= UNTIL else None for one in minutes)
        rights = truth.landing(started, checked, received)
        dues = (_since(arrival.check_due_at), _since(arrival.receive_due_at))
        _count(report, "arrival", dues, (rights["landing"].due, rights["home"].due))
        for name, right in rights.items():
            report.clocks += 1
            report.met += right.done is not None and right.done <= right.due
            report.missed += right.missed is not None and right.missed <= UNTIL
            _escalated(report, f"arrival:{arrival.pk}:{name}", right)


def _escalated(report: Report, key: str, right: truth.Clock) -> None:
    task = site.get("command.task").rows().filter(key=key).first()
    found = _since(task.escalated_at) if task and task.escalated_at else None
    wanted = right.escalated(UNTIL)
    report.escalated += wanted is not None
    _count(report, f"{key.split(':')[0]} handed up", found, wanted)


def _count(report: Report, what: str, said: Any, right: Any) -> None:
    if said != right:
        report.wrong += 1
        report.findings.append(f"{what}: {said}, should be {right}")


def _minute(text: str | None) -> int | None:
    return _since(datetime.fromisoformat(text)) if text else None


def _since(moment: datetime | None) -> int | None:
    return round((moment - START).total_seconds() / 60) if moment else None


def _person(area: Area, name: str) -> Any:
    return people.add_person(by=None, area=area, name=name, id_type="NONE")


def _at(minute: int):
    return clock.frozen(START + timedelta(minutes=minute))
