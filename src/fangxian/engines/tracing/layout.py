"""Segments on disk: ten small files of int32 that are memory-mapped, and `seg.json` that says what they hold.

    p_off p_en p_lv p_per   place order: offsets, entered, left, person
    q_off q_en q_lv q_pl    person order: offsets, entered, left, place
    p_key, q_key            only when offsets list the keys that occur (a small delta segment with high ids)
    p_vis, p_prs            visits and different persons of each place: see `counting`

About 26 bytes a visit. A segment is derived: it can be rebuilt from the sealed day at any time.
"""

import json
import mmap
import os
import re
import shutil
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from fangxian.engines.tracing.checks import checked_visits
from fangxian.engines.tracing.counting import Counts, counted
from fangxian.engines.tracing.model import Int32Array
from fangxian.engines.tracing.order import Order, build

VERSION: Final = 2
MAGIC: Final = b"\x93NUMPY\x01"
PREFIX: Final = 10
"""Bytes of a .npy file before its header: magic, version, and in the last two the header's length."""
_HEADER: Final = re.compile(rb"^{'descr': '<i4', 'fortran_order': False, 'shape': \((\d+),\), }")
MOST_ROWS: Final = np.iinfo(np.int32).max
HEADER: Final = "seg.json"
FILES: Final = {
    "place": {"offsets": "p_off", "entered": "p_en", "left": "p_lv", "other": "p_per", "keys": "p_key"},
    "person": {"offsets": "q_off", "entered": "q_en", "left": "q_lv", "other": "q_pl", "keys": "q_key"},
}
"""Order -> field of `Order` -> file name without `.npy`."""
COUNTS: Final = {"visits": "p_vis", "persons": "p_prs"}
"""Field of `Counts` -> file name without `.npy`."""


@dataclass(frozen=True, slots=True)
class SegmentInfo:
    """What a segment holds. Times are UTC seconds; an empty segment has 0 everywhere.

    rows: visits. first_entered, last_entered: the range of `entered_at`. last_left: the latest `left_at`.
    longest: seconds of the longest stay. bytes: size of all arrays.
    """

    rows: int
    first_entered: int
    last_entered: int
    last_left: int
    longest: int
    bytes: int


def orders_of(visits: pa.Table) -> tuple[Order, Order, SegmentInfo]:
    """Both orders of a table of visits (schema `VISITS`, checked) and what they hold."""
    person, place, entered, left = (column.to_numpy() for column in checked_visits(visits).columns)
    by_place = build(place, entered, left, person)
    by_person = build(person, entered, left, place)
    return by_place, by_person, info_of(by_place, by_person)


def info_of(by_place: Order, by_person: Order) -> SegmentInfo:
    """What two orders of the same visits hold; `bytes` without the counts."""
    size, rows = by_place.nbytes + by_person.nbytes, len(by_place.entered)
    if not rows:
        return SegmentInfo(0, 0, 0, 0, 0, size)
    entered, left = by_place.entered, by_place.left
    longest = int((left.astype(np.int64) - entered).max())
    return SegmentInfo(rows, int(entered.min()), int(entered.max()), int(left.max()), longest, size)


def write_segment(visits: pa.Table, folder: Path) -> SegmentInfo:
    """Write visits as a segment into a new folder: complete under its name, or not there at all.

    visits: schema `VISITS`, any order. A segment is usually a day; several of one day (late rows) are fine.
    Raises ValueError for a wrong table, FileExistsError when the folder exists, OverflowError above 2**31 - 1 rows.
    """
    if visits.num_rows > MOST_ROWS:
        raise OverflowError("a segment holds at most 2**31 - 1 visits; write several")
    by_place, by_person, info = orders_of(visits)
    return write_orders(by_place, by_person, info, folder)


def write_orders(by_place: Order, by_person: Order, info: SegmentInfo, folder: Path) -> SegmentInfo:
    """Write visits whose two orders are at hand as a segment into a new folder, as `write_segment` does.

    info: of these orders; what is returned adds the size of the counts. Raises FileExistsError.
    """
    if folder.exists():
        raise FileExistsError(folder)
    counts = counted(by_place, by_person)
    info = replace(info, bytes=info.bytes + counts.nbytes)
    unfinished = folder.with_name(f".{folder.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    _write_arrays(unfinished, FILES["place"], by_place)
    _write_arrays(unfinished, FILES["person"], by_person)
    _write_arrays(unfinished, COUNTS, counts)
    _write_durably(unfinished / HEADER, json.dumps({"version": VERSION, **asdict(info)}, indent=1).encode())
    unfinished.rename(folder)
    return info


def _write_arrays(folder: Path, files: dict[str, str], arrays: Order | Counts) -> None:
    for field, name in files.items():
        array = getattr(arrays, field)
        if array is not None:
            with (folder / f"{name}.npy").open("wb") as file:
                np.save(file, array)
                file.flush()
                os.fsync(file.fileno())


def _write_durably(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def read_header(folder: Path) -> SegmentInfo:
    """What `seg.json` says. Raises FileNotFoundError without one, ValueError for another version."""
    header: dict[str, Any] = json.loads((folder / HEADER).read_text())
    version = header.pop("version")
    if version != VERSION:
        raise ValueError(f"{folder}: segment version {version}, this engine reads {VERSION}")
    return SegmentInfo(**header)


def map_order(folder: Path, order: str) -> tuple[Order, list[mmap.mmap]]:
    """One order of a folder as memory-mapped arrays, read only, and the maps behind them (for `madvise`)."""
    arrays: dict[str, Int32Array] = {}
    maps: list[mmap.mmap] = []
    for field, name in FILES[order].items():
        path = folder / f"{name}.npy"
        if field == "keys" and not path.exists():
            continue
        arrays[field], mapped = _mapped(path)
        maps.append(mapped)
    return Order(**arrays), maps


def _mapped(path: Path) -> tuple[Int32Array, mmap.mmap]:
    """A file that `np.save` wrote of int32 as an array over a map of it, read only. Raises ValueError for another one.

    `np.load` would do, but takes most of the time of opening a day: it parses the header as a Python literal. The map
    is read at random places, its header too, so the system is told first not to read ahead.
    """
    with path.open("rb") as file:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    mapped.madvise(mmap.MADV_RANDOM)
    begin = PREFIX + int.from_bytes(mapped[PREFIX - 2 : PREFIX], "little")
    told = _HEADER.search(mapped[PREFIX:begin])
    if not told or mapped[: len(MAGIC)] != MAGIC or len(mapped) - begin != 4 * int(told[1]):
        raise ValueError(f"{path} is not an array of 32-bit numbers, or not all of it")
    return np.frombuffer(mapped, dtype="<i4", offset=begin), mapped


def map_counts(folder: Path) -> Counts:
    """Visits and persons of each place of a folder as memory-mapped arrays, read only."""
    arrays = {field: np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for field, name in COUNTS.items()}
    return Counts(**arrays)
