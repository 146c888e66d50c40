"""The hot rows of PostgreSQL as files of an embedded log: for the copy of a drill, which is embedded always.

The sealed days are files already and know persons and places by their numbers. So the dictionary is taken over number
by number, and the next number is the one that would have come next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from .chunks import chunks
from .database import Row, SqliteDatabase
from .hot_rows import COLUMNS
from .hot_sqlite import SqliteHot
from .rows import Visit

Read = Callable[[str], Iterable[Row]]
"""Runs a statement on PostgreSQL and gives its rows, all of one moment."""
NUMBERED = {"visit_persons": "number, uuid", "visit_places": "number, uuid, assumed_stay_s"}
DEVICES = "token_hash, device, area, places, issued_at, revoked_at"
LAST = "select coalesce(pg_sequence_last_value(pg_get_serial_sequence('{}', 'number')), 0)"
AT_ONCE = 5000


def embed(read: Read, path: Path) -> dict[str, int]:
    """Write the hot store that `read` sees to new files, path: `visits/hot.sqlite`; rows taken over by table."""
    with closing(SqliteHot(path)) as hot:
        taken = {table: _fill(hot.database, table, names, read) for table, names in NUMBERED.items()}
        taken["visit_devices"] = _fill(hot.database, "visit_devices", DEVICES, read)
        for table in NUMBERED:
            hot.database.number_after(table, int(_one(read, LAST.format(table))))
        hot.dictionary.follow(int(_one(read, "select followed from visit_erasures")))
        taken["visits_hot"] = sum(hot.insert([some])[0] for some in _visits(read))
        for database in hot.databases():
            database.scrub()
    return taken


def _fill(database: SqliteDatabase, table: str, names: str, read: Read) -> int:
    marks = ", ".join("?" * len(names.split(",")))
    rows = (_plain(row) for row in read(f"select {names} from {table}"))
    with database.transaction() as cursor:
        return cursor.many(f"insert into {table} ({names}) values ({marks})", rows)


def _visits(read: Read) -> Iterator[Sequence[Visit]]:
    for some in chunks(read(f"select {COLUMNS} from visits_hot"), AT_ONCE):
        yield [Visit(*_plain(row)) for row in some]


def _plain(row: Row) -> list[Any]:
    """A row as SQLite takes it: ids as bytes, whatever the driver gives for them."""
    return [bytes(value) if isinstance(value, memoryview) else value for value in row]


def _one(read: Read, sql: str) -> Any:
    return next(iter(read(sql)))[0]
