"""What a visit is: the row as a device reports it, the row as it is stored, and the columns of a sealed day."""

from __future__ import annotations

import enum
from typing import NamedTuple
from uuid import UUID

import pyarrow as pa

MAX_STAY_S = 12 * 3600
"""Longer stays are split (see `splitting`); the engines look back no further than this."""

LONGEST_STAY_S = 31 * 86400
"""A longer stay is a mistake of the device, not a stay."""

DEFAULT_ASSUMED_STAY_S = 3600
"""Where neither the visitor left nor the place says how long people stay."""


class Flag(enum.IntFlag):
    """Doubts about a row that is kept all the same; a person judges, the log does not drop."""

    FUTURE = 1
    """The device's clock was ahead of the server's by more than five minutes."""
    OLD = 2
    """Entered before the retention period began."""
    ASSUMED_STAY = 4
    """`left_at` was filled in from the place's assumed stay."""
    SPLIT = 8
    """A piece of a stay longer than twelve hours."""
    CORRECTED = 16
    """The device's clock was wrong by more than five minutes; the times are set right by it."""


class Arrival(NamedTuple):
    """A visit as a device reports it; times are UTC seconds, temperature tenths of a degree Celsius."""

    visit_id: UUID
    person: UUID
    place: UUID
    entered_at: int
    left_at: int | None = None
    mask: bool | None = None
    temperature: int | None = None
    device_at: int | None = None


class Visit(NamedTuple):
    """A row of the hot store, in the order of its columns."""

    visit_id: bytes
    person: bytes
    place: bytes
    entered_at: int
    left_at: int
    mask: int | None
    temperature: int | None
    device_at: int | None
    received_at: int
    flags: int


class Rejection(NamedTuple):
    """One row that was not taken: its number in the batch, the field and a fixed reason, never the value."""

    row: int
    field: str
    reason: str


class Receipt(NamedTuple):
    """What became of a batch; every row of it is counted once."""

    accepted: int
    duplicates: int
    rejected: tuple[Rejection, ...] = ()


ROWS = pa.schema(
    [
        ("visit_id", pa.binary(16)),
        ("person_id", pa.int32()),
        ("place_id", pa.int32()),
        ("entered_at", pa.int32()),
        ("left_at", pa.int32()),
        ("mask", pa.int8()),
        ("temperature", pa.int16()),
        ("device_at", pa.int32()),
        ("received_at", pa.int32()),
        ("flags", pa.int16()),
    ]
)
"""A numbered visit with all it carries."""

SEALED = pa.schema(list(ROWS)[1:])
"""What is left of it in a sealed day; the id has become a tag in a file of its own (see `tags`)."""

TRACE_COLUMNS = ("person_id", "place_id", "entered_at", "left_at")
"""What an engine needs: the columns of `person.parquet`, and the first of `place.parquet`."""
