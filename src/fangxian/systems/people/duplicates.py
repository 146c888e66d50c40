"""Who may be the same person entered twice.

Text similarity misses every one-character slip in a Chinese name and finds every namesake, so names are only compared
inside a block that already means something: the identity number, then the phone, then the household or the birth date
in the area. Same identity number is the same person; everything else is a question for somebody who knows.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations
from uuid import UUID

from django.db.models import Count, QuerySet

from fangxian.systems.people import derived, selectors
from fangxian.systems.people.models import Person


class Ground(StrEnum):
    """Why two entries may be one person, strongest first."""

    ID_NUMBER = "id_number"
    PHONE = "phone"
    HOUSEHOLD = "household"
    BIRTH_DATE = "birth_date"


@dataclass(frozen=True)
class Match:
    """A person already there and on what ground."""

    person: Person
    ground: Ground


def matches(
    *, name: str, area_code: str, id_number: object = "", phone: object = "", birth_date: date | None = None,
    household_id: UUID | None = None, besides: UUID | None = None,
) -> list[Match]:  # fmt: skip
    """People inside the scope who may be the one described, strongest ground first; a certain match stands alone."""
    same = selectors.find_by_id_number(id_number) if id_number else None
    if same is not None and same.pk != besides:
        return [Match(same, Ground.ID_NUMBER)]
    blocks: list[tuple[Ground, Iterable[Person]]] = [
        (Ground.PHONE, selectors.find_by_phone(phone) if phone else ()),
        (Ground.HOUSEHOLD, Person.objects.filter(household_id=household_id) if household_id else ()),
        (Ground.BIRTH_DATE, _born(area_code, birth_date) if birth_date else ()),
    ]
    found: dict[UUID, Match] = {}
    for ground, people in blocks:
        for row in people:
            if row.pk != besides and _may_be(row, name, birth_date, ground):
                found.setdefault(row.pk, Match(row, ground))
    return list(found.values())


def pairs(area_code: str, limit: int = 500) -> list[tuple[Person, Person]]:
    """Pairs in an area with the same birth date and names that sound or look alike; at most `limit`."""
    blocks: dict[tuple, list[Person]] = defaultdict(list)
    people = selectors.in_area(area_code).filter(birth_date__in=_shared_days(area_code)).order_by("birth_date", "pk")
    for row in people.iterator(chunk_size=2_000):
        blocks[row.birth_date, len(row.name)].append(row)
    return [pair for pair, _number in zip(_alike(blocks.values()), range(limit), strict=False)]


def alike(one: str, other: str) -> bool:
    """Same name, same sound, or as long with a single character different."""
    if one == other or [*map(derived.reading, one)] == [*map(derived.reading, other)]:
        return True
    differing = sum(a != b for a, b in zip(one, other, strict=False))
    return len(one) == len(other) > 1 and differing == 1


def _alike(blocks: Iterable[list[Person]]) -> Iterator[tuple[Person, Person]]:
    for people in blocks:
        for one, other in combinations(people, 2):
            # two good identity numbers that differ are two people, whatever their names
            if not (one.id_index and other.id_index) and alike(one.name, other.name):
                yield one, other


def _born(area_code: str, day: date) -> QuerySet[Person]:
    return selectors.in_area(area_code).filter(birth_date=day)


def _shared_days(area_code: str) -> QuerySet:
    days = selectors.in_area(area_code).exclude(birth_date=None).values("birth_date")
    return days.annotate(people=Count("pk")).filter(people__gt=1).values("birth_date")


def _may_be(row: Person, name: str, birth_date: date | None, ground: Ground) -> bool:
    """A shared phone or household is no identity by itself: the name has to be near and no birth date against it."""
    contradicted = birth_date and row.birth_date and row.birth_date != birth_date
    if ground == Ground.BIRTH_DATE:
        return row.name == name or (len(name) > 2 and alike(row.name, name))
    return not contradicted and alike(row.name, name)
