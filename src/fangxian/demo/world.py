"""The whole hidden truth of a demo: tree, people, places, movements, outbreak; the same for the same seed."""

import hashlib
from dataclasses import dataclass

import numpy as np

from fangxian.demo import places, population
from fangxian.demo.areas import Tree
from fangxian.demo.movement import Movements, walk
from fangxian.demo.outbreak import Infection, Presence, spread
from fangxian.demo.places import Venues
from fangxian.demo.population import Population

ARRIVING_SHARE = 0.001
"""Residents back from areas at risk in the fortnight before, as a share of all."""


@dataclass(frozen=True)
class World:
    """What really happened; the database only learns what was recorded of it."""

    tree: Tree
    people: Population
    venues: Venues
    moves: Movements
    infections: list[Infection]
    presence: Presence
    arrivals: np.ndarray
    """Persons who came back from elsewhere in these days and have been in quarantine since: they went nowhere."""

    def household(self, person: int) -> np.ndarray:
        """The others a person lives with."""
        members = np.flatnonzero(self.people.household == self.people.household[person])
        return members[members != person]

    def checksum(self) -> str:
        """Fingerprint of persons, places, movements and infections."""
        digest = hashlib.sha256()
        columns = [self.people.birth, self.people.household, self.people.area, self.venues.anchor]
        columns += [self.moves.person, self.moves.place, self.moves.entered, self.moves.left, self.moves.is_scanned]
        for column in columns:
            digest.update(np.ascontiguousarray(column).tobytes())
        digest.update("".join([*self.people.name.tolist(), *self.venues.name]).encode())
        digest.update(repr(self.infections).encode())
        return digest.hexdigest()[:16]


def imagine(rng: np.random.Generator, tree: Tree, scale: float) -> World:
    """Make the world of one seed and scale (share of the census, 0 < scale <= 1)."""
    people = population.populate(rng, tree, scale)
    venues = places.furnish(rng, tree, people)
    moves = walk(rng, people, venues)
    arrivals = _arrivals(rng, people)
    infections, moves = spread(rng, people, moves.only(~np.isin(moves.person, arrivals)))
    return World(tree, people, venues, moves, infections, Presence(moves), arrivals)


def _arrivals(rng: np.random.Generator, people: Population) -> np.ndarray:
    adults = np.flatnonzero((people.age >= 18) & (people.age < 70) & ~people.is_visitor)
    count = max(4, round(people.residents * ARRIVING_SHARE))
    return np.sort(rng.choice(adults, size=count, replace=False))
