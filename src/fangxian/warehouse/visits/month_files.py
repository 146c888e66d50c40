"""The SQLite files of hot rows, one a month: opened when they are needed, deleted when their month is over.

Another process may hold a file open that is deleted. So a file is closed first, by a mark inside it: whoever begins to
read or write there finds the mark, lets go of the file and opens the one that has the name now.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from . import durable, schema
from .database import Cursor, SqliteDatabase

IS_CLOSED = "select closed from month_state"


class Closed(Exception):
    """The month's file is deleted or about to be."""


class MonthFiles:
    """A folder of files, "2022-03.sqlite"."""

    def __init__(self, folder: Path, synchronous: str) -> None:
        self.folder, self.synchronous = folder, synchronous
        self._held: dict[str, SqliteDatabase] = {}
        self._one_opener = threading.Lock()
        durable.make_folder(folder)

    def months(self) -> list[str]:
        """The months that have a file."""
        return sorted(path.stem for path in self.folder.glob("*.sqlite"))

    def reading(self, month: str) -> AbstractContextManager[Cursor]:
        """A transaction that sees one moment."""
        return self._transaction(month, read_only=True)

    def writing(self, month: str) -> AbstractContextManager[Cursor]:
        """A transaction that may write; the file is made where there is none."""
        return self._transaction(month, read_only=False)

    def open(self, month: str) -> SqliteDatabase:
        """The month's file, made where there is none."""
        held = self._held.get(month)
        if held is None:
            with self._changing():
                held = self._held.get(month) or self._made(month)
                self._held[month] = held
        return held

    def delete(self, month: str) -> None:
        """Delete a file that has been closed (`closed = 1`), with every byte of its log."""
        self.open(month).scrub()
        self._let_go(month)

    def close(self) -> None:
        """Let go of every file."""
        for database in self._held.values():
            database.close()

    @contextmanager
    def _transaction(self, month: str, *, read_only: bool) -> Iterator[Cursor]:
        while True:
            try:
                with self.open(month).transaction(read_only=read_only) as cursor:
                    if _is_closed(cursor):
                        raise Closed
                    yield cursor
                return
            except Closed:
                self._let_go(month)

    def _made(self, month: str) -> SqliteDatabase:
        database = SqliteDatabase(self.folder / f"{month}.sqlite", synchronous=self.synchronous)
        with database.transaction() as cursor:
            run_all(cursor, schema.SQLITE_MONTH)
        durable.sync_folder(self.folder)
        return database

    def _let_go(self, month: str) -> None:
        """Forget the file that is held; the one under its name is deleted if it is closed: it may be a new one."""
        path = self.folder / f"{month}.sqlite"
        with self._changing():
            if held := self._held.pop(month, None):
                held.close()
            if path.exists() and _is_marked(path):
                for suffix in ("", "-wal", "-shm"):  # a log without its database is deleted by SQLite itself
                    path.with_name(path.name + suffix).unlink(missing_ok=True)
                durable.sync_folder(self.folder)

    @contextmanager
    def _changing(self) -> Iterator[None]:
        with self._one_opener, durable.locked(self.folder / "lock", exclusive=True):
            yield


def run_all(cursor: Cursor, statements: str) -> None:
    """Statements with a semicolon after each."""
    for statement in filter(str.strip, statements.split(";")):
        cursor.run(statement)


def _is_closed(cursor: Cursor) -> bool:
    try:
        return bool(cursor.run(IS_CLOSED)[0][0])
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):  # deleted, and its name made anew by opening it
            return True
        raise


def _is_marked(path: Path) -> bool:
    connection = sqlite3.connect(path)
    try:
        return _has_table(connection) and bool(connection.execute(IS_CLOSED).fetchone()[0])
    finally:
        connection.close()


def _has_table(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("select 1 from sqlite_master where name = 'month_state'").fetchall())
