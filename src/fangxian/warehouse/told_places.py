"""The places cases told or work at, with the settings rules count them in. Three queries, however many cases."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple
from unicodedata import normalize
from uuid import UUID

from django.db.models import QuerySet

from fangxian.core.standing import standing
from fangxian.systems.cases.models import Case, Exposure, ExposureKind
from fangxian.systems.screening.models import Place
from fangxian.systems.surveillance.settings import Settings
from fangxian.warehouse.boundaries import COUNTY

MANY = 20_000
"""Names asked for at once: stores take no more values in one question."""
Called = tuple[str, str, UUID | None, str]
"""Setting, area, id and name of a place."""


class Told(NamedTuple):
    """One place a case told, or works at; the area is the case's own."""

    case_id: UUID
    place_id: UUID | None
    name: str
    kind: str
    area: str


class OnRecord(NamedTuple):
    """A place of the register."""

    id: UUID
    name: str
    kind: str
    area: str


@dataclass(frozen=True)
class Record:
    """The places on record that cases may mean, by id, and by county and name where only one is called so."""

    by_id: dict[UUID, OnRecord]
    by_name: dict[tuple[str, str], OnRecord]

    def meant(self, one: Told, *names: str) -> OnRecord | None:
        """The place somebody told, by its id or the first of its names that is on record."""
        named = (self.by_name.get((one.area[:COUNTY], name)) for name in names)
        return self.by_id.get(one.place_id) if one.place_id in self.by_id else next(filter(None, named), None)


def places_of(
    rows: QuerySet[Case], works: dict[UUID, tuple[str, str]], settings: Callable[[str], Settings]
) -> dict[UUID, list[Called]]:
    """What each case told, once a place and setting.

    rows   the cases
    works  where a case works or learns, as the register of people has it: its area and the name
    """
    told = [*_exposures(rows), *(Told(pk, None, name, ExposureKind.WORK, area) for pk, (area, name) in works.items())]
    of = cache(settings)
    record = _on_record(told, of)
    found: dict[UUID, set[Called]] = defaultdict(set)
    for one in told:
        found[one.case_id].update(_called(one, record, of(one.area[:COUNTY])))
    return {case: sorted(places, key=str) for case, places in found.items()}


def _exposures(rows: QuerySet[Case]) -> Iterator[Told]:
    told = Exposure.objects.filter(case__in=rows.values("pk")).exclude(place_id=None, place_name="").order_by()
    for case, place, name, kind, area in told.values_list("case_id", "place_id", "place_name", "kind", "area_id"):
        yield Told(case, place, name.strip(), kind, area)


def _on_record(told: Iterable[Told], of: Callable[[str], Settings]) -> Record:
    """Two queries: places by id, and by name those that are open."""
    ids = {one.place_id for one in told if one.place_id}
    names = {name for one in told if not one.place_id for name in _names(one, of(one.area[:COUNTY]))}
    known = Place.unscoped.order_by()  # a place in another county is where a case of this one was all the same
    by_id = {one.id: one for one in _asked(known, "pk__in", ids)}
    called = defaultdict(list)
    for one in _asked(known.filter(standing()), "name__in", names):
        called[one.area[:COUNTY], one.name].append(one)
    return Record(by_id, {key: found[0] for key, found in called.items() if len(found) == 1})


def _asked(places: QuerySet[Place], what: str, values: set) -> Iterator[OnRecord]:
    wanted = sorted(values, key=str)
    for start in range(0, len(wanted), MANY):
        found = places.filter(**{what: wanted[start : start + MANY]})
        yield from (OnRecord(*row) for row in found.values_list("pk", "name", "kind", "area_id"))


def _names(one: Told, said: Settings) -> tuple[str, ...]:
    """What a place may be called on record: as told, and without the class."""
    if not one.name or one.kind not in said.named_in:
        return ()
    part = said.part(one.name)
    return (one.name, part[1]) if part else (one.name,)


def _called(one: Told, record: Record, said: Settings) -> Iterator[Called]:
    """The place as every kind of place it is, and the part of it that was told."""
    names = _names(one, said)
    known = record.meant(one, *names)
    if not known and not names:
        return
    pk, name, kind, area = known or (None, names[-1], "", one.area[:COUNTY])
    settings = said.of(kind, name, one.kind)
    yield from ((setting, area, pk, name) for setting in settings)
    part = said.part(one.name, settings) if one.name else None
    if part:
        yield part[0], area, pk, _part_name(name, one.name)


def _part_name(whole: str, part: str) -> str:
    """A class with its school before it, once, and in one way of writing brackets."""
    between = " " if whole.isascii() else ""
    return normalize("NFKC", part if part.startswith(whole) else f"{whole}{between}{part}")
