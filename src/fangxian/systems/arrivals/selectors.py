"""Questions about arrivals; always inside the scope in force, a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from fangxian.core.areas import code_range
from fangxian.systems.arrivals.models import Arrival, TravelStay

CHUNK = 200  # code ranges in one query


@dataclass(frozen=True)
class StayRow:
    """A stay somewhere before an arrival, for matching against dated areas."""

    person_id: UUID
    arrival_id: UUID
    code: str
    from_on: date
    until_on: date


def arrival(arrival_id: UUID | str) -> Arrival:
    """One arrival with what its page shows; raises Arrival.DoesNotExist outside the scope as for no such arrival."""
    return Arrival.objects.select_related("area", "present_area", "person").get(pk=arrival_id)


def by_ids(ids: Iterable[UUID]) -> list[Arrival]:
    """Arrivals by id; ids outside the scope are missing."""
    return list(Arrival.objects.filter(pk__in=list(ids)).select_related("area", "present_area", "person"))


def stays_between(since: date, until: date, codes: Iterable[str]) -> list[StayRow]:
    """Stays that touch a stretch of days (both ends counted) in any of the areas `codes` or below them.

    A stay told only roughly (its code is shorter than the asked one: a county for a village in it) is included too:
    whoever matches decides what a rough word is worth.
    """
    wanted = list(dict.fromkeys(codes))
    found: dict[UUID, StayRow] = {}
    for start in range(0, len(wanted), CHUNK):
        rows = TravelStay.objects.filter(
            _inside(wanted[start : start + CHUNK]), until_on__gte=since, from_on__lte=until
        )
        for pk, *values in rows.values_list("pk", "arrival__person_id", "arrival_id", "code", "from_on", "until_on"):
            found[pk] = StayRow(*values)
    return sorted(found.values(), key=lambda row: (row.code, row.from_on, row.arrival_id))


def _inside(codes: list[str]) -> Q:
    condition = Q(code__in={code[:length] for code in codes for length in range(2, len(code))})
    for code in codes:
        low, high = code_range(code)
        condition |= Q(code__gte=low, code__lt=high)
    return condition


def stays_of(arrival_ids: Iterable[UUID]) -> dict[UUID, list[TravelStay]]:
    """Stays before arrivals, the latest first; every id has an entry."""
    found: dict[UUID, list[TravelStay]] = {arrival_id: [] for arrival_id in arrival_ids}
    for row in TravelStay.objects.filter(arrival_id__in=found.keys()).order_by("-until_on", "-from_on", "pk"):
        found[row.arrival_id].append(row)
    return found


def in_area(area_code: str) -> QuerySet[Arrival]:
    """Arrivals an area answers for or lands."""
    low, high = code_range(area_code)
    mine = Q(area_id__gte=low, area_id__lt=high) | Q(present_area_id__gte=low, present_area_id__lt=high)
    return Arrival.objects.filter(mine).select_related("area", "present_area", "person")
