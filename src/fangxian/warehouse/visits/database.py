"""Two databases behind one small face: begin, run, run many, commit. SQL is written with `?`."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

import psycopg
import pyarrow as pa

from .columns import ALL, Choice, Column, from_postgres, from_sqlite

Row = tuple[Any, ...]
CACHE_KIB = 16_000
"""A commit of 5,000 scans touches more pages than SQLite's two megabytes hold, and would write some of them twice."""
PAGES_A_CHECKPOINT = 4000
"""Ids of one moment lie scattered over few pages: written back seldom, each is written back once for many commits."""


class UnsafeStore(RuntimeError):
    """The database does not keep what it acknowledges; the log refuses to run on it."""


class Cursor(Protocol):
    """An open transaction."""

    def run(self, sql: str, values: Sequence[Any] = ()) -> list[Row]: ...
    def count(self, sql: str, values: Sequence[Any] = ()) -> int: ...
    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> int: ...
    def read(self, table: str, key: str, columns: Sequence[Column], choice: Choice = ALL) -> pa.Table:
        """Columns of many rows as Arrow, without a Python object a value; `key` is an integer that orders the table."""


class SqliteCursor:
    """A transaction of `sqlite3`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def run(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        return self.connection.execute(sql, values).fetchall()

    def count(self, sql: str, values: Sequence[Any] = ()) -> int:
        return self.connection.execute(sql, values).rowcount

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> int:
        return max(self.connection.executemany(sql, rows).rowcount, 0)

    def read(self, table: str, key: str, columns: Sequence[Column], choice: Choice = ALL) -> pa.Table:
        return from_sqlite(self.connection, table, key, columns, choice)


class PostgresCursor:
    """A transaction of psycopg."""

    def __init__(self, connection: psycopg.Connection[Row]) -> None:
        self.connection = connection

    def run(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        found = self.connection.execute(sql.replace("?", "%s"), values, binary=True)
        return found.fetchall() if found.description else []

    def count(self, sql: str, values: Sequence[Any] = ()) -> int:
        return self.connection.execute(sql.replace("?", "%s"), values).rowcount

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> int:
        with self.connection.cursor() as cursor:
            cursor.executemany(sql.replace("?", "%s"), rows)
            return max(cursor.rowcount, 0)

    def copy(self, sql: str, rows: bytes) -> None:
        """Hand over what COPY reads."""
        with self.connection.cursor() as cursor, cursor.copy(sql) as stream:
            stream.write(rows)

    def read(self, table: str, key: str, columns: Sequence[Column], choice: Choice = ALL) -> pa.Table:
        return from_postgres(self.connection, table, columns, choice)


class _Held:
    """A thread's connection, closed when the thread ends or the database is closed."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def __del__(self) -> None:
        with suppress(sqlite3.Error, psycopg.Error):
            self.connection.close()


class SqliteDatabase:
    """One SQLite file, one connection a thread, full sync and overwritten deletions, both asserted at open."""

    def __init__(self, path: Path, *, synchronous: str = "FULL") -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path, self.synchronous = path, synchronous
        self._local = threading.local()

    def _connection(self) -> sqlite3.Connection:
        held: _Held | None = getattr(self._local, "held", None)
        if held is None:
            connection = sqlite3.connect(self.path, timeout=30, isolation_level=None, check_same_thread=False)
            held = self._local.held = _Held(connection)
            self._settle(connection)
        own: sqlite3.Connection = held.connection
        return own

    def _settle(self, connection: sqlite3.Connection) -> None:
        """Set what durability and erasure rest on, then ask the database whether it agreed."""
        connection.execute("pragma journal_mode=wal")
        connection.execute(f"pragma synchronous={self.synchronous}")
        connection.execute("pragma secure_delete=on")
        connection.execute(f"pragma cache_size=-{CACHE_KIB}")
        connection.execute(f"pragma wal_autocheckpoint={PAGES_A_CHECKPOINT}")
        wanted = {"journal_mode": "wal", "synchronous": {"FULL": 2, "NORMAL": 1}[self.synchronous], "secure_delete": 1}
        for name, value in wanted.items():
            if (found := connection.execute(f"pragma {name}").fetchone()[0]) != value:
                raise UnsafeStore(f"{name} is {found!r}, not {value!r}")

    @contextmanager
    def transaction(self, *, read_only: bool = False) -> Iterator[SqliteCursor]:
        connection = self._connection()
        connection.execute("begin" if read_only else "begin immediate")
        try:
            yield SqliteCursor(connection)
        except BaseException:
            connection.execute("rollback")
            raise
        connection.execute("commit")

    def number_after(self, table: str, number: int) -> bool:
        """Let a table's next number be higher than `number`; whether it would have been lower."""
        with self.transaction() as cursor:
            behind = cursor.run("select coalesce(max(seq), 0) < ? from sqlite_sequence where name = ?", (number, table))
            if behind[0][0]:
                cursor.run("delete from sqlite_sequence where name = ?", (table,))
                cursor.run("insert into sqlite_sequence (name, seq) values (?, ?)", (table, number))
        return bool(behind[0][0])

    def scrub(self) -> None:
        """Write the log back and empty it, so that no deleted byte stays in it."""
        busy = self._connection().execute("pragma wal_checkpoint(truncate)").fetchone()[0]
        if busy:
            raise TimeoutError("a long read keeps the write-ahead log from being emptied")

    def close(self) -> None:
        """Let go of every thread's connection."""
        self._local = threading.local()


class PostgresDatabase:
    """The system of record on PostgreSQL, one connection a thread."""

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn
        self._local = threading.local()

    def _connection(self) -> psycopg.Connection[Row]:
        held: _Held | None = getattr(self._local, "held", None)
        if held is None or held.connection.closed:
            connection = psycopg.connect(self.dsn, autocommit=True)
            held = self._local.held = _Held(connection)
            self._settle(connection)
        own: psycopg.Connection[Row] = held.connection
        return own

    def _settle(self, connection: psycopg.Connection[Row]) -> None:
        connection.execute("set synchronous_commit = on")
        connection.execute("set client_min_messages = warning")

    @contextmanager
    def transaction(self, *, read_only: bool = False) -> Iterator[PostgresCursor]:
        connection = self._connection()
        with connection.transaction():
            if read_only:
                connection.execute("set transaction isolation level repeatable read, read only")
            yield PostgresCursor(connection)

    def number_after(self, table: str, number: int) -> bool:
        """Let a table's next number be higher than `number`; whether it would have been lower."""
        sequence = f"pg_get_serial_sequence('{table}', 'number')"
        with self.transaction() as cursor:
            behind = cursor.run(f"select coalesce(pg_sequence_last_value({sequence}), 0) < ?", (number,))[0][0]
            if behind:
                cursor.run(f"select setval({sequence}, ?)", (number,))
        return bool(behind)

    def scrub(self) -> None:
        """Rewrite the tables without their dead rows (the server's own log is recycled by the server)."""
        for table in ("visits_hot", "visit_persons"):
            self._connection().execute(f"vacuum full {table}")

    def close(self) -> None:
        """Let go of every thread's connection."""
        self._local = threading.local()


Database = SqliteDatabase | PostgresDatabase
