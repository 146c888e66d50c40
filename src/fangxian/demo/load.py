"""The world into the database: people, places, sites and visits, set by set, one audit row a set."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

import numpy as np
import pyarrow as pa

from fangxian.core import records
from fangxian.core.records import Source
from fangxian.demo import names, places, sites
from fangxian.demo.days import BEGIN, DAY, OUTBREAK_DAY
from fangxian.demo.numbers import identity_numbers, phones, uuids
from fangxian.demo.population import birth_date
from fangxian.demo.world import World
from fangxian.systems.people.derived import initials
from fangxian.systems.people.models import Household, Person
from fangxian.systems.quarantine.models import Room, Site
from fangxian.systems.screening.models import Place
from fangxian.warehouse.visits import VisitLog

SET, MOST_AT_ONCE = 4000, 1_500_000
"""Records in one transaction, and visits in one hand-over to the log."""

LONG_AGO = BEGIN - 60 * 86400
Progress = Callable[[str, int, int], None]
"""Told: what is being done, how many are done, of how many."""

OCCUPATIONS = ((6, "学龄前儿童"), (18, "学生"), (62, "职工"), (200, "退休"))


@dataclass(frozen=True)
class Loaded:
    """Record ids of persons and places by their index in the world; the sites, and the rooms for contacts."""

    persons: list[UUID]
    places: list[UUID]
    sites: list[Site]
    rooms: list[Room]

    def person_index(self) -> dict[UUID, int]:
        """Index in the world of every person id."""
        return {person: index for index, person in enumerate(self.persons)}


def load(rng: np.random.Generator, world: World, log: VisitLog, progress: Progress) -> Loaded:
    """Write everything. Needs a scope that covers the county and its neighbours."""
    persons = load_people(rng, world, progress)
    venues = load_places(rng, world, progress)
    venues_of_stay, rooms = sites.load_sites(rng, world)
    load_visits(rng, world, log, persons, venues, progress)
    return Loaded(persons, venues, venues_of_stay, rooms)


def load_people(rng: np.random.Generator, world: World, progress: Progress) -> list[UUID]:
    """Households and persons; gives the ids of the persons."""
    people = world.people
    homes = uuids(rng, people.households, LONG_AGO)
    first = np.unique(people.household, return_index=True)[1]
    addresses = [f"{world.tree.address(people.code(int(row)))}{number + 1}号" for number, row in enumerate(first)]
    _in_sets(Household, _households(world, homes, first, addresses), people.households, progress)
    persons = uuids(rng, len(people), LONG_AGO)
    _in_sets(Person, _persons(rng, world, persons, homes, addresses), len(people), progress)
    return persons


def _in_sets(model: type, rows: Iterable, total: int, progress: Progress) -> None:
    """Write rows in sets, so that memory stays flat and progress is seen."""
    waiting, done = [], 0
    for row in rows:
        waiting.append(row)
        if len(waiting) == SET or done + len(waiting) == total:
            records.create_many(model, waiting, by=None, action=_action(model), source=Source.DEMO)
            done, waiting = done + len(waiting), []
            progress(model._meta.model_name, done, total)


def _action(model: type) -> str:
    return f"{model._meta.app_label}.{model._meta.model_name}.demo_loaded"


def _households(world: World, ids: list[UUID], first: np.ndarray, addresses: list[str]) -> Iterable[Household]:
    for number, row in enumerate(first.tolist()):
        yield Household(
            id=ids[number], area_id=world.people.code(row), number=f"D{number + 1:06d}", address=addresses[number]
        )


def _persons(
    rng: np.random.Generator, world: World, ids: list[UUID], homes: list[UUID], addresses: list[str]
) -> Iterable[Person]:
    people = world.people
    numbers = identity_numbers(people.region, people.birth, people.male)
    called, calls = people.name.tolist(), phones(rng, len(people))
    letters = [initials(name) for name in called]
    works_at = ["", *world.venues.name]
    for row, home in enumerate(people.household.tolist()):
        yield Person(
            id=ids[row],
            area_id=people.code(row),
            name=called[row],
            initials=letters[row],
            sex=Person.Sex.MALE if people.male[row] else Person.Sex.FEMALE,
            birth_date=birth_date(people.birth[row]),
            id_number=numbers[row],
            phone=calls[row] if people.age[row] >= 10 else "",
            address=addresses[home],
            household_id=homes[home],
            occupation=next(word for age, word in OCCUPATIONS if people.age[row] < age),
            workplace=works_at[world.venues.anchor[row] + 1],
        )


def load_places(rng: np.random.Generator, world: World, progress: Progress) -> list[UUID]:
    """The places people check in at; gives their ids."""
    venues = world.venues
    ids, calls = uuids(rng, len(venues), LONG_AGO), phones(rng, len(venues))
    points = places.points(rng, venues).tolist()
    keepers = np.char.add(names.surnames(rng, len(venues)), names.given_names(rng, rng.random(len(venues)) < 0.5))
    rows = (
        Place(
            id=ids[row],
            area_id=str(venues.town[row]),
            name=venues.name[row],
            code=venues.code[row],
            kind=venues.kind[row],
            address=f"孟州市{world.tree.towns[str(venues.town[row])]}",
            keeper=str(keepers[row]),
            phone=calls[row],
            assumed_stay=venues.stay[row],
            is_hub=venues.is_hub[row],
            latitude=points[row][0],
            longitude=points[row][1],
        )
        for row in range(len(venues))
    )
    _in_sets(Place, rows, len(venues), progress)
    return ids


def load_visits(
    rng: np.random.Generator,
    world: World,
    log: VisitLog,
    persons: list[UUID],
    venues: list[UUID],
    progress: Progress,
) -> int:
    """The recorded visits into the log: the fortnight sealed, the morning of the outbreak day hot; gives how many."""
    stays = dict(zip(venues, (minutes * 60 for minutes in world.venues.stay), strict=True))
    log.set_stays(stays)
    seen = world.moves.only(world.moves.is_scanned)
    done = 0
    for rows in _portions(seen.entered):
        log.append_arrow(_visits(rng, seen.only(rows), persons, venues), hot_from=OUTBREAK_DAY)
        done += len(rows)
        progress("visit", done, len(seen))
    return done


def _portions(entered: np.ndarray, most: int = MOST_AT_ONCE) -> Iterable[np.ndarray]:
    """Row numbers of whole days, in order of time, about `most` at once: a day is sealed in one piece."""
    order = np.argsort(entered, kind="stable")
    days = np.flatnonzero(np.diff((entered[order] - BEGIN) // DAY)) + 1
    begin = 0
    for end in [*days.tolist(), len(order)]:
        if end - begin >= most or end == len(order):
            yield order[begin:end]
            begin = end


def _visits(rng: np.random.Generator, seen, persons: list[UUID], venues: list[UUID]) -> pa.Table:
    """Scans as the log takes them; departures nobody scanned are null."""
    count = len(seen)
    raw = rng.integers(0, 256, size=(count, 16), dtype=np.uint8)
    stamps = (seen.entered.astype(np.int64) * 1000).astype(">i8").view(np.uint8).reshape(-1, 8)
    raw[:, :6] = stamps[:, 2:]
    raw[:, 6] = 0x70 | (raw[:, 6] & 0x0F)
    raw[:, 8] = 0x80 | (raw[:, 8] & 0x3F)
    measured = rng.random(count) < 0.4
    return pa.table(
        {
            "visit_id": pa.FixedSizeBinaryArray.from_buffers(pa.binary(16), count, [None, pa.py_buffer(raw.tobytes())]),
            "person": _uuid_column(persons, seen.person),
            "place": _uuid_column(venues, seen.place),
            "entered_at": pa.array(seen.entered),
            "left_at": pa.array(seen.left, mask=~seen.leaves_scan),
            "mask": pa.array((rng.random(count) < 0.9).astype(np.int8)),
            "temperature": pa.array(np.clip(rng.normal(364, 3, count), 355, 372).astype(np.int16), mask=~measured),
        }
    )


def _uuid_column(ids: list[UUID], index: np.ndarray) -> pa.Array:
    whole = pa.array([one.bytes for one in ids], pa.binary(16))
    return whole.take(pa.array(index))
