"""Devices that may report visits. The token is shown once; only its hash is kept."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Iterable
from typing import NamedTuple
from uuid import UUID

from .database import Database

COLUMNS = "device, area, places, issued_at, revoked_at"
BY_CODE = "by code"


class Device(NamedTuple):
    """A door phone, a gate or a grid worker's phone: who it is, where it stands, which places it may report.

    `places` is None for any place. With `by_code` a place is believed only by the code that hangs there: for phones
    that are not in the hands of an officer.
    """

    name: str
    area: str
    places: frozenset[bytes] | None
    issued_at: int
    revoked_at: int | None
    by_code: bool = False


class Devices:
    """Issues, recognises and revokes device tokens."""

    def __init__(self, database: Database, now: Callable[[], int]) -> None:
        self.database, self.now = database, now

    def issue(self, name: str, *, area: str, places: Iterable[UUID] | None = None, by_code: bool = False) -> str:
        """A new token for a device; None for places means any place, `by_code` any whose code it shows."""
        token = secrets.token_urlsafe(32)
        listed = json.dumps(BY_CODE if by_code else None if places is None else sorted(str(place) for place in places))
        with self.database.transaction() as cursor:
            cursor.count(
                "insert into visit_devices (token_hash, device, area, places, issued_at) values (?, ?, ?, ?, ?)",
                (hash_of(token), name, area, listed, self.now()),
            )
        return token

    def revoke(self, name: str) -> int:
        """End every token of a device; how many there were."""
        with self.database.transaction() as cursor:
            return cursor.count(
                "update visit_devices set revoked_at = ? where device = ? and revoked_at is null", (self.now(), name)
            )

    def known(self, token: str) -> Device | None:
        """The device behind a token, unless the token is unknown or revoked."""
        with self.database.transaction(read_only=True) as cursor:
            rows = cursor.run(
                f"select {COLUMNS} from visit_devices where token_hash = ?",
                (hash_of(token),),
            )
        return _device(rows[0]) if rows and rows[0][4] is None else None

    def all(self) -> list[Device]:
        """Every device ever issued a token, revoked ones too."""
        with self.database.transaction(read_only=True) as cursor:
            rows = cursor.run(f"select {COLUMNS} from visit_devices order by issued_at, device")
        return [_device(row) for row in rows]


def hash_of(token: str) -> bytes:
    """SHA-256: enough for a token of 256 random bits, which nobody can guess or tabulate."""
    return hashlib.sha256(token.encode()).digest()


def _device(row: tuple[str, str, str, int, int | None]) -> Device:
    name, area, places, issued_at, revoked_at = row
    listed = json.loads(places)
    allowed = None if listed in (None, BY_CODE) else frozenset(UUID(place).bytes for place in listed)
    return Device(name, area, allowed, issued_at, revoked_at, listed == BY_CODE)
