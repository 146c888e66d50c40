"""Parts of sealed days as Parquet: the same rows by place (with all they carry) and by person (for tracing).

How each column is written decides what a day weighs. Sorted and slowly growing numbers are kept as bit-packed
differences (DELTA_BINARY_PACKED), columns of few values as a dictionary; zstd comes on top. All of it is read by any
program that reads Parquet, Spark included. The ids of the visits are a third file: see `tags`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from fangxian.engines.tracing import SegmentInfo
from fangxian.engines.tracing.layout import info_of
from fangxian.engines.tracing.order import Order, arranged

from .durable import place_file, sha256
from .manifest import Part, SealedFile
from .rows import ROWS, SEALED, TRACE_COLUMNS
from .tags import Tags, each_once, tags_of

ROWS_A_GROUP = 128 * 1024
TAGS_A_GROUP = 1024 * 1024
MOMENTS = ("device_at", "received_at")
AFTER = "_after_entry"
FEW_VALUES = ("mask", "temperature", "flags", *MOMENTS)
"""Columns that repeat themselves; a moment stands among them only where it is always the same."""
UNSORTED = {("person", "place_id")}
"""A column whose neighbours have nothing to do with each other: byte by byte it is smaller than as differences."""


class Written(NamedTuple):
    """A part on the disk, and its two orders, from which the fast segment is made without reading it again."""

    part: Part
    by_place: Order
    by_person: Order
    info: SegmentInfo


def write_part(folder: Path, day: date, name: str, rows: pa.Table, tags: Tags | None = None) -> Written:
    """Write rows of one day as a part; durable when this returns, counted only once in the manifest.

    rows: schema ROWS, or SEALED with the sorted tags of its visits.
    """
    if tags is None:
        tags = each_once(tags_of(rows["visit_id"]))
    person, place, entered, left = (rows[column].to_numpy() for column in TRACE_COLUMNS)
    by_place, placed = arranged(place, entered, left, person)
    by_person, _ = arranged(person, entered, left, place)
    info = info_of(by_place, by_person)
    files = {
        "place": _with_the_rest(_trace_table(by_place, "place_id", "person_id"), rows, placed),
        "person": _trace_table(by_person, "person_id", "place_id"),
        "tags": pa.table({"tag": tags}),
    }
    return Written(
        Part(
            day=day,
            name=name,
            rows=rows.num_rows,
            t_min=info.first_entered,
            t_max=info.last_left,
            max_stay=info.longest,
            **{kind: _write(folder, f"day={day}/{name}.{kind}.parquet", table, kind) for kind, table in files.items()},
        ),
        by_place,
        by_person,
        info,
    )


def _trace_table(order: Order, key: str, other: str) -> pa.Table:
    columns = {key: order.all_keys(), other: order.other, "entered_at": order.entered, "left_at": order.left}
    return pa.table({name: columns[name] for name in TRACE_COLUMNS})


def _with_the_rest(table: pa.Table, rows: pa.Table, placed: np.ndarray) -> pa.Table:
    """The columns that no engine reads; a moment as seconds after the entry unless it is always the same."""
    for name in SEALED.names[len(TRACE_COLUMNS) :]:
        column = rows[name] if _same_everywhere(rows[name]) else rows[name].take(pa.array(placed))
        if name in MOMENTS and not _same_everywhere(column):
            name, column = name + AFTER, pc.subtract_checked(column.cast(pa.int64()), table["entered_at"])
            column = column.cast(pa.int32())
        table = table.append_column(name, column)
    return table


def _same_everywhere(column: pa.ChunkedArray) -> bool:
    if column.null_count:
        return bool(column.null_count == len(column))
    bounds = pc.min_max(column)
    return bool(bounds["min"] == bounds["max"])


def _write(folder: Path, name: str, rows: pa.Table, kind: str) -> SealedFile:
    target = folder / name
    few = [column for column in rows.column_names if column in FEW_VALUES]
    how = {
        "use_dictionary": few,
        "column_encoding": {column: _encoding(kind, column) for column in rows.column_names if column not in few},
        "compression": "none" if kind == "tags" else "zstd",  # tags are as good as random
        "row_group_size": TAGS_A_GROUP if kind == "tags" else ROWS_A_GROUP,
    }
    place_file(target, lambda unfinished: pq.write_table(rows, unfinished, **how))
    return SealedFile(name, target.stat().st_size, sha256(target))


def _encoding(kind: str, column: str) -> str:
    return "BYTE_STREAM_SPLIT" if (kind, column) in UNSORTED else "DELTA_BINARY_PACKED"


def _read(path: Path, *columns: str) -> pa.Table:
    with pq.ParquetFile(path) as file:
        return file.read(columns=list(columns) or None)


def read_part(folder: Path, part: Part) -> pa.Table:
    """All rows of a part (schema SEALED)."""
    rows = _read(folder / part.place.name)
    for name in MOMENTS:
        if name + AFTER in rows.column_names:
            moment = pc.add(rows[name + AFTER].cast(pa.int64()), rows["entered_at"])
            rows = rows.append_column(name, moment.cast(pa.int32()))
    return rows.select(SEALED.names).cast(SEALED)


def read_trace(folder: Path, part: Part, erased: Iterable[int] = ()) -> pa.Table:
    """The rows of a part as engines need them, without the erased persons."""
    rows = _read(folder / part.place.name, *TRACE_COLUMNS)
    return without_persons(rows, erased)


def read_tags(folder: Path, parts: Sequence[Part]) -> Tags:
    """The tags of every visit in some parts, sorted, each once."""
    found = [_read(folder / part.tags.name)["tag"].to_numpy() for part in parts]
    return found[0] if len(found) == 1 else each_once(np.concatenate([np.empty(0, np.int64), *found]))


def persons_of(folder: Path, part: Part) -> np.ndarray:
    """Everybody in a part (int32, sorted); reads one column of the file sorted by person."""
    return each_once(_read(folder / part.person.name, "person_id")["person_id"].to_numpy())


def holds_person(folder: Path, part: Part, persons: Iterable[int]) -> bool:
    """Whether a part holds a row of one of these persons."""
    return bool(np.isin(np.array(list(persons), dtype=np.int32), persons_of(folder, part)).any())


def without_persons(rows: pa.Table, persons: Iterable[int]) -> pa.Table:
    """Rows of anybody else."""
    gone = pa.array(list(persons), pa.int32())
    return rows.filter(pc.invert(pc.is_in(rows["person_id"], gone))) if len(gone) else rows


def once_each(rows: pa.Table) -> tuple[pa.Table, Tags]:
    """Rows (schema ROWS) with every visit once, the first of each, and their sorted tags.

    Ids are compared only where tags are alike.
    """
    tags = each_once(tags_of(rows["visit_id"]))
    if rows.num_rows == len(tags):
        return rows, tags
    numbered = pa.table({"visit_id": rows["visit_id"], "row": np.arange(rows.num_rows)})
    first = numbered.group_by("visit_id").aggregate([("row", "min")])["row_min"]
    return rows.take(first.combine_chunks().sort()), tags


def in_days(days: dict[date, np.ndarray], rows: pa.Table) -> Iterator[tuple[date, pa.Table]]:
    """The rows of each day."""
    for day, numbers in days.items():
        yield day, rows if len(numbers) == rows.num_rows else rows.take(pa.array(numbers))


assert ROWS.names[1:] == SEALED.names
