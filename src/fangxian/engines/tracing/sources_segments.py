"""Source tracing over segments: the cases' own rows, and visits by place and day from the offsets."""

import numpy as np
import pyarrow as pa

from fangxian.engines.tracing.kernel import LATEST, expand, narrowed
from fangxian.engines.tracing.model import VISITS, Int32Array, Int64Array
from fangxian.engines.tracing.order import GONE
from fangxian.engines.tracing.segment import Segment
from fangxian.engines.tracing.sources_model import AT, EVERYWHERE, Counted, Days
from fangxian.engines.tracing.store import VisitStore


def visits_of(store: VisitStore, persons: Int32Array) -> pa.Table:
    """Every visit of some persons (schema `VISITS`), in no order. persons: shape (persons,), ascending."""
    return pa.concat_tables([VISITS.empty_table(), *(_own_rows(one, persons) for one in store.all_segments())])


def _own_rows(segment: Segment, persons: Int32Array) -> pa.Table:
    order = segment.by_person
    owner, row = expand(*order.ranges(persons))
    kept = order.left[row] != GONE
    owner, row = owner[kept], row[kept]
    return pa.table([persons[owner], order.other[row], order.entered[row], order.left[row]], schema=VISITS)


def visits_by_day(store: VisitStore, places: Int32Array, days: Days) -> Counted:
    """Visits to some places, and to all, by day. places: shape (places,), ascending.

    Rows of a place lie in order of entry: two binary searches a place and day count them. Erased rows count nowhere.
    """
    at, everywhere = [AT.empty_table()], [EVERYWHERE.empty_table()]
    for segment in store.all_segments():
        if segment.info.rows:
            gone = np.flatnonzero(segment.by_place.left == GONE)
            first, last = days.number(np.array([segment.info.first_entered, segment.info.last_entered]))
            numbers = np.arange(first, last + 1)
            at.append(_visits_at(segment, places, numbers, gone, days))
            everywhere.append(_all_visits(segment, numbers, gone, days))
    return Counted(pa.concat_tables(at), pa.concat_tables(everywhere))


def _all_visits(segment: Segment, numbers: Int64Array, gone: Int64Array, days: Days) -> pa.Table:
    if len(numbers) == 1:
        visits = np.array([segment.info.rows - len(gone)])
    else:
        of_rows = days.number(segment.by_place.entered.astype(np.int64)) - numbers[0]
        visits = np.bincount(of_rows, minlength=len(numbers)) - np.bincount(of_rows[gone], minlength=len(numbers))
    return pa.table([numbers.astype(np.int32), visits], schema=EVERYWHERE)


def _visits_at(segment: Segment, places: Int32Array, numbers: Int64Array, gone: Int64Array, days: Days) -> pa.Table:
    order = segment.by_place
    low, high = (np.repeat(bound, len(numbers)) for bound in order.ranges(places))
    day = np.tile(numbers, len(places))
    begin, end = (np.clip(days.begin(day + after), GONE, LATEST).astype(np.int32) for after in (0, 1))
    low, high = narrowed(order, low, high, begin, end)
    visits = high - low - (gone.searchsorted(high) - gone.searchsorted(low))
    some = visits > 0
    columns = (np.repeat(places, len(numbers))[some], day[some].astype(np.int32), visits[some].astype(np.int32))
    return pa.table(list(columns), schema=AT)
