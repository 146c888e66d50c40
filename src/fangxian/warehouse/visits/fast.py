"""Fast segments: what engines map into memory. Derived from sealed parts, disposable, rebuilt when damaged."""

from __future__ import annotations

import json
import shutil
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path

from fangxian.engines.tracing import Segment, write_segment
from fangxian.engines.tracing.layout import read_header, write_orders

from .durable import BLOCK, make_folder, place_file
from .manifest import Part
from .parts import Written, read_trace

CHECKSUMS = "checksums.json"
OF = "of"
"""Under this name the checksums say from which sealed file the segment was made."""


class FastSegments:
    """The folder of fast segments, one a part; `notice` is told of every repair."""

    def __init__(self, folder: Path, sealed: Path, notice: Callable[[str], None]) -> None:
        self.folder, self.sealed, self.notice = folder, sealed, notice
        self._trusted: set[str] = set()

    def open(self, part: Part, erased: Iterable[int]) -> Segment:
        """The segment of a part, built or rebuilt first where it is missing or damaged."""
        if not self.sound(part):
            self.notice(f"fast segment {part.key} is {self.fault(part)}: built again from the sealed day")
            self.build(part, erased)
        return Segment.open(self.folder / part.key)

    def sound(self, part: Part) -> bool:
        """Whether the segment is there and whole; its bytes are read once a process."""
        header = self.folder / part.key / CHECKSUMS
        if part.key not in self._trusted and self.fault(part) is None:
            self._trusted.add(part.key)
        return part.key in self._trusted and header.exists()

    def build(self, part: Part, erased: Iterable[int]) -> None:
        """Derive the segment of a part, without the persons whose erasure is not yet in the sealed files."""
        rows = read_trace(self.sealed, part, erased)
        self._made(part, lambda target: write_segment(rows, target))

    def place(self, written: Written) -> None:
        """Keep the segment of a part that has just been written, from the orders that are still in memory."""
        self._made(written.part, lambda target: write_orders(written.by_place, written.by_person, written.info, target))

    def _made(self, part: Part, write: Callable[[Path], object]) -> None:
        target = self.folder / part.key
        shutil.rmtree(target, ignore_errors=True)
        make_folder(self.folder)
        write(target)
        self._note(part)
        self._trusted.add(part.key)

    def erase(self, part: Part, person_id: int, erased: Iterable[int]) -> int:
        """Overwrite a person's rows in place; rows overwritten. The checksums follow at once."""
        segment = self.open(part, set(erased) - {person_id})
        rows = segment.erase(person_id)
        if rows:
            self._note(part)
        return rows

    def fault(self, part: Part) -> str | None:
        """What is wrong with the segment of a part: "missing", "damaged", or None."""
        target = self.folder / part.key
        try:
            noted = json.loads((target / CHECKSUMS).read_text())
            if noted != _checksums(part, target):
                return "damaged"
            read_header(target)  # an older layout is as good as damaged
        except FileNotFoundError:
            return "missing"
        except (ValueError, KeyError, TypeError):
            return "damaged"
        return None

    def forget(self, keep: Iterable[Part]) -> None:
        """Remove segments of parts that count no longer."""
        kept = {part.key for part in keep}
        for folder in self.folder.iterdir() if self.folder.is_dir() else ():
            if folder.name not in kept:
                shutil.rmtree(folder)
        self._trusted &= kept

    def _note(self, part: Part) -> None:
        target = self.folder / part.key
        noted = json.dumps(_checksums(part, target))
        place_file(target / CHECKSUMS, lambda unfinished: _write(unfinished, noted))


def _checksums(part: Part, folder: Path) -> dict[str, int | str]:
    """Of every file, and the part they belong to: a whole segment of another day is damage too."""
    sums = {file.name: _crc(file) for file in sorted(folder.iterdir()) if file.name != CHECKSUMS}
    return {OF: part.place.sha256, **sums}


def _crc(path: Path) -> int:
    crc = 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            crc = zlib.crc32(block, crc)
    return crc


def _write(path: Path, text: str) -> None:
    path.write_text(text)
