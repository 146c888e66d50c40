"""Visits and cases from files as people have them: with or without headings, any ids, times as text or seconds."""

import gzip
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as csv
import pyarrow.parquet as pq

from fangxian.engines.tracing import CASES, MAX_STAY, VISITS
from fangxian.warehouse.visits import Rejection, read_visits
from fangxian.warehouse.visits.tables import UnreadableFile

NAMES = {
    "person": ("person", "person_id", "user", "user_id", "id", "人员", "姓名", "身份证号"),
    "place": ("place", "place_id", "location", "location_id", "venue", "poi", "场所", "场所码"),
    "entered_at": ("entered_at", "entered", "time", "timestamp", "checkin_time", "at", "进入时间", "扫码时间"),
    "left_at": ("left_at", "left", "离开时间"),
    "from": ("from", "t0", "start", "begin", "infectious_from", "开始"),
    "until": ("until", "t1", "end", "to", "infectious_until", "结束"),
    "case": ("case", "case_id", "病例"),
}
VISIT_COLUMNS, CASE_COLUMNS = ("person", "place", "entered_at", "left_at"), ("person", "from", "until")
INT32 = 2**31 - 1


class Unreadable(ValueError):
    """A file that is not what it should be; the message says what is missing."""


@dataclass(frozen=True)
class Read:
    """Tables for the engine, and how its numbers are called: `persons`, `places` are None when the ids were numbers."""

    visits: pa.Table
    cases: pa.Table
    labels: list[str]
    persons: pa.Array | None
    places: pa.Array | None
    longest_stay: int
    rejected: list[Rejection]


def read(visits: Path, cases: Path, *, stay_s: int, zone: str) -> Read:
    """Both files as the engine wants them. `rejected`: the rows of the visits left out, each with field and reason."""
    found, rejected = _visits(visits, stay_s, zone)
    asked = _table(cases, CASE_COLUMNS)
    _want(asked, ("person",), cases)
    if not found.num_rows:
        why = f": row {rejected[0].row}, {rejected[0].field} {rejected[0].reason}" if rejected else "."
        raise Unreadable(f"{visits} holds no visit that can be used{why}")
    person, persons = _numbers(found["person"])
    place, places = _numbers(found["place"])
    entered, left = (found[name].to_numpy() for name in ("entered_at", "left_at"))
    table = pa.table([person, place, entered, left], schema=VISITS)
    windows, labels = _cases(asked, table, persons, zone, cases)
    return Read(table, windows, labels, persons, places, max(int((left - entered).max()), MAX_STAY), rejected)


def _visits(path: Path, stay_s: int, zone: str) -> tuple[pa.Table, list[Rejection]]:
    """Person, place, entered_at and left_at of the usable rows, and the others."""
    try:
        if path.suffix != ".parquet":
            return read_visits(path, stay_s, zone)
    except UnreadableFile as error:
        raise Unreadable(f"{path} cannot be read: {error}") from error
    raw = _table(path, VISIT_COLUMNS)
    _want(raw, ("person", "place", "entered_at"), path)
    entered = _seconds(raw["entered_at"], zone)
    left = _left(raw, entered, stay_s, zone)
    kept = left > entered
    columns = {"person": raw["person"], "place": raw["place"], "entered_at": entered, "left_at": left}
    rejected = [Rejection(int(row) + 1, "left_at", "before_entered_at") for row in np.flatnonzero(~kept)]
    return pa.table(columns).filter(kept), rejected


NAMED = {"case_id": "case", "person_id": "person", "via_id": "via", "place_id": "place", "top_place_id": "top_place"}
TIMES = ("first_at", "last_at", "peak_at")
DAYS = ("best_day",)


def write(path: Path, found: pa.Table, read: Read) -> None:
    """A table of answers by the names the files use, times in UTC; .parquet by its name, else CSV."""
    columns = {NAMED.get(name, name): _readable(name, found[name], read) for name in found.column_names}
    if path.suffix == ".parquet":
        pq.write_table(pa.table(columns), path)
        return
    for name in TIMES:
        if name in columns:
            columns[name] = pc.strftime(columns[name], format="%Y-%m-%dT%H:%M:%SZ")
    csv.write_csv(pa.table(columns), path, csv.WriteOptions(quoting_style="needed"))


def _readable(name: str, column: pa.ChunkedArray, read: Read) -> pa.ChunkedArray:
    if name == "case_id":
        return pa.chunked_array([pa.array([read.labels[case] for case in column.to_pylist()], pa.string())])
    if name in ("person_id", "via_id"):
        return _called(column, read.persons)
    if name in ("place_id", "top_place_id"):
        return _called(column, read.places)
    if name in TIMES:
        return pc.cast(pc.cast(column, pa.int64()), pa.timestamp("s", "UTC"))
    return pc.cast(column, pa.date32()) if name in DAYS else column


def write_rejected(path: Path, read: Read) -> None:
    """The rows that were left out: line of the file, field, reason."""
    columns = list(zip(*read.rejected, strict=True))
    csv.write_csv(pa.table(dict(zip(Rejection._fields, columns, strict=True))), path)


def _table(path: Path, without_headings: tuple[str, ...]) -> pa.Table:
    """The columns under our names. A text file without known headings is read by position."""
    try:
        table = pq.read_table(path) if path.suffix == ".parquet" else _text(path, without_headings)
    except (pa.ArrowInvalid, UnicodeDecodeError, gzip.BadGzipFile) as error:
        raise Unreadable(f"{path} cannot be read: {str(error).splitlines()[0]}") from error
    return table.rename_columns([_known(name) for name in table.column_names])


def _text(path: Path, without_headings: tuple[str, ...]) -> pa.Table:
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    first = content.split(b"\n", 1)[0].decode("utf-8-sig").strip()
    delimiter = next((mark for mark in "\t;," if mark in first), ",")
    cells = [cell.strip().strip('"') for cell in first.split(delimiter)]
    headed = any(_known(cell) in NAMES for cell in cells)
    names = None if headed else list(without_headings[: len(cells)]) + [f"column{n}" for n in range(4, len(cells))]
    texts = {name: pa.string() for name in (cells if headed else names) if _known(name) in ("person", "place", "case")}
    return csv.read_csv(
        pa.py_buffer(content.removeprefix(b"\xef\xbb\xbf")),
        read_options=csv.ReadOptions(column_names=names),
        parse_options=csv.ParseOptions(delimiter=delimiter),
        convert_options=csv.ConvertOptions(column_types=texts, strings_can_be_null=True),
    )


def _known(heading: str) -> str:
    bare = heading.strip().lower().replace(" ", "_")
    return next((name for name, spellings in NAMES.items() if bare in spellings), heading)


def _want(table: pa.Table, names: tuple[str, ...], path: Path) -> None:
    missing = [name for name in names if name not in table.column_names]
    if missing:
        raise Unreadable(f"{path} has no column {', '.join(missing)}; it has: {', '.join(table.column_names)}")


def _seconds(column: pa.ChunkedArray, zone: str) -> np.ndarray:
    """Times as UTC seconds."""
    if column.null_count:
        raise Unreadable("A time is missing in one of the rows.")
    try:
        if pa.types.is_floating(column.type) or pa.types.is_integer(column.type):
            return _fits(np.floor(column.to_numpy()))
        if pa.types.is_string(column.type):
            column = pc.cast(column, pa.timestamp("s"))
        if pa.types.is_timestamp(column.type) and column.type.tz is None:
            column = pc.assume_timezone(column, zone)
        return _fits(pc.cast(pc.cast(column, pa.timestamp("s", "UTC"), safe=False), pa.int64()).to_numpy())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise Unreadable(f"A time cannot be read: {str(error).splitlines()[0]}") from error


def _fits(seconds: np.ndarray) -> np.ndarray:
    if len(seconds) and (seconds.min() < 0 or seconds.max() > INT32):
        raise Unreadable("Times must lie between 1970 and 2038; milliseconds are not understood.")
    return seconds.astype(np.int32)


def _left(raw: pa.Table, entered: np.ndarray, stay_s: int, zone: str) -> np.ndarray:
    """Ends of the visits; an unknown end is the assumed stay later."""
    assumed: np.ndarray = np.minimum(entered.astype(np.int64) + stay_s, INT32).astype(np.int32)
    if "left_at" not in raw.column_names or raw["left_at"].null_count == raw.num_rows:
        return assumed
    known = pc.is_valid(raw["left_at"]).to_numpy()
    assumed[known] = _seconds(pc.drop_null(raw["left_at"]), zone)
    return assumed


def _numbers(column: pa.ChunkedArray) -> tuple[np.ndarray, pa.Array | None]:
    """Ids as numbers: as they are when they all are small numbers, else numbered, with their names."""
    if column.null_count:
        raise Unreadable("A person or place is missing in one of the rows.")
    try:
        ids = pc.cast(column, pa.int64()).to_numpy()
        if len(ids) and ids.min() >= 0 and ids.max() <= INT32:
            return ids.astype(np.int32), None
    except pa.ArrowInvalid:
        pass
    encoded = pc.cast(column, pa.string()).combine_chunks().dictionary_encode()
    return encoded.indices.to_numpy().astype(np.int32), encoded.dictionary


def _cases(
    asked: pa.Table, visits: pa.Table, persons: pa.Array | None, zone: str, path: Path
) -> tuple[pa.Table, list[str]]:
    """Windows of those cases who have visits; a missing beginning or end means all there is."""
    first, last = (int(bound(visits[name]).as_py()) for bound, name in ((pc.min, "entered_at"), (pc.max, "left_at")))
    begin, end = _bounds(asked, "from", first, zone), _bounds(asked, "until", last, zone)
    if (end <= begin).any():
        raise Unreadable(f"{path}: row {int(np.argmax(end <= begin)) + 1} ends before it begins.")
    wanted = pc.cast(asked["person"], pa.string()).combine_chunks()
    number = _number_of(wanted, persons)
    case = asked["case"] if "case" in asked.column_names else wanted
    known = number >= 0
    if not known.any():
        raise Unreadable(f"None of the persons in {path} has a visit.")
    rows = [np.flatnonzero(known), number[known], begin[known], end[known]]
    return pa.table([pa.array(r).cast(f.type) for r, f in zip(rows, CASES, strict=True)], schema=CASES), [
        str(label) for label in case.to_pylist()
    ]


def _bounds(asked: pa.Table, name: str, otherwise: int, zone: str) -> np.ndarray:
    found = np.full(asked.num_rows, otherwise, dtype=np.int32)
    if name in asked.column_names and asked[name].null_count < asked.num_rows:
        known = pc.is_valid(asked[name]).to_numpy()
        found[known] = _seconds(pc.drop_null(asked[name]), zone)
    return found


def _number_of(wanted: pa.Array, persons: pa.Array | None) -> np.ndarray:
    if persons is not None:
        return pc.fill_null(pc.index_in(wanted, persons), -1).to_numpy()
    try:
        return pc.cast(wanted, pa.int64()).to_numpy()
    except pa.ArrowInvalid as error:
        raise Unreadable("The persons of the visits are numbers, those of the cases are not.") from error


def _called(numbers: pa.ChunkedArray, names: pa.Array | None) -> pa.ChunkedArray:
    return numbers if names is None else names.take(numbers.combine_chunks())
