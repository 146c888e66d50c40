"""The default engine: NumPy over memory-mapped segments."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from fangxian.engines.tracing.fold import Contacts, fold, overlaps, pair_keys
from fangxian.engines.tracing.kernel import Meetings, Stays, Windows, Work, find_meetings, find_stays
from fangxian.engines.tracing.model import CONTACTS, EXPOSED, MEETING_ORDER, MEETINGS, Int64Array, Parameters, Places
from fangxian.engines.tracing.segment import Segment
from fangxian.engines.tracing.sources_segments import visits_by_day as visits_by_day
from fangxian.engines.tracing.sources_segments import visits_of as visits_of
from fangxian.engines.tracing.store import VisitStore

BATCH: Final = 250
"""Cases traced together: enough to spread the cost of a call, few enough that the meetings stay near the processor."""

PREFETCH: Final = 100
"""From this many cases on, reading segments ahead pays; below, it would read days to use a few pages."""


@dataclass(frozen=True, slots=True)
class Kernel:
    """The three steps of a trace, arrays in and out: in NumPy (`NUMPY`) or compiled (`on_numba`)."""

    find_stays: Callable[[Sequence[Segment], Windows, Places, Work], Stays]
    find_meetings: Callable[[Sequence[Segment], Stays, Parameters, Work], Meetings]
    fold: Callable[[Meetings, Stays], Contacts]


NUMPY: Final = Kernel(find_stays, find_meetings, fold)


def trace(
    store: VisitStore, cases: pa.Table, parameters: Parameters, work: Work | None = None, kernel: Kernel = NUMPY
) -> pa.Table:
    """Contacts of the cases (schema `CONTACTS`), ordered by case_id and person_id.

    cases: schema `CASES`, ordered by case_id (`checked_cases`). work: counts what was touched, if given.
    """
    segments = store.all_segments()
    parts = []
    for ids, windows in _batches(cases, segments):
        contacts = contacts_of(segments, windows, parameters, work or Work(), kernel)
        parts.append(_contact_table(ids[contacts.case], contacts))
    return pa.concat_tables(parts) if parts else CONTACTS.empty_table()


def touched(store: VisitStore, cases: pa.Table, parameters: Parameters) -> Work:
    """What `trace` with the same arguments reads: it is run, and counted."""
    work = Work()
    trace(store, cases, parameters, work)
    return work


def contacts_of(
    segments: Sequence[Segment], windows: Windows, parameters: Parameters, work: Work, kernel: Kernel = NUMPY
) -> Contacts:
    """Contacts as arrays, cases by their number in `windows`."""
    stays = kernel.find_stays(segments, windows, parameters.places, work)
    contacts = kernel.fold(kernel.find_meetings(segments, stays, parameters, work), stays)
    return contacts if not parameters.min_overlap else contacts[contacts.overlap_s >= parameters.min_overlap]


def evidence(store: VisitStore, cases: pa.Table, parameters: Parameters, kernel: Kernel = NUMPY) -> pa.Table:
    """Every meeting behind the rows of `trace` (schema `MEETINGS`), ordered by `MEETING_ORDER`."""
    segments = store.all_segments()
    parts = []
    for ids, windows in _batches(cases, segments):
        stays = kernel.find_stays(segments, windows, parameters.places, Work())
        meetings = kernel.find_meetings(segments, stays, parameters, Work())
        parts.append(_meeting_table(ids, enough(meetings, stays, parameters.min_overlap), stays))
    return pa.concat_tables(parts).sort_by(MEETING_ORDER) if parts else MEETINGS.empty_table()


def exposed(
    store: VisitStore, place_id: int, t0: int, t1: int, parameters: Parameters, kernel: Kernel = NUMPY
) -> pa.Table:
    """Persons who were at the place in `[t0, t1)` or arrived within the lag after it (schema `EXPOSED`)."""
    s, e, nobody, place = np.array([[t0], [t1], [-1], [place_id]], dtype=np.int32)
    stays = Stays(np.zeros(1, dtype=np.int64), nobody, place, s, e)
    found = kernel.fold(kernel.find_meetings(store.all_segments(), stays, parameters, Work()), stays)
    found = found[found.overlap_s >= parameters.min_overlap]
    return _contact_table(found.case, found).select(EXPOSED.names)


def enough(meetings: Meetings, stays: Stays, min_overlap: int) -> Meetings:
    """Leave out the contacts that spent less than `min_overlap` seconds with the case in total."""
    if not min_overlap or not len(meetings.stay):
        return meetings
    _, pair = np.unique(pair_keys(meetings, stays)[0], return_inverse=True)
    total = np.bincount(pair, weights=overlaps(meetings, stays))
    return meetings[total[pair] >= min_overlap]


def _batches(cases: pa.Table, segments: Sequence[Segment]) -> Iterator[tuple[Int64Array, Windows]]:
    if cases.num_rows >= PREFETCH:
        for segment in segments:
            segment.prefetch()
    ids, person, t0, t1 = (column.to_numpy() for column in cases.columns)
    for low in range(0, len(ids), BATCH):
        part = slice(low, low + BATCH)
        yield ids[part], Windows(person[part], t0[part], t1[part])


def _contact_table(ids: Int64Array, contacts: Contacts) -> pa.Table:
    """Contacts as a table; `ids` is the case_id of each row."""
    values = (ids, *(getattr(contacts, name) for name in contacts.__slots__[1:]))
    return _table(values, CONTACTS)


def _meeting_table(ids: Int64Array, meetings: Meetings, stays: Stays) -> pa.Table:
    stay = meetings.stay
    values = (
        ids[stays.case[stay]],
        meetings.person,
        stays.place[stay],
        stays.s[stay],
        stays.e[stay],
        meetings.entered,
        meetings.left,
        overlaps(meetings, stays),
    )
    return _table(values, MEETINGS)


def _table(values: Iterable[npt.NDArray[np.signedinteger]], schema: pa.Schema) -> pa.Table:
    types = zip(values, schema.types, strict=True)
    return pa.Table.from_arrays(
        [pa.array(array.astype(kind.to_pandas_dtype(), copy=False)) for array, kind in types], schema=schema
    )
