"""Persons and places as dense numbers. Engines and sealed days hold numbers only; the way back is here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal
from uuid import UUID

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .chunks import chunks
from .columns import Column
from .database import Database

Kind = Literal["person", "place"]
TABLES = {"person": "visit_persons", "place": "visit_places"}
AT_ONCE = 500
FEW = 5000
"""Up to so many uuids are asked for one by one."""
ADOPTED_AT_ONCE = 100_000


class Dictionary:
    """uuid ↔ number, and how long people are assumed to stay at a place."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def adopt(self, kind: Kind, uuids: Iterable[bytes]) -> None:
        """Give a number to every uuid that has none."""
        sql = f"insert into {TABLES[kind]} (uuid) values (?) on conflict do nothing"
        with self.database.transaction() as cursor:
            for some in chunks(sorted(set(uuids)), ADOPTED_AT_ONCE):
                cursor.many(sql, ((uuid,) for uuid in some))

    def numbered(self, kind: Kind, uuids: pa.Array | pa.ChunkedArray) -> pa.Array:
        """The numbers (int32) of a column of 16-byte uuids, giving new ones where needed."""
        coded = (uuids.combine_chunks() if isinstance(uuids, pa.ChunkedArray) else uuids).dictionary_encode()
        if isinstance(coded, pa.ChunkedArray):  # of no chunks
            return pa.array([], pa.int32())
        distinct = coded.dictionary
        numbers = self._look_up_many(kind, distinct)
        if numbers.null_count:
            self.adopt(kind, distinct.filter(numbers.is_null()).to_pylist())
            numbers = self._look_up_many(kind, distinct)
        return numbers.take(coded.indices)

    def _look_up_many(self, kind: Kind, uuids: pa.Array) -> pa.Array:
        """The number of each uuid (int32), missing where it has none; the whole table is read where many are asked."""
        if len(uuids) <= FEW:
            known = {bytes(uuid): number for number, uuid in self._look_up(kind, "uuid", uuids.to_pylist())}
            return pa.array([known.get(uuid) for uuid in uuids.to_pylist()], pa.int32())
        with self.database.transaction(read_only=True) as cursor:
            table = cursor.read(TABLES[kind], "number", [Column("number"), Column("uuid", "uuid")])
        place = pc.index_in(uuids, value_set=table["uuid"].combine_chunks())
        return table["number"].combine_chunks().take(place)

    def number(self, kind: Kind, uuid: UUID) -> int | None:
        """The number of one person or place, or None where the log never met it."""
        return self.numbers(kind, [uuid]).get(uuid)

    def numbers(self, kind: Kind, uuids: Iterable[UUID]) -> dict[UUID, int]:
        """Numbers of those uuids that have one."""
        wanted = (uuid.bytes for uuid in set(uuids))
        return {UUID(bytes=bytes(u)): n for n, u in self._look_up(kind, "uuid", wanted)}

    def uuids(self, kind: Kind, numbers: Iterable[int]) -> dict[int, UUID]:
        """Uuids of those numbers that still have one."""
        wanted = {int(number) for number in numbers}
        return {n: UUID(bytes=bytes(u)) for n, u in self._look_up(kind, "number", wanted)}

    def set_stays(self, stays: dict[UUID, int]) -> None:
        """Remember how long people are assumed to stay (seconds) at each place."""
        sql = (
            "insert into visit_places (uuid, assumed_stay_s) values (?, ?) "
            "on conflict (uuid) do update set assumed_stay_s = excluded.assumed_stay_s"
        )
        with self.database.transaction() as cursor:
            cursor.many(sql, ((place.bytes, seconds) for place, seconds in stays.items()))

    def stays(self) -> dict[bytes, int]:
        """Assumed stays (seconds) of all places that have one."""
        with self.database.transaction(read_only=True) as cursor:
            rows = cursor.run("select uuid, assumed_stay_s from visit_places where assumed_stay_s is not null")
        return {bytes(uuid): seconds for uuid, seconds in rows}

    def all_persons(self) -> Iterator[UUID]:
        """Everybody who has a number."""
        with self.database.transaction(read_only=True) as cursor:
            known = cursor.read("visit_persons", "number", [Column("uuid", "uuid")])
        return (UUID(bytes=uuid) for uuid in known["uuid"].to_pylist())

    def followed(self) -> int:
        """How far this database has followed the list of erasures."""
        with self.database.transaction(read_only=True) as cursor:
            return int(cursor.run("select followed from visit_erasures")[0][0])

    def follow(self, place: int) -> None:
        """Remember that it has come to this place."""
        with self.database.transaction() as cursor:
            cursor.count("update visit_erasures set followed = ? where followed < ?", (place, place))

    def go_on_after(self, kind: Kind, number: int) -> bool:
        """Give out only numbers above `number`; whether the dictionary had not come that far."""
        return number > 0 and self.database.number_after(TABLES[kind], number)

    def keep_persons(self, numbers: np.ndarray, uuids: pa.Array) -> int:
        """Forget every person who is neither among these numbers nor these uuids; how many were forgotten."""
        with self.database.transaction() as cursor:
            known = cursor.read("visit_persons", "number", [Column("number"), Column("uuid", "uuid")])
            needed = pc.or_(pc.is_in(known["number"], pa.array(numbers)), pc.is_in(known["uuid"], uuids))
            gone = known["number"].filter(pc.invert(needed)).to_pylist()
            return cursor.many("delete from visit_persons where number = ?", ((number,) for number in gone))

    def _look_up(self, kind: Kind, column: str, wanted: Iterable[bytes | int]) -> Iterator[tuple[int, bytes]]:
        with self.database.transaction(read_only=True) as cursor:
            for some in chunks(wanted, AT_ONCE):
                marks = ",".join("?" * len(some))
                yield from cursor.run(f"select number, uuid from {TABLES[kind]} where {column} in ({marks})", some)


def uuid_bytes(column: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """A uuid column given as text or 16 bytes, as 16 bytes."""
    if pa.types.is_fixed_size_binary(column.type):
        return column
    if pa.types.is_binary(column.type):
        return pc.cast(column, pa.binary(16))
    return pa.array([UUID(text).bytes for text in column.to_pylist()], pa.binary(16))
