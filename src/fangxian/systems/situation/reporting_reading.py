"""What a report reads of other systems beside the figures: decisions of a day, goals, own risk areas, days of stays.

Rows and values inside the scope in force; how they are told is the stories' affair.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from fangxian.core.areas import Area, code_range
from fangxian.core.modes import OperatingMode
from fangxian.systems.directives.models import Directive, Handing, Meeting
from fangxian.systems.quarantine.models import Stay
from fangxian.systems.risk_areas import selectors as risk_areas
from fangxian.systems.risk_areas.matching import Zone
from fangxian.systems.risk_areas.models import RiskAreaVersion
from fangxian.systems.situation import reporting_selectors as selectors

MOST_NAMED = 20
"""Of open goals a report names so many."""


def stays_begun(area: Area, at: datetime) -> QuerySet[Stay]:
    """Stays of people an area answers for who had checked in by a moment."""
    low, high = code_range(area.code)
    return Stay.objects.filter(checked_in_at__lte=at, area_id__gte=low, area_id__lt=high).order_by()


def own_zones(at: datetime) -> list[Zone]:
    """The risk areas in force that areas inside the scope keep, the gravest first."""
    own: set[UUID] = set(RiskAreaVersion.objects.filter(state="PUBLISHED").values_list("pk", flat=True))
    return [zone for zone in risk_areas.in_force(at) if zone.version_id in own]


def decided(area: Area, begins: datetime, ends: datetime) -> Iterator[tuple[datetime | None, str, str, Any]]:
    """What the command of an area decided in a stretch of time: when, of which kind, what, and the row."""

    def during(name: str) -> Q:
        return Q(**{f"{name}__gte": begins, f"{name}__lt": ends})

    for meeting in Meeting.objects.filter(during("held_at"), area=area):
        yield meeting.held_at, "meeting", str(meeting), meeting
    for directive in Directive.objects.filter(during("issued_at"), area=area):
        yield directive.issued_at, "directive", directive.title, directive
    for mode in OperatingMode.objects.filter(during("declared_at"), area=area, state="declared"):
        yield mode.declared_at, "mode", mode.mode, mode
    for version in RiskAreaVersion.objects.filter(during("published_at")):
        yield version.published_at, "risk_area", f"{version.level} {version.name}", version
    for session in selectors.concluded_between(area, begins, ends):
        yield session.concluded_at, "assessment", session.title, session


def ahead(area: Area, at: datetime, until: datetime) -> Iterable[Directive]:
    """Directives in execution that are due until a moment or have a goal ahead, the nearest first."""
    rows = Directive.objects.filter(Q(due_at__gt=at, due_at__lte=until) | Q(goal_at__gt=at), area=area, state="ISSUED")
    return rows.order_by("due_at", "pk")[:MOST_NAMED]


def goals(area: Area, begins: datetime, ends: datetime) -> Iterable[Any]:
    """The directives of an area with a goal in a stage; `units` have them, `units_done` have carried them out."""
    rows = Directive.objects.filter(area=area, issued_at__lt=ends, goal_at__gte=begins).exclude(goal="")
    units = Count("handings", filter=~Q(handings__state="WITHDRAWN"))
    done = Count("handings", filter=Q(handings__state__in=Handing.ANSWERED, handings__outcome="DONE"))
    return rows.annotate(units=units, units_done=done).order_by("goal_at", "pk")
