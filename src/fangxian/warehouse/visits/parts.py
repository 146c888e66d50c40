"""Parts of sealed days as Parquet: the same rows by place (with all they carry) and by person (for tracing)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from .durable import place_file, sha256
from .manifest import Part, SealedFile
from .rows import ROWS, TRACE_COLUMNS

ROWS_A_GROUP = 128 * 1024
BY_PLACE = [("place_id", "ascending"), ("entered_at", "ascending"), ("visit_id", "ascending")]
BY_PERSON = [("person_id", "ascending"), ("entered_at", "ascending"), ("place_id", "ascending")]
PLAIN = ["visit_id"]


def write_part(folder: Path, day: date, name: str, rows: pa.Table) -> Part:
    """Write rows (schema ROWS) of one day as a part; durable when this returns, counted only once in the manifest."""
    by_place = rows.sort_by(BY_PLACE)
    by_person = rows.select(TRACE_COLUMNS).sort_by(BY_PERSON)
    entered, left = rows["entered_at"], rows["left_at"]
    bounds = pc.min_max(entered)
    return Part(
        day=day,
        name=name,
        rows=rows.num_rows,
        t_min=bounds["min"].as_py(),
        t_max=pc.max(left).as_py(),
        max_stay=pc.max(pc.subtract(left, entered)).as_py(),
        place=_write(folder, f"day={day}/{name}.place.parquet", by_place),
        person=_write(folder, f"day={day}/{name}.person.parquet", by_person),
    )


def _write(folder: Path, name: str, rows: pa.Table) -> SealedFile:
    target = folder / name
    packed = [column for column in rows.column_names if column not in PLAIN]
    place_file(
        target,
        lambda unfinished: pq.write_table(
            rows, unfinished, compression="zstd", row_group_size=ROWS_A_GROUP, use_dictionary=packed
        ),
    )
    return SealedFile(name, target.stat().st_size, sha256(target))


def _read(path: Path, *columns: str) -> pa.Table:
    with pq.ParquetFile(path) as file:
        return file.read(columns=list(columns) or None)


def read_part(folder: Path, part: Part) -> pa.Table:
    """All rows of a part (schema ROWS)."""
    return _read(folder / part.place.name).cast(ROWS)


def read_trace(folder: Path, part: Part, erased: Iterable[int] = ()) -> pa.Table:
    """The rows of a part as engines need them, without the erased persons."""
    rows = _read(folder / part.place.name, *TRACE_COLUMNS)
    return without_persons(rows, erased)


def visit_ids(folder: Path, parts: Iterable[Part]) -> pa.Array:
    """Ids of every visit in some parts."""
    columns = [_read(folder / part.place.name, "visit_id") for part in parts]
    if not columns:
        return pa.array([], pa.binary(16))
    return pa.concat_tables(columns)["visit_id"].combine_chunks().cast(pa.binary(16))


def holds_person(folder: Path, part: Part, persons: Iterable[int]) -> bool:
    """Whether a part holds a row of one of these persons; reads one column of the file sorted by person."""
    wanted = pa.array(list(persons), pa.int32())
    column = _read(folder / part.person.name, "person_id")["person_id"]
    return bool(pc.any(pc.is_in(column, wanted)).as_py())


def without_persons(rows: pa.Table, persons: Iterable[int]) -> pa.Table:
    """Rows of anybody else."""
    gone = pa.array(list(persons), pa.int32())
    return rows.filter(pc.invert(pc.is_in(rows["person_id"], gone))) if len(gone) else rows


def once_each(rows: pa.Table) -> pa.Table:
    """Rows with every (visit, time of entry) once; pieces of a long stay share the visit."""
    if rows.num_rows == pc.count_distinct(rows["visit_id"]).as_py():
        return rows
    numbered = rows.append_column("row", pa.array(range(rows.num_rows), pa.int64()))
    first = numbered.group_by(["visit_id", "entered_at"]).aggregate([("row", "min")])["row_min"]
    return rows.take(first.combine_chunks().sort())
