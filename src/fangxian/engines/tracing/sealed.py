"""The sealed Parquet files seen from outside: what their footers say, and which of them a question can touch."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from fangxian.engines.tracing.model import VISITS
from fangxian.engines.tracing.store import VisitStore


def rows_in(files: Sequence[Path]) -> int:
    """Visits in some files."""
    return sum(int(pq.read_metadata(file).num_rows) for file in files)


def touching(files: Sequence[Path], t0: int, t1: int) -> list[Path]:
    """The files with a visit that may share a second with `[t0, t1)`, by the statistics in their footers.

    Raises ValueError where a footer cannot promise that no value is missing: a null would silently meet nobody.
    """
    return [file for file in files if _touches(file, t0, t1)]


def entered(store: VisitStore) -> tuple[int, int]:
    """The first and the last second at which a visit of the store was entered; 0 and 0 of an empty one."""
    spans = [span for file in store.by_place for span in _spans(file)]
    infos = [] if store.by_place else [segment.info for segment in store.segments]
    spans += [(info.first_entered, info.last_entered) for info in infos if info.rows]
    if store.hot is not None and store.hot.num_rows:
        spans.append(tuple(pc.min_max(store.hot["entered_at"]).as_py().values()))
    return min((first for first, _ in spans), default=0), max((last for _, last in spans), default=0)


def refuse_nulls(file: Path) -> None:
    """Raises ValueError for a file whose footer does not promise a value in every row of every column of `VISITS`."""
    for column in _columns(file):
        if not column.statistics or column.statistics.null_count:
            raise ValueError(f"{file}: {column.path_in_schema} may hold nulls")


def _touches(file: Path, t0: int, t1: int) -> bool:
    refuse_nulls(file)
    columns = list(_columns(file))
    entered = [column.statistics.min for column in columns if column.path_in_schema == "entered_at"]
    left = [column.statistics.max for column in columns if column.path_in_schema == "left_at"]
    return any(first < t1 and last > t0 for first, last in zip(entered, left, strict=True))


def _spans(file: Path) -> Iterator[tuple[int, int]]:
    """First and last time of entry of every row group."""
    for column in _columns(file):
        if column.path_in_schema == "entered_at":
            yield column.statistics.min, column.statistics.max


def _columns(file: Path) -> Iterator[Any]:
    """The columns of `VISITS` in every row group that has rows."""
    footer = pq.read_metadata(file)
    missing = [name for name in VISITS.names if name not in footer.schema.names]
    if missing:
        raise ValueError(f"{file}: missing column {', '.join(missing)}")
    for group in (footer.row_group(number) for number in range(footer.num_row_groups)):
        columns = [group.column(number) for number in range(footer.num_columns)] if group.num_rows else []
        yield from (column for column in columns if column.path_in_schema in VISITS.names)
