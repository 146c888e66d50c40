"""A county of drawn evidence: every community judged in one go and again by the check's own eyes, row by row.

Rows are drawn for the villages of a whole county. What the platform says of each criterion is compared with a plain
count over the drawn rows. Communities that meet all of it apply and are granted; then rows that break a criterion come
in at drawn minutes, and the clock goes on in steps of five: whoever broke has to have lost the status by the next look,
and nobody else. As a control one verdict is falsified: the comparison has to see it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any

import numpy as np
from django.core.exceptions import ValidationError

from fangxian.core import clock, jobs, scope
from fangxian.core.areas import Area
from fangxian.core.officers import Officer, appoint
from fangxian.core.records import Source
from fangxian.faces.cli import first_start
from fangxian.registers import site
from fangxian.workflows import epidemic_free

COUNTY, AT = "410883", datetime(2022, 3, 20, 4, tzinfo=UTC)
WHY = "the check draws evidence for a county and looks at all of it"
LOOK, STEPS = timedelta(minutes=5), 12
Advance = Callable[..., None]
DRAWN = ("case", "suspect", "contact", "home", "arrival", "test")
CRITERION = {"case": "no_case", "suspect": "no_suspect", "contact": "no_contact", "home": "no_home_isolation",
             "arrival": "arrivals", "test": "tests"}  # fmt: skip


@dataclass
class Report:
    """What was judged, and everything that was not as drawn."""

    communities: int = 0
    verdicts: int = 0
    granted: int = 0
    broken: int = 0
    wrong: int = 0
    revoked_late: int = 0
    control: int = 0
    seconds: float = 0
    findings: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 when something was granted and broken, nothing was wrong or late, and the falsified verdict was seen."""
        return 0 if self.granted and self.broken and self.control and not (self.wrong or self.revoked_late) else 1

    def line(self) -> str:
        """The last line, for machines."""
        return (
            f"promise=readiness verdicts={self.verdicts} granted={self.granted} broken={self.broken} "
            f"control={self.control} seconds_county={self.seconds:.3f} "
            f"communities={self.communities} wrong={self.wrong} revoked_late={self.revoked_late}"
        )


@dataclass
class World:
    """The villages, a person in each, and what was drawn for whom."""

    villages: list[Area]
    people: dict[str, Any]
    bad: dict[str, set[str]]
    rows: int = 0


def run(villages: int, seed: int, advance: Advance) -> Report:
    """Draw the county, compare, grant, break, and look whether the status ended in time."""
    first_start.plant(COUNTY)
    report, rng = Report(), np.random.default_rng(seed)
    with scope.everywhere(WHY), clock.frozen(AT):
        world = _drawn(villages, rng, advance)
        judged = _timed(world, report)
        report.wrong = _compare(world, judged, report)
        report.control = int(_falsified(world, judged))
        rows = _grant(world, report)
    broke = _break(world, rows, rng, report)
    _look_back(rows, broke, report)
    return report


def _drawn(count: int, rng: np.random.Generator, advance: Advance) -> World:
    """A person in every village, and for three in five of the villages some rows, good and bad ones."""
    villages = list(Area.objects.filter(kind=Area.Kind.VILLAGE, code__startswith=COUNTY).order_by("code")[:count])
    person = site.get("people.person").model
    world = World(villages, {one.code: _row(person, one, name="某人") for one in villages}, {})
    for number, village in enumerate(villages):
        advance(number, len(villages), "communities")
        world.bad[village.code] = set()
        for kind in rng.choice(DRAWN, size=int(rng.integers(0, 3)) if rng.random() < 0.6 else 0, replace=False):
            is_bad = bool(rng.random() < 0.5)
            _put(world, village, str(kind), is_bad)
            world.bad[village.code] |= {CRITERION[str(kind)]} if is_bad else set()
    return world


def _put(world: World, village: Area, kind: str, is_bad: bool) -> None:
    """One row that breaks its criterion, or one beside it that does not."""
    at, day, who = clock.now(), clock.today(), world.people[village.code]
    world.rows += 1
    if kind in ("case", "suspect", "contact"):
        _put_case(world, village, kind, is_bad)
    elif kind == "home":
        _row(site.get("quarantine.stay").model, village, person=who, place="HOME", starts_on=day, ends_on=day,
             state="IN" if is_bad else "RELEASED")  # fmt: skip
    elif kind == "arrival":
        due = at - timedelta(hours=1) if is_bad else at + timedelta(days=2)
        _row(site.get("arrivals.arrival").model, village, person=who, arrived_on=day, state="LANDED",
             receive_due_at=due)  # fmt: skip
    else:
        _row(site.get("testing.testduty").model, village, person=who, disease="covid19", day=1, stage="home",
             due_on=day - timedelta(days=1 if is_bad else 9), state="MISSED")  # fmt: skip


def _put_case(world: World, village: Area, kind: str, is_bad: bool) -> None:
    """A case of today or long ago, one to be settled or settled; a contact that is followed or was."""
    case, who = site.get("cases.case").model, world.people[village.code]
    ago = timedelta(days=0 if kind == "case" and is_bad else 40)
    if kind == "suspect":
        outcome = "NO_OUTCOME" if is_bad else "RECOVERED"
        _row(case, village, person=who, disease="covid19", number=f"S{world.rows}", classification="SUSPECT",
             outcome=outcome)  # fmt: skip
        return
    made = _row(case, village, person=who, disease="covid19", number=f"C{world.rows}", classification="CONFIRMED",
                positive_at=clock.now() - ago)  # fmt: skip
    if kind == "contact":
        _row(site.get("cases.contact").model, village, case=made, case_area=village, person=who, ring="CLOSE",
             follow_up="FOLLOW_UP" if is_bad else "COMPLETED")  # fmt: skip


def _row(model: Any, area: Area, **values: Any) -> Any:
    made = model(area=area, source=Source.WORKFLOW, **values)
    made.save()
    return made


def _timed(world: World, report: Report) -> dict[str, Any]:
    """Judge the county once to warm up, once on the clock."""
    codes = [one.code for one in world.villages]
    epidemic_free.judge(COUNTY, codes)
    started = perf_counter()
    judged = epidemic_free.judge(COUNTY, codes)
    report.seconds, report.communities = perf_counter() - started, len(codes)
    return judged


def _compare(world: World, judged: dict[str, Any], report: Report) -> int:
    """Verdicts that are not what was drawn."""
    wrong = 0
    for code, verdicts in judged.items():
        for one in verdicts:
            report.verdicts += 1
            if one.met != (one.criterion.key not in world.bad[code]):
                wrong += 1
                report.findings.append(f"{code}: {one.criterion.key} is {one.figure}, drawn otherwise")
    return wrong


def _falsified(world: World, judged: dict[str, Any]) -> bool:
    """Whether the comparison sees a drawn row that was never put in."""
    code = next(iter(judged))
    world.bad[code] ^= {"no_case"}
    seen = _compare(world, {code: judged[code]}, Report())
    world.bad[code] ^= {"no_case"}
    return seen == 1


def _grant(world: World, report: Report) -> dict[str, Any]:
    """Everybody applies; who lacks something is refused, the others are granted by the county."""
    one, other = _officer("check-secretary"), _officer("check-duty")
    rows = {}
    for village in world.villages:
        try:
            row = epidemic_free.apply(by=one, area=village)
        except ValidationError:
            report.wrong += not world.bad[village.code]
            continue
        rows[village.code] = epidemic_free.approve(row=row, by=other)
        report.wrong += bool(world.bad[village.code])
    report.granted = len(rows)
    return rows


def _officer(username: str) -> Officer:
    made = Officer.objects.create_officer(username, name=username)
    appoint(made, role="duty_officer", area=Area.objects.get(code=COUNTY), by=None)
    return made


def _break(world: World, rows: dict[str, Any], rng: np.random.Generator, report: Report) -> dict[str, datetime]:
    """Half of them break at drawn minutes; every five minutes the jobs are done and the clock looks."""
    broke: dict[str, datetime] = {}
    waiting = sorted((int(rng.integers(0, STEPS)), village.code, str(rng.choice(DRAWN))) for village in world.villages
                     if village.code in rows and rng.random() < 0.5)  # fmt: skip
    areas = {one.code: one for one in world.villages}
    for step in range(STEPS):
        at = AT + step * LOOK
        with scope.everywhere(WHY):
            for when, code, kind in waiting:
                if when == step:
                    broke[code] = at + timedelta(minutes=1)
                    with clock.frozen(broke[code]):
                        _put(world, areas[code], kind, is_bad=True)
            with clock.frozen(at + LOOK):
                jobs.run_pending()
                epidemic_free.look()
    report.broken = len(broke)
    return broke


def _look_back(rows: dict[str, Any], broke: dict[str, datetime], report: Report) -> None:
    """Who broke has lost the status by the next look, with the reason; who did not has it still."""
    for code, row in rows.items():
        row.refresh_from_db()
        if code not in broke:
            report.wrong += row.state != "GRANTED"
        elif row.state != "REVOKED" or row.ended_at - broke[code] > LOOK:
            report.revoked_late += 1
            report.findings.append(f"{code} broke at {broke[code]}, stands {row.state} since {row.ended_at}")


__all__ = ["Report", "run"]
