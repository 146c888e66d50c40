"""The key ring: every secret of one installation, in one file outside the data folder, made at the first start.

Nothing here is ever printed: not in `repr`, not in an error. Messages are plain English because the ring is loaded
before the settings, and with them the translations, exist.
"""

import base64
import json
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from fangxian.core.venue_keys import VenueKey, current_key, new_key, with_retired

AES, SM4 = "aes-256-gcm", "sm4-gcm"
KEY_BYTES = {AES: 32, SM4: 16}
INDEX_HASH = {AES: "sha256", SM4: "sm3"}
FORMAT = 1


class KeyFileError(Exception):
    """The key file cannot be used; the message says what to do."""


class NoKeys(KeyFileError):
    """No ring was handed over with `use()`."""


@dataclass(frozen=True)
class DataKey:
    """One key for encrypted fields. Its id stands in every value it made."""

    id: str
    suite: str
    material: bytes = field(repr=False)


@dataclass(frozen=True)
class KeyRing:
    """All secrets of an installation. Old data keys stay to open old values; the current one makes new ones."""

    current_id: str
    data: Mapping[str, DataKey] = field(repr=False)
    index_hash: str
    index_key: bytes = field(repr=False)
    audit_key: bytes = field(repr=False)
    secret_key: str = field(repr=False)
    venue: Mapping[str, VenueKey] = field(default_factory=dict, repr=False)
    path: Path | None = field(default=None, compare=False)

    @property
    def current(self) -> DataKey:
        """The data key that encrypts new values."""
        return self.data[self.current_id]

    @property
    def venue_current(self) -> VenueKey:
        """The key that signs new venue codes: the youngest that is not retired."""
        key = current_key(self.venue)
        if key is None:
            raise NoKeys("No key signs venue codes: every one is retired. Make one with `fangxian venue-keys new`.")
        return key

    @classmethod
    def generate(cls, suite: str = AES) -> "KeyRing":
        """A ring of fresh random keys that lives only in memory."""
        key, venue = _new_data_key(suite), new_key()
        return cls(
            current_id=key.id,
            data={key.id: key},
            index_hash=INDEX_HASH[suite],
            index_key=secrets.token_bytes(32),
            audit_key=secrets.token_bytes(32),
            secret_key=secrets.token_urlsafe(64),
            venue={venue.id: venue},
        )

    @classmethod
    def create(cls, path: Path, *, data_dir: Path | None = None, suite: str = AES) -> "KeyRing":
        """Make a new ring and its file; never touches a file that is there, never writes inside the data folder."""
        path = Path(path).absolute()
        if data_dir is not None and path.resolve().is_relative_to(Path(data_dir).resolve()):
            raise KeyFileError(f"{path} is inside the data folder {data_dir}: keep keys and data apart.")
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        ring = replace(cls.generate(suite), path=path)
        try:
            _write_new(path, _to_json(ring))
        except FileExistsError:
            raise KeyFileError(f"{path} exists: it may be the only key to data. Nothing was written.") from None
        return ring

    @classmethod
    def load(cls, path: Path) -> "KeyRing":
        """Read the ring; refuses a file that others can read."""
        path = Path(path).absolute()
        try:
            mode = path.stat().st_mode & 0o777
        except FileNotFoundError:
            raise KeyFileError(f"No key file at {path}. Make one with `fangxian init`, or restore it.") from None
        if mode & 0o077:
            raise KeyFileError(f"{path} can be read by others (mode {mode:04o}). Run: chmod 600 {path}")
        try:
            return _from_json(path.read_text("utf-8"), path)
        except (ValueError, KeyError, TypeError, AttributeError):
            # The cause may quote the file, so it is cut off here.
            raise KeyFileError(f"{path} is not a key file of this platform, or is damaged. Restore a copy.") from None

    def rotate(self, suite: str | None = None) -> "KeyRing":
        """Add a fresh data key and make it the current one; with a path the file is replaced in one step.

        Index, audit and session keys stay: changing them would unlink what they made.
        """
        key = _new_data_key(suite or self.current.suite)
        return replace(self, current_id=key.id, data={**self.data, key.id: key})._kept()

    def with_new_venue_key(self) -> "KeyRing":
        """Sign venue codes with a fresh key from now on; codes of the older ones hold until they end."""
        key = new_key()
        return replace(self, venue={**self.venue, key.id: key})._kept()

    def with_venue_key_retired(self, key_id: str, *, at: int) -> "KeyRing":
        """Refuse codes of one key from a moment (UTC seconds): it may be in other hands."""
        return replace(self, venue=with_retired(self.venue, key_id, at))._kept()

    def _kept(self) -> "KeyRing":
        """This ring, on the disk where it has a file: replaced in one step."""
        if self.path is not None:
            draft = self.path.with_name(f".{self.path.name}.{secrets.token_hex(4)}")
            _write_new(draft, _to_json(self))
            os.replace(draft, self.path)
            _sync_folder(self.path.parent)
        return self


_current: KeyRing | None = None
_stamp: tuple[int, int] | None = None


def use(ring: KeyRing | None) -> None:
    """Make a ring the one this process works with (None: forget it)."""
    global _current, _stamp
    _current, _stamp = ring, _stamp_of(ring)


def current() -> KeyRing:
    """The ring this process works with."""
    if _current is None:
        raise NoKeys("No keys are loaded: call keys.use(KeyRing.load(path)) first; `fangxian init` makes the file.")
    return _current


def keep(ring: KeyRing, path: Path) -> KeyRing:
    """Write a ring into a file of its own, for another installation; never touches a file that is there."""
    try:
        _write_new(path, _to_json(ring))
    except FileExistsError:
        raise KeyFileError(f"{path} exists: it may be the only key to data. Nothing was written.") from None
    return replace(ring, path=path)


def refreshed() -> KeyRing:
    """The ring this process works with, read again where its file was replaced: a key was added or retired.

    A file that cannot be read at the moment changes nothing: the ring in use goes on.
    """
    ring = current()
    stamp = _stamp_of(ring)
    if ring.path is not None and stamp not in (None, _stamp):
        with suppress(KeyFileError):
            use(KeyRing.load(ring.path))
    return current()


def _stamp_of(ring: KeyRing | None) -> tuple[int, int] | None:
    """What changes when the ring's file is replaced."""
    try:
        stat = ring.path.stat() if ring is not None and ring.path is not None else None
    except OSError:
        return None
    return (stat.st_ino, stat.st_mtime_ns) if stat else None


def _new_data_key(suite: str) -> DataKey:
    if suite not in KEY_BYTES:
        raise KeyFileError(f"Unknown cipher suite {suite!r}: choose one of {', '.join(KEY_BYTES)}.")
    # A random id, not a counter: a value of another installation then names an unknown key instead of failing oddly.
    return DataKey(id=f"k{secrets.token_hex(4)}", suite=suite, material=secrets.token_bytes(KEY_BYTES[suite]))


def _to_json(ring: KeyRing) -> str:
    document = {
        "format": FORMAT,
        "note": "Secret. Keep a copy apart from the data; without this file the data cannot be read.",
        "current": ring.current_id,
        "data": {key.id: {"suite": key.suite, "key": _encode(key.material)} for key in ring.data.values()},
        "index": {"hash": ring.index_hash, "key": _encode(ring.index_key)},
        "audit": _encode(ring.audit_key),
        "secret_key": ring.secret_key,
        "venue": {key.id: {**key.facts(), "key": _encode(key.seed)} for key in ring.venue.values()},
    }
    return json.dumps(document, indent=2) + "\n"


def _from_json(text: str, path: Path) -> KeyRing:
    document = json.loads(text)
    data = {id_: _data_key(id_, entry) for id_, entry in document["data"].items()}
    hash_ = document["index"]["hash"]
    if document["format"] != FORMAT or document["current"] not in data or hash_ not in INDEX_HASH.values():
        raise ValueError("unknown format, hash or current key")
    return KeyRing(
        current_id=document["current"],
        data=data,
        index_hash=hash_,
        index_key=_decode(document["index"]["key"], 32),
        audit_key=_decode(document["audit"], 32),
        secret_key=str(document["secret_key"]),
        venue={id_: _venue_key(id_, entry) for id_, entry in document.get("venue", {}).items()},
        path=path,
    )


def _data_key(id_: str, entry: Mapping[str, str]) -> DataKey:
    return DataKey(id=id_, suite=entry["suite"], material=_decode(entry["key"], KEY_BYTES[entry["suite"]]))


def _venue_key(id_: str, entry: Mapping[str, str | int | None]) -> VenueKey:
    return VenueKey.of(id_, _decode(str(entry["key"]), 32), entry["made_at"], entry["retired_at"])


def _encode(key: bytes) -> str:
    return base64.b64encode(key).decode("ascii")


def _decode(text: str, length: int) -> bytes:
    key = base64.b64decode(text, validate=True)
    if len(key) != length:
        raise ValueError("wrong key length")
    return key


def _write_new(path: Path, text: str) -> None:
    """Write a file that did not exist, mode 0600 from its first byte, and make it durable."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
