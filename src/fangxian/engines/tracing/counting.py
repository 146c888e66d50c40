"""How many visits and how many different persons each place had on each day: what chance is measured against.

The table falls out of sealing. The visits of a place are the distance of two offsets, its persons are counted in the
person order, where the rows of one person lie together. A segment keeps both beside its arrays; a day of several
segments (late rows) adds the visits, and of the smaller ones only persons who are not at that place in a larger one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from fangxian.engines.tracing.model import Int32Array, Int64Array, schema, type_int32
from fangxian.engines.tracing.order import GONE, Order

PLACE_DAYS: Final = schema(place_id=type_int32, day=type_int32, visits=type_int32, persons=type_int32)
"""One row a place and local day with a visit. day: days since 1970-01-01. visits: entered on that day (a piece of a
long stay counts as one). persons: different ones among them. Ordered by day and place."""

LONG_GROUP: Final = 64
"""Rows of one person in one segment up to which pairs are compared one by one."""
SHORT_GROUP: Final = 4
"""Pairs nearer than this are compared for all rows at once, the few others by their numbers."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Visits and different persons of every key of a place order, int32, shape (n_keys,); erased rows do not count."""

    visits: Int32Array
    persons: Int32Array

    @property
    def nbytes(self) -> int:
        """Bytes of both arrays."""
        return self.visits.nbytes + self.persons.nbytes


def counted(by_place: Order, by_person: Order) -> Counts:
    """The counts of visits that are given in both orders (none of them erased)."""
    visits = np.diff(by_place.offsets).astype(np.int32)
    places = by_person.other[~_seen_before(by_person)]
    numbers = places if by_place.keys is None else by_place.keys.searchsorted(places)
    persons = np.bincount(numbers, minlength=len(visits)).astype(np.int32)
    return Counts(visits, persons)


def recounted(by_place: Order, places: Int32Array) -> tuple[Int64Array, Counts]:
    """The numbers of some places among the keys, and what is left there after rows were erased."""
    numbers = places.astype(np.int64) if by_place.keys is None else by_place.keys.searchsorted(places)
    rows, number_of = _rows_of(by_place, places)
    kept = by_place.left[rows] != GONE
    visits = np.bincount(number_of[kept], minlength=len(places))
    persons = _distinct(number_of[kept], by_place.other[rows[kept]], len(places))
    return numbers, Counts(visits.astype(np.int32), persons)


Counted = tuple[Order, Order, Counts]
"""The place order, the person order and the counts of a segment."""


def place_days(day: int, segments: Sequence[Counted]) -> pa.Table:
    """The rows (schema `PLACE_DAYS`) of one day, given its segments."""
    largest_first = sorted(segments, key=lambda one: -len(one[0].entered))
    shares = [_share(one, largest_first[:number]) for number, one in enumerate(largest_first)]
    place, visits, persons = (np.concatenate(column) for column in zip(*shares, strict=True)) if shares else _NOTHING
    found, row_of = np.unique(place, return_inverse=True)
    sums = [np.bincount(row_of, weights, len(found)).astype(np.int32) for weights in (visits, persons)]
    days = np.full(len(found), day, dtype=np.int32)
    return pa.table([found.astype(np.int32), days, *sums], schema=PLACE_DAYS)


_NOTHING: Final = (np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.int32))


def _share(segment: Counted, before: Sequence[Counted]) -> tuple[Int32Array, Int32Array, Int32Array]:
    """Places, visits, and the persons who are at that place in none of the segments before."""
    by_place, by_person, counts = segment
    numbers = np.flatnonzero(counts.visits).astype(np.int32)
    places = numbers if by_place.keys is None else by_place.keys[numbers]
    if not before:
        return places, counts.visits[numbers], counts.persons[numbers]
    rows = np.flatnonzero(~_seen_before(by_person) & (by_person.left != GONE))
    person, place = by_person.all_keys()[rows], by_person.other[rows]
    for _, earlier, _ in before:
        new = ~_pairs_in(earlier, person, place)
        person, place = person[new], place[new]
    persons = np.bincount(places.searchsorted(place), minlength=len(places))
    return places, counts.visits[numbers], persons.astype(np.int32)


def _pairs_in(by_person: Order, person: Int32Array, place: Int32Array) -> npt.NDArray[np.bool_]:
    """Which persons have a row at the place beside them."""
    rows, number_of = _rows_of(by_person, person)
    same = by_person.other[rows] == place[number_of]
    return np.bincount(number_of[same], minlength=len(person)) > 0


def _rows_of(order: Order, keys: Int32Array) -> tuple[Int64Array, Int64Array]:
    """All rows of some keys, and for each row which of the keys it belongs to."""
    low, high = order.ranges(keys)
    counts = high - low
    number_of = np.repeat(np.arange(len(keys)), counts)
    ahead = np.cumsum(counts) - counts
    return np.arange(len(number_of)) - ahead[number_of] + low[number_of], number_of


def _distinct(number: npt.NDArray[np.integer], other: Int32Array, numbers: int) -> Int32Array:
    """How many different values of `other` go with each number."""
    pairs = np.unique((number.astype(np.int64) << 32) | other)
    return np.bincount(pairs >> 32, minlength=numbers).astype(np.int32)


def _seen_before(order: Order) -> npt.NDArray[np.bool_]:
    """Rows whose other side has occurred in an earlier row of the same key."""
    counts = np.diff(order.offsets)
    rank = np.arange(len(order.other), dtype=np.int32) - np.repeat(order.offsets[:-1], counts)
    again = np.zeros(len(rank), dtype=np.bool_)
    if len(rank) and counts.max() > LONG_GROUP:
        pairs = (np.repeat(np.arange(len(counts), dtype=np.int64), counts) << 32) | order.other
        first = np.unique(pairs, return_index=True)[1]
        again[:] = True
        again[first] = False
        return again
    for back in range(1, SHORT_GROUP):
        again[back:] |= (order.other[back:] == order.other[:-back]) & (rank[back:] >= back)
    rows, back = np.flatnonzero(rank >= SHORT_GROUP), SHORT_GROUP
    while len(rows):
        again[rows] |= order.other[rows] == order.other[rows - back]
        back += 1
        rows = rows[rank[rows] >= back]
    return again
