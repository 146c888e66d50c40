"""Rows of a request body of any kind: all at once where all are sound, one by one where not; faults by row, field."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Generic, TypeVar

import msgspec

from fangxian.faces.ingest.answers import Answer
from fangxian.faces.ingest.body import Body, TooLong
from fangxian.warehouse.visits import Rejection

MOST_ROWS = 1_000
_FIELD = re.compile(r"\$\.(\w+)$")
_MISSING = re.compile(r"missing required field `(\w+)`")
_RAW = msgspec.json.Decoder(list[msgspec.Raw])
BROKEN = (msgspec.DecodeError, RecursionError)
Row = TypeVar("Row", bound=msgspec.Struct)


class Reader(Generic[Row]):
    """Reads rows of one kind. Nothing a client sent is part of a fault: only our own field names."""

    def __init__(self, kind: type[Row]) -> None:
        self.kind = kind
        self._one, self._many = msgspec.json.Decoder(kind), msgspec.json.Decoder(list[kind])  # type: ignore[valid-type]

    async def read(self, body: Body) -> tuple[list[tuple[int, Row]], list[Rejection]]:
        """Numbered rows, and a rejection for everything that is none; refuses what is too long or no JSON."""
        try:
            return self.rows(await body.read())
        except TooLong as error:
            raise Answer(413, "too_long") from error
        except BROKEN as error:
            raise Answer(400, "not_json") from error

    def rows(self, body: bytes) -> tuple[list[tuple[int, Row]], list[Rejection]]:
        """The same of bytes in memory."""
        if body.lstrip()[:1] != b"[":
            return self._one_by_one([body])
        try:
            return list(enumerate(_limited(self._many.decode(body)))), []
        except msgspec.ValidationError:
            return self._one_by_one(_limited(_RAW.decode(body)))

    def _one_by_one(self, raws: Iterable[Any]) -> tuple[list[tuple[int, Row]], list[Rejection]]:
        good: list[tuple[int, Row]] = []
        bad: list[Rejection] = []
        for row, raw in enumerate(raws):
            try:
                good.append((row, self._one.decode(raw)))
            except msgspec.ValidationError as error:
                bad.append(Rejection(row, *self._fault(str(error))))
        return good, bad

    def _fault(self, message: str) -> tuple[str, str]:
        if found := _MISSING.search(message):
            return self._ours(found[1]), "missing"
        found = _FIELD.search(message.rstrip("`"))
        return (self._ours(found[1]), "invalid") if found else ("", "not_an_object")

    def _ours(self, field: str) -> str:
        return field if field in self.kind.__struct_fields__ else ""


def _limited(rows: list[Any]) -> list[Any]:
    if len(rows) > MOST_ROWS:
        raise Answer(413, "too_many_rows")
    return rows
