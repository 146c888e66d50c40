"""Stays over twelve hours, cut at every local midnight and noon.

An engine finds who was there by looking back from a moment; with a longest stay it may stop after twelve
hours. Hotels, wards and isolation sites stay longer, so their stays become pieces that follow each other
without a gap. The hot store keeps the row whole; it is cut wherever it is handed to an engine, sealed or not,
so that sealing never changes an answer.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .calendar import Calendar
from .rows import MAX_STAY_S, Flag

SPAN = ("entered_at", "left_at")


def cuts(entered_at: int, left_at: int, calendar: Calendar) -> Iterator[tuple[int, int]]:
    """The pieces [from, to) of one stay, each at most twelve hours."""
    begin = entered_at
    for day in calendar.between(entered_at, left_at):
        midnight, next_midnight = calendar.bounds(day)
        for border in (midnight + MAX_STAY_S, midnight + 2 * MAX_STAY_S, next_midnight):
            if begin < border < left_at:
                yield begin, border
                begin = border
    yield begin, left_at


def split_long(rows: pa.Table, calendar: Calendar) -> pa.Table:
    """`rows` with every stay over twelve hours replaced by its pieces; other rows stay as they are."""
    is_long = pc.greater(pc.subtract(rows["left_at"], rows["entered_at"]), MAX_STAY_S)
    if not pc.any(is_long).as_py():
        return rows
    long = rows.filter(is_long)
    spans = [
        (row, begin, end)
        for row, (entered, left) in enumerate(
            zip(long["entered_at"].to_pylist(), long["left_at"].to_pylist(), strict=True)
        )
        for begin, end in cuts(entered, left, calendar)
    ]
    number, begin, end = (np.array(column, dtype=np.int32) for column in zip(*spans, strict=True))
    pieces = _with_spans(long.take(pa.array(number)), begin, end)
    return pa.concat_tables([rows.filter(pc.invert(is_long)), pieces])


def _with_spans(pieces: pa.Table, begin: np.ndarray, end: np.ndarray) -> pa.Table:
    for name, values in zip(SPAN, (begin, end), strict=True):
        pieces = pieces.set_column(pieces.schema.get_field_index(name), name, pa.array(values, pa.int32()))
    if "flags" not in pieces.column_names:
        return pieces
    flags = pc.bit_wise_or(pieces["flags"], pa.scalar(int(Flag.SPLIT), pa.int16()))
    return pieces.set_column(pieces.schema.get_field_index("flags"), "flags", flags)
