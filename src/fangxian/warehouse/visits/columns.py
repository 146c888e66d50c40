"""Many rows of a database as Arrow columns. A Python object a value would cost ten times as much.

The database puts a column together itself: uuids one behind the other, numbers as text with commas (SQLite) or as four
bytes each (PostgreSQL, whose COPY would hand them over row by row).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
import psycopg
import pyarrow as pa

ROWS_AT_ONCE = 1 << 18
MISSING = -(2**31)
"""Stands for no value on the way."""


class Column(NamedTuple):
    """A column to read: uuids (16 bytes, never missing) or whole numbers."""

    name: str
    kind: Literal["uuid", "number"] = "number"


class Choice(NamedTuple):
    """Which rows: a condition with its values, and those whose key is above `after` (on SQLite only)."""

    where: str = ""
    values: Sequence[int] = ()
    after: int = -1


ALL = Choice()


def from_sqlite(
    connection: sqlite3.Connection, table: str, key: str, columns: Sequence[Column], choice: Choice
) -> pa.Table:
    """Rows in the order of `key`, an integer primary key; read in stretches of it."""
    where, values, after = choice
    sql = f"select min({key}), max({key}) from {table} where {key} > ?"
    first, last = connection.execute(sql, (after,)).fetchone()
    parts = []
    condition = f"{key} >= ? and {key} < ?" + (f" and ({where})" if where else "")
    chosen = ", ".join(map(_put_together, columns))
    for begin in () if first is None else range(first, last + 1, ROWS_AT_ONCE):
        sql = f"select count(*), {chosen} from (select * from {table} where {condition} order by {key})"
        found = connection.execute(sql, (begin, begin + ROWS_AT_ONCE, *values)).fetchone()
        if found[0]:
            parts.append(_table(columns, found[1:]))
    return pa.concat_tables([schema_of(columns).empty_table(), *parts])


def from_postgres(
    connection: psycopg.Connection[Any], table: str, columns: Sequence[Column], choice: Choice
) -> pa.Table:
    """Rows in no order."""
    where, values, _ = choice
    chosen = ", ".join(f"string_agg({_bytes_of(column)}, ''::bytea)" for column in columns)
    sql = f"select count(*), {chosen} from {table}" + (f" where {where.replace('?', '%s')}" if where else "")
    found = connection.execute(sql, values, binary=True).fetchone()
    if not found or not found[0]:
        return schema_of(columns).empty_table()
    arrays = [
        _uuids(np.frombuffer(value, "V16")) if c.kind == "uuid" else _numbers(np.frombuffer(value, ">i4"))
        for c, value in zip(columns, found[1:], strict=True)
    ]
    return pa.table(arrays, schema=schema_of(columns))


def schema_of(columns: Sequence[Column]) -> pa.Schema:
    """Uuids as 16 bytes, numbers as int32."""
    return pa.schema([(c.name, pa.binary(16) if c.kind == "uuid" else pa.int32()) for c in columns])


def _put_together(column: Column) -> str:
    if column.kind == "uuid":
        return f"cast(group_concat({column.name}, '') as blob)"
    return f"group_concat(ifnull({column.name}, {MISSING}))"


def _table(columns: Sequence[Column], values: Sequence[Any]) -> pa.Table:
    arrays = [
        _uuids(np.frombuffer(value, dtype="V16"))
        if c.kind == "uuid"
        else _numbers(np.fromstring(value, np.int64, sep=","))
        for c, value in zip(columns, values, strict=True)
    ]
    return pa.table(arrays, schema=schema_of(columns))


def _bytes_of(column: Column) -> str:
    """A value as PostgreSQL sends it in binary."""
    return column.name if column.kind == "uuid" else f"int4send(coalesce({column.name}, {MISSING})::int4)"


def _uuids(values: np.ndarray) -> pa.Array:
    content = pa.py_buffer(np.ascontiguousarray(values))
    return pa.FixedSizeBinaryArray.from_buffers(pa.binary(16), len(values), [None, content])


def _numbers(values: np.ndarray) -> pa.Array:
    return pa.array(values.astype(np.int32), mask=values == MISSING)
