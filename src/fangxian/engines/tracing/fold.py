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


def pair_keys(meetings: Meetings, stays: Stays) -> tuple[Int64Array, int]:
    """One number a case and person, shape (meetings,), ordered as the pairs are; and the bits that hold the person."""
    bits = int(meetings.person.max(initial=0)).bit_length()
    return (stays.case[meetings.stay] << bits) | meetings.person, bits


def fold(meetings: Meetings, stays: Stays) -> Contacts:
    """One row a case and person.

    Most contacts met once: their row is their meeting. Only the others are summed.
    """
    keys, bits = pair_keys(meetings, stays)
    order = sorted_order(keys)
    keys, meetings = keys[order], meetings[order]
    starts = runs(keys)
    counts = np.diff(starts, append=len(keys))
    once = _Rows(
        place=stays.place[meetings.stay],
        seconds=overlaps(meetings, stays).astype(np.int64),
        begin=np.maximum(meetings.entered, stays.s[meetings.stay]),
    )
    contacts = _met_once(keys[starts], bits, counts, once[starts])
    again = (counts > 1).nonzero()[0]
    if len(again):
        rows = np.repeat(counts > 1, counts).nonzero()[0]
        _sum_up(contacts, again, once[rows])
    return contacts


@dataclass(frozen=True, slots=True)
class _Rows:
    """Of some meetings: the place, the seconds both were there, and when they began. Arrays of one length."""

    place: Int32Array
    seconds: Int64Array
    begin: Int32Array

    def __getitem__(self, rows: Int64Array) -> "_Rows":
        return _Rows(self.place[rows], self.seconds[rows], self.begin[rows])


def _met_once(keys: Int64Array, bits: int, counts: Int64Array, first: _Rows) -> Contacts:
    """Every pair as if its first meeting were the only one."""
    return Contacts(
        case=keys >> bits,
        person=keys & ((1 << bits) - 1),
        meetings=counts,
        overlap_s=first.seconds,
        lag_meetings=(first.seconds == 0).astype(np.int64),
        first_at=first.begin,
        last_at=first.begin.copy(),
        places=np.ones(len(keys), dtype=np.int64),
        top_place=first.place.astype(np.int64),
    )


def _sum_up(contacts: Contacts, again: Int64Array, rows: _Rows) -> None:
    """Fill in the contacts that met several times; `rows` are their meetings, contact by contact."""
    counts = contacts.meetings[again]
    starts = counts.cumsum() - counts
    contacts.overlap_s[again] = np.add.reduceat(rows.seconds, starts)
    contacts.lag_meetings[again] = np.add.reduceat((rows.seconds == 0).astype(np.int64), starts)
    contacts.first_at[again] = np.minimum.reduceat(rows.begin, starts)
    contacts.last_at[again] = np.maximum.reduceat(rows.begin, starts)
    contact = np.repeat(np.arange(len(again)), counts)
    contacts.places[again], contacts.top_place[again] = _places(contact, rows)


def _places(contact: Int64Array, rows: _Rows) -> tuple[Int64Array, Int64Array]:
    """Number of places of each contact, and the one with the most seconds (of equal ones the lowest id).

    The best place is one maximum of seconds and reversed id, packed into one number with the seconds in the high bits.
    """
    bits = int(rows.place.max()).bit_length()
    keys = (contact << bits) | rows.place
    order = sorted_order(keys)
    keys = keys[order]
    starts = runs(keys)
    spent = np.add.reduceat(rows.seconds[order], starts)
    contact_starts = runs(keys[starts] >> bits)
    rank = (spent << 31) | (_LOW - (keys[starts] & ((1 << bits) - 1)))
    best = np.maximum.reduceat(rank, contact_starts)
    return np.diff(contact_starts, append=len(starts)), _LOW - (best & _LOW)


def sorted_order(keys: Int64Array) -> Int64Array:
    """The order that sorts keys of 0 or more, equal ones as they came.

    Where the row number fits into the low bits of its key, sorting the numbers themselves is twice as quick.
    """
    bits = len(keys).bit_length()
    if int(keys.max(initial=0)).bit_length() + bits > 63:
        return keys.argsort(kind="stable")
    packed = (keys << bits) | np.arange(len(keys))
    packed.sort()
    order: Int64Array = packed & ((1 << bits) - 1)
    return order


def runs(keys: Int64Array | Int32Array) -> Int64Array:
    """Where each run of equal keys begins, of keys in order."""
    first = np.ones(len(keys), dtype=bool)
    np.not_equal(keys[1:], keys[:-1], out=first[1:])
    return first.nonzero()[0]
