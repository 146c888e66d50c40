"""A scan as it comes over the wire, and how it becomes an arrival. Faults: row, field and a fixed reason."""

from __future__ import annotations

import re
from binascii import unhexlify
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from fangxian.warehouse.visits import Arrival, Rejection

MOST_SCANS = 1_000

Moment = Annotated[datetime, Meta(tz=True)] | int
"""Epoch seconds, or ISO 8601 with an offset."""


Id = Annotated[str, Meta(min_length=32, max_length=36)]
"""A UUID as text: parsing it into an object costs four times as much as the sixteen bytes that are stored."""


class Scan(Struct, forbid_unknown_fields=False, gc=False):
    """One visit; `temperature` in degrees Celsius. It names a place, or the code that hangs there, or both.

    `area` is the code of the area the device knows itself to be in, as coarse as it likes.
    """

    visit_id: Id
    person: Id
    entered_at: Moment
    place: Id | None = None
    code: Annotated[str, Meta(max_length=200)] | None = None
    area: Annotated[str, Meta(max_length=24)] | None = None
    left_at: Moment | None = None
    mask: bool | None = None
    temperature: Annotated[float, Meta(ge=25, le=45)] | None = None
    device_at: Moment | None = None

    def arrival(self, place: UUID) -> Arrival:
        """The scan at a place, in whole seconds and tenths of a degree; raises NoId."""
        left, device = self.left_at, self.device_at
        return Arrival(
            uuid_of("visit_id", self.visit_id),
            uuid_of("person", self.person),
            place,
            _second(self.entered_at),
            None if left is None else _second(left),
            self.mask,
            None if self.temperature is None else round(self.temperature * 10),
            None if device is None else _second(device),
        )


class NoId(Exception):
    """A text that should be a UUID is none; `field` says which."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def uuid_of(field: str, text: str) -> UUID:
    """The UUID of a text; raises NoId."""
    try:
        return UUID(bytes=unhexlify(text.replace("-", "")))
    except ValueError as error:
        raise NoId(field) from error


Numbered = list[tuple[int, Scan]]


class TooMany(Exception):
    """More scans than one request may hold."""


class NotScans(Exception):
    """The body is not JSON, or neither a scan nor a list of scans."""


BROKEN = (msgspec.DecodeError, RecursionError)
_MANY = msgspec.json.Decoder(list[Scan])
_ONE = msgspec.json.Decoder(Scan)
_RAW = msgspec.json.Decoder(list[msgspec.Raw])
_FIELD = re.compile(r"\$\.(\w+)$")
_MISSING = re.compile(r"missing required field `(\w+)`")


def read_scans(body: bytes) -> tuple[Numbered, list[Rejection]]:
    """The numbered scans of a request body, and a rejection for everything in it that is not one."""
    try:
        return _many(body) if body.lstrip()[:1] == b"[" else _one_by_one([body])
    except BROKEN as error:
        raise NotScans from error


def _many(body: bytes) -> tuple[Numbered, list[Rejection]]:
    """All at once; only where a row is not a scan, one by one."""
    try:
        return list(enumerate(_limited(_MANY.decode(body)))), []
    except msgspec.ValidationError:
        return _one_by_one(_limited(_RAW.decode(body)))


def _one_by_one(raws: Iterable[bytes | msgspec.Raw]) -> tuple[Numbered, list[Rejection]]:
    good: Numbered = []
    bad: list[Rejection] = []
    for row, raw in enumerate(raws):
        try:
            good.append((row, _ONE.decode(raw)))
        except msgspec.ValidationError as error:
            bad.append(Rejection(row, *_fault(str(error))))
    return good, bad


def _fault(message: str) -> tuple[str, str]:
    """Field and reason of a parser's message; only our own field names get through."""
    if found := _MISSING.search(message):
        return _ours(found[1]), "missing"
    found = _FIELD.search(message.rstrip("`"))
    return (_ours(found[1]), "invalid") if found else ("", "not_an_object")


def _ours(field: str) -> str:
    return field if field in Scan.__struct_fields__ else ""


def _limited(scans: list) -> list:
    if len(scans) > MOST_SCANS:
        raise TooMany
    return scans


def _second(moment: datetime | int) -> int:
    return moment if isinstance(moment, int) else int(moment.timestamp())
