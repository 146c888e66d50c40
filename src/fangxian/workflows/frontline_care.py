"""Caring for the people on the front line (关心关爱一线防控人员): load, the rest they are owed, what they are due.

Read downwards: the board of an area shows everybody who works there with their whole load, wherever they worked, those
over a limit first and those who will be tomorrow if what is planned happens (`loads`, `mine`). By day the clock looks
(`look`), and for each person over a limit hands a task to the leader of the unit to arrange rest; a limit that is no
longer exceeded takes its task back. After a month the statements are drawn up from the same shifts (`draw_up`), agreed
to by two (`agree`), and every figure opens the shifts it was made of (`evidence`).

Running it again is harmless: a task is known by person, limit and day of the first breach, a statement by person and
month. Spans come from every system that knows of work (`frontline/spans.py`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fangxian.core import scope
from fangxian.core.areas import Area, code_range
from fangxian.core.clock import now
from fangxian.core.officers import Officer, Post
from fangxian.core.roles import DutyOfficer, TownshipOfficer
from fangxian.systems.command import selectors as tasks
from fangxian.systems.command import services as command
from fangxian.systems.command.models import Task
from fangxian.systems.people import selectors as people
from fangxian.systems.people.models import Person
from fangxian.systems.workforce import load, paying, rules, services
from fangxian.systems.workforce.load import Breach, Load, Span
from fangxian.systems.workforce.models import SubsidyStatement
from fangxian.systems.workforce.paying import Line, PaidDay
from fangxian.systems.workforce.services import Due
from fangxian.systems.workforce.words import Limit
from fangxian.workflows.frontline.spans import Unknown, Worked, worked

WHY = "the load of a person counts wherever they worked"
AHEAD, WEEK = timedelta(days=1), load.WEEK
KEY = "care"
TITLES = {
    Limit.SHIFT: gettext_noop("Arrange rest for %(who)s: shift too long"),
    Limit.WEEK: gettext_noop("Arrange rest for %(who)s: too many hours in seven days"),
    Limit.NIGHTS: gettext_noop("Arrange rest for %(who)s: too many nights in seven days"),
    Limit.DAYS: gettext_noop("Arrange rest for %(who)s: too many days without rest"),
    Limit.REST: gettext_noop("Arrange rest for %(who)s: too little rest between shifts"),
    Limit.LOOP: gettext_noop("Relieve %(who)s: too long in the closed loop"),
}
HOW = gettext_noop(
    "%(value)s, allowed %(allowed)s (rule %(rule)s). Relieve or replace them, and say what was arranged."
)
OVER = gettext_noop("The limit is no longer exceeded.")
RULE_OF = {
    Limit.SHIFT: rules.SHIFT, Limit.WEEK: "workforce.week_hours", Limit.NIGHTS: "workforce.nights_week",
    Limit.DAYS: "workforce.days_without_rest", Limit.REST: "workforce.rest_hours",
    Limit.LOOP: "workforce.closed_loop_days",
}  # fmt: skip
COMMANDED = (Area.Kind.COUNTY, Area.Kind.ZONE, Area.Kind.PREFECTURE, Area.Kind.PROVINCE)
"""Areas whose command has duty officers; below them a township answers."""


@dataclass(frozen=True)
class Row:
    """One worker on the board: `over` now, `soon` within a day by what is planned; `area` is where they worked last."""

    worker: str
    name: str
    area: str
    load: Load
    over: tuple[Breach, ...]
    soon: tuple[Breach, ...]
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Board:
    """The load of an area: the rows, whoever is over a limit first, and names nobody could be found for."""

    at: datetime
    rows: list[Row]
    unknown: list[Unknown]

    @property
    def over(self) -> list[Row]:
        """Over a limit now."""
        return [row for row in self.rows if row.over]

    @property
    def soon(self) -> list[Row]:
        """Over one tomorrow and not today."""
        return [row for row in self.rows if row.soon and not row.over]

    @property
    def resting(self) -> list[Row]:
        """Owed rest at this moment."""
        return [row for row in self.rows if row.load.rest_until]


def loads(area_code: str, at: datetime | None = None) -> Board:
    """The load of everybody who works in an area or below it; spans elsewhere count, and are shown as hours only."""
    moment = at or now()
    low, high = code_range(area_code)
    found = _around(area_code, moment)
    kept = {worker: spans for worker, spans in found.by_worker().items() if any(low <= s.area < high for s in spans)}
    unknown = [one for one in found.unknown if low <= one.area < high]
    return Board(moment, _rows(kept, moment), unknown)


def mine(worker: str, at: datetime | None = None) -> Row | None:
    """The load of one worker; None for whoever has not worked lately."""
    moment = at or now()
    spans = _around("", moment).by_worker().get(worker)
    return _rows({worker: spans}, moment)[0] if spans else None


def look() -> dict[str, int]:
    """Hand the leaders of units a task for everybody over a limit, and take back those that are settled.

    Runs inside a scope that reaches everywhere. Returns how many were handed down and taken back.
    """
    board = loads("")
    over = {(row.worker, one.limit.value): (row, one) for row in board.over for one in row.over}
    open_ = {_about(task): task for task in tasks.open_of_kind(Task.Kind.GENERAL).filter(key__startswith=f"{KEY}|")}
    areas = Area.objects.in_bulk({row.area for row in board.over})
    wanted = [_task(row, one, areas[row.area], board.at) for key, (row, one) in over.items() if key not in open_]
    made = command.hand_down_many(by=None, tasks=wanted).new
    settled = [task for about, task in open_.items() if about not in over]
    return {"handed_down": len(made), "taken_back": command.withdraw_many(tasks=settled, by=None, reason=_(OVER))}


def dues(area_code: str, month: date) -> list[Due]:
    """What everybody whose own area lies in an area is due for a month, from the shifts as they are now."""
    low, high = code_range(area_code)
    by_worker = _of_month(month).by_worker()
    homes = _homes(by_worker)
    return [
        Due(worker, homes[worker], tuple(paying.lines(_paid(spans, homes[worker], month))))
        for worker, spans in by_worker.items()
        if worker in homes and low <= homes[worker].code < high
    ]


def draw_up(*, by: Officer, area: Area, month: date) -> list[SubsidyStatement]:
    """Draw the statements of an area for a month up, or anew where figures have changed and nobody has agreed."""
    return services.draw_up(by=by, month=month, dues=dues(area.code, month))


def agree(*, statement: SubsidyStatement, by: Officer) -> SubsidyStatement:
    """Agree to a statement, against what the shifts say now; raises ValidationError where it says something else."""
    return services.agree(statement=statement, by=by, lines=lines_of(statement))


def draw_again(*, statement: SubsidyStatement, by: Officer) -> SubsidyStatement:
    """Draw one statement up anew from the shifts as they are now."""
    return services.draw_again(statement=statement, by=by, lines=lines_of(statement))


def evidence(statement: SubsidyStatement) -> list[PaidDay]:
    """The days behind a statement with the shifts of each, as they are now."""
    spans = _of_month(statement.month).by_worker().get(statement.worker, [])
    return _paid(spans, statement.area, statement.month)


def lines_of(statement: SubsidyStatement) -> list[Line]:
    """What a statement would say if it were drawn up now."""
    return paying.lines(evidence(statement))


def _around(area_code: str, at: datetime) -> Worked:
    """What the limits of an area have to look at, and what is planned for the day ahead."""
    back = rules.look_back(rules.pack_of(area_code))
    with scope.everywhere(WHY):
        return worked(at - back, at + AHEAD)


def _rows(by_worker: dict[str, list[Span]], at: datetime) -> list[Row]:
    names = names_of(by_worker)
    rows = [_row(worker, names.get(worker, ""), spans, at) for worker, spans in by_worker.items()]
    return sorted(rows, key=lambda row: (not row.over, not row.soon, -row.load.week_hours, row.worker))


def _row(worker: str, name: str, spans: list[Span], at: datetime) -> Row:
    """Judged by the limits of where the worker stood last."""
    past = [span for span in spans if span.starts_at <= at]
    area = (past or spans)[-1].area
    limits, zone = rules.limits(rules.pack_of(area)), timezone.get_current_timezone()
    now_, then = (load.load_of(spans, moment, limits, zone) for moment in (at, at + AHEAD))
    over, coming = load.breaches(now_, limits), load.breaches(then, limits)
    planned = any(span.ends_at > at for span in spans)
    known = {one.limit for one in over}
    soon = tuple(one for one in coming if one.limit not in known) if planned else ()
    return Row(worker, name, area, now_, tuple(over), soon, tuple(spans))


def names_of(workers: Iterable[str]) -> dict[str, str]:
    """What workers are called; two queries for any number of them."""
    split = [worker.split(":", 1) for worker in workers]
    officers = Officer.objects.filter(pk__in=[key for kind, key in split if kind == "officer"])
    found = {f"officer:{row.pk}": row.name for row in officers}
    return found | {worker: str(row) for worker, row in _persons(split).items()}


def _homes(workers: Iterable[str]) -> dict[str, Area]:
    """The area that answers for a worker: that of an officer's first post held now, that of a person."""
    split = [worker.split(":", 1) for worker in workers]
    posts = Post.objects.current().filter(officer__in=[key for kind, key in split if kind == "officer"])
    found: dict[str, Area] = {}
    for post in posts.select_related("area").order_by("pk"):
        found.setdefault(f"officer:{post.officer_id}", post.area)
    return found | {worker: row.area for worker, row in _persons(split).items()}


def _persons(split: Iterable[list[str]]) -> dict[str, Person]:
    with scope.everywhere(WHY):
        found = people.by_ids([UUID(key) for kind, key in split if kind == "person"])
    return {f"person:{pk}": row for pk, row in found.items()}


def _of_month(month: date) -> Worked:
    days, zone = paying.days_of_month(month), timezone.get_current_timezone()
    begins = datetime.combine(days[0], time.min, zone)
    with scope.everywhere(WHY):
        return worked(begins, datetime.combine(days[-1] + timedelta(days=1), time.min, zone))


def _paid(spans: Iterable[Span], area: Area, month: date) -> list[PaidDay]:
    return paying.paid_days(
        spans, paying.days_of_month(month), lambda day: rules.rates(area.code, day), timezone.get_current_timezone()
    )


def _task(row: Row, breach: Breach, area: Area, at: datetime) -> Task:
    """The task for whoever leads where the worker stood last."""
    role = DutyOfficer.key if area.kind in COMMANDED else TownshipOfficer.key
    said = {"who": row.name, "value": f"{breach.value:g}", "allowed": f"{breach.allowed:g}",
            "rule": RULE_OF[breach.limit]}  # fmt: skip
    return Task(
        key=f"{KEY}|{row.worker}|{breach.limit}|{timezone.localdate(at)}", area=area, role=role, params=said,
        due_at=at + rules.pack_of(row.area).duration("workforce.alert_hours"), title=TITLES[breach.limit],
        instructions=HOW, priority=Task.Priority.HIGH, kind=Task.Kind.GENERAL,
    )  # fmt: skip


def _about(task: Task) -> tuple[str, str]:
    """The worker and the limit of a task handed down here."""
    _care, worker, limit, _day = str(task.key).split("|")
    return worker, limit
