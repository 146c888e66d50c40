"""The true outbreak: one infected traveller, and who caught it from whom, where and when, over true meetings only."""

from dataclasses import dataclass

import numpy as np

from fangxian.demo.days import BEGIN, DAY, HOUR, NOW
from fangxian.demo.movement import Movements
from fangxian.demo.population import Population

INCUBATION_MEAN, INCUBATION_SHAPE = 3.1, 5.0
"""Days from infection to onset: a gamma distribution as published for Omicron (about 3 days)."""

INFECTED_EACH, DISPERSION = 2.2, 0.7
"""Mean of how many an infected person infects, and the k of its negative binomial: few infect many."""

INDEX_INFECTS_AT_LEAST = 4
PRESYMPTOMATIC, LATENT = 2 * DAY, DAY
"""How long before onset one is infectious, and how long after the infection one is not yet."""

SATURATED = 2 * HOUR
"""After so long together the air is the same: more time adds no more risk."""

HOUSEHOLD_HOURS = 6.0
"""How long the members of a household are close together on an evening."""

NO_SYMPTOMS = 0.25
ARRIVAL = BEGIN + 6 * DAY + 14 * HOUR
LONGEST = 12 * HOUR
OUTSIDE, AT_HOME = -1, -1


@dataclass(frozen=True)
class Infection:
    """One true infection. infector and place are -1 for who brought it in; place is -1 at home.

    onset: UTC second of first symptoms, or when they would have shown; has_symptoms says whether they did.
    """

    person: int
    infector: int
    place: int
    at: int
    onset: int
    has_symptoms: bool

    @property
    def infectious_from(self) -> int:
        """UTC second from which others can catch it."""
        return max(self.at + LATENT, self.onset - PRESYMPTOMATIC)


@dataclass(frozen=True)
class Meetings:
    """Who was where at the same time as somebody: other persons, place, shared span."""

    person: np.ndarray
    place: np.ndarray
    start: np.ndarray
    end: np.ndarray


class Presence:
    """The true visits in order of place and time, to ask who met whom."""

    def __init__(self, moves: Movements) -> None:
        order = np.lexsort((moves.entered, moves.place))
        self.person, self.place = moves.person[order], moves.place[order]
        self.entered, self.left = moves.entered[order], moves.left[order]
        self.bounds = np.searchsorted(self.place, np.arange(int(self.place.max()) + 2))
        self.by_person = np.searchsorted(moves.person, np.arange(int(moves.person.max()) + 2))
        self.moves = moves

    def stays(self, person: int, begin: int, end: int) -> np.ndarray:
        """Rows of `moves` where a person was inside in [begin, end)."""
        if begin >= end or person + 1 >= len(self.by_person):
            return np.empty(0, dtype=np.int64)
        rows = np.arange(self.by_person[person], self.by_person[person + 1])
        return rows[(self.moves.entered[rows] < end) & (self.moves.left[rows] > begin)]

    def meetings(self, person: int, begin: int, end: int) -> Meetings:
        """Everybody who was at a place together with a person in [begin, end)."""
        found = [self._at(person, row, begin, end) for row in self.stays(person, begin, end)]
        columns = zip(*found, strict=True) if found else ([np.empty(0, dtype=np.int64)] for _ in range(4))
        return Meetings(*(np.concatenate(list(column)) for column in columns))

    def _at(self, person: int, row: int, begin: int, end: int) -> tuple[np.ndarray, ...]:
        place = int(self.moves.place[row])
        start, stop = max(begin, int(self.moves.entered[row])), min(end, int(self.moves.left[row]))
        low, high = int(self.bounds[place]), int(self.bounds[place + 1])
        span = self.entered[low:high]
        first, last = low + np.searchsorted(span, start - LONGEST), low + np.searchsorted(span, stop)
        near = np.arange(first, last)
        near = near[(self.left[near] > start) & (self.person[near] != person)]
        shared = np.maximum(self.entered[near], start), np.minimum(self.left[near], stop)
        return self.person[near], np.full(len(near), place), *shared


def spread(rng: np.random.Generator, people: Population, moves: Movements) -> tuple[list[Infection], Movements]:
    """The chain, in order of infection, and the movements with those of the index cut to what he can have done here."""
    index = _index(rng, people, Presence(moves))
    moves = moves.only((moves.person != index) | (moves.entered >= ARRIVAL))
    presence = Presence(moves)
    first = Infection(index, OUTSIDE, OUTSIDE, ARRIVAL - 2 * DAY, ARRIVAL + 36 * HOUR, True)
    known: dict[int, Infection] = {index: first}
    waiting = [first]
    while waiting:
        infector = waiting.pop(0)
        for infection in _infected_by(rng, people, presence, infector, known):
            known[infection.person] = infection
            waiting.append(infection)
    return sorted(known.values(), key=lambda infection: infection.at), moves


def _index(rng: np.random.Generator, people: Population, presence: Presence) -> int:
    """Somebody of working age who meets many people after coming back."""
    adults = np.flatnonzero((people.age >= 25) & (people.age < 55) & ~people.is_visitor)
    some = rng.choice(adults, size=min(40, len(adults)), replace=False)
    met = [_meets_long(presence, int(person)) for person in some]
    return int(some[int(np.argsort(met)[int(0.9 * len(met))])])


def _meets_long(presence: Presence, person: int) -> int:
    """How many others are together with a person for a quarter of an hour or more in the days after the arrival."""
    met = presence.meetings(person, ARRIVAL, NOW)
    return int((np.bincount(met.person.astype(np.int64), met.end - met.start) >= HOUR / 4).sum())


def _infected_by(
    rng: np.random.Generator,
    people: Population,
    presence: Presence,
    infector: Infection,
    known: dict[int, Infection],
) -> list[Infection]:
    """Draw whom one infected person infects: the longer together, the likelier; nobody twice."""
    count = int(rng.negative_binomial(DISPERSION, DISPERSION / (DISPERSION + INFECTED_EACH)))
    count = max(count, INDEX_INFECTS_AT_LEAST) if infector.infector == OUTSIDE else count
    met = _chances(people, presence, infector, known)
    count = min(count, len(met.person))
    if not count:
        return []
    weights = np.minimum(met.end - met.start, SATURATED).astype(float)
    chosen = rng.choice(len(met.person), size=count, replace=False, p=weights / weights.sum())
    caught: dict[int, Infection] = {}
    for row in sorted(chosen.tolist(), key=lambda row: int(met.start[row])):
        person = int(met.person[row])
        caught.setdefault(person, _infection(rng, infector, met, row))
    return list(caught.values())


def _chances(people: Population, presence: Presence, infector: Infection, known: dict[int, Infection]) -> Meetings:
    """Meetings at places and days at home with people not yet infected, while the infector is infectious."""
    met = presence.meetings(infector.person, infector.infectious_from, NOW)
    home = _at_home(people, infector)
    columns = [np.concatenate(pair) for pair in zip(vars(met).values(), vars(home).values(), strict=True)]
    free = ~np.isin(columns[0], list(known))
    return Meetings(*(column[free] for column in columns))


def _at_home(people: Population, infector: Infection) -> Meetings:
    household = np.flatnonzero(people.household == people.household[infector.person])
    others = household[household != infector.person]
    evenings = np.arange(max(infector.infectious_from, ARRIVAL), NOW - 10 * HOUR, DAY)
    start = np.tile(evenings, len(others))
    length = int(HOUSEHOLD_HOURS * HOUR)
    return Meetings(np.repeat(others, len(evenings)), np.full(len(start), AT_HOME), start, start + length)


def _infection(rng: np.random.Generator, infector: Infection, met: Meetings, row: int) -> Infection:
    at = int(rng.integers(met.start[row], met.end[row]))
    incubation = rng.gamma(INCUBATION_SHAPE, INCUBATION_MEAN / INCUBATION_SHAPE) * DAY
    has_symptoms = bool(rng.random() >= NO_SYMPTOMS)
    return Infection(int(met.person[row]), infector.person, int(met.place[row]), at, int(at + incubation), has_symptoms)
