"""The hot store: rows as they arrive, keyed by the id the device made, one commit for many senders."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from . import schema
from .chunks import chunks
from .database import Cursor, Database, PostgresCursor, PostgresDatabase, SqliteDatabase
from .dictionary import Dictionary
from .rows import ROWS, Visit

COLUMNS = ", ".join(Visit._fields)
NUMBERED = (
    "select v.visit_id, p.number, l.number, v.entered_at, v.left_at, v.mask, v.temperature, v.device_at, "
    "v.received_at, v.flags from visits_hot v join visit_persons p on p.uuid = v.person "
    "join visit_places l on l.uuid = v.place where v.entered_at >= ? and v.entered_at < ?"
)
EARLIEST, LATEST = 0, 2**31 - 1
REMOVED_AT_ONCE = 20_000


class HotStore(Protocol):
    """What the log needs of a hot store; `SqliteHot` and `PostgresHot` are the two there are."""

    database: Database
    dictionary: Dictionary

    def insert(self, batches: Sequence[Sequence[Visit]]) -> list[int]: ...
    def rows(self, begin: int = EARLIEST, end: int = LATEST) -> pa.Table: ...
    def span(self, end: int = LATEST, begin: int = EARLIEST) -> tuple[int, int] | None: ...
    def remove(self, visit_ids: pa.ChunkedArray) -> int: ...
    def erase(self, person: bytes) -> int: ...
    def drop_before(self, second: int) -> int: ...
    def close(self) -> None: ...


class _Hot:
    """All that is the same SQL on both databases."""

    database: Database

    def __init__(self, database: Database, ddl: str) -> None:
        self.database = database
        self.dictionary = Dictionary(database)
        with database.transaction() as cursor:
            for statement in filter(str.strip, ddl.split(";")):
                cursor.run(statement)

    def rows(self, begin: int = EARLIEST, end: int = LATEST) -> pa.Table:
        """Rows entered in [begin, end) with their numbers (schema ROWS), in no order."""
        with self.database.transaction() as cursor:
            self.dictionary.adopt_hot(cursor)
        with self.database.transaction(read_only=True) as cursor:
            found = cursor.run(NUMBERED, (begin, end))
        columns = list(zip(*found, strict=True)) or [()] * len(ROWS)
        return pa.table([pa.array(c, f.type) for c, f in zip(columns, ROWS, strict=True)], schema=ROWS)

    def span(self, end: int = LATEST, begin: int = EARLIEST) -> tuple[int, int] | None:
        """(rows, first entered_at) of the rows entered in [begin, end), or None where there are none."""
        with self.database.transaction(read_only=True) as cursor:
            sql = "select count(*), min(entered_at) from visits_hot where entered_at >= ? and entered_at < ?"
            rows, first = cursor.run(sql, (begin, end))[0]
        return (rows, first) if rows else None

    def remove(self, visit_ids: pa.ChunkedArray) -> int:
        """Delete sealed rows, some at a time so that arrivals are not kept waiting."""
        removed = 0
        for some in chunks(visit_ids.to_pylist(), REMOVED_AT_ONCE):
            with self.database.transaction() as cursor:
                removed += cursor.many("delete from visits_hot where visit_id = ?", ((visit,) for visit in some))
        return removed

    def erase(self, person: bytes) -> int:
        """Delete a person's rows and their place in the dictionary, in one transaction."""
        with self.database.transaction() as cursor:
            rows = cursor.count("delete from visits_hot where person = ?", (person,))
            cursor.count("delete from visit_persons where uuid = ?", (person,))
        return rows

    def drop_before(self, second: int) -> int:
        """Delete rows entered before a moment, or received before it: those of a clock that ran ahead."""
        with self.database.transaction() as cursor:
            return cursor.count("delete from visits_hot where entered_at < ? or received_at < ?", (second, second))

    def close(self) -> None:
        self.database.close()


class SqliteHot(_Hot):
    """The embedded default: an own file, so that scans never wait for the system of record."""

    def __init__(self, path: Path, *, synchronous: str = "FULL") -> None:
        super().__init__(SqliteDatabase(path, synchronous=synchronous), schema.SQLITE)

    def insert(self, batches: Sequence[Sequence[Visit]]) -> list[int]:
        """Store all batches in one commit; how many rows of each were new."""
        sql = f"insert or ignore into visits_hot ({COLUMNS}) values ({','.join('?' * len(Visit._fields))})"
        with self.database.transaction() as cursor:
            return [cursor.many(sql, batch) for batch in batches]


class PostgresHot(_Hot):
    """A table in the system of record."""

    TYPES = ("bytea", "bytea", "bytea", "int", "int", "smallint", "smallint", "int", "int", "smallint")

    def __init__(self, dsn: str) -> None:
        super().__init__(PostgresDatabase(dsn), schema.POSTGRES)

    def insert(self, batches: Sequence[Sequence[Visit]]) -> list[int]:
        """Store all batches in one commit; how many rows of each were new."""
        with self.database.transaction() as cursor:
            return [self._insert(cursor, batch) for batch in batches]

    def _insert(self, cursor: Cursor, batch: Sequence[Visit]) -> int:
        assert isinstance(cursor, PostgresCursor)
        arrays = ", ".join(f"%s::{kind}[]" for kind in self.TYPES)
        columns = [list(column) for column in zip(*batch, strict=True)]
        columns[Visit._fields.index("mask")] = [None if mask is None else int(mask) for mask in columns[5]]
        return cursor.count(
            f"insert into visits_hot ({COLUMNS}) select * from unnest({arrays}) on conflict do nothing", columns
        )
