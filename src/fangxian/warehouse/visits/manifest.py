"""The manifest: which sealed files count. A change of the log is one replacement of this one small file."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Self

from .durable import place_file

FORMAT = 2


class DamagedManifest(RuntimeError):
    """The manifest is not what was written; restore it from a backup, the sealed files are untouched."""


@dataclass(frozen=True)
class SealedFile:
    """One Parquet file: name below the folder of sealed days, size, checksum."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Part:
    """Rows of one day that were sealed together: the same rows by place and by person, and the tags of their ids."""

    day: date
    name: str
    rows: int
    t_min: int
    t_max: int
    max_stay: int
    place: SealedFile
    person: SealedFile
    tags: SealedFile

    @classmethod
    def read(cls, raw: dict[str, Any]) -> Self:
        files = {kind: SealedFile(**raw.pop(kind)) for kind in ("place", "person", "tags")}
        return cls(day=date.fromisoformat(raw.pop("day")), **files, **raw)

    @property
    def files(self) -> tuple[SealedFile, ...]:
        """All of it on the disk."""
        return self.place, self.person, self.tags

    @property
    def key(self) -> str:
        """Name of the fast segment that is derived from this part."""
        return f"{self.day}-{self.name}"


@dataclass(frozen=True)
class Manifest:
    """The parts that count, the persons still to be erased from them, and the day retention has reached.

    persons, places: the highest numbers ever sealed. A dictionary that is lost or restored from an older copy must go
    on behind them, or a new person would inherit the visits of another. erasures: how far the list of erasures outside
    the folder has been followed.
    """

    zone: str
    generation: int = 0
    parts: tuple[Part, ...] = ()
    erased: tuple[int, ...] = ()
    dropped_before: date | None = None
    persons: int = 0
    places: int = 0
    erasures: int = 0

    def of_day(self, day: date) -> list[Part]:
        """The parts of one day, oldest first."""
        return [part for part in self.parts if part.day == day]

    def exchange(self, old: set[Part], new: list[Part], **changes: Any) -> Manifest:
        """The next manifest: without the old parts, with the new ones, in order."""
        parts = [part for part in self.parts if part not in old] + new
        ordered = tuple(sorted(parts, key=lambda part: (part.day, part.name)))
        return replace(self, generation=self.generation + 1, parts=ordered, **changes)

    @property
    def next_name(self) -> str:
        """A part name never used before: names follow generations, and those only grow."""
        return f"{self.generation + 1:08d}"

    @classmethod
    def load(cls, path: Path, zone: str) -> Manifest:
        """The manifest on disk, or a new one. Raises DamagedManifest."""
        if not path.exists():
            return cls(zone)
        try:
            raw = json.loads(path.read_text())
            checksum = raw.pop("sha256")
            if checksum != _checksum(raw) or raw.pop("format") != FORMAT:
                raise ValueError("the checksum or the format is another")
            floor = raw.pop("dropped_before")
            parts = tuple(Part.read(part) for part in raw.pop("parts"))
            return cls(
                zone=raw["zone"],
                generation=raw["generation"],
                parts=parts,
                erased=tuple(raw["erased"]),
                dropped_before=date.fromisoformat(floor) if floor else None,
                persons=raw["persons"],
                places=raw["places"],
                erasures=raw["erasures"],
            )
        except (ValueError, KeyError, TypeError) as error:
            raise DamagedManifest(f"{path}: {error}") from error

    def save(self, path: Path) -> None:
        """Replace the manifest on disk; when this returns, the change has happened."""
        raw = json.loads(json.dumps({"format": FORMAT, **asdict(self)}, default=str))
        raw["sha256"] = _checksum(raw)
        place_file(path, lambda unfinished: _write(unfinished, json.dumps(raw, indent=1)))


def _checksum(raw: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(raw, sort_keys=True).encode()).hexdigest()


def _write(path: Path, text: str) -> None:
    path.write_text(text)
