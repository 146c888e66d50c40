"""Questions to directives, inside the scope in force: a fixed number of queries, however many units there are."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Substr

from fangxian.core.areas import Area, code_range
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission
from fangxian.systems.command.group_selectors import groups_of
from fangxian.systems.command.models import WorkingGroup
from fangxian.systems.directives.definitions import FIGURES, STANDING, counted
from fangxian.systems.directives.models import Directive, Handing, Meeting, Report
from fangxian.systems.directives.words import DirectiveState, HandingState

STEPS = (("handed_at", "received_at"), ("received_at", "deployed_at"), ("received_at", "answered_at"),
         ("answered_at", "checked_at"))  # fmt: skip
_NOTHING = dict.fromkeys(FIGURES, 0)
_UNIT = ("directive__area", "directive__meeting", "area", "from_area", "group", "received_by", "deployed_by",
         "answered_by", "checked_by", "meeting")  # fmt: skip


@dataclass
class Branch:
    """One unit of a directive's tree with the figures of all units below it."""

    handing: Handing
    below: dict[str, int] = field(default_factory=lambda: dict(_NOTHING))

    @property
    def answered_percent(self) -> int:
        """How much of it and what lies below has answered."""
        own = self.handing.state in Handing.ANSWERED
        return 100 * (self.below["answered"] + own) // (self.below["handed"] + 1)


def meeting(pk: UUID | str) -> Meeting:
    """One meeting; raises DoesNotExist outside the scope."""
    return Meeting.objects.select_related("area", "passes_on__area").get(pk=pk)


def meetings(limit: int = 30) -> list[Meeting]:
    """The latest meetings inside the scope."""
    rows = Meeting.objects.select_related("area", "passes_on").order_by("-held_at", "-pk")
    return list(rows[:limit])


def chain(meeting: Meeting) -> list[Meeting]:
    """The meetings above whose words a meeting passes on, the nearest first; each level names the one above it."""
    found, upper = [], meeting.passes_on
    while upper is not None:
        found.append(upper)
        upper = upper.passes_on
    return found


def passed_on_by(meeting: Meeting) -> list[Meeting]:
    """The meetings inside the scope that pass this one on."""
    return list(Meeting.objects.filter(passes_on=meeting).select_related("area").order_by("area_id", "held_at"))


def resolutions(meeting: Meeting) -> list[Directive]:
    """What a meeting resolved, in its order."""
    return list(Directive.objects.filter(meeting=meeting).select_related("area").order_by("created_at", "pk"))


def directive(pk: UUID | str) -> Directive:
    """One directive of an area inside the scope; raises DoesNotExist."""
    return Directive.objects.select_related("area", "meeting", "created_by").get(pk=pk)


def directives(states: Iterable[str], limit: int = 20) -> list[Directive]:
    """Directives of the areas inside the scope that stand there, what is due first first."""
    rows = Directive.objects.filter(state__in=list(states)).select_related("area", "meeting")
    return list(rows.order_by(F("due_at").asc(nulls_last=True), "-created_at", "pk")[:limit])


def ended(limit: int = 10) -> list[Directive]:
    """Directives that were carried out or taken back, the latest first."""
    rows = Directive.objects.filter(state__in=[DirectiveState.DONE, DirectiveState.WITHDRAWN]).select_related("area")
    return list(rows.order_by("-ended_at", "pk")[:limit])


def handing(pk: UUID | str) -> Handing:
    """One directive at one unit, with what its page shows; raises DoesNotExist outside the scope."""
    return Handing.objects.select_related(*_UNIT).get(pk=pk)


def by_ids(ids: Iterable[UUID]) -> list[Handing]:
    """Rows by id; those outside the scope are missing."""
    return list(Handing.objects.filter(pk__in=list(ids)).select_related(*_UNIT).order_by("pk"))


def below(handing: Handing) -> QuerySet[Handing]:
    """The units right below one."""
    return Handing.objects.filter(STANDING, parent=handing).select_related("area").order_by("area_id")


def mine(officer: Officer) -> QuerySet[Handing]:
    """What an officer's own units and groups have to receive or to answer, what is due first first."""
    return _own(officer).filter(state__in=Handing.OPEN).order_by("due_at", "pk")


def gone_from_mine(officer: Officer, since: datetime) -> QuerySet[Handing]:
    """What an officer's own units and groups no longer owe since a moment, answered or taken back; the latest first."""
    rows = _own(officer).exclude(state__in=Handing.OPEN).filter(changed_at__gte=since)
    return rows.select_related("answered_by").order_by("-changed_at", "pk")


def _own(officer: Officer) -> QuerySet[Handing]:
    areas = [post.area_id for post in officer.posts_with(Permission.DIRECTIVES_WRITE)]
    own = Q(area_id__in=areas, group=None) | Q(group__in=groups_of(officer, leading=True))
    return Handing.objects.filter(own).select_related("directive", "area", "from_area", "group")


def open_below(ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many units right below have not answered; rows without one are missing."""
    rows = Handing.objects.filter(parent__in=list(ids), state__in=Handing.OPEN).order_by().values_list("parent_id")
    return dict(rows.annotate(units=Count("pk")))


def answered_by_mine(officer: Officer, since: datetime) -> QuerySet[Handing]:
    """What an officer's own units have answered since a moment, the latest first."""
    areas = [post.area_id for post in officer.posts_with(Permission.DIRECTIVES_WRITE)]
    rows = Handing.objects.filter(area_id__in=areas, state__in=Handing.ANSWERED, answered_at__gte=since)
    return rows.select_related("directive", "area").order_by("-answered_at")


def to_check(officer: Officer) -> QuerySet[Handing]:
    """Answers that wait for who handed the directive down: an officer's own areas, the oldest first."""
    areas = [post.area_id for post in officer.posts_with(Permission.DIRECTIVES_WRITE)]
    rows = Handing.objects.filter(from_area_id__in=areas, state=HandingState.ANSWERED)
    return rows.select_related("directive", "area", "group").order_by("answered_at", "pk")


def figure(key: str, rows: QuerySet[Handing], at: datetime | None = None) -> QuerySet[Handing]:
    """The rows behind a figure."""
    return rows.filter(FIGURES[key].condition(at or now()))


def counts(rows: QuerySet[Handing], at: datetime | None = None) -> dict[str, int]:
    """Every figure of some units; one query."""
    return rows.order_by().aggregate(**counted(at or now()))


def counts_by_directive(ids: Iterable[UUID], at: datetime | None = None) -> dict[UUID, dict[str, int]]:
    """Every figure of each directive, all its units together; one query, every id has an entry."""
    rows = Handing.objects.filter(directive__in=(wanted := list(ids))).order_by().values("directive_id")
    found = {row.pop("directive_id"): row for row in rows.annotate(**counted(at or now()))}
    return {pk: found.get(pk, dict(_NOTHING)) for pk in wanted}


def of_directive(directive: Directive, area_code: str = "") -> QuerySet[Handing]:
    """The units that have a directive, in an area and below it."""
    low, high = code_range(area_code)
    return Handing.objects.filter(STANDING, directive=directive, area_id__gte=low, area_id__lt=high)


def tree(directive: Directive, parent: Handing | None = None, at: datetime | None = None) -> list[Branch]:
    """The units right below a directive, or below one of its units, each with the figures of what lies under it.

    One query for the units and one for each length of their codes, normally one.
    """
    rows = of_directive(directive).filter(parent=parent).select_related("area", "group").order_by("area_id", "group_id")
    branches = [Branch(row) for row in rows]
    units = {branch.handing.area_id: branch for branch in branches if branch.handing.group_id is None}
    for length in {len(code) for code in units}:
        for code, figures in _below_by(directive, length, at or now()):
            if code in units:
                units[code].below = figures
    return branches


def _below_by(directive: Directive, length: int, at: datetime) -> Iterable[tuple[str, dict[str, int]]]:
    rows = of_directive(directive).filter(group=None).annotate(unit=Substr("area_id", 1, length))
    grouped = rows.exclude(area_id=F("unit")).order_by().values("unit").annotate(**counted(at))
    return ((row.pop("unit"), row) for row in grouped)


def hand_over_times(directive: Directive) -> list[dict[str, Any]]:
    """How long each hand-over took at each level: from handed down to received, to deployed, to answered, checked.

    One row a level (by length of code) with the median and the longest of each step, None where nobody took it.
    """
    stamps = sorted({name for step in STEPS for name in step})
    taken: dict[int, dict[tuple[str, str], list[timedelta]]] = defaultdict(lambda: defaultdict(list))
    for area, *times in of_directive(directive).values_list("area_id", *stamps):
        at = dict(zip(stamps, times, strict=True))
        for begin, end in STEPS:
            if at[begin] and at[end]:
                taken[len(area)][begin, end].append(at[end] - at[begin])
    return [{"level": level, "steps": [_took(taken[level][step]) for step in STEPS]} for level in sorted(taken)]


def _took(times: list[timedelta]) -> dict[str, Any]:
    return {"median": median(times) if times else None, "longest": max(times, default=None), "units": len(times)}


def reports_of(area: Area, group: WorkingGroup | None = None, limit: int = 10) -> list[Report]:
    """The latest reports of an area itself, or of one of its working groups."""
    rows = Report.objects.filter(area=area, group=group).select_related("area", "group")
    return list(rows.order_by("-starts_at", "pk")[:limit])


def reports_to(area: Area, starts_at: datetime, period: str) -> list[Report]:
    """What came up to an area for a period."""
    rows = Report.objects.filter(to_area=area, period=period, starts_at=starts_at)
    return list(rows.select_related("area", "group").order_by("area_id"))


def report(pk: UUID | str) -> Report:
    """One report; raises DoesNotExist outside the scope."""
    return Report.objects.select_related("area", "to_area", "group", "created_by", "noted_by").get(pk=pk)


def named_leaders(area_code: str) -> dict[str, tuple[Area, str, str]]:
    """The two leaders each unit of an area last named for a directive: area code → area, leader, leader in charge."""
    low, high = code_range(area_code)
    rows = Handing.objects.filter(area_id__gte=low, area_id__lt=high, group=None).exclude(leader="").order_by("pk")
    last = {code: names for code, *names in rows.values_list("area_id", "leader", "deputy")}
    areas = Area.objects.in_bulk(last)
    return {code: (areas[code], leader, deputy) for code, (leader, deputy) in sorted(last.items())}
