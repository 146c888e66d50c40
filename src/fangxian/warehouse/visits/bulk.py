"""Many visits at once (an import, the demo's fortnight): numbered and sealed set by set, past the hot store."""

from __future__ import annotations

import time
from collections.abc import Iterator
from uuid import UUID

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .dictionary import Dictionary, uuid_bytes
from .rows import LONGEST_STAY_S, ROWS, Flag, Rejection, Visit


def numbered_rows(visits: pa.Table, dictionary: Dictionary, *, now: int, default_stay_s: int) -> pa.Table:
    """`visits` (person, place, entered_at; optionally left_at and the other columns) as ROWS.

    person, place and visit_id are uuids as text or 16 bytes; times UTC seconds. A missing left_at becomes the
    place's assumed stay; a missing visit_id a new one, made in order of entry.
    """
    person = dictionary.numbered("person", uuid_bytes(visits["person"]))
    place = dictionary.numbered("place", uuid_bytes(visits["place"]))
    entered = pc.cast(visits["entered_at"], pa.int32()).combine_chunks()
    left, flags = _left_at(visits, place, entered, dictionary, default_stay_s)
    columns = {
        "visit_id": _visit_ids(visits),
        "person_id": person,
        "place_id": place,
        "entered_at": entered,
        "left_at": left,
        "received_at": pa.array(np.full(len(visits), now, dtype=np.int32)),
        "flags": flags,
    }
    for name in ("mask", "temperature", "device_at"):
        kind = ROWS.field(name).type
        columns[name] = pc.cast(visits[name], kind) if name in visits.column_names else pa.nulls(len(visits), kind)
    return pa.table([columns[name] for name in ROWS.names], schema=ROWS)


def impossible(rows: pa.Table) -> list[Rejection]:
    """Rows whose stay cannot be: ended before it began, or lasted a month."""
    stay = pc.subtract(pc.cast(rows["left_at"], pa.int64()), pc.cast(rows["entered_at"], pa.int64())).to_numpy()
    backwards = ((int(row), "before_entered_at") for row in np.flatnonzero(stay <= 0))
    endless = ((int(row), "stay_too_long") for row in np.flatnonzero(stay > LONGEST_STAY_S))
    return [Rejection(row, "left_at", reason) for row, reason in sorted([*backwards, *endless])]


def hot_rows(visits: pa.Table, rows: pa.Table) -> Iterator[Visit]:
    """Numbered rows as rows of the hot store; `visits` is the same table before numbering."""
    persons, places = (uuid_bytes(visits[name]).to_pylist() for name in ("person", "place"))
    columns = [rows[name].to_pylist() for name in ROWS.names[3:]]
    return map(Visit, rows["visit_id"].to_pylist(), persons, places, *columns)


def _left_at(
    visits: pa.Table, place: pa.Array, entered: pa.Array, dictionary: Dictionary, default_stay_s: int
) -> tuple[pa.Array, pa.Array]:
    stays = dictionary.stays()
    known = dictionary.numbers("place", (UUID(bytes=uuid) for uuid in stays))
    by_number = {number: stays[uuid.bytes] for uuid, number in known.items()}
    distinct = place.dictionary_encode()
    assumed = pa.array(
        [by_number.get(number, default_stay_s) for number in distinct.dictionary.to_pylist()], pa.int32()
    )
    filled = pc.add(entered, assumed.take(distinct.indices))
    if "left_at" not in visits.column_names:
        return filled, pa.array(np.full(len(visits), int(Flag.ASSUMED_STAY), dtype=np.int16))
    left = pc.cast(visits["left_at"], pa.int32()).combine_chunks()
    flags = pc.if_else(pc.is_null(left), int(Flag.ASSUMED_STAY), 0)
    return pc.coalesce(left, filled), pc.cast(flags, pa.int16())


def _visit_ids(visits: pa.Table) -> pa.Array | pa.ChunkedArray:
    if "visit_id" in visits.column_names:
        return uuid_bytes(visits["visit_id"])
    return uuids7(np.full(len(visits), time.time_ns() // 1_000_000, dtype=np.int64))


def uuids7(milliseconds: np.ndarray) -> pa.Array:
    """One UUIDv7 (16 bytes) for each time, 74 bits of each random."""
    raw = np.random.default_rng().integers(0, 256, size=(len(milliseconds), 16), dtype=np.uint8)
    stamped = milliseconds.astype(">i8").view(np.uint8).reshape(-1, 8)
    raw[:, :6] = stamped[:, 2:]
    raw[:, 6] = 0x70 | (raw[:, 6] & 0x0F)
    raw[:, 8] = 0x80 | (raw[:, 8] & 0x3F)
    return pa.FixedSizeBinaryArray.from_buffers(pa.binary(16), len(raw), [None, pa.py_buffer(raw.tobytes())])
