"""Verbs and questions about calls at doors: what was found, who has not been seen for how long."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.areas import code_range
from fangxian.core.clock import now, today
from fangxian.core.officers import Officer
from fangxian.core.records import Source
from fangxian.systems.people.models import DoorCall, Household, Person

REACHED = [str(outcome) for outcome in DoorCall.REACHED]


@dataclass
class Known:
    """What the calls of some days say about one cell: by household the last day it was reached, today's outcome, and
    by person the last day they were seen (a person who was away on the last call counts from an earlier one)."""

    reached: dict[UUID, date] = field(default_factory=dict)
    today: dict[UUID, str] = field(default_factory=dict)
    seen: dict[UUID, date] = field(default_factory=dict)
    reminded: set[str] = field(default_factory=set)


def household(household_id: UUID) -> Household:
    """A household with its area; raises Household.DoesNotExist outside the scope as for no such household."""
    return Household.objects.select_related("area").get(pk=household_id)


def record_call(
    *, by: Officer | None, household: Household, day: date, outcome: str, away: Iterable[UUID] = (),
    reminded: Iterable[UUID] = (), note: str = "", called_at: datetime | None = None,
    device_at: datetime | None = None, source: str = Source.WEB, id: UUID | None = None,  # noqa: A002  (the record's)
) -> DoorCall:  # fmt: skip
    """Enter what was found at a door; the day's second entry corrects the first, reminders add up."""
    if day > today():
        raise ValidationError({"day": _("This day is still to come.")})
    if outcome not in DoorCall.Outcome.values:
        raise ValidationError({"outcome": _("Choose what was found.")})
    found = {"outcome": outcome, "away": sorted(map(str, away)), "note": note[:200], "called_at": called_at or now()}
    told = set(map(str, reminded))
    with transaction.atomic():
        known = DoorCall.unscoped.select_for_update().filter(household=household, day=day).first()
        if known is not None:
            found["reminded"] = sorted(told | set(known.reminded))
            return records.change(known, by=by, action="people.door_call.corrected", **found)
        return records.create(
            DoorCall, by=by, action="people.door_call.recorded", source=source, household=household,
            area=household.area, day=day, reminded=sorted(told), device_at=device_at, **found,
            **({"id": id} if id else {}),
        )  # fmt: skip


def correct_call(*, call: DoorCall, by: Officer | None, base_version: int | None = None, **changes: Any) -> DoorCall:
    """Correct what was found at a door; two people changing the same field conflict."""
    if changes.get("day", call.day) > today():
        raise ValidationError({"day": _("This day is still to come.")})
    return records.change(call, by=by, action="people.door_call.corrected", base_version=base_version, **changes)


def record_reminder(
    *, by: Officer | None, household: Household, day: date, person_id: UUID, duty_id: UUID, **how: Any
) -> DoorCall:
    """Somebody was reminded of a test: a call at their door at which at least they were seen."""
    known = DoorCall.unscoped.filter(household=household, day=day).first()
    if known is not None and known.outcome in REACHED:
        found = {"outcome": known.outcome, "away": [UUID(one) for one in known.away], "note": known.note}
    else:
        others = Person.objects.filter(household=household, left_on__isnull=True).exclude(pk=person_id)
        away = list(others.values_list("pk", flat=True))
        found = {"outcome": DoorCall.Outcome.SOME if away else DoorCall.Outcome.SEEN, "away": away}
    return record_call(by=by, household=household, day=day, reminded=[duty_id], **found, **how)


def known_of(area_code: str, roster: dict[UUID, list[Person]], *, since: date) -> Known:
    """What the calls since a day say of a cell: one query. `roster` gives who lives in each household now."""
    low, high = code_range(area_code)
    rows = DoorCall.objects.filter(area_id__gte=low, area_id__lt=high, day__gte=since)
    known = Known()
    for household, day, outcome, away, reminded in rows.order_by("day").values_list(
        "household_id", "day", "outcome", "away", "reminded"
    ):
        if day == today():
            known.today[household] = outcome
            known.reminded |= set(reminded)
        if outcome in REACHED:
            known.reached[household] = day
            known.seen.update(_seen(roster.get(household, []), set(away), day))
    return known


def _seen(people: list[Person], away: set[str], day: date) -> dict[UUID, date]:
    return {person.pk: day for person in people if str(person.pk) not in away}


def ever_reached(area_code: str) -> set[UUID]:
    """Households of an area that were ever reached."""
    low, high = code_range(area_code)
    rows = DoorCall.objects.filter(area_id__gte=low, area_id__lt=high, outcome__in=REACHED)
    return set(rows.order_by().values_list("household_id", flat=True).distinct())


@dataclass
class CellCalls:
    """Households of one cell: all, reached today, tried in vain today, reached since the asked day; the last call."""

    households: int = 0
    today: int = 0
    in_vain: int = 0
    lately: int = 0
    last_at: datetime | None = None

    @property
    def open(self) -> int:
        """Not reached within the days the pack gives."""
        return self.households - self.lately


def by_cell(area_code: str, *, since: date) -> dict[str, CellCalls]:
    """For every cell of an area what was reached; two queries whatever the number of doors."""
    low, high = code_range(area_code)
    inside = {"area_id__gte": low, "area_id__lt": high}
    cells: dict[str, CellCalls] = defaultdict(CellCalls)
    for code, count in Household.objects.filter(**inside).order_by().values_list("area_id").annotate(n=Count("pk")):
        cells[code].households = count
    is_today, is_reached = Q(day=today()), Q(outcome__in=REACHED)
    calls = DoorCall.objects.filter(**inside, day__gte=since).order_by().values_list("area_id")
    rows = calls.annotate(
        today=Count("household", distinct=True, filter=is_today & is_reached),
        in_vain=Count("household", distinct=True, filter=is_today & ~is_reached),
        lately=Count("household", distinct=True, filter=is_reached),
        last=Max("called_at", filter=is_today),
    )
    for code, reached, in_vain, lately, last in rows:
        cell = cells[code]
        cell.today, cell.in_vain, cell.lately, cell.last_at = reached, in_vain, lately, last
    return dict(cells)


def not_reached(area_code: str, *, since: date) -> QuerySet[Household]:
    """Households of an area that nobody reached since a day, by cell and number."""
    low, high = code_range(area_code)
    reached = DoorCall.objects.filter(area_id__gte=low, area_id__lt=high, day__gte=since, outcome__in=REACHED)
    homes = Household.objects.filter(area_id__gte=low, area_id__lt=high).exclude(pk__in=reached.values("household_id"))
    return homes.select_related("area").order_by("area_id", "number")
