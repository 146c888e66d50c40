"""The segments engine with compiled loops: the same rows at a fraction of the time. Needs `pip install fangxian[fast]`.

What is compiled is the work per row; batches, tables and hubs are those of `segments`.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa

from fangxian.engines.tracing import following, segments
from fangxian.engines.tracing.chain import Links
from fangxian.engines.tracing.compiled import Loops, compile_loops
from fangxian.engines.tracing.fold import Contacts, pair_keys, runs, sorted_order
from fangxian.engines.tracing.kernel import LATEST, Meetings, Stays, Windows, Work, joined, only_at, without_hubs
from fangxian.engines.tracing.model import CONTACTS, Int32Array, Int64Array, Parameters, Places
from fangxian.engines.tracing.order import Order
from fangxian.engines.tracing.segment import Segment
from fangxian.engines.tracing.store import VisitStore

_VISIT = ("entered", "left", "other")
_NO_KEYS = np.empty(0, dtype=np.int32)


@dataclass(frozen=True, slots=True)
class Compiled:
    """The engine. threads: how many share the cases of a trace. loops: compiled ones, or plain ones to look at."""

    threads: int = 1
    loops: Loops = field(default_factory=compile_loops)

    @property
    def kernel(self) -> segments.Kernel:
        """The three steps with these loops."""
        return segments.Kernel(self._find_stays, self._find_meetings, self._fold)

    def trace(self, store: VisitStore, cases: pa.Table, parameters: Parameters) -> pa.Table:
        """Contacts of the cases (schema `CONTACTS`), ordered by case_id and person_id."""
        opened = VisitStore(store.all_segments())
        share = max(1, -(-cases.num_rows // self.threads))
        parts = [cases.slice(low, share) for low in range(0, cases.num_rows, share)]
        if len(parts) < 2:
            return segments.trace(opened, cases, parameters, kernel=self.kernel)
        with ThreadPoolExecutor(self.threads) as pool:
            found = pool.map(lambda part: segments.trace(opened, part, parameters, kernel=self.kernel), parts)
            return pa.concat_tables([CONTACTS.empty_table(), *found])

    def evidence(self, store: VisitStore, cases: pa.Table, parameters: Parameters) -> pa.Table:
        """Every meeting behind the rows of `trace` (schema `MEETINGS`), ordered by `MEETING_ORDER`."""
        return segments.evidence(store, cases, parameters, self.kernel)

    def exposed(self, store: VisitStore, place_id: int, t0: int, t1: int, parameters: Parameters) -> pa.Table:
        """Persons who were at the place in `[t0, t1)` or arrived within the lag after it (schema `EXPOSED`)."""
        return segments.exposed(store, place_id, t0, t1, parameters, self.kernel)

    def touched(self, store: VisitStore, cases: pa.Table, parameters: Parameters) -> Work:
        """What `trace` with the same arguments reads: it is run, and counted."""
        work = Work()
        segments.trace(store, cases, parameters, work, self.kernel)
        return work

    def follow(self, store: VisitStore, parameters: Parameters, contacts: pa.Table, known: Int64Array) -> Links:
        """Contacts followed together, as in `following.follow`."""
        return following.follow(store.segments, contacts, known, parameters, sum_up=self._add_links)

    def _add_links(
        self, rows: Sequence[Segment], stays: Stays, contacts: following.Contacts, persons: int, parameters: Parameters
    ) -> following.Sums:
        sums = np.zeros((persons, 8), dtype=np.int64)
        sums[:, 5], sums[:, 7] = LATEST, -1
        stays = stays.take(stays.case.argsort(kind="stable"))
        until = np.minimum(stays.e + np.int64(parameters.lag), LATEST).astype(np.int32)
        of_stays = (stays.case, stays.place, stays.s, stays.e, until)
        if rows:
            of_rows = _beside_each_other(rows, parameters.max_stay)
            self.loops.add_links(*of_rows, *of_stays, contacts.person.astype(np.int64), contacts.seconds, sums)
        return following.Sums(*(np.ascontiguousarray(column) for column in sums.T[:7]))

    def _find_stays(self, among: Sequence[Segment], windows: Windows, places: Places, work: Work) -> Stays:
        earliest, latest = (int(windows.t0.min()), int(windows.t1.max())) if len(windows.t0) else (0, 0)
        near = [segment.by_person for segment in among if segment.overlaps(earliest, latest)]
        found = [self.loops.find_stays(*_columns(one), windows.person, windows.t0, windows.t1) for one in near]
        work.segments += len(found)
        work.person_rows += sum(int(rows) for rows, *_ in found)
        case, place, s, e = joined([tuple(part) for _, *part in found], 4)
        stays = Stays(case, windows.person[case], place, s, e)
        return stays if places.everything else only_at(stays, places)

    def _find_meetings(self, among: Sequence[Segment], stays: Stays, parameters: Parameters, work: Work) -> Meetings:
        until = np.minimum(stays.e + np.int64(parameters.lag), LATEST).astype(np.int32)
        earliest, latest = (int(stays.s.min()), int(until.max())) if len(until) else (0, 0)
        near = [segment for segment in among if segment.overlaps(earliest, latest)]
        found = [self._meetings_in(segment, stays, until, parameters.max_stay) for segment in near]
        work.place_rows += sum(int(rows) for rows, *_ in found)
        meetings = Meetings(*joined([tuple(part) for _, *part in found], 4))
        limit = parameters.max_place_rows
        return meetings if limit is None else without_hubs(meetings, stays, limit)

    def _meetings_in(self, segment: Segment, stays: Stays, until: Int32Array, max_stay: int) -> Any:
        info = segment.info
        bounds, reach = (info.first_entered, info.last_entered, info.last_left), min(max_stay, info.longest) - 1
        asked = (stays.place, stays.person, stays.s, until)
        return self.loops.find_meetings(*_columns(segment.by_place), *asked, bounds, reach)

    def _fold(self, meetings: Meetings, stays: Stays) -> Contacts:
        keys, bits = pair_keys(meetings, stays)
        order = sorted_order(keys)
        keys = keys[order]
        starts = runs(keys)
        ends = np.append(starts, len(keys))
        of_stays = (stays.place, stays.s, stays.e)
        sums = self.loops.sum_up(order, ends, meetings.stay, meetings.entered, meetings.left, *of_stays)
        pairs = keys[starts]
        return Contacts(pairs >> bits, pairs & ((1 << bits) - 1), *sums)


def _beside_each_other(rows: Sequence[Segment], max_stay: int) -> tuple[Any, ...]:
    """Segments in memory as the arrays `loops.add_links` takes."""
    orders = [one.by_place for one in rows]
    keys = [np.empty(0, np.int32) if one.keys is None else one.keys for one in orders]
    parts = np.cumsum([0, *(len(one) for one in keys)])
    before = np.cumsum([0, *(len(one.entered) for one in orders)])[:-1]
    begin, end = (
        np.concatenate([one.offsets[cut].astype(np.int64) + base for one, base in zip(orders, before, strict=True)])
        for cut in (slice(None, -1), slice(1, None))
    )
    infos = [one.info for one in rows]
    spans = np.array([[i.first_entered, i.last_entered, min(max_stay, i.longest) - 1] for i in infos], dtype=np.int64)
    entered, left, other = (np.concatenate([getattr(one, name) for one in orders]) for name in _VISIT)
    return parts, spans, np.concatenate(keys), begin, end, entered, left, other


def _columns(order: Order) -> tuple[Int32Array, Int32Array, bool, Int32Array, Int32Array, Int32Array]:
    keys = _NO_KEYS if order.keys is None else order.keys
    return order.offsets, keys, order.keys is not None, order.entered, order.left, order.other


@cache
def default() -> Compiled:
    """The engine with one thread, made once."""
    return Compiled()
