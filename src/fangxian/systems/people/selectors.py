"""Reading people: always inside the scope in force, a fixed number of queries whatever the number of people."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from fangxian.core.areas import code_range
from fangxian.core.fields import blind
from fangxian.core.officers import Officer, Post
from fangxian.core.roles import GridWorker
from fangxian.systems.people import derived
from fangxian.systems.people.models import Household, Person

CHUNK = 5_000  # ids in one query; both stores allow more, plans get slower


@dataclass
class Door:
    """One household of a roster and who lives there now."""

    household: Household
    people: list[Person] = field(default_factory=list)


@dataclass
class Roster:
    """Who lives in an area: door by door, and those without a household."""

    doors: list[Door] = field(default_factory=list)
    others: list[Person] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many people."""
        return len(self.others) + sum(len(door.people) for door in self.doors)


def person(person_id: UUID | str) -> Person:
    """One person with area and household; raises Person.DoesNotExist outside the scope as for no such person.

    The id of an entry that was merged gives the person it was merged into.
    """
    rows = Person.objects.select_related("area", "household")
    return rows.filter(pk=person_id).first() or rows.get(pk=stands_for(person_id) or person_id)


def by_ids(ids: Iterable[UUID]) -> dict[UUID, Person]:
    """People by id, with area and household; ids outside the scope are missing.

    Under the id of an entry that was merged stands the person it was merged into.
    """
    wanted = list(dict.fromkeys(ids))
    found = _rows_of(wanted)
    lost = [pk for pk in wanted if pk not in found]
    into = {pk: winner for pk, winner in standing_for(lost).items() if winner}
    winners = _rows_of(into.values())
    return found | {pk: winners[winner] for pk, winner in into.items() if winner in winners}


def standing_for(person_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """For each of these entries that was merged the one that stands for it now, through any number of merges."""
    at = {pk: pk for pk in person_ids}
    moving = set(at.values())
    while moving:
        steps: dict[UUID, UUID] = {}
        for part in _parts(moving):
            rows = Person.unscoped.filter(pk__in=part, merged_into__isnull=False)
            steps.update(rows.values_list("pk", "merged_into_id"))
        at = {origin: steps.get(now, now) for origin, now in at.items()}
        moving = set(steps.values())
    return {origin: now for origin, now in at.items() if now != origin}


def stands_for(person_id: UUID | str) -> UUID | None:
    """The entry a merged one was made part of; None for an entry that stands for itself, or for nobody."""
    return standing_for([UUID(str(person_id))]).get(UUID(str(person_id)))


def aliases(person_ids: Iterable[UUID]) -> dict[UUID, set[UUID]]:
    """For each person every other id they were entered under, through any number of merges; none is no key."""
    found: dict[UUID, set[UUID]] = defaultdict(set)
    asked = {pk: pk for pk in person_ids}
    while asked:
        steps: dict[UUID, UUID] = {}
        for part in _parts(asked):
            rows = Person.unscoped.filter(merged_into_id__in=part).values_list("pk", "merged_into_id")
            steps.update({loser: asked[into] for loser, into in rows})
        for loser, winner in steps.items():
            found[winner].add(loser)
        asked = steps
    return dict(found)


def _rows_of(ids: Iterable[UUID]) -> dict[UUID, Person]:
    rows = (Person.objects.filter(pk__in=part).select_related("area", "household") for part in _parts(ids))
    return {row.pk: row for part in rows for row in part}


def household_members(person_ids: Iterable[UUID]) -> dict[UUID, list[Person]]:
    """For each person the others who live in the same household now; everyone asked for has an entry."""
    members: dict[UUID, list[Person]] = {}
    for part in _parts(person_ids):
        homes = dict(Person.objects.filter(pk__in=part).values_list("pk", "household_id"))
        living = _living_in({home for home in homes.values() if home})
        for pk in part:
            members[pk] = [other for other in living.get(homes.get(pk), []) if other.pk != pk]
    return members


def _living_in(household_ids: set[UUID]) -> dict[UUID | None, list[Person]]:
    living: dict[UUID | None, list[Person]] = defaultdict(list)
    rows = Person.objects.filter(household_id__in=household_ids, left_on__isnull=True)
    for row in rows.select_related("area", "household").order_by("created_at", "pk"):
        living[row.household_id].append(row)
    return living


def in_area(area_code: str) -> QuerySet[Person]:
    """Everyone the area answers for who has not moved away."""
    low, high = code_range(area_code)
    return Person.objects.filter(area_id__gte=low, area_id__lt=high, left_on__isnull=True)


def roster(area_code: str) -> Roster:
    """The people of a grid cell or village, door by door in the order of the household numbers: two queries."""
    low, high = code_range(area_code)
    homes = Household.objects.filter(area_id__gte=low, area_id__lt=high).order_by("number")
    doors = {home.pk: Door(home) for home in homes}
    found = Roster(doors=list(doors.values()))
    for row in in_area(area_code).order_by("birth_date", "name"):
        door = doors.get(row.household_id)
        (door.people if door else found.others).append(row)
    return found


def workers_of(area_codes: Iterable[str]) -> dict[str, Officer | None]:
    """The grid worker who answers for each area: of all posts that cover it the nearest; None where nobody does."""
    codes = set(area_codes)
    above = {code[:length] for code in codes for length in range(1, len(code) + 1)}
    posts = Post.objects.current().filter(role=GridWorker.key, area_id__in=above).select_related("officer")
    holder: dict[str, Officer] = {}
    for post in posts.order_by("valid_from", "pk"):
        holder.setdefault(post.area_id, post.officer)
    return {code: _nearest(holder, code) for code in codes}


def _nearest(holder: dict[str, Officer], code: str) -> Officer | None:
    covering = (code[:length] for length in range(len(code), 0, -1))
    return next((holder[prefix] for prefix in covering if prefix in holder), None)


def find_by_id_number(value: object) -> Person | None:
    """The person with this identity number, however it is written; None for nobody inside the scope."""
    return by_id_numbers([value]).get(value)


def by_id_numbers(values: Iterable[Any]) -> dict[Any, Person]:
    """People by identity number as it was written; one query for 5,000 numbers."""
    wanted = {value: blind(Person, "id_number", derived.normal_number(value)) for value in values}
    found: dict[str, Person] = {}
    for part in _parts(index for index in wanted.values() if index):
        found.update({row.id_index: row for row in Person.objects.filter(id_index__in=part)})
    return {value: found[index] for value, index in wanted.items() if index in found}


def find_by_phone(value: object) -> list[Person]:
    """Everyone reached under a phone number: families share one."""
    index = blind(Person, "phone", derived.normal_phone(value))
    return list(Person.objects.filter(phone_index=index).select_related("area")) if index else []


def search(text: str) -> QuerySet[Person]:
    """People whose name or pinyin initials begin with the text; both are index ranges, never LIKE."""
    low, high = code_range(text.strip())
    letters, beyond = code_range(text.strip().lower())
    return Person.objects.filter(
        Q(name__gte=low, name__lt=high) | Q(initials__gte=letters, initials__lt=beyond)
    ).select_related("area")


def _parts(values: Iterable[Any]) -> Iterable[list[Any]]:
    rows = list(dict.fromkeys(values))
    return (rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK))
