"""Is every file still what was written?"""

from __future__ import annotations

from typing import NamedTuple

from .durable import sha256
from .folder import VisitFolder
from .manifest import SealedFile


class Finding(NamedTuple):
    """A file that is not what the manifest says; `record` when no other copy of it exists."""

    name: str
    fault: str
    record: bool


def findings(folder: VisitFolder) -> list[Finding]:
    """Every missing or damaged file; empty when all is well. Reads everything."""
    found: list[Finding] = []
    with folder.reading() as manifest:
        for part in manifest.parts:
            for file in part.files:
                if fault := _fault(folder, file):
                    found.append(Finding(f"sealed/{file.name}", fault, record=True))
            if fault := folder.fast.fault(part):
                found.append(Finding(f"fast/{part.key}", fault, record=False))
    return found


def _fault(folder: VisitFolder, file: SealedFile) -> str | None:
    path = folder.sealed / file.name
    if not path.exists():
        return "missing"
    return None if sha256(path) == file.sha256 else "damaged"
