"""Meetings to contacts in NumPy: one sort, then sums over the runs of equal pairs."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fangxian.engines.tracing.kernel import Meetings, Stays
from fangxian.engines.tracing.model import Int32Array, Int64Array

_LOW = np.int64(2**31 - 1)


@dataclass(frozen=True, slots=True)
class Contacts:
    """Contacts as arrays of one length, ordered by number of the case and person. Columns as in `CONTACTS`."""

    case: Int64Array
    person: Int64Array
    meetings: Int64Array
    overlap_s: Int64Array
    lag_meetings: Int64Array
    first_at: Int32Array
    last_at: Int32Array
    places: Int64Array
    top_place: Int64Array

    def __getitem__(self, kept: npt.NDArray[np.bool_]) -> "Contacts":
        return Contacts(*(getattr(self, name)[kept] for name in self.__slots__))


def overlaps(meetings: Meetings, stays: Stays) -> Int32Array:
    """Seconds both were there, shape (meetings,)."""
    begin = np.maximum(meetings.entered, stays.s[meetings.stay])
    end = np.minimum(meetings.left, stays.e[meetings.stay])
    seconds: Int32Array = np.maximum(end - begin, 0)
    return seconds


def pair_keys(meetings: Meetings, stays: Stays) -> Int64Array:
    """One number a case and person, shape (meetings,): ordered as the pairs are."""
    return (stays.case[meetings.stay] << 32) | meetings.person


def fold(meetings: Meetings, stays: Stays) -> Contacts:
    """One row a case and person."""
    keys = pair_keys(meetings, stays)
    order = keys.argsort()
    keys, meetings = keys[order], meetings[order]
    starts = runs(keys)
    place = stays.place[meetings.stay]
    seconds = overlaps(meetings, stays).astype(np.int64)
    begin = np.maximum(meetings.entered, stays.s[meetings.stay])
    counts = np.diff(starts, append=len(keys))
    places, top_place = _places(counts, place, seconds, place[starts])
    return Contacts(
        case=keys[starts] >> 32,
        person=keys[starts] & _LOW,
        meetings=counts,
        overlap_s=added(seconds, starts),
        lag_meetings=added((seconds == 0).astype(np.int64), starts),
        first_at=np.minimum.reduceat(begin, starts) if len(starts) else begin,
        last_at=np.maximum.reduceat(begin, starts) if len(starts) else begin,
        places=places,
        top_place=top_place,
    )


def runs(keys: Int64Array) -> Int64Array:
    """Where each run of equal keys begins, of keys in order."""
    first = np.ones(len(keys), dtype=bool)
    np.not_equal(keys[1:], keys[:-1], out=first[1:])
    return np.flatnonzero(first)


def added(values: Int64Array, starts: Int64Array) -> Int64Array:
    """Sums of the runs; reduceat itself refuses an empty list of runs."""
    return np.add.reduceat(values, starts) if len(starts) else values


def _places(
    counts: Int64Array, place: Int32Array, seconds: Int64Array, first_place: Int32Array
) -> tuple[Int64Array, Int64Array]:
    """Number of places of each contact, and the one with the most seconds (of equal ones the lowest id).

    Most contacts met once, at one place: only the others are sorted again. The best place is found as one maximum of
    seconds and reversed id packed into one number (seconds in the high bits).
    """
    places, top = np.ones(len(counts), dtype=np.int64), first_place.astype(np.int64)
    again = np.flatnonzero(counts > 1)
    if not len(again):
        return places, top
    rows = np.flatnonzero(np.repeat(counts > 1, counts))
    contact = np.repeat(np.arange(len(again)), counts[again])
    keys = (contact << 32) | place[rows]
    order = keys.argsort()
    keys = keys[order]
    starts = runs(keys)
    spent = added(seconds[rows][order], starts)
    contact_starts = runs(keys[starts] >> 32)
    rank = (spent << 31) | (_LOW - (keys[starts] & _LOW))
    places[again] = np.diff(contact_starts, append=len(starts))
    top[again] = _LOW - (np.maximum.reduceat(rank, contact_starts) & _LOW)
    return places, top
