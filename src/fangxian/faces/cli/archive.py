"""The file of a backup: a tar of all state with a list of checksums, encrypted frame by frame under the key ring.

    "FXBK1\\n"  key id (16 bytes, padded)  salt (16)  frames: last? (1) length (4) AES-256-GCM

The frame's number and whether it is the last are authenticated, so that neither a swapped nor a cut file opens.
"""

import hashlib
import io
import json
import os
import secrets
import shutil
import sqlite3
import struct
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from fangxian.core import keys
from fangxian.faces.cli.output import Advance, Problem

MAGIC, FRAME = b"FXBK1\n", 2**20
DATABASE = "fangxian.sqlite"
LEFT_OUT = ("fast", "exports")
LIST = "checksums.json"


def write(path: Path, data: Path, advance: Advance) -> dict[str, Any]:
    """Take the backup; the copy is staged beside the data, where there is room and nobody else reads."""
    if path.exists():
        raise Problem(f"{path} exists; a backup never replaces one.")
    if not (data / DATABASE).exists():
        raise Problem(
            "The records are in PostgreSQL: back them up with pg_dump or pgBackRest, and the folder beside it.", 3
        )
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=data) as staged:
        copy(data, Path(staged), advance)
        sums = checksums(Path(staged))
        (Path(staged) / LIST).write_text(json.dumps(sums), "utf-8")
        draft = path.with_name(f".{path.name}.unfinished")
        try:
            with draft.open("xb") as file, Sealed(file, keys.current()) as sealed:
                _tar(Path(staged), sealed)
            os.replace(draft, path)
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise Problem(f"{path} cannot be written: {error.strerror}") from error
    return {"file": str(path), "files": len(sums), "bytes": path.stat().st_size, "audit": _anchor()}


def restore(path: Path, data: Path, key_file: Path, advance: Advance) -> dict[str, Any]:
    """Open, verify every checksum, then put in place; a folder that was there is set aside, never deleted."""
    try:
        ring = keys.KeyRing.load(key_file)
    except keys.KeyFileError as error:
        raise Problem(str(error), 3) from error
    data.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=data.parent) as scratch:
        fresh = Path(scratch) / "data"
        with path.open("rb") as file, tarfile.open(fileobj=_Reader(unsealed(file, ring)), mode="r|") as tar:
            tar.extractall(fresh, filter="data")
        files = _checked(fresh, advance)
        aside = _set_aside(data)
        os.replace(fresh, data)
    return {"data": str(data.resolve()), "files": files, "set_aside": aside}


def copy(data: Path, staged: Path, advance: Advance, *, databases: bool = True) -> None:
    """A consistent copy: databases by SQLite's own backup, the visit log while nobody changes it.

    databases: False where the records are in PostgreSQL; what lies here from an embedded time is left out.
    """
    from fangxian.warehouse import visit_log

    folder = visit_log().folder
    with folder.reading():
        for path in sorted(_files(data)):
            if path.suffix == ".sqlite" and not databases:
                continue
            target = staged / path.relative_to(data)
            target.parent.mkdir(parents=True, exist_ok=True)
            _copy_database(path, target) if path.suffix == ".sqlite" else shutil.copy2(path, target)
            advance(1, 1, f"copied {path.name}")


def checksums(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below a folder."""
    return {str(path.relative_to(folder)): _sha256(path) for path in sorted(folder.rglob("*")) if path.is_file()}


class Sealed(io.RawIOBase):
    """A file whose writes are encrypted, frame by frame."""

    def __init__(self, file: BinaryIO, ring: keys.KeyRing):
        salt = secrets.token_bytes(16)
        self.file, self.cipher, self.number, self.waiting = file, _cipher(ring, ring.current_id, salt), 0, bytearray()
        file.write(MAGIC + ring.current_id.encode().ljust(16, b"\0") + salt)

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, content: Any) -> int:
        """Take bytes; whole frames go out."""
        self.waiting += content
        while len(self.waiting) > FRAME:
            self._frame(bytes(self.waiting[:FRAME]), last=False)
            del self.waiting[:FRAME]
        return len(content)

    def close(self) -> None:
        """Write the last frame, which says that it is the last."""
        if not self.closed:
            self._frame(bytes(self.waiting), last=True)
            self.file.flush()
            os.fsync(self.file.fileno())
        super().close()

    def _frame(self, content: bytes, *, last: bool) -> None:
        sealed = self.cipher.encrypt(struct.pack(">4xQ", self.number), content, _context(self.number, last))
        self.file.write(struct.pack(">?I", last, len(sealed)) + sealed)
        self.number += 1


def unsealed(file: BinaryIO, ring: keys.KeyRing) -> Iterator[bytes]:
    """The content of a sealed file; `Problem` when it is another's, damaged or cut."""
    head = file.read(len(MAGIC) + 32)
    key_id, salt = head[len(MAGIC) : len(MAGIC) + 16].rstrip(b"\0").decode("ascii", "replace"), head[-16:]
    if not head.startswith(MAGIC) or key_id not in ring.data:
        raise Problem("This is not a backup of this platform, or its key is not in the key file.")
    cipher, number, last = _cipher(ring, key_id, salt), 0, False
    while not last:
        try:
            last, length = struct.unpack(">?I", file.read(5))
            content = file.read(length)
            if len(content) != length:
                raise InvalidTag
            yield cipher.decrypt(struct.pack(">4xQ", number), content, _context(number, last))
        except (struct.error, InvalidTag) as error:
            raise Problem("The backup is damaged or cut: it does not open. Nothing was changed.") from error
        number += 1


class _Reader(io.RawIOBase):
    """Pieces as a file to read."""

    def __init__(self, pieces: Iterator[bytes]):
        self.pieces, self.left = pieces, b""

    def read(self, size: int = -1) -> bytes:
        while size < 0 or len(self.left) < size:
            piece = next(self.pieces, None)
            if piece is None:
                break
            self.left += piece
        taken, self.left = (self.left, b"") if size < 0 else (self.left[:size], self.left[size:])
        return taken


def _cipher(ring: keys.KeyRing, key_id: str, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt, b"fangxian backup").derive(ring.data[key_id].material))


def _context(number: int, last: bool) -> bytes:
    return struct.pack(">Q?", number, last)


def _files(data: Path) -> Iterator[Path]:
    for path in data.rglob("*"):
        parts = path.relative_to(data).parts
        if path.is_file() and not parts[0].startswith(".") and not set(parts) & set(LEFT_OUT) and path.name != "lock":
            if not path.name.endswith(("-wal", "-shm")):
                yield path


def _copy_database(path: Path, target: Path) -> None:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as source, closing(sqlite3.connect(target)) as into:
        source.backup(into)


def _tar(folder: Path, into: io.RawIOBase) -> None:
    with tarfile.open(fileobj=into, mode="w|") as tar:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                tar.add(path, arcname=str(path.relative_to(folder)))


def _checked(folder: Path, advance: Advance) -> int:
    """Every file is there and is what was backed up; the list itself does not stay."""
    try:
        wanted = json.loads((folder / LIST).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise Problem("The backup holds no list of its files. Nothing was changed.") from error
    (folder / LIST).unlink()
    found = checksums(folder)
    advance(1, 1, "checksums")
    if found != wanted:
        wrong = sorted(name for name in {*found, *wanted} if found.get(name) != wanted.get(name))
        raise Problem(f"The backup is damaged: {', '.join(wrong[:5])}. Nothing was changed.")
    return len(found)


def _set_aside(data: Path) -> str | None:
    if not data.exists():
        return None
    with suppress(OSError):
        data.rmdir()  # an empty folder is in nobody's way
        return None
    number = 1
    while (aside := data.with_name(f"{data.name}.before-restore-{number}")).exists():
        number += 1
    os.replace(data, aside)
    return str(aside)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _anchor() -> dict[str, Any]:
    from fangxian.core import audit

    return audit.anchor()
