"""The hot store on PostgreSQL: a table in the system of record, a partition for each month.

It is partitioned by the visit's id: a UUIDv7 begins with its time, so the months are ranges of ids, and the primary
key stays the id alone. What comes of no plausible month goes to the partition for others.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

import psycopg
import pyarrow as pa
import pyarrow.compute as pc

from . import schema
from .chunks import chunks
from .columns import Choice, Column
from .copying import copied
from .database import Cursor, Database, PostgresDatabase
from .dictionary import Dictionary
from .hot_rows import AMONG, COLUMNS, EARLIEST, EVERYTHING, LATEST, OUTDATED, TRACED, Taken, numbered, span_of, traced
from .months import OTHER, bounds, by_month, ended_before
from .rows import ROWS, Visit

COPY = f"copy visits_hot ({COLUMNS}) from stdin (format binary)"
TYPES = ("bytea", "bytea", "bytea", "int", "int", "smallint", "smallint", "int", "int", "smallint")
INSERT = (
    f"insert into visits_hot ({COLUMNS}) select * from unnest({', '.join(f'?::{kind}[]' for kind in TYPES)}) "
    "on conflict do nothing"
)
MASK = Visit._fields.index("mask")
PARTITIONS = "select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = ?::regclass"
REMOVED_AT_ONCE = 20_000


class TakenRows(NamedTuple):
    """Rows that were read; they carry the ids by which they are removed."""

    rows: pa.Table


class PostgresHot:
    """A table in the system of record."""

    def __init__(self, dsn: str) -> None:
        self.database = PostgresDatabase(dsn)
        self.dictionary = Dictionary(self.database)
        self._months = {OTHER}
        with self.database.transaction() as cursor:
            for statement in filter(str.strip, schema.POSTGRES.split(";")):
                cursor.run(statement)

    def databases(self) -> list[Database]:
        """Every database of the store."""
        return [self.database]

    def months(self) -> list[str]:
        """The months that have a partition."""
        with self.database.transaction(read_only=True) as cursor:
            names = [name for (name,) in cursor.run(PARTITIONS, ("visits_hot",))]
        return sorted(name.removeprefix("visits_hot_").replace("_", "-") for name in names)

    def insert(self, batches: Sequence[Sequence[Visit]]) -> list[int]:
        """Store all batches in one commit; how many rows of each were new.

        Nearly always all are. When one was sent before, the server takes none, and each row is asked for.
        """
        for month in by_month(batches).keys() - self._months:
            self._make(month)
        try:
            with self.database.transaction() as cursor:
                cursor.copy(COPY, copied(list(chain.from_iterable(batches))))
            return [len(batch) for batch in batches]
        except psycopg.errors.UniqueViolation:
            with self.database.transaction() as cursor:
                return [_insert(cursor, batch) if batch else 0 for batch in batches]

    def _make(self, month: str) -> None:
        """Make the partition of a month. Rows that came while it was being dropped may be in its way: then they and
        those of the whole month stay among the others."""
        low, high = (f"'\\x{bound.hex()}'::bytea" for bound in bounds(month))
        sql = f"create table if not exists {_name(month)} partition of visits_hot for values from ({low}) to ({high})"
        try:
            with self.database.transaction() as cursor:
                cursor.run(sql)
        except (psycopg.errors.CheckViolation, psycopg.errors.UniqueViolation, psycopg.errors.DuplicateTable):
            pass
        self._months.add(month)

    def rows(self, begin: int = EARLIEST, end: int = LATEST) -> pa.Table:
        """Rows entered in [begin, end) with their numbers (schema ROWS), in no order."""
        return self.take(begin, end).rows

    def take(self, begin: int = EARLIEST, end: int = LATEST) -> TakenRows:
        """The same, to be removed later."""
        with self.database.transaction(read_only=True) as cursor:
            raw = cursor.read("visits_hot", "", EVERYTHING, Choice(AMONG, (begin, end)))
        return TakenRows(numbered(raw, self.dictionary) if raw.num_rows else ROWS.empty_table())

    def remove(self, taken: Taken) -> int:
        """Delete rows that were taken, some at a time so that arrivals are not kept waiting; how many were left."""
        removed = 0
        for some in chunks(taken.rows["visit_id"].to_pylist(), REMOVED_AT_ONCE):
            with self.database.transaction() as cursor:
                removed += cursor.count("delete from visits_hot where visit_id = any(?)", (list(some),))
        return removed

    def trace_rows(self) -> pa.Table:
        """All rows as an engine needs them (schema TRACE)."""
        with self.database.transaction(read_only=True) as cursor:
            raw = cursor.read("visits_hot", "", TRACED)
        return traced(raw, self.dictionary)

    def span(self, end: int = LATEST, begin: int = EARLIEST) -> tuple[int, int] | None:
        """(rows, first entered_at) of the rows entered in [begin, end), or None where there are none."""
        with self.database.transaction(read_only=True) as cursor:
            sql = f"select count(*), min(entered_at) from visits_hot where {AMONG}"
            return span_of([(rows, first) for rows, first in cursor.run(sql, (begin, end))])

    def persons(self) -> pa.Array:
        """The uuids of everybody with a row."""
        with self.database.transaction(read_only=True) as cursor:
            column = cursor.read("visits_hot", "", [Column("person", "uuid")])["person"]
        return pc.unique(column).cast(pa.binary(16))

    def erase(self, person: bytes) -> int:
        """Delete a person's rows and their place in the dictionary, in one transaction."""
        with self.database.transaction() as cursor:
            rows = cursor.count("delete from visits_hot where person = ?", (person,))
            cursor.count("delete from visit_persons where uuid = ?", (person,))
        return rows

    def drop_before(self, second: int) -> int:
        """Delete rows entered before a moment, or received before it: those of a clock that ran ahead."""
        with self.database.transaction() as cursor:
            rows = cursor.count(f"delete from visits_hot where {OUTDATED}", (second, second))
        for month in self.months():
            if ended_before(month, second):
                self._drop(month)
        return rows

    def _drop(self, month: str) -> None:
        """Drop the partition of a month that has no row left; nobody writes meanwhile."""
        with self.database.transaction() as cursor:
            cursor.run("lock table visits_hot in access exclusive mode")
            if not cursor.run(f"select 1 from {_name(month)} limit 1"):
                cursor.run(f"drop table {_name(month)}")
        self._months.discard(month)

    def scrub(self) -> None:
        """Leave no byte of a deleted row in a table."""
        self.database.scrub()

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()


def _name(month: str) -> str:
    return f"visits_hot_{month.replace('-', '_')}"


def _insert(cursor: Cursor, batch: Sequence[Visit]) -> int:
    columns = [list(column) for column in zip(*batch, strict=True)]
    columns[MASK] = [None if worn is None else int(worn) for worn in columns[MASK]]
    return cursor.count(INSERT, columns)
