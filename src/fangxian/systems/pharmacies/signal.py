"""The daily signal of medicine sales, for early warning: how much of each class each pharmacy sold, and who was silent.

`daily(area_code, since, until)` gives one row for every pharmacy that the ladder asks to report, every class under
watch and every day, in the order pharmacy, class, day. `quantity` is a number the pharmacy stands for, zero included;
None means that it said nothing of that day, which is not zero: whoever sums over townships has to look at `reporting`
and `expected` of `by_township`, or a silent till looks like a healthy village.

Where a till has counted a class on a day its figure stands, else that of the register. Packages, not people: a sale of
two boxes counts two.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from fangxian.core.areas import code_range
from fangxian.core.clock import now
from fangxian.systems.pharmacies import rules, selectors
from fangxian.systems.pharmacies.selectors import Reported

TOWNSHIP = 9
"""Digits of a township's code."""


@dataclass(frozen=True, slots=True)
class PharmacyDay:
    """One pharmacy, class and day: packages sold, or None for silence."""

    pharmacy_id: UUID
    area_code: str
    drug: str
    day: date
    quantity: int | None


@dataclass(frozen=True, slots=True)
class TownshipDay:
    """One township, class and day: packages sold by those who reported, and how many of how many did."""

    township: str
    drug: str
    day: date
    quantity: int
    reporting: int
    expected: int


def daily(area_code: str, since: date, until: date) -> list[PharmacyDay]:
    """The signal of an area from `since` to `until`, both included, inside the scope in force."""
    told = selectors.reported(area_code, since, until)
    rows: list[PharmacyDay] = []
    for house, drugs in _asked(area_code, set(told), until):
        said = told.get(house.pk, Reported())
        for drug in drugs:
            rows += [PharmacyDay(house.pk, house.area_id, drug, day, _count(said, day, drug))
                     for day in days(since, until)]  # fmt: skip
    return rows


def by_township(area_code: str, since: date, until: date) -> list[TownshipDay]:
    """The same added up by township, class and day, with how many reported of how many."""
    sums: dict[tuple[str, str, date], list[int]] = {}
    for row in daily(area_code, since, until):
        total = sums.setdefault((row.area_code[:TOWNSHIP], row.drug, row.day), [0, 0, 0])
        total[0] += row.quantity or 0
        total[1] += row.quantity is not None
        total[2] += 1
    return [TownshipDay(*key, *total) for key, total in sorted(sums.items())]


def silent(area_code: str, day: date) -> list[selectors.Pharmacy]:
    """Pharmacies that should have said something of a day by now and have not, by area and name."""
    told = selectors.reported(area_code, day, day)
    begin, _end = selectors.bounds(day)
    return [
        house
        for house in selectors.expected(area_code, begin)
        if house.pk not in told and rules.is_due(house.area_id, day, now())
    ]


def days(since: date, until: date) -> list[date]:
    """Every day from `since` to `until`, both included."""
    return [since + timedelta(days=number) for number in range((until - since).days + 1)]


def _asked(area_code: str, spoke: set[UUID], until: date) -> Iterable[tuple[selectors.Pharmacy, list[str]]]:
    """Who has to report, or did anyhow, with the classes under watch there."""
    begin, _end = selectors.bounds(until)
    asked = {house.pk: house for house in selectors.expected(area_code, begin)}
    low, high = code_range(area_code)
    for house in selectors.Pharmacy.objects.filter(pk__in=spoke - asked.keys(), area_id__gte=low, area_id__lt=high):
        asked[house.pk] = house
    for house in sorted(asked.values(), key=lambda one: (one.area_id, one.name)):
        yield house, rules.watched(rules.pack_of(house.area_id, begin))


def _count(said: Reported, day: date, drug: str) -> int | None:
    told = said.on(day)
    return None if told is None else told.get(drug, 0)
