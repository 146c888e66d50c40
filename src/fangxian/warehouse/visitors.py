"""Who checked in at any of many places within a time: one pass over the fast segments, in the words of the workflows.

A trace asks who met whom; a risk area asks only who was there. That needs no meetings: the rows of the places are cut
out of the place order and folded to one line a person and place.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from fangxian.engines.tracing.segment import Segment
from fangxian.warehouse import visit_log
from fangxian.warehouse.visits import VisitLog

Rows = NDArray[np.int64]
NOTHING: Final[Rows] = np.empty((0, 4), np.int64)


@dataclass(frozen=True)
class Visitor:
    """One person at one place: how often, from the first to the last moment (aware, UTC)."""

    person: UUID
    place: UUID
    visits: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True)
class Visitors:
    """The answer, and how many visits were looked at for it."""

    found: list[Visitor]
    visits_read: int


def visitors(places: Iterable[UUID], since: datetime, until: datetime, log: VisitLog | None = None) -> Visitors:
    """Everyone whose visit at one of the places touches [since, until); hot rows included, erased persons not.

    Raises ValueError for naive times.
    """
    if since.tzinfo is None or until.tzinfo is None:
        raise ValueError("who was there needs aware times")
    log, t0, t1 = log or visit_log(), int(since.timestamp()), int(until.timestamp())
    store = log.open_store(log.days_around(t0, t1)) if t0 < t1 else None
    numbers = log.hot.dictionary.numbers("place", places) if store else {}
    if store is None or not numbers:
        return Visitors([], 0)
    wanted = np.array(sorted(numbers.values()), np.int32)
    parts = [_rows(segment, wanted, t0, t1) for segment in store.all_segments() if segment.overlaps(t0, t1)]
    rows = np.concatenate([NOTHING, *(part for part, _read in parts)])
    return Visitors(_named(rows, {number: place for place, number in numbers.items()}, log), sum(n for _p, n in parts))


def _rows(segment: Segment, wanted: NDArray[np.int32], t0: int, t1: int) -> tuple[Rows, int]:
    """Person, place, entered, left of the visits that touch the time; and how many rows of the places there are."""
    order = segment.by_place
    low, high = order.ranges(wanted)
    counts = high - low
    rows = np.repeat(low - np.concatenate([[0], np.cumsum(counts)[:-1]]), counts) + np.arange(counts.sum())
    entered, left, person = order.entered[rows], order.left[rows], order.other[rows]
    kept = (entered < t1) & (left > t0) & (person >= 0)
    columns = (person, np.repeat(wanted, counts), entered, left)
    return np.stack([column[kept].astype(np.int64) for column in columns], axis=1), int(counts.sum())


def _named(rows: Rows, places: dict[int, UUID], log: VisitLog) -> list[Visitor]:
    """One line a person and place; a person erased meanwhile has no name and no line."""
    if not len(rows):
        return []
    rows = rows[np.lexsort((rows[:, 2], rows[:, 1], rows[:, 0]))]
    starts = np.flatnonzero(np.r_[True, (np.diff(rows[:, :2], axis=0) != 0).any(axis=1)])
    counts = np.diff(np.append(starts, len(rows)))
    last = np.maximum.reduceat(rows[:, 3], starts)
    people = log.hot.dictionary.uuids("person", np.unique(rows[:, 0]).tolist())
    lines = zip(rows[starts, :3].tolist(), counts.tolist(), last.tolist(), strict=True)
    return [
        Visitor(people[person], places[place], count, _moment(first), _moment(until))
        for (person, place, first), count, until in lines
        if person in people
    ]


def _moment(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)
