"""Parquet day files for the peers that read Parquet: as they arrived, or sorted and each day twice."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from bench.tracing.city import DAY, START, CityLog
from fangxian.engines.tracing import MAX_STAY

ROW_GROUP = 100_000
ORDERS = {"person": "person_id", "place": "place_id"}


def write_sorted(log: CityLog, folder: Path) -> None:
    """Every day by person and by place, each by time of entry."""
    for day, table in log.days():
        for order, key in ORDERS.items():
            target = folder / order / f"day={day}" / "visits.parquet"
            target.parent.mkdir(parents=True)
            ordered = table.sort_by([(key, "ascending"), ("entered_at", "ascending")])
            pq.write_table(ordered, target, compression="zstd", compression_level=1, row_group_size=ROW_GROUP)


def days_of(cases: pa.Table) -> tuple[int, int]:
    """First and last day whose visits may touch the windows of the cases."""
    return (int(cases["t0"].to_numpy().min()) - MAX_STAY) // DAY, int(cases["t1"].to_numpy().max()) // DAY


def sorted_files(folder: Path, order: str, cases: pa.Table) -> list[str]:
    """Files of the days in the windows, in one order."""
    first, last = days_of(cases)
    paths = (folder / order / f"day={day}" / "visits.parquet" for day in range(first, last + 1))
    return [str(path) for path in paths if path.exists()]


def arrived_files(log: CityLog, cases: pa.Table) -> list[str]:
    """Files of the days in the windows, in the order of arrival."""
    first, last = days_of(cases)
    named = {START // DAY + number: file for number, file in enumerate(log.files)}
    return [str(named[day]) for day in range(first, last + 1) if day in named]


def listed(ids: pa.ChunkedArray) -> str:
    """Distinct ids for an SQL list; -1, nobody's, where there are none."""
    return ", ".join(map(str, ids.unique().to_pylist())) or "-1"
