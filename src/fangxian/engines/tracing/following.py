"""The second step of a chain over segments: whom the contacts of one case met, summed by person.

A second degree is a few thousand contacts with some million meetings, most of them with one another: colleagues of the
case meet colleagues of the case. So the rows of the places they were at are taken out of the segments once, without the
persons who are in the first degree already, with the persons numbered densely, and apart by how long they stayed: an
hour at a station does not have to be searched for among twelve hours. What is left is summed without sorting, except
for pairs of contact and person, who may have met several times.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from fangxian.engines.tracing.chain import Links, packed
from fangxian.engines.tracing.fold import overlaps, runs
from fangxian.engines.tracing.kernel import (
    LATEST,
    Meetings,
    Stays,
    Windows,
    Work,
    expand,
    find_meetings,
    find_stays,
    narrowed,
)
from fangxian.engines.tracing.layout import SegmentInfo
from fangxian.engines.tracing.model import Int32Array, Int64Array, Parameters
from fangxian.engines.tracing.order import NOBODY, Order
from fangxian.engines.tracing.segment import Segment

LENGTHS: Final = (3600, 4 * 3600)
"""Seconds of a stay at which rows are kept apart: most are below the first, a working day is above the last."""

AT_ONCE: Final = 4_000_000
"""Rows looked through at a time: their meetings are summed before the next ones come, so that memory stays small."""

BITS: Final = 63
"""Bits of a number that is not negative."""

DENSE: Final = 16
"""Numbers are given through a table up to this many ids a row; beyond it by sorting."""


def follow(
    segments: Sequence[Segment],
    contacts: pa.Table,
    known: Int64Array,
    parameters: Parameters,
    work: Work | None = None,
    sum_up: "SumUp | None" = None,
) -> Links:
    """Links from one case over its contacts to further persons, one a person, in the order of their ids.

    contacts: of one case, columns person_id, t0, t1 (from when to when each is followed), root (number of the case) and
    seconds (with the case). known: persons who are no contacts of contacts, the followed contacts among them. work:
    counts the rows that were read in the segments, if given. sum_up: an engine's own way to sum.
    """
    work = work or Work()
    person, t0, t1, root, seconds = (contacts[name].to_numpy() for name in ("person_id", "t0", "t1", "root", "seconds"))
    stays = find_stays(segments, Windows(person, t0, t1), parameters.places, work)
    if parameters.max_place_rows is not None:
        stays = _without_hubs(segments, stays, parameters, work)
    rows, ids = _rows_around(segments, stays, known, parameters, work)
    stays = replace(stays, person=np.full(len(stays.case), NOBODY, np.int32))  # known, so not among the rows
    anybody = Parameters(lag=parameters.lag, max_stay=parameters.max_stay)
    sums = (sum_up or _summed)(rows, stays, Contacts(person, seconds), len(ids), anybody)
    return sums.links(int(root[0]), ids)


@dataclass(frozen=True, slots=True)
class Contacts:
    """Who is followed, by the number in `Stays.case`: id, and seconds with the case."""

    person: Int32Array
    seconds: Int64Array


def _summed(rows: Sequence[Segment], stays: Stays, contacts: Contacts, persons: int, parameters: Parameters) -> "Sums":
    sums = Sums.of(persons)
    for part in _parts(stays, rows):
        sums.add(find_meetings(rows, part, parameters, Work()), part, contacts.person, contacts.seconds)
    return sums


@dataclass(frozen=True, slots=True)
class _Rows:
    """Visits as arrays of one length, ordered by place and time of entry."""

    place: Int32Array
    entered: Int32Array
    left: Int32Array
    person: Int32Array

    def __getitem__(self, kept: npt.NDArray[np.bool_]) -> "_Rows":
        return _Rows(self.place[kept], self.entered[kept], self.left[kept], self.person[kept])


def _rows_around(
    segments: Sequence[Segment], stays: Stays, known: Int64Array, parameters: Parameters, work: Work
) -> tuple[list[Segment], Int32Array]:
    """The visits any of the stays may have met as segments in memory, and whose they are.

    In these segments persons are numbers in the ids that are returned; nobody known is among them.
    """
    until = np.minimum(stays.e + np.int64(parameters.lag), LATEST).astype(np.int32)
    parts = [_taken_out(one, stays, until, parameters.max_stay, work) for one in segments]
    ids, number = numbered(np.concatenate([part.person for part in parts]) if parts else np.empty(0, np.int32))
    stranger = ~np.isin(ids, known)
    compact = (stranger.cumsum() - 1).astype(np.int32)
    split, begin = [], 0
    for part in parts:
        own = number[begin : begin + len(part.person)]
        begin += len(own)
        named = _Rows(part.place, part.entered, part.left, compact[own])[stranger[own]]
        split += [_in_memory(rows) for rows in _by_length(named)]
    return split, ids[stranger]


def _taken_out(segment: Segment, stays: Stays, until: Int32Array, max_stay: int, work: Work) -> _Rows:
    """The rows of a segment at the places of the stays, from the first moment of any stay there to the last."""
    info, order = segment.info, segment.by_place
    near = np.flatnonzero((until > info.first_entered) & (stays.s < info.last_left))
    places, number = np.unique(stays.place[near], return_inverse=True)
    begin, end = np.full(len(places), LATEST, np.int32), np.zeros(len(places), np.int32)
    np.minimum.at(begin, number, stays.s[near])
    np.maximum.at(end, number, until[near])
    reach = np.int32(min(max_stay, info.longest))
    owner, row = expand(*narrowed(order, *order.ranges(places), begin - reach, end))
    work.place_rows += len(row)
    left = order.left[row]
    kept = left > begin[owner]
    owner, row, left = owner[kept], row[kept], left[kept]
    return _Rows(places[owner], order.entered[row], left, order.other[row])


def numbered(ids: Int32Array) -> tuple[Int32Array, Int32Array]:
    """The different ids, rising, and for each row the number of its id. ids: 0 or more."""
    top = int(ids.max(initial=0)) + 1
    if top > DENSE * len(ids) + 1024:
        different, number = np.unique(ids, return_inverse=True)
        return different, number.astype(np.int32)
    seen = np.zeros(top, dtype=bool)
    seen[ids] = True
    different = seen.nonzero()[0].astype(np.int32)
    table = np.empty(top, dtype=np.int32)
    table[different] = np.arange(len(different), dtype=np.int32)
    return different, table[ids]


def _by_length(rows: _Rows) -> list[_Rows]:
    """The rows apart by how long they stayed; kinds without rows are left out."""
    kind = np.searchsorted(LENGTHS, rows.left - rows.entered)
    parts = [rows[kind == number] for number in range(len(LENGTHS) + 1)]
    return [part for part in parts if len(part.person)]


def _in_memory(rows: _Rows) -> Segment:
    starts = runs(rows.place)
    offsets = np.append(starts, len(rows.place)).astype(np.int32)
    order = Order(offsets, rows.entered, rows.left, rows.person, rows.place[starts])
    longest = int((rows.left - rows.entered).max())
    first, last, left = int(rows.entered.min()), int(rows.entered.max()), int(rows.left.max())
    return Segment(order, order, SegmentInfo(len(rows.person), first, last, left, longest, order.nbytes))


def _without_hubs(segments: Sequence[Segment], stays: Stays, parameters: Parameters, work: Work) -> Stays:
    """The stays that met no more visits than `max_place_rows`; equal stays of a contact are counted together."""
    met = find_meetings(segments, stays, parameters, work)
    return stays.take(np.unique(met.stay))


def _parts(stays: Stays, rows: Sequence[Segment]) -> list[Stays]:
    """The stays in parts that look through about so many rows each; a contact's stays stay together."""
    cost = sum((_cost(one, stays) for one in rows), np.zeros(len(stays.place)))
    order = stays.case.argsort(kind="stable")
    part = np.zeros(int(stays.case.max(initial=-1)) + 1)
    np.add.at(part, stays.case, cost)
    number = (part.cumsum() // AT_ONCE)[stays.case[order]]
    return [stays.take(some) for some in np.split(order, np.flatnonzero(np.diff(number)) + 1) if len(some)]


def _cost(segment: Segment, stays: Stays) -> npt.NDArray[np.float64]:
    """About how many rows of the segment each stay looks through: those of its place in its share of the time."""
    low, high = segment.by_place.ranges(stays.place)
    span = segment.info.last_entered - segment.info.first_entered + 1
    share: npt.NDArray[np.float64] = np.minimum((stays.e - stays.s + segment.info.longest) / span, 1)
    return (high - low) * share


@dataclass(frozen=True, slots=True)
class Sums:
    """What is known of each further person so far: arrays over their numbers, as in `Links`."""

    paths: Int64Array
    score: Int64Array
    best: Int64Array
    meetings: Int64Array
    overlap_s: Int64Array
    first_at: Int32Array
    last_at: Int32Array

    @classmethod
    def of(cls, persons: int) -> "Sums":
        paths, score, best, meetings, overlap_s = (np.zeros(persons, dtype=np.int64) for _ in range(5))
        first_at, last_at = np.full(persons, LATEST, dtype=np.int32), np.zeros(persons, dtype=np.int32)
        return cls(paths, score, best, meetings, overlap_s, first_at, last_at)

    def add(self, met: Meetings, stays: Stays, person: Int32Array, seconds: Int64Array) -> None:
        """Add meetings. person, seconds: of the contacts, by the number in `stays.case`.

        `ufunc.at` is quick only where rows are counted in int64 and values have the type of the sums.
        """
        if not len(met.stay):
            return
        other = met.person.astype(np.int64)
        together, begin = overlaps(met, stays).astype(np.int64), np.maximum(met.entered, stays.s[met.stay])
        np.add.at(self.meetings, other, 1)
        np.add.at(self.overlap_s, other, together)
        np.minimum.at(self.first_at, other, begin)
        np.maximum.at(self.last_at, other, begin)
        bits = len(self.paths).bit_length()
        pair, both = pair_sums((stays.case[met.stay] << bits) | other, together)
        via, other = pair >> bits, pair & ((1 << bits) - 1)
        score = np.minimum(both, seconds[via])
        np.add.at(self.paths, other, 1)
        np.add.at(self.score, other, score)
        np.maximum.at(self.best, other, packed(score, person[via]))

    def links(self, root: int, ids: Int32Array) -> Links:
        """One link a person who was met."""
        met = self.meetings.nonzero()[0]
        columns = (ids, *(getattr(self, name) for name in self.__slots__))
        return Links(np.full(len(met), root, dtype=np.int64), *(column[met].astype(np.int64) for column in columns))


SumUp = Callable[[Sequence[Segment], Stays, Contacts, int, Parameters], Sums]
"""Rows (segments in memory), stays, contacts, how many persons are in the rows, lag and longest stay: to the sums."""


def pair_sums(keys: Int64Array, seconds: Int64Array) -> tuple[Int64Array, Int64Array]:
    """The different keys, rising, and the seconds of each; both 0 or more.

    Where the seconds fit into the low bits of their key, nothing but the numbers themselves is sorted.
    """
    bits = int(seconds.max()).bit_length()
    if int(keys.max()).bit_length() + bits > BITS:
        order = keys.argsort()
        keys, seconds = keys[order], seconds[order]
    else:
        both = (keys << bits) | seconds
        both.sort()
        keys, seconds = both >> bits, both & ((1 << bits) - 1)
    starts = runs(keys)
    return keys[starts], np.add.reduceat(seconds, starts)
