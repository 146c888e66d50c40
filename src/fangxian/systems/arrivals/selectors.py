"""Questions about arrivals; always inside the scope in force, a fixed number of queries."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from fangxian.core.areas import code_range
from fangxian.systems.arrivals.models import Appeal, Arrival, Declaration, DeclaredPerson, HandOver, Loop, TravelStay
from fangxian.systems.people.models import Person

CHUNK = 200  # code ranges in one query
BATCH = 2_000  # loops in memory at once


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


def loop(loop_id: UUID | str) -> Loop:
    """One closed loop with what its page shows."""
    return Loop.objects.select_related("area", "present_area", "person__area").get(pk=loop_id)


def own_loop(loop_id: UUID | str, person_id: UUID) -> Loop:
    """A closed loop of a person; raises Loop.DoesNotExist for anybody else's as for no such loop."""
    return Loop.objects.select_related("area").get(pk=loop_id, person_id=person_id)


def appeal(appeal_id: UUID | str) -> Appeal:
    """One appeal with the plan it is about."""
    fetched = ("loop__person", "loop__area", "area", "proposed_by", "answered_by")
    return Appeal.objects.select_related(*fetched).get(pk=appeal_id)


def declared_person(declared_id: UUID | str) -> DeclaredPerson:
    """One declared traveller."""
    return DeclaredPerson.objects.select_related("area").get(pk=declared_id)


def declaration(code: str) -> Declaration | None:
    """The declaration with a confirmation code."""
    return Declaration.objects.select_related("area").filter(code=code).first()


def by_ids(ids: Iterable[UUID]) -> list[Arrival]:
    """Arrivals by id; ids outside the scope are missing."""
    return list(Arrival.objects.filter(pk__in=list(ids)).select_related("area", "present_area", "person"))


def coming(person: Person, first: date, last: date) -> Arrival | None:
    """The latest arrival of a person on a stretch of days (both ends counted), unless they did not come."""
    rows = Arrival.objects.filter(person=person, arrived_on__range=(first, last)).exclude(state=Arrival.State.NOT_COME)
    return rows.select_related("area", "present_area", "person").order_by("-arrived_on").first()


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


def declared_on(arrival: Arrival) -> date | None:
    """The day an arrival was declared; None where nobody declared it."""
    if arrival.declared_id is None:
        return None
    made = Declaration.unscoped.filter(pk=arrival.declared_id).values_list("created_at", flat=True).first()
    return timezone.localdate(made) if made else None


def days_served(arrival: Arrival) -> int:
    """Days of entry quarantine the release record of a hand-over shows; 0 without one."""
    found = HandOver.unscoped.filter(arrival=arrival).order_by("-released_on").first()
    return found.days_served if found else 0


def loop_of(subject_id: UUID) -> Loop | None:
    """The loop because of an arrival: the open one, else the latest."""
    rows = list(Loop.objects.filter(subject_id=subject_id).select_related("area", "present_area", "person"))
    return max(rows, key=lambda row: (row.state == Loop.State.OPEN, row.opened_at), default=None)


def open_loops() -> Iterator[list[Loop]]:
    """All open loops of the scope in parts, in the order of their ids."""
    last = None
    while True:
        rows = Loop.objects.filter(state=Loop.State.OPEN).select_related("area", "present_area", "person__household")
        part = list((rows.filter(pk__gt=last) if last else rows).order_by("pk")[:BATCH])
        if not part:
            return
        yield part
        last = part[-1].pk


def loops_of(person_id: UUID) -> list[Loop]:
    """The loops of a person, open ones first, then the latest; those closed early do not count as plans."""
    rows = Loop.objects.filter(person_id=person_id).exclude(state=Loop.State.CLOSED)
    found = list(rows.select_related("area", "present_area", "person").order_by("-opened_at"))
    return sorted(found, key=lambda row: row.state != Loop.State.OPEN)
