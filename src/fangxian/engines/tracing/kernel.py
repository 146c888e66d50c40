"""The two lookups of a trace in NumPy: where the cases were, and who was there too. Arrays in, arrays out.

No loop runs over visits. Work is proportional to the rows of the visited places inside the visited hours, whatever
the size of the log: a case costs about one millisecond at ten million visits and at three hundred.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from fangxian.engines.tracing.model import Int32Array, Int64Array, Parameters, Places
from fangxian.engines.tracing.order import Order
from fangxian.engines.tracing.segment import Segment

LATEST: Final = np.iinfo(np.int32).max

_FEW: Final = 48
"""Up to this many ranges one binary search after the other is quicker than all of them in step."""


@dataclass(slots=True)
class Work:
    """What a trace touched, for `explain`: segments with days of the windows, and rows read in either order."""

    segments: int = 0
    person_rows: int = 0
    place_rows: int = 0


@dataclass(frozen=True, slots=True)
class Windows:
    """Cases as arrays of one length: person, and the window `[t0, t1)` in seconds."""

    person: Int32Array
    t0: Int32Array
    t1: Int32Array


@dataclass(frozen=True, slots=True)
class Stays:
    """Stays as arrays of one length: number of the case, its person, the place, and the clipped time `[s, e)`."""

    case: Int64Array
    person: Int32Array
    place: Int32Array
    s: Int32Array
    e: Int32Array

    def take(self, kept: Int64Array) -> "Stays":
        """Some of them."""
        return Stays(self.case[kept], self.person[kept], self.place[kept], self.s[kept], self.e[kept])


@dataclass(frozen=True, slots=True)
class Meetings:
    """Meetings as arrays of one length: number of the stay, the other person, and when that person came and left."""

    stay: Int64Array
    person: Int32Array
    entered: Int32Array
    left: Int32Array

    def __getitem__(self, kept: npt.NDArray[np.bool_] | Int64Array) -> "Meetings":
        return Meetings(self.stay[kept], self.person[kept], self.entered[kept], self.left[kept])


def find_stays(segments: Sequence[Segment], windows: Windows, places: Places, work: Work) -> Stays:
    """Where the person of each window was inside it, clipped to it."""
    earliest, latest = (int(windows.t0.min()), int(windows.t1.max())) if len(windows.t0) else (0, 0)
    parts = [_stays_in(seg.by_person, windows, work) for seg in segments if seg.overlaps(earliest, latest)]
    work.segments += len(parts)
    case, place, s, e = joined(parts, 4)
    stays = Stays(case, windows.person[case], place, s, e)
    return stays if places.everything else only_at(stays, places)


def _stays_in(order: Order, windows: Windows, work: Work) -> tuple[npt.NDArray[np.signedinteger], ...]:
    case, row = expand(*order.ranges(windows.person))
    work.person_rows += len(row)
    entered, left = order.entered[row], order.left[row]
    t0, t1 = windows.t0[case], windows.t1[case]
    kept = ((entered < t1) & (left > t0)).nonzero()[0]
    s = np.maximum(entered[kept], t0[kept])
    e = np.minimum(left[kept], t1[kept])
    return case[kept], order.other[row[kept]], s, e


def only_at(stays: Stays, places: Places) -> Stays:
    """The stays at places that count."""
    kept = ~np.isin(stays.place, list(places.exclude))
    if places.include is not None:
        kept &= np.isin(stays.place, list(places.include))
    return stays.take(kept.nonzero()[0])


def find_meetings(segments: Sequence[Segment], stays: Stays, parameters: Parameters, work: Work) -> Meetings:
    """Who was where the stays were, at the same time or within the lag after it."""
    until = np.minimum(stays.e + np.int64(parameters.lag), LATEST).astype(np.int32)
    earliest, latest = (int(stays.s.min()), int(until.max())) if len(until) else (0, 0)
    near = (seg for seg in segments if seg.overlaps(earliest, latest))
    parts = [_meetings_in(seg, stays, until, parameters.max_stay, work) for seg in near]
    meetings = Meetings(*joined(parts, 4))
    return meetings if parameters.max_place_rows is None else without_hubs(meetings, stays, parameters.max_place_rows)


def _meetings_in(
    segment: Segment, stays: Stays, until: Int32Array, max_stay: int, work: Work
) -> tuple[npt.NDArray[np.signedinteger], ...]:
    """Meetings in one segment; nobody in it stayed longer than its longest stay, which narrows the search."""
    info, order = segment.info, segment.by_place
    reach = min(max_stay, info.longest) - 1
    near = np.flatnonzero(
        (until > info.first_entered) & (stays.s <= info.last_entered + reach) & (stays.s < info.last_left)
    )
    s = stays.s[near]
    low, high = narrowed(order, *order.ranges(stays.place[near]), s - np.int32(reach), until[near])
    owner, row = expand(low, high)
    work.place_rows += len(row)
    left = order.left[row]
    kept = (left > s[owner]).nonzero()[0]
    stay, row, left = near[owner[kept]], row[kept], left[kept]
    person = order.other[row]
    other = (person != stays.person[stay]).nonzero()[0]
    return stay[other], person[other], order.entered[row[other]], left[other]


def without_hubs(meetings: Meetings, stays: Stays, limit: int) -> Meetings:
    """Leave out the stays that met more than `limit` visits; equal stays of a case are counted together."""
    rows = np.stack([stays.case, stays.place, stays.s, stays.e])
    same = np.unique(rows, axis=1, return_inverse=True)[1].reshape(-1)[meetings.stay]
    return meetings[np.bincount(same)[same] <= limit] if len(same) else meetings


def narrowed(
    order: Order, low: Int64Array, high: Int64Array, first: Int32Array, until: Int32Array
) -> tuple[Int64Array, Int64Array]:
    """Of each range of rows, the part entered in `[first, until)`; rows of a range are ordered by time of entry."""
    if len(low) > _FEW:
        return lower_bound(order.entered, low, high, first), lower_bound(order.entered, low, high, until)
    bounds = np.array((first, until)).T
    begins = low.tolist()
    found = [order.entered[a:b].searchsorted(pair) for a, b, pair in zip(begins, high.tolist(), bounds, strict=True)]
    inside = np.array(found, dtype=np.int64).reshape(-1, 2)
    return low + inside[:, 0], low + inside[:, 1]


def lower_bound(values: Int32Array, low: Int64Array, high: Int64Array, wanted: Int32Array) -> Int64Array:
    """The first row of each range `[low, high)` whose value is not below the wanted one: binary searches in step."""
    low, high = low.copy(), high.copy()
    last = max(len(values) - 1, 0)
    while (searching := low < high).any():
        middle = (low + high) >> 1
        below = searching & (values[np.minimum(middle, last)] < wanted)
        low = np.where(below, middle + 1, low)
        high = np.where(searching & ~below, middle, high)
    return low


def expand(low: Int64Array, high: Int64Array) -> tuple[Int64Array, Int64Array]:
    """All rows of the ranges one after the other, each with the number of its range."""
    counts = np.maximum(high - low, 0)
    owner = np.repeat(np.arange(len(counts)), counts)
    ends = counts.cumsum()
    row = np.arange(len(owner)) + (low - (ends - counts))[owner]
    return owner, row


def joined(
    parts: Sequence[tuple[npt.NDArray[np.signedinteger], ...]], columns: int
) -> list[npt.NDArray[np.signedinteger]]:
    """The parts column by column as one; the first column is int64, the others int32."""
    if not parts:
        return [np.empty(0, dtype=np.int32 if column else np.int64) for column in range(columns)]
    return [np.concatenate(column) for column in zip(*parts, strict=True)]
