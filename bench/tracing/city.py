"""A city's venue visits over fourteen days, seeded: households, anchors (work, school), local and city-wide venues.

Made day by day in the order of arrival, each day with its own random numbers, so that memory holds one day.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench.tracing.measure import own_cpu
from fangxian.engines.tracing import CASES, MAX_STAY, VISITS

DAYS = 14
DAY = 86400
START = 1633046400
"""2021-10-01 00:00 UTC, a Friday; days are UTC days."""
AREA = 25_000
HOUSEHOLD = 3
VISITS_A_PERSON_AND_DAY = 2.07


@dataclass(frozen=True)
class City:
    """Who lives there and where they go. Arrays over persons; places are anchors, local venues, city venues."""

    persons: int
    area: np.ndarray
    anchor: np.ndarray
    night: np.ndarray
    activity: np.ndarray
    favourites: np.ndarray
    city_venues: range

    @property
    def places(self) -> int:
        return self.city_venues.stop


def build_city(persons: int, rng: np.random.Generator) -> City:
    """65 % have an anchor (70 % in their area, sizes ~ u**2.5), everyone three favourite local venues."""
    areas = -(-persons // AREA)
    anchors_an_area, locals_an_area = max(1, persons // areas // 60), max(3, persons // areas // 40)
    area = np.arange(persons) // AREA
    own = rng.random(persons) < 0.7
    of_area = np.where(own, area, rng.integers(0, areas, persons))
    anchor = of_area * anchors_an_area + (rng.random(persons) ** 2.5 * anchors_an_area).astype(np.int64)
    anchor = np.where(rng.random(persons) < 0.65, anchor, -1)
    first_local = areas * anchors_an_area
    local = (rng.random((persons, 3)) ** 1.5 * locals_an_area).astype(np.int64)
    favourites = first_local + area[:, None] * locals_an_area + local
    first_city = first_local + areas * locals_an_area
    activity = rng.lognormal(-0.18, 0.6, persons) * 1.09
    city = range(first_city, first_city + max(10, persons // 200))
    return City(persons, area, anchor, rng.random(persons) < 0.05, activity, favourites, city)


def generate(visits: int, seed: int = 20211) -> Iterator[pa.Table]:
    """About `visits` visits (schema `VISITS`), a table a day, in the order of arrival."""
    city = build_city(round(visits / DAYS / VISITS_A_PERSON_AND_DAY), np.random.default_rng(seed))
    for day in range(DAYS):
        yield _day(city, day, np.random.default_rng([seed, day]))


@dataclass(frozen=True)
class CityLog:
    """A generated log on disk: one Parquet file a day in the order of arrival. cpu: seconds it took to make."""

    folder: Path
    rows: int
    persons: int
    places: int
    cpu: float

    @classmethod
    def at(cls, folder: Path, visits: int, seed: int) -> Self:
        """The log in a folder: written on first use, read again afterwards."""
        said = folder / f"city-{visits}-{seed}.json"
        if not said.exists():
            folder.mkdir(parents=True, exist_ok=True)
            said.write_text(json.dumps(asdict(cls._write(folder, visits, seed)) | {"folder": None}))
        return cls(**json.loads(said.read_text()) | {"folder": folder})

    @classmethod
    def _write(cls, folder: Path, visits: int, seed: int) -> Self:
        began, rows, persons, places = own_cpu(), 0, 0, 0
        for day, table in enumerate(generate(visits, seed)):
            pq.write_table(table, folder / f"{day:02}.parquet", compression="zstd", compression_level=1)
            rows += table.num_rows
            persons = max(persons, int(table["person_id"].to_numpy().max()) + 1)
            places = max(places, int(table["place_id"].to_numpy().max()) + 1)
        return cls(folder, rows, persons, places, own_cpu() - began)

    @property
    def files(self) -> list[Path]:
        """The days' files, in order."""
        return sorted(self.folder.glob("*.parquet"))

    def days(self) -> Iterator[tuple[int, pa.Table]]:
        """Number of the day since the epoch, and its visits (schema `VISITS`)."""
        for number, file in enumerate(self.files):
            yield START // DAY + number, pq.read_table(file).cast(VISITS)

    def table(self) -> pa.Table:
        """All visits in memory: for a log of some ten million."""
        return pa.concat_tables([table for _, table in self.days()]).combine_chunks()


def cases_of(log: CityLog, count: int, seed: int = 7) -> pa.Table:
    """`count` random persons (schema `CASES`), each infectious for five days that lie inside the log."""
    rng = np.random.default_rng(seed)
    t0 = START + rng.integers(2 * DAY, (DAYS - 6) * DAY, count)
    columns = [np.arange(count), rng.integers(0, log.persons, count), t0, t0 + 5 * DAY]
    return pa.table(columns, names=CASES.names).cast(CASES)


def _day(city: City, day: int, rng: np.random.Generator) -> pa.Table:
    weekend = (day + 5) % 7 >= 5
    parts = [_at_anchors(city, weekend, rng), _outings(city, weekend, rng)]
    person, place, entered, stay = (np.concatenate(column) for column in zip(*parts, strict=True))
    stay = np.clip(stay, 60, MAX_STAY)
    order = np.argsort(entered, kind="stable")
    entered = START + day * DAY + entered
    columns = (person, place, entered, entered + stay)
    return pa.table([column[order].astype(np.int32) for column in columns], schema=VISITS)


def _at_anchors(city: City, weekend: bool, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    there = np.flatnonzero((city.anchor >= 0) & (rng.random(city.persons) < (0.25 if weekend else 0.85)))
    hour = np.where(city.night[there], 20.0, 8.0)
    entered = hour * 3600 + rng.normal(0, 2000, len(there))
    stay = rng.lognormal(np.log(8.2 * 3600), 0.2, len(there))
    return there, city.anchor[there], entered.astype(np.int64), stay.astype(np.int64)


def _outings(city: City, weekend: bool, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    """Everyone's own outings; one in four is made by the whole household together, who enter within a minute."""
    who = np.repeat(np.arange(city.persons), rng.poisson(city.activity))
    count = len(who)
    favourite = city.favourites[who, rng.integers(0, 3, count)]
    popular = city.city_venues.start + (rng.random(count) ** 3 * len(city.city_venues)).astype(np.int64)
    place = np.where(rng.random(count) < 0.6, favourite, popular)
    entered, stay = _times(count, weekend, rng), rng.lognormal(np.log(2400), 0.8, count).astype(np.int64)
    joint = np.flatnonzero(rng.random(count) < 0.25)
    others = [_companions(who[joint], step, city.persons) for step in range(1, HOUSEHOLD)]
    late = rng.integers(0, 60, (HOUSEHOLD - 1) * len(joint))
    again = np.tile(joint, HOUSEHOLD - 1)
    return (
        np.concatenate([who, *others]),
        np.concatenate([place, place[again]]),
        np.concatenate([entered, entered[again] + late]),
        np.concatenate([stay, stay[again]]),
    )


def _companions(person: np.ndarray, step: int, persons: int) -> np.ndarray:
    household = person - person % HOUSEHOLD
    return np.minimum(household + (person - household + step) % HOUSEHOLD, persons - 1)


def _times(count: int, weekend: bool, rng: np.random.Generator) -> np.ndarray:
    """Seconds of the day: peaks at 9:00, 12:24 and 18:30 on working days, one broad afternoon at weekends."""
    if weekend:
        hours = rng.normal(14.5, 3.2, count)
    else:
        hours = rng.choice([9.0, 12.4, 18.5], count, p=[0.25, 0.35, 0.4]) + rng.normal(0, 1.1, count)
    return (np.clip(hours, 5, 23.9) * 3600).astype(np.int64)
