"""What both hot stores share: which columns they hold, and what the log asks of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import pyarrow as pa

from .columns import Column
from .database import Database
from .dictionary import Dictionary
from .rows import ROWS, TRACE_COLUMNS, Visit
from .tags import tags_of

COLUMNS = ", ".join(Visit._fields)
IDS = ("visit_id", "person", "place")
EVERYTHING = [Column(name, "uuid" if name in IDS else "number") for name in Visit._fields]
TRACED = EVERYTHING[:5]
TRACE = pa.schema(
    [(name, pa.int32()) for name in ("person_id", "place_id", "entered_at", "left_at")] + [("tag", pa.int64())]
)
"""What an engine needs of a hot row, and the tag of its id (see `tags`) by which it is known among sealed ones."""
EARLIEST, LATEST = 0, 2**31 - 1
AMONG = "entered_at >= ? and entered_at < ?"
OUTDATED = "entered_at < ? or received_at < ?"


class Taken(Protocol):
    """Rows that were read to be sealed, and may be removed when they are."""

    rows: pa.Table


class HotStore(Protocol):
    """What the log needs of a hot store."""

    database: Database
    """Where the dictionary and the devices are."""
    dictionary: Dictionary

    def databases(self) -> list[Database]:
        """Every database of the store."""

    def insert(self, batches: Sequence[Sequence[Visit]]) -> list[int]:
        """Store all batches in one commit (one a month); how many rows of each were new."""

    def take(self, begin: int = EARLIEST, end: int = LATEST) -> Taken:
        """Rows entered in [begin, end) with their numbers (schema ROWS), in no order."""

    def remove(self, taken: Taken) -> int:
        """Delete rows that were taken, some at a time so that arrivals are not kept waiting; how many were left."""

    def trace_rows(self) -> pa.Table:
        """All rows as an engine needs them (schema TRACE)."""

    def span(self, end: int = LATEST, begin: int = EARLIEST) -> tuple[int, int] | None:
        """(rows, first entered_at) of the rows entered in [begin, end), or None where there are none."""

    def persons(self) -> pa.Array:
        """The uuids of everybody with a row."""

    def erase(self, person: bytes) -> int:
        """Delete a person's rows and then their place in the dictionary; repeating it is harmless."""

    def drop_before(self, second: int) -> int:
        """Delete rows entered before a moment, or received before it: those of a clock that ran ahead."""

    def scrub(self) -> None:
        """Leave no byte of a deleted row in any file."""

    def close(self) -> None: ...


def numbered(found: pa.Table, dictionary: Dictionary) -> pa.Table:
    """Rows as stored (EVERYTHING) as ROWS."""
    columns = {**_numbers(found, dictionary), **{name: found[name] for name in found.column_names}}
    return pa.table([columns[field.name].cast(field.type) for field in ROWS], schema=ROWS)


def traced(found: pa.Table, dictionary: Dictionary) -> pa.Table:
    """Rows as stored (TRACED) as TRACE."""
    columns = {**_numbers(found, dictionary), "entered_at": found["entered_at"], "left_at": found["left_at"]}
    return pa.table([*(columns[name] for name in TRACE_COLUMNS), tags_of(found["visit_id"])], schema=TRACE)


def _numbers(found: pa.Table, dictionary: Dictionary) -> dict[str, pa.Array]:
    return {f"{kind}_id": dictionary.numbered(kind, found[kind]) for kind in ("person", "place")}


def span_of(spans: Sequence[tuple[int, int | None]]) -> tuple[int, int] | None:
    """The spans of several tables together: rows and the first time of entry."""
    firsts = [first for _, first in spans if first is not None]
    return (sum(rows for rows, _ in spans), min(firsts)) if firsts else None
