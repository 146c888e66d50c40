"""What somebody has to look at first: undeclared, unchecked, not received, gaps; counted and listed by one rule."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from fangxian.core.areas import code_range
from fangxian.core.clock import now, today
from fangxian.systems.arrivals.models import Appeal, Arrival, DeclaredPerson, Loop
from fangxian.systems.arrivals.words import Channel

SHOWN = 50
MOST = 10_000
UNDECLARED, UNCHECKED, NOT_RECEIVED, GAP, APPEAL = "undeclared", "unchecked", "not_received", "gap", "appeal"
MISSING = "missing"
KINDS = (GAP, MISSING, NOT_RECEIVED, UNCHECKED, UNDECLARED, APPEAL)


@dataclass
class Part:
    """One kind of exception in an area: how many (at most 10,000 are counted), and the first rows."""

    kind: str
    count: int
    rows: list[Any] = field(default_factory=list)


def parts(area_code: str, *, at: datetime | None = None) -> list[Part]:
    """All kinds in their order; kinds without rows too, so that a page can say “none”."""
    return [_part(kind, rows(kind, area_code, at=at)) for kind in KINDS]


def rows(kind: str, area_code: str, *, at: datetime | None = None) -> QuerySet:
    """The rows of one kind."""
    moment = at or now()
    if kind == GAP:
        return _loops(area_code).filter(state=Loop.State.OPEN).filter(
            Q(next_due_at__lt=moment) | Q(days_checked__lt=F("days_owed")) | Q(tests_done__lt=F("tests_owed"))
        ).order_by("next_due_at", "pk")  # fmt: skip
    if kind == APPEAL:
        low, high = code_range(area_code)
        mine = Appeal.objects.filter(state__in=Appeal.OPEN, area_id__gte=low, area_id__lt=high)
        return mine.select_related("loop__person", "area").order_by("due_at", "pk")
    if kind == MISSING:
        return expected(area_code).filter(arrived_on__lt=timezone.localdate(moment))
    arrivals = _arrivals(area_code).filter(state__in=Arrival.OPEN)
    if kind == UNCHECKED:
        return arrivals.filter(checked_at__isnull=True, check_due_at__lt=moment).order_by("check_due_at", "pk")
    if kind == NOT_RECEIVED:
        return arrivals.filter(received_at__isnull=True, receive_due_at__lt=moment).order_by("receive_due_at", "pk")
    told = [Channel.DECLARED, Channel.HAND_OVER]
    undeclared = arrivals.filter(declared_id__isnull=True, arrived_on__lte=today()).exclude(channel__in=told)
    return undeclared.order_by("-arrived_on", "pk")


def expected(area_code: str) -> QuerySet[Arrival]:
    """Who is to come, the next first."""
    return _arrivals(area_code).filter(state=Arrival.State.EXPECTED).order_by("arrived_on", "pk")


def recent(area_code: str) -> QuerySet[Arrival]:
    """The latest arrivals."""
    return _arrivals(area_code).exclude(state=Arrival.State.EXPECTED).order_by("-arrived_on", "-pk")


def loops(area_code: str, state: str = Loop.State.OPEN) -> QuerySet[Loop]:
    """Loops of an area in a state; what is due first first."""
    return _loops(area_code).filter(state=state).order_by(F("next_due_at").asc(nulls_last=True), "pk")


def inbox(area_code: str) -> QuerySet[DeclaredPerson]:
    """Declared travellers nobody has taken over, who comes first first."""
    low, high = code_range(area_code)
    waiting = DeclaredPerson.objects.filter(
        state=DeclaredPerson.State.WAITING, area_id__gte=low, area_id__lt=high
    )  # fmt: skip
    return waiting.select_related("area", "declaration").order_by("arrives_on", "pk")


def bounded(found: QuerySet) -> int:
    """How many, counting no further than 10,000."""
    return found.order_by()[:MOST].count()


def _part(kind: str, found: QuerySet) -> Part:
    return Part(kind, bounded(found), list(found[:SHOWN]))


def _arrivals(area_code: str) -> QuerySet[Arrival]:
    return Arrival.objects.filter(_mine(area_code)).select_related("area", "present_area", "person")


def _loops(area_code: str) -> QuerySet[Loop]:
    return Loop.objects.filter(_mine(area_code)).select_related("area", "present_area", "person")


def _mine(area_code: str) -> Q:
    low, high = code_range(area_code)
    return Q(area_id__gte=low, area_id__lt=high) | Q(present_area_id__gte=low, present_area_id__lt=high)
