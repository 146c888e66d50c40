"""Reading readiness: always inside the scope in force, a fixed number of queries."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from fangxian.core.areas import Area, code_range
from fangxian.core.clock import today
from fangxian.systems.readiness.models import EpidemicFree, SchoolMember, SchoolOpening

COMMUNITY = Area.Kind.VILLAGE
_LINKED = ("area", "created_by", "decided_by", "asked_by", "ended_by")


def communities(area_code: str) -> list[Area]:
    """The villages and communities of an area, by code: what an application may be made for."""
    low, high = code_range(area_code)
    return list(Area.objects.filter(kind=COMMUNITY, code__gte=low, code__lt=high).order_by("code"))


def application(pk: UUID | str) -> EpidemicFree:
    """One application; raises EpidemicFree.DoesNotExist outside the scope as for no such application."""
    return EpidemicFree.objects.select_related(*_LINKED).get(pk=pk)


def open_rows(area_code: str = "") -> QuerySet[EpidemicFree]:
    """Applications to be decided and status in force, of an area and all below it."""
    low, high = code_range(area_code)
    rows = EpidemicFree.objects.filter(state__in=EpidemicFree.OPEN, area_id__gte=low, area_id__lt=high)
    return rows.select_related(*_LINKED).order_by("area_id")


def latest(codes: Iterable[str]) -> dict[str, EpidemicFree]:
    """The last application of each community; communities that never applied are missing. One query."""
    found: dict[str, EpidemicFree] = {}
    wanted = list(codes)
    if wanted:
        rows = EpidemicFree.objects.filter(area_id__gte=min(wanted), area_id__lte=max(wanted)).order_by("created_at")
        found = {row.area_id: row for row in rows.select_related("area")}
    return {code: found[code] for code in wanted if code in found}


def history(area_code: str) -> QuerySet[EpidemicFree]:
    """Every application of one community, the newest first."""
    return EpidemicFree.objects.filter(area=area_code).select_related(*_LINKED).order_by("-created_at")


def in_force(area_code: str, on: date | None = None) -> list[EpidemicFree]:
    """The communities whose status holds on a day, by code: what the public list shows."""
    granted = open_rows(area_code).filter(state=EpidemicFree.State.GRANTED, valid_until__gte=on or today())
    return list(granted)


def watched_in(area_code: str) -> bool:
    """Whether there is anything a change in an area could end: an open application, the status, an open school."""
    low, high = code_range(area_code)
    inside = Q(area_id__gte=low, area_id__lt=high)
    return (
        EpidemicFree.unscoped.filter(inside, state__in=EpidemicFree.OPEN).exists()
        or SchoolOpening.unscoped.filter(inside, state__in=[SchoolOpening.State.OPEN, SchoolOpening.State.PROPOSED])
        .exists()
    )  # fmt: skip


def opening(pk: UUID | str) -> SchoolOpening:
    """One school and term; raises SchoolOpening.DoesNotExist."""
    return SchoolOpening.objects.select_related("area", "proposed_by", "opened_by").get(pk=pk)


def openings(area_code: str, term: str = "") -> QuerySet[SchoolOpening]:
    """The schools of an area and term, by area and name; the latest term first where none is named."""
    low, high = code_range(area_code)
    rows = SchoolOpening.objects.filter(area_id__gte=low, area_id__lt=high)
    rows = rows.filter(term=term) if term else rows
    return rows.select_related("area", "proposed_by", "opened_by").order_by("-term", "area_id", "school", "pk")


def watched_schools(area_code: str = "") -> list[SchoolOpening]:
    """Schools that are open or proposed to be: what a blocker stops."""
    return list(openings(area_code).filter(state__in=[SchoolOpening.State.OPEN, SchoolOpening.State.PROPOSED]))


def terms(area_code: str) -> list[str]:
    """The terms there are, the latest first."""
    return sorted(set(openings(area_code).order_by().values_list("term", flat=True)), reverse=True)


def roll_counts(opening_ids: Iterable[UUID]) -> dict[UUID, tuple[int, int]]:
    """People on each roll, and how many of them have not declared where they were; one query."""
    rows = SchoolMember.objects.filter(opening__in=list(opening_ids)).order_by().values("opening_id")
    counted = rows.annotate(n=Count("pk"), silent=Count("pk", filter=Q(declared_on=None)))
    return {row["opening_id"]: (row["n"], row["silent"]) for row in counted}


def roll(opening_ids: Iterable[UUID]) -> list[tuple[UUID, UUID, str, date | None, date | None]]:
    """Everybody on some rolls: opening, person, where they stayed, when they came back, date of birth. One query."""
    rows = SchoolMember.objects.filter(opening__in=list(opening_ids)).order_by()
    return list(rows.values_list("opening_id", "person_id", "stayed_code", "returned_on", "person__birth_date"))
