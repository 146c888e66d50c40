"""Who was erased, remembered outside the data folder, so that a backup that is older brings nobody back.

The list lies beside the key file, without which no backup opens. It holds no name of anybody: a digest of the person's
uuid, by which an older dictionary gives the person's number away, and the number itself for sealed days that were
restored without their dictionary. Manifest and hot store each remember how far they have followed it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path
from uuid import UUID

from .durable import place_file

DIGEST_BYTES = 16


class DamagedErasures(RuntimeError):
    """The list of erasures cannot be read; restore it from where the key file is kept twice."""


@dataclass(frozen=True)
class Erasure:
    """One erasure: its place in the list, the digest of the person's uuid, the number it had, UTC seconds."""

    place: int
    digest: str
    number: int | None
    at: int

    def is_of(self, uuid: bytes) -> bool:
        """Whether it was this person's."""
        return self.digest == digest_of(uuid)


def digest_of(uuid: bytes) -> str:
    """What the list keeps of a person's uuid (16 bytes)."""
    return blake2b(uuid, digest_size=DIGEST_BYTES, person=b"fangxian erased").hexdigest()


class ErasureList:
    """The file; without a path nothing is remembered."""

    def __init__(self, path: Path | None) -> None:
        self.path = path

    def read(self) -> tuple[int, list[Erasure]]:
        """The last place given, and the erasures that still matter. Raises DamagedErasures."""
        if self.path is None or not self.path.exists():
            return 0, []
        try:
            raw = json.loads(self.path.read_text())
            return int(raw["last"]), [Erasure(**one) for one in raw["erasures"]]
        except (ValueError, KeyError, TypeError) as error:
            raise DamagedErasures(f"{self.path}: {error}") from error

    def add(self, person: UUID, number: int | None, *, at: int, keep_s: int, behind: int) -> int:
        """Note an erasure, on the disk when this returns; its place, which is above `behind`.

        Erasures older than `keep_s` are forgotten: retention has since dropped every visit they were about.
        """
        last, erasures = self.read()
        place = max(last, behind) + 1
        if self.path is not None:
            kept = [asdict(one) for one in erasures if one.at >= at - keep_s]
            new = asdict(Erasure(place, digest_of(person.bytes), number, at))
            text = json.dumps({"last": place, "erasures": [*kept, new]}, indent=1)
            place_file(self.path, lambda unfinished: _write(unfinished, text))
        return place


def _write(path: Path, text: str) -> None:
    path.write_text(text)
