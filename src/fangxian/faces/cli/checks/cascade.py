"""A directive to every township and village of a county, lived through minute by minute under a frozen clock.

A seeded script says which village receives and answers at which minute, late or never. Every hour each figure, of the
whole and of each township, is compared with a count over the script's own minutes; at the end the minute at which every
task went a level up. The control falsifies one stored row: the comparison has to see it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from fangxian.core import clock, scope
from fangxian.core.areas import Area
from fangxian.core.officers import Officer, appoint
from fangxian.faces.cli import first_start
from fangxian.registers import site
from fangxian.systems.command import selectors as tasks
from fangxian.systems.command import services as command
from fangxian.systems.directives import selectors, services

COUNTY = "410883"
START = datetime(2022, 3, 14, 0, 0, tzinfo=UTC)
DUE, VILLAGE_DUE, RECEIVE, UNTIL, LOOK, COMPARE = 720, 540, 480, 780, 5, 60
NEVER_ONE_IN = 6
KEYS = ("handed", "not_received", "receive_late", "not_answered", "late", "answered", "to_check")
WHY = "the check lives through a directive of a county"
Advance = Callable[..., None]
Minutes = tuple[int | None, int | None]


@dataclass
class Report:
    """How many units, figures compared, tasks that went up, and everything that was not as the script says."""

    townships: int = 0
    villages: int = 0
    counts: int = 0
    escalated: int = 0
    wrong: int = 0
    control: str = "missed"
    findings: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 when figures were compared, tasks went up, nothing is wrong, and the control was seen."""
        return 0 if self.counts and self.escalated and not self.wrong and self.control == "seen" else 1

    def line(self) -> str:
        """The last line, for machines."""
        return (
            f"promise=cascade townships={self.townships} villages={self.villages} escalated={self.escalated} "
            f"control={self.control} counts={self.counts} wrong={self.wrong}"
        )


def run(villages: int, seed: int, advance: Advance) -> Report:
    """Hand down, live through the day, compare. villages: how many at most act; the others never do."""
    first_start.plant(COUNTY)
    with scope.everywhere(WHY):
        with _at(0):
            officer = Officer.objects.create_officer("cascade", name="cascade")
            appoint(officer, role="duty_officer", area=Area.objects.get(code=COUNTY), by=None)
            directive = services.issue(
                by=officer, area=Area.objects.get(code=COUNTY), title="cascade", text="cascade",
                due_at=clock.now() + timedelta(minutes=DUE),
            )  # fmt: skip
        rows = {row.area_id: row for row in selectors.of_directive(directive).select_related("directive", "area")}
        script = _script(sorted(rows), villages, np.random.default_rng(seed))
        report = Report(sum(len(code) == 9 for code in rows), sum(len(code) == 12 for code in rows))
        for mark in range(0, UNTIL + 1, LOOK):
            advance(mark, UNTIL, "live")
            _happen(rows, script, mark, officer)
            with _at(mark):
                command.escalate_overdue(clock.now())
                if mark % COMPARE == 0:
                    _compare(report, directive, script, mark)
        _compare_escalation(report, rows, script)
        report.control = _control(directive, script)
    return report


def _script(codes: list[str], most: int, rng: np.random.Generator) -> dict[str, Minutes]:
    """When each unit receives and answers; townships only receive, so that their villages decide their figures."""
    acting = {code for code in codes if len(code) == 12}
    acting = set(rng.choice(sorted(acting), min(most, len(acting)), replace=False).tolist())
    script: dict[str, Minutes] = {}
    for code in codes:
        received = None if code not in acting or rng.integers(NEVER_ONE_IN) == 0 else int(rng.integers(1, UNTIL))
        answered = None
        if received is not None and rng.integers(NEVER_ONE_IN):
            answered = received + int(rng.integers(1, 400))
        script[code] = (received, answered)
    return script


def _happen(rows: dict[str, Any], script: dict[str, Minutes], mark: int, officer: Officer) -> None:
    """What the script says since the last look, each act at its own minute."""
    for code, (received, answered) in script.items():
        for minute, act in ((received, "receive"), (answered, "answer")):
            if minute is not None and mark - LOOK < minute <= mark:
                with _at(minute):
                    said = {"answer": "done"} if act == "answer" else {}
                    getattr(services, act)(handing=rows[code], by=officer, **said)


def _compare(report: Report, directive: Any, script: dict[str, Minutes], mark: int) -> None:
    """Every figure of the whole and of each township against the script."""
    for area in ("", *sorted(code for code in script if len(code) == 9)):
        said = selectors.counts(selectors.of_directive(directive, area))
        right = _right({code: at for code, at in script.items() if code.startswith(area)}, mark)
        for key in KEYS:
            report.counts += 1
            if said[key] != right[key]:
                report.wrong += 1
                report.findings.append(f"{area or 'all'} {key} at {mark}: {said[key]}, should be {right[key]}")


def _right(script: dict[str, Minutes], mark: int) -> dict[str, int]:
    """The figures as the script's minutes give them; nothing here asks the platform."""
    found = dict.fromkeys(KEYS, 0)
    for code, (received, answered) in script.items():
        has_received = received is not None and received <= mark
        has_answered = answered is not None and answered <= mark
        due = DUE if len(code) == 9 else VILLAGE_DUE
        found["handed"] += 1
        found["not_received"] += not has_received
        found["receive_late"] += not has_received and mark > RECEIVE
        found["not_answered"] += not has_answered
        found["late"] += not has_answered and mark > due
        found["answered"] += has_answered
        found["to_check"] += has_answered
    return found


def _compare_escalation(report: Report, rows: dict[str, Any], script: dict[str, Minutes]) -> None:
    """The minute at which each village's tasks went up: the first look after their time at which they were open."""
    there = tasks.for_subjects("directives.handing", [rows[code].pk for code in script if len(code) == 12])
    for code, (received, answered) in script.items():
        if len(code) != 12:
            continue
        wanted = {"receive": _goes_up(RECEIVE, 0, received)}
        if received is not None and received <= UNTIL:
            wanted["answer"] = _goes_up(VILLAGE_DUE, received, answered)
        found = {task.key.split(":")[1]: _minute(task.escalated_at) for task in there[rows[code].pk]}
        report.escalated += sum(minute is not None for minute in wanted.values())
        if found != wanted:
            report.wrong += 1
            report.findings.append(f"{code} went up at {found}, should be {wanted}")


def _goes_up(due: int, begun: int, done: int | None) -> int | None:
    """The first look past the time of a task that is there, unless it is done by then."""
    look = max((due // LOOK + 1) * LOOK, -(-begun // LOOK) * LOOK)
    return look if look <= UNTIL and (done is None or done > look) else None


def _control(directive: Any, script: dict[str, Minutes]) -> str:
    """Falsify one stored answer; whoever compares has to see it."""
    handings = site.get("directives.handing").model.objects
    row = handings.filter(directive=directive, state="ANSWERED").order_by("pk").first()
    handings.filter(pk=row.pk).update(state="HANDED")
    probe = Report()
    with _at(UNTIL):
        _compare(probe, directive, script, UNTIL)
    return "seen" if probe.wrong else "missed"


def _minute(moment: datetime | None) -> int | None:
    return round((moment - START).total_seconds() / 60) if moment else None


def _at(minute: int):
    return clock.frozen(START + timedelta(minutes=minute))
