"""Looking for ids in every byte of every file: as 16 raw bytes, and as text in hexadecimal.

A Parquet file is also read as a table, because its pages are compressed. All ids are looked for at once: the last
eight bytes of each form are compared as one number at every offset, and what fits is compared whole.

Of a sealed visit only the tag of its id is known (see `warehouse.visits.tags`). So every sixteen bytes that can be a
UUIDv7 are given their tag and looked up, wherever they stand; and a tag itself is a number that is looked for.
"""

import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from fangxian.warehouse.visits.tags import among, tags_of_bytes

TEXT_ID = re.compile(rb"(?=([0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?7[0-9a-fA-F]{3}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}))")
WINDOW = 8 * 2**20
LONGEST = 36
Advance = Callable[..., None]


@dataclass
class Scan:
    """How much was read, and in which file how many places hold one of the ids."""

    files: int = 0
    bytes: int = 0
    hits: dict[str, int] = field(default_factory=dict)


def scan(folder: Path, ids: Iterable[bytes], advance: Advance = lambda *_: None) -> Scan:
    """Every file below a folder."""
    found, needles = Scan(), forms(ids)
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    for number, path in enumerate(paths, start=1):
        found.files += 1
        found.bytes += path.stat().st_size
        hits = count(path, needles)
        if hits:
            found.hits[str(path.relative_to(folder))] = hits
        advance(number, len(paths), "files read")
    return found


def scan_texts(folder: Path, texts: Iterable[str]) -> Scan:
    """Every file below a folder, for texts of eight characters or more: their last 36 are compared."""
    found, needles = Scan(), _of_texts(texts)
    for path in sorted(path for path in folder.rglob("*") if path.is_file()) if needles else ():
        found.files += 1
        found.bytes += path.stat().st_size
        if hits := count(path, needles):
            found.hits[str(path.relative_to(folder))] = hits
    return found


def _of_texts(texts: Iterable[str]) -> dict[bytes, set[bytes]]:
    by_tail: dict[bytes, set[bytes]] = {}
    for text in texts:
        raw = text.encode()[-LONGEST:]
        by_tail.setdefault(raw[-8:], set()).add(raw)
    return by_tail


def scan_visits(folder: Path, tags: np.ndarray, advance: Advance = lambda *_: None) -> Scan:
    """Every file below a folder, for visits whose tags are given (int64, sorted)."""
    found = Scan()
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    for number, path in enumerate(paths, start=1):
        found.files += 1
        found.bytes += path.stat().st_size
        hits = count_visits(path, tags) if len(tags) else 0
        if hits:
            found.hits[str(path.relative_to(folder))] = hits
        advance(number, len(paths), "files read")
    return found


def count_visits(path: Path, tags: np.ndarray) -> int:
    """Places in a file where the id of one of these visits stands, as 16 bytes or as text, or its tag."""
    return sum(_visits_in(window, new, tags) for window, new in _windows(path))


def _visits_in(window: bytes, new: int, tags: np.ndarray) -> int:
    """New ones in a window: what is complete only now. `new` is where a word of eight bytes would be new."""
    ids = (_raw_ids(window, new), _text_ids(window, new))
    return sum(int(among(tags_of_bytes(some), tags).sum()) for some in ids) + _known_tags(window, new, tags)


def _raw_ids(window: bytes, new: int) -> bytes:
    """Every sixteen bytes that may be a UUIDv7, one behind the other."""
    content = np.frombuffer(window, dtype=np.uint8)
    if len(content) < 16:
        return b""
    fits = (content[6:-9] >> 4 == 7) & (content[8:-7] >> 6 == 2)
    places = np.flatnonzero(fits)
    places = places[places + 9 > new]
    return content[places[:, None] + np.arange(16)].tobytes()


def _text_ids(window: bytes, new: int) -> bytes:
    found = (match[1] for match in TEXT_ID.finditer(window) if match.end(1) - 8 >= new)
    return b"".join(bytes.fromhex(text.decode().replace("-", "")) for text in found)


def _known_tags(window: bytes, new: int, tags: np.ndarray) -> int:
    hits = 0
    for shift in range(min(8, len(window))):
        usable = (len(window) - shift) // 8
        words = np.frombuffer(window, dtype="<i8", count=usable, offset=shift)
        places = shift + 8 * np.flatnonzero(among(words, tags))
        hits += int((places >= new).sum())
    return hits


def forms(ids: Iterable[bytes]) -> dict[bytes, set[bytes]]:
    """Every way an id is written down, by the last eight bytes of it."""
    by_tail: dict[bytes, set[bytes]] = {}
    for raw in ids:
        text = str(UUID(bytes=raw))
        for form in (raw, text.encode(), text.replace("-", "").encode()):
            for spelling in {form, form.upper()} if form is not raw else {form}:
                by_tail.setdefault(spelling[-8:], set()).add(spelling)
    return by_tail


def count(path: Path, needles: dict[bytes, set[bytes]]) -> int:
    """Places in a file where an id stands. A place is counted once, the longest spelling there."""
    if not needles:
        return 0
    tails = np.sort(np.frombuffer(b"".join(needles), dtype=">u8").astype(np.uint64))
    return sum(_hits(window, new, needles, tails) for window, new in _windows(path))


def _windows(path: Path) -> Iterator[tuple[bytes, int]]:
    """Pieces of a file that overlap by one id, and from which offset a tail in them is new."""
    with path.open("rb") as file:
        yield from _overlapping(file)
    if path.suffix == ".parquet":
        for content in _values(path):
            yield from _overlapping(io.BytesIO(content))


def _overlapping(file: BinaryIO) -> Iterator[tuple[bytes, int]]:
    before = b""
    while piece := file.read(WINDOW):
        yield before + piece, max(len(before) - 7, 0)
        before = (before + piece)[-LONGEST:]


def _values(path: Path) -> Iterator[memoryview]:
    """What the columns of a Parquet file hold once unpacked."""
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches():
            for column in batch.columns:
                plain = column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
                yield from (memoryview(buffer) for buffer in plain.buffers() if buffer is not None)


def _hits(window: bytes, new: int, needles: dict[bytes, set[bytes]], tails: np.ndarray) -> int:
    if len(window) < 8:
        return 0
    hits = 0
    for shift in range(8):
        usable = (len(window) - shift) // 8 * 8
        words = np.frombuffer(window, dtype=">u8", count=usable // 8, offset=shift).astype(np.uint64)
        place = np.minimum(np.searchsorted(tails, words), len(tails) - 1)
        for word in np.flatnonzero(tails[place] == words):
            start = shift + int(word) * 8
            if start >= new and _stands(window, start, needles):
                hits += 1
    return hits


def _stands(window: bytes, start: int, needles: dict[bytes, set[bytes]]) -> bool:
    end = start + 8
    return any(window.endswith(form, 0, end) for form in needles[window[start:end]])
