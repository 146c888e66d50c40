"""What the relational engines ask for source tracing: small tables in, so that the SQL stays the same."""

from typing import Final

import numpy as np
import pyarrow as pa

from fangxian.engines.tracing.model import Int32Array, schema, type_int32, type_int64
from fangxian.engines.tracing.sources_model import Days

WANTED: Final = schema(wanted=type_int32)
"""Persons or places, each once."""

DAY_SPANS: Final = schema(day=type_int32, begin=type_int64, until=type_int64)
"""Days, and the seconds `[begin, until)` of each."""


def wanted(ids: Int32Array) -> pa.Table:
    """The ids as a table (schema `WANTED`)."""
    return pa.table([pa.array(ids, type_int32)], schema=WANTED)


def day_spans(days: Days, first: int, last: int) -> pa.Table:
    """The days (schema `DAY_SPANS`) on which a visit entered in `[first, last]` can be."""
    one, other = days.number(np.array([first, last], dtype=np.int64))
    numbers = np.arange(one, other + 1)
    begin, until = days.begin(numbers), days.begin(numbers + 1)
    return pa.table([numbers.astype(np.int32), begin.astype(np.int64), until.astype(np.int64)], schema=DAY_SPANS)
