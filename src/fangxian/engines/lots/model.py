"""Movements of goods, what is asked about them, what is answered.

A *holding* is a lot at a place. Every movement takes pieces of one holding and makes pieces of another at one moment:
a move keeps the lot and changes the place, a split, merge, re-pack or processing changes the lot. Goods that come from
outside have no holding before; goods that are destroyed have none behind; goods sold to customers without a name go
to the place `NONE`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
NONE = -1
"""As a lot: none (goods from outside, goods destroyed). As a place: in hands nobody wrote down."""
ANYWHERE = -2
"""As the place of a seed: wherever the lot is or was."""
FAR = 1 << 32
"""Moments are UTC seconds nearer to 1970 than this."""
COLUMNS = ("movement", "lot_from", "place_from", "lot_to", "place_to", "at", "taken", "made")


class Direction(Enum):
    """Down: where it went. Up: where it came from."""

    DOWN = "down"
    UP = "up"


@dataclass(frozen=True)
class Movements:
    """Columns of equal length, int64, a movement a row, in any order.

    movement   id, unique
    lot_from   lot it takes from, or NONE
    place_from where that lot was, or NONE
    lot_to     lot it makes, or NONE
    place_to   where that lot is then, or NONE
    at         UTC seconds
    taken      pieces taken of `lot_from`
    made       pieces made of `lot_to`

    Raises ValueError for columns of different lengths and for a moment beyond FAR.
    """

    movement: Ints
    lot_from: Ints
    place_from: Ints
    lot_to: Ints
    place_to: Ints
    at: Ints
    taken: Ints
    made: Ints

    def __post_init__(self) -> None:
        for name in COLUMNS:
            object.__setattr__(self, name, np.ascontiguousarray(getattr(self, name), dtype=np.int64))
        if len({len(getattr(self, name)) for name in COLUMNS}) > 1:
            raise ValueError("the columns of movements are not of one length")
        if len(self.at) and int(np.abs(self.at).max()) >= FAR:
            raise ValueError("a moment lies beyond the span of UTC seconds")

    def __len__(self) -> int:
        return len(self.movement)

    @classmethod
    def of(cls, rows: Iterable[tuple[int, ...]]) -> "Movements":
        """Movements from rows in the order of `COLUMNS`."""
        table = np.array(list(rows), dtype=np.int64).reshape(-1, len(COLUMNS))
        return cls(*(table[:, number] for number in range(len(COLUMNS))))

    def rows(self) -> Iterable[tuple[int, ...]]:
        """Rows of plain numbers in the order of `COLUMNS`."""
        return zip(*(getattr(self, name).tolist() for name in COLUMNS), strict=True)


class Seed(NamedTuple):
    """What is known to be contaminated: a lot at a place (or ANYWHERE), from `at` on (down) or up to `at` (up)."""

    lot: int
    place: int
    at: int


def checked(seeds: Iterable[Seed], limit: int) -> list[Seed]:
    """The seeds of a question; raises ValueError for a moment beyond FAR."""
    found = list(seeds)
    if max(abs(moment) for moment in (limit, *(seed.at for seed in found))) >= FAR:
        raise ValueError("a moment lies beyond the span of UTC seconds")
    return found


class Reached(NamedTuple):
    """One holding of an answer.

    at        down: contaminated since (not before its first pieces came); up: could have given it until
    received  pieces that ever came into it by the end of the question
    sent      pieces that left it by then
    """

    lot: int
    place: int
    at: int
    received: int
    sent: int

    @property
    def held(self) -> int:
        """Pieces still there. Below zero where more left than was ever written down as coming."""
        return self.received - self.sent


@dataclass(frozen=True)
class Answer:
    """Reached holdings by lot and place, and the ids of the movements between them, ascending."""

    holdings: tuple[Reached, ...]
    movements: tuple[int, ...]

    @property
    def lots(self) -> tuple[int, ...]:
        """The lots, ascending."""
        return tuple(sorted({row.lot for row in self.holdings}))

    @property
    def places(self) -> tuple[int, ...]:
        """The places on record, ascending."""
        return tuple(sorted({row.place for row in self.holdings if row.place != NONE}))
