"""The true movements of a fortnight, and what the scanners at the doors saw of them.

The truth knows when everybody came and left. The record is poorer: some arrivals are never scanned, most departures
are not, and then the assumed stay of the place stands in. Tracing reads the record; `evaluate` compares with the truth.
"""

from dataclasses import dataclass

import numpy as np

from fangxian.demo.days import BEGIN, DAY, DAYS, HOUR, NOW, is_weekend
from fangxian.demo.places import Venues
from fangxian.demo.population import Population

MISSED_SCANS = 0.06
"""Share of arrivals nobody scanned."""

KNOWN_DEPARTURES = 0.1
"""Share of scanned arrivals whose departure was scanned as well."""

OUT_OF_TOWN = 0.3
"""Share of unplanned visits that go beyond the own township."""

SHORTEST, TRAVEL = 180, 300
"""Seconds: visits cut shorter than this did not happen; between two places one is on the way."""


@dataclass(frozen=True)
class Movements:
    """True visits, one row each, ordered by person and time; times in UTC seconds, `[entered, left)`.

    is_scanned: the arrival is in the record. leaves_scan: the departure is, too.
    """

    person: np.ndarray
    place: np.ndarray
    entered: np.ndarray
    left: np.ndarray
    is_scanned: np.ndarray
    leaves_scan: np.ndarray

    def __len__(self) -> int:
        return len(self.person)

    def only(self, kept: np.ndarray) -> "Movements":
        """The rows chosen by a mask or by indices."""
        return Movements(*(getattr(self, name)[kept] for name in self.__dataclass_fields__))


def walk(rng: np.random.Generator, people: Population, venues: Venues) -> Movements:
    """Everybody's fortnight and the morning after it, up to the moment the replay starts."""
    days = [_day(rng, people, venues, index) for index in range(DAYS + 1)]
    person, place, entered, left = (np.concatenate(column) for column in zip(*days, strict=True))
    person, place, entered, left = _one_place_at_a_time(person, place, entered, left)
    begun = entered < NOW
    person, place, entered, left = (column[begun].astype(np.int32) for column in (person, place, entered, left))
    is_scanned = rng.random(len(person)) >= MISSED_SCANS
    # who is still inside when the replay starts cannot have been scanned leaving
    leaves_scan = is_scanned & (rng.random(len(person)) < KNOWN_DEPARTURES) & (left < NOW)
    return Movements(person, place, entered, left, is_scanned, leaves_scan)


def _day(rng: np.random.Generator, people: Population, venues: Venues, index: int) -> tuple[np.ndarray, ...]:
    start = BEGIN + index * DAY
    goes = _attends(rng, people, venues, is_weekend(index))
    anchored = _anchored(rng, venues, goes, start)
    free = _free(rng, people, venues, goes, start)
    return tuple(np.concatenate(pair) for pair in zip(anchored, free, strict=True))


def _attends(rng: np.random.Generator, people: Population, venues: Venues, weekend: bool) -> np.ndarray:
    """Who goes to class or work on a day."""
    is_pupil = people.age < 18
    chance = np.where(is_pupil, 0.0, 0.3) if weekend else np.where(is_pupil, 0.97, 0.92)
    return (venues.anchor >= 0) & (rng.random(len(people)) < chance)


def _anchored(rng: np.random.Generator, venues: Venues, goes: np.ndarray, start: int) -> tuple[np.ndarray, ...]:
    person = np.flatnonzero(goes)
    entered = start + (7.8 * HOUR + rng.normal(0, 0.25 * HOUR, len(person))).astype(np.int64)
    usual = np.array(venues.stay)[venues.anchor[person]] * 60
    left = entered + (usual + rng.normal(-900, 1500, len(person))).astype(np.int64)
    return person, venues.anchor[person].astype(np.int64), entered, left


def _free(
    rng: np.random.Generator, people: Population, venues: Venues, goes: np.ndarray, start: int
) -> tuple[np.ndarray, ...]:
    """Unplanned visits: after work or class for those who went, over the whole day for the others."""
    habit = np.where(people.age < 12, 0.5, np.where(people.age > 75, 0.9, 2.0)) * np.where(people.is_visitor, 0.5, 1.0)
    person = np.repeat(np.arange(len(people)), rng.poisson(habit))
    chance = rng.random(len(person))
    hour = np.where(goes[person], 17.2 + 4.0 * chance, 7.0 + 13.0 * chance)
    entered = start + (hour * HOUR).astype(np.int64)
    place = _choose(rng, people, venues, person)
    usual = np.array(venues.stay)[place] * 60.0
    stay = np.clip(usual * rng.lognormal(-0.08, 0.4, len(person)), SHORTEST, 5 * HOUR)
    return person, place, entered, entered + stay.astype(np.int64)


def _choose(rng: np.random.Generator, people: Population, venues: Venues, person: np.ndarray) -> np.ndarray:
    """A place for every visit, by its pull: in the own township mostly, else anywhere in the county."""
    pull, town = np.array(venues.pull), np.array(venues.town)
    place = rng.choice(len(pull), size=len(person), p=pull / pull.sum())
    stays = rng.random(len(person)) >= OUT_OF_TOWN
    for own in np.unique(town):
        near = np.flatnonzero((town == own) & (pull > 0))
        mine = np.flatnonzero(stays & (people.town[person] == own))
        if len(near):
            place[mine] = rng.choice(near, size=len(mine), p=pull[near] / pull[near].sum())
    return place


def _one_place_at_a_time(
    person: np.ndarray, place: np.ndarray, entered: np.ndarray, left: np.ndarray
) -> tuple[np.ndarray, ...]:
    """Order by person and time; who goes on to the next place has left the one before."""
    order = np.lexsort((entered, person))
    person, place, entered, left = (column[order] for column in (person, place, entered, left))
    goes_on = np.r_[person[1:] == person[:-1], False]
    following = np.r_[entered[1:], 0]
    left = np.where(goes_on, np.minimum(left, following - TRAVEL), left)
    real = left - entered >= SHORTEST
    return person[real], place[real], entered[real], left[real]
