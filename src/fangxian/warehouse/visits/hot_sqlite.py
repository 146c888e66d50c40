"""The embedded hot store: own files, so that scans never wait for the system of record; one for each month.

    visits/hot.sqlite          dictionary, devices
    visits/hot/2022-03.sqlite  rows whose ids were made in that month

How a month's file is opened and deleted is the business of `month_files`.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from . import schema
from .columns import Choice, Column
from .database import Cursor, Database, SqliteDatabase
from .dictionary import Dictionary
from .hot_rows import (
    AMONG,
    COLUMNS,
    EARLIEST,
    EVERYTHING,
    LATEST,
    OUTDATED,
    TRACE,
    TRACED,
    Taken,
    numbered,
    span_of,
    traced,
)
from .month_files import MonthFiles, run_all
from .months import by_month, ended_before
from .rows import ROWS, Visit

ROW = f"({','.join('?' * len(Visit._fields))})"
INSERT = f"insert or ignore into visits_hot ({COLUMNS}) values {ROW}"
ROWS_A_STATEMENT = 50  # a statement for each row costs two thirds more
INSERT_SOME = f"insert or ignore into visits_hot ({COLUMNS}) values {','.join([ROW] * ROWS_A_STATEMENT)}"
REMOVED_AT_ONCE = 20_000
OVERWRITTEN = "update month_state set removals = removals + 1"


def _insert(cursor: Cursor, rows: Sequence[Visit]) -> int:
    """Store rows, the most of them some at a time; how many were new."""
    whole = len(rows) // ROWS_A_STATEMENT * ROWS_A_STATEMENT
    some = (rows[at : at + ROWS_A_STATEMENT] for at in range(0, whole, ROWS_A_STATEMENT))
    return cursor.many(INSERT_SOME, [tuple(chain.from_iterable(part)) for part in some]) + cursor.many(
        INSERT, rows[whole:]
    )


class TakenRows(NamedTuple):
    """Rows that were read: of each month the file they were in, the last number seen, and the times of entry."""

    rows: pa.Table
    until: dict[str, tuple[bytes, int]]
    begin: int
    end: int


class Seen(NamedTuple):
    """What has been read of a month: its file, how often rows had left it, the last number, the rows (schema TRACE)."""

    birth: bytes
    removals: int
    last: int
    rows: pa.Table


class SqliteHot:
    """Files of rows beside one file for all that stays."""

    def __init__(self, path: Path, *, synchronous: str = "FULL") -> None:
        self.database = SqliteDatabase(path, synchronous=synchronous)
        self.dictionary = Dictionary(self.database)
        self.files = MonthFiles(path.with_suffix(""), synchronous)
        self._seen: dict[str, Seen] = {}
        self._one_reader = threading.Lock()
        with self.database.transaction() as cursor:
            run_all(cursor, schema.SQLITE)

    def databases(self) -> list[Database]:
        """Every database of the store."""
        return [self.database, *(self.files.open(month) for month in self.months())]

    def months(self) -> list[str]:
        """The months that have a file."""
        return self.files.months()

    def insert(self, batches: Sequence[Sequence[Visit]]) -> list[int]:
        """Store all batches in one commit (one a month); how many rows of each were new."""
        new = [0] * len(batches)
        for month, parts in by_month(batches).items():
            with self.files.writing(month) as cursor:
                for number, rows in parts:
                    new[number] += _insert(cursor, rows)
        return new

    def rows(self, begin: int = EARLIEST, end: int = LATEST) -> pa.Table:
        """Rows entered in [begin, end) with their numbers (schema ROWS), in no order."""
        return self.take(begin, end).rows

    def take(self, begin: int = EARLIEST, end: int = LATEST) -> TakenRows:
        """The same, to be removed later."""
        found, until = [ROWS.empty_table()], {}
        for month in self.months():
            with self.files.reading(month) as cursor:
                birth, _, last = _state(cursor)
                raw = cursor.read("visits_hot", "seq", EVERYTHING, Choice(AMONG, (begin, end)))
            until[month] = (birth, last)
            found.append(numbered(raw, self.dictionary))
        return TakenRows(pa.concat_tables(found), until, begin, end)

    def remove(self, taken: Taken) -> int:
        """Delete rows that were taken, some at a time so that arrivals are not kept waiting; how many were left."""
        assert isinstance(taken, TakenRows)
        return sum(self._remove(month, taken) for month in taken.until if month in self.months())

    def _remove(self, month: str, taken: TakenRows) -> int:
        birth, last = taken.until[month]
        with self.files.reading(month) as cursor:
            first = cursor.run(f"select min(seq) from visits_hot where {AMONG}", (taken.begin, taken.end))[0][0]
        removed = 0
        for begin in range(last + 1 if first is None else first, last + 1, REMOVED_AT_ONCE):
            with self.files.writing(month) as cursor:
                if _state(cursor)[0] == birth:
                    sql = f"delete from visits_hot where seq >= ? and seq < ? and {AMONG}"
                    bounds = (begin, min(begin + REMOVED_AT_ONCE, last + 1), taken.begin, taken.end)
                    removed += cursor.count(sql, bounds)
                    cursor.count(OVERWRITTEN)
        return removed

    def trace_rows(self) -> pa.Table:
        """All rows as an engine needs them (schema TRACE); only what has arrived since the last call is read."""
        with self._one_reader:
            self._seen = {month: self._look(month) for month in self.months()}
            return pa.concat_tables([TRACE.empty_table(), *(seen.rows for seen in self._seen.values())])

    def _look(self, month: str) -> Seen:
        before = self._seen.get(month)
        with self.files.reading(month) as cursor:
            birth, removals, last = _state(cursor)
            if before is None or before[:2] != (birth, removals):
                before = Seen(birth, removals, EARLIEST, TRACE.empty_table())
            if last == before.last:
                return before
            raw = cursor.read("visits_hot", "seq", TRACED, Choice(after=before.last))
        rows = pa.concat_tables([before.rows, traced(raw, self.dictionary)]).combine_chunks()
        return Seen(birth, removals, last, rows)

    def span(self, end: int = LATEST, begin: int = EARLIEST) -> tuple[int, int] | None:
        """(rows, first entered_at) of the rows entered in [begin, end), or None where there are none."""
        sql, spans = f"select count(*), min(entered_at) from visits_hot where {AMONG}", []
        for month in self.months():
            with self.files.reading(month) as cursor:
                spans += [(rows, first) for rows, first in cursor.run(sql, (begin, end))]
        return span_of(spans)

    def persons(self) -> pa.Array:
        """The uuids of everybody with a row."""
        found = [pa.array([], pa.binary(16))]
        for month in self.months():
            with self.files.reading(month) as cursor:
                column = cursor.read("visits_hot", "seq", [Column("person", "uuid")])["person"]
            found.append(pc.unique(column))
        return pc.unique(pa.concat_arrays(found))

    def erase(self, person: bytes) -> int:
        """Delete a person's rows and then their place in the dictionary; repeating it is harmless."""
        rows = self._delete("delete from visits_hot where person = ?", (person,))
        with self.database.transaction() as cursor:
            cursor.count("delete from visit_persons where uuid = ?", (person,))
        return rows

    def drop_before(self, second: int) -> int:
        """Delete rows entered before a moment, or received before it: those of a clock that ran ahead."""
        rows = self._delete(f"delete from visits_hot where {OUTDATED}", (second, second))
        for month in self.months():
            if ended_before(month, second):
                self._drop(month)
        return rows

    def _delete(self, sql: str, values: Sequence[bytes | int]) -> int:
        rows = 0
        for month in self.months():
            with self.files.writing(month) as cursor:
                gone = cursor.count(sql, values)
                rows += gone
                if gone:
                    cursor.count(OVERWRITTEN)
        return rows

    def _drop(self, month: str) -> None:
        """Delete the file of a month that has no row left."""
        with self.files.writing(month) as cursor:
            if cursor.run("select 1 from visits_hot limit 1"):
                return
            cursor.count("update month_state set closed = 1")
        self.files.delete(month)

    def scrub(self) -> None:
        """Leave no byte of a deleted row in any file."""
        for database in self.databases():
            database.scrub()

    def close(self) -> None:
        """Let go of every file."""
        self.database.close()
        self.files.close()


def _state(cursor: Cursor) -> tuple[bytes, int, int]:
    """The file's own name, how often rows have left it, and the last number given."""
    sql = "select birth, removals, coalesce((select max(seq) from visits_hot), 0) from month_state"
    birth, removals, last = cursor.run(sql)[0]
    return bytes(birth), removals, last
