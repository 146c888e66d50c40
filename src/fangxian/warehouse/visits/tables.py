"""Visits from a user's own file: CSV with a header, or the bare columns (person, place, time) of check-in sets."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pc_csv

from .rows import DEFAULT_ASSUMED_STAY_S, LONGEST_STAY_S, Rejection

NAMES = {
    "person": ("person", "person_id", "user", "user_id", "uid", "id", "人员", "姓名", "身份证号"),
    "place": ("place", "place_id", "poi", "venue", "venue_id", "location", "location_id", "场所", "场所码"),
    "entered_at": (
        "entered_at",
        "entered",
        "time",
        "timestamp",
        "check_in",
        "checkin_time",
        "at",
        "进入时间",
        "扫码时间",
    ),  # fmt: skip
    "left_at": ("left_at", "left", "check_out", "离开时间"),
}
BARE = ("person", "place", "entered_at")
LATEST = 2**31 - 1


class UnreadableFile(ValueError):
    """The file is not a table of visits at all."""


class Read(NamedTuple):
    """What a file held: visits (person, place text; entered_at, left_at int32 UTC) and the rows that were left out."""

    visits: pa.Table
    rejected: list[Rejection]


def read_visits(path: Path, assumed_stay: int = DEFAULT_ASSUMED_STAY_S, zone: str = "Asia/Shanghai") -> Read:
    """Read visits; a missing left_at becomes entered_at + `assumed_stay` seconds.

    Times are epoch seconds or ISO 8601; one without an offset is local to `zone`. Row numbers count the file's
    lines from 1. Raises UnreadableFile.
    """
    table, torn, first_line = read_text_table(path, NAMES, BARE)
    if missing := [name for name in BARE if name not in table.column_names]:
        raise UnreadableFile(f"no column {', '.join(missing)}")
    entered, no_entry = _seconds(table["entered_at"], zone)
    if "left_at" in table.column_names:
        left, no_exit = _seconds(table["left_at"], zone, empty_ok=True)
        left = np.where(left < 0, entered + assumed_stay, left)
    else:
        left, no_exit = entered + assumed_stay, np.zeros(len(table), dtype=bool)
    faults = [
        ("person", "empty", _empty(table["person"])),
        ("place", "empty", _empty(table["place"])),
        ("entered_at", "not_a_time", no_entry),
        ("left_at", "not_a_time", no_exit),
        ("left_at", "before_entered_at", left <= entered),
        ("left_at", "stay_too_long", left - entered > LONGEST_STAY_S),
    ]
    rejected, good = _sort_out(faults, _lines(len(table), torn, first_line))
    visits = pa.table(
        {
            "person": table["person"].filter(good),
            "place": table["place"].filter(good),
            "entered_at": pa.array(entered[good], pa.int32()),
            "left_at": pa.array(left[good], pa.int32()),
        }
    )
    return Read(visits, sorted(rejected + [Rejection(line, "", "wrong_number_of_columns") for line in torn]))


def read_text_table(
    path: Path, names: dict[str, tuple[str, ...]], bare: tuple[str, ...]
) -> tuple[pa.Table, list[int], int]:
    """Columns as text under our names, numbers of lines with too few or many fields, number of the first data line."""
    text = _text(path)
    first = text.partition("\n")[0].strip()
    if not first:
        raise UnreadableFile("the file is empty")
    delimiter = next((mark for mark in ("\t", ",", ";", " ") if mark in first), ",")
    heading = [word.strip().strip('"') for word in first.split(delimiter)]
    ours = [next((name for name, known in names.items() if word.lower() in known), word) for word in heading]
    has_header = any(name in names for name in ours)
    torn: list[int] = []
    table = _parse(text, delimiter, ours if has_header else list(bare), 1 if has_header else 0, torn.append)
    return table, torn, 2 if has_header else 1


def _text(path: Path) -> str:
    raw = path.read_bytes()
    if raw[:2] == b"\x1f\x8b":
        raw = gzip.decompress(raw)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030", errors="replace")


def _parse(text: str, delimiter: str, names: list[str], skip: int, torn: Callable[[int], None]) -> pa.Table:
    def note(row: pc_csv.InvalidRow) -> str:
        torn(row.number)
        return "skip"

    try:
        return pc_csv.read_csv(
            io.BytesIO(text.encode()),
            read_options=pc_csv.ReadOptions(column_names=names, skip_rows=skip, use_threads=False),
            parse_options=pc_csv.ParseOptions(delimiter=delimiter, invalid_row_handler=note),
            convert_options=pc_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
        )
    except pa.ArrowInvalid as error:
        raise UnreadableFile("not a table with one row a line") from error


def _lines(rows: int, torn: list[int], first: int) -> np.ndarray:
    """The line of each row that was read, given the lines that were not."""
    lines = np.arange(first, first + rows + len(torn))
    return np.asarray(np.setdiff1d(lines, torn, assume_unique=True))


def _empty(column: pa.ChunkedArray) -> np.ndarray:
    return np.asarray(pc.equal(pc.utf8_trim_whitespace(pc.fill_null(column, "")), "").to_numpy())


def _seconds(column: pa.ChunkedArray, zone: str, *, empty_ok: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """UTC seconds (int64, -1 for none) and which rows hold no time."""
    try:
        values = np.floor(pc.cast(column, pa.float64()).to_numpy())
        seconds = np.where(np.isfinite(values), values, -1).astype(np.int64)
    except pa.ArrowInvalid:
        seconds = np.array([_second(text, ZoneInfo(zone)) for text in column.to_pylist()], dtype=np.int64)
    bad = (seconds < 0) | (seconds >= LATEST)
    if empty_ok:
        bad &= ~_empty(column)
    return np.where(bad, -1, seconds), bad


def _second(text: str | None, zone: ZoneInfo) -> int:
    text = (text or "").strip()
    try:
        return int(float(text))
    except (ValueError, OverflowError):
        pass
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return -1
    return int((moment if moment.tzinfo else moment.replace(tzinfo=zone)).timestamp())


def _sort_out(faults: list[tuple[str, str, np.ndarray]], lines: np.ndarray) -> tuple[list[Rejection], np.ndarray]:
    """One rejection for each bad row, for its first fault, and a mask of the good rows."""
    good = np.ones(len(lines), dtype=bool)
    rejected: list[Rejection] = []
    for field, reason, bad in faults:
        rejected += [Rejection(int(line), field, reason) for line in lines[good & bad]]
        good &= ~bad
    return rejected, good
