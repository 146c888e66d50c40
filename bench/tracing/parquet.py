"""Sorted Parquet day files, each day twice (by person, by place), read by DuckDB and by Polars.

Both are handed only the files of the days in the window, what a careful caller does, and run on one thread, which takes
a fifth less CPU than two.
"""

import os
from pathlib import Path

os.environ.setdefault("POLARS_MAX_THREADS", "1")  # read when Polars is imported

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from bench.tracing import sql
from bench.tracing.measure import own_cpu
from fangxian.engines.tracing import MAX_STAY

DAY = 86400


class Days:
    """The day files under a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, visits: pa.Table) -> None:
        days = visits["entered_at"].to_numpy() // DAY
        for day in np.unique(days):
            of_day = visits.filter(pa.array(days == day))
            for order, key in {"person": "person_id", "place": "place_id"}.items():
                path = self.path(order, day)
                path.parent.mkdir(parents=True, exist_ok=True)
                ordered = of_day.sort_by([(key, "ascending"), ("entered_at", "ascending")])
                pq.write_table(ordered, path, compression="zstd", compression_level=1, row_group_size=100_000)

    def path(self, order: str, day: int) -> Path:
        return self.folder / f"day={day}" / f"{order}.parquet"

    def files(self, order: str, cases: pa.Table) -> list[str]:
        first = (int(cases["t0"].to_numpy().min()) - MAX_STAY) // DAY
        last = int(cases["t1"].to_numpy().max()) // DAY
        paths = (self.path(order, day) for day in range(first, last + 1))
        return [str(path) for path in paths if path.exists()]


class DuckParquet:
    key = "duckdb_parquet"
    name = "DuckDB over sorted Parquet"
    version = f"duckdb {duckdb.__version__}"
    cpu = staticmethod(own_cpu)

    def load(self, visits: pa.Table, folder: Path) -> None:
        self.days = Days(folder.parent / "parquet")
        self.days.write(visits)
        self.connection = duckdb.connect(config={"threads": 1})

    def trace(self, cases: pa.Table) -> pa.Table:
        """In two steps, so that the places of the stays prune the second scan."""
        self.connection.register("cases", cases)
        persons = _listed(cases["person_id"])
        by_person = f"(FROM read_parquet({self.days.files('person', cases)}) WHERE person_id IN ({persons}))"
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE stays AS {sql.stays('cases', by_person)}")
        places = self.connection.sql("SELECT DISTINCT place_id FROM stays").to_arrow_table()["place_id"]
        wanted = f"WHERE place_id IN ({_listed(places)})" if len(places) else "WHERE false"
        by_place = f"(FROM read_parquet({self.days.files('place', cases)}) {wanted})"
        return self.connection.sql(sql.contacts_of("stays", by_place)).to_arrow_table()

    def close(self) -> None:
        self.connection.close()


def _listed(ids: pa.ChunkedArray) -> str:
    return ", ".join(map(str, ids.unique().to_pylist()))


class Polars:
    key = "polars_parquet"
    name = "Polars over sorted Parquet"
    version = f"polars {pl.__version__}"
    cpu = staticmethod(own_cpu)

    def load(self, visits: pa.Table, folder: Path) -> None:
        self.days = Days(folder.parent / "parquet")

    def trace(self, cases: pa.Table) -> pa.Table:
        """In two steps, so that the places of the stays prune the second scan."""
        stays = self._stays(cases)
        if not len(stays):
            return pl.DataFrame(schema=_columns([]).schema).to_arrow()
        w = pl.scan_parquet(self.days.files("place", cases)).filter(
            pl.col("place_id").is_in(stays["place_id"].unique().implode()),
            pl.col("entered_at") > stays["s"].min() - MAX_STAY,
            pl.col("entered_at") < stays["e"].max(),
        )
        met = stays.lazy().rename({"person_id": "own"}).join(w, on="place_id")
        met = met.filter(
            pl.col("person_id") != pl.col("own"),
            pl.col("entered_at") < pl.col("e"),
            pl.col("entered_at") > pl.col("s") - MAX_STAY,
            pl.col("left_at") > pl.col("s"),
        )
        return _columns(met).collect(engine="streaming").to_arrow()

    def _stays(self, cases: pa.Table) -> pl.DataFrame:
        c = pl.from_arrow(cases)
        visits = pl.scan_parquet(self.days.files("person", cases))
        visits = visits.filter(pl.col("person_id").is_in(c["person_id"].unique().implode()))
        own = (
            c.lazy()
            .join(visits, on="person_id")
            .filter(pl.col("entered_at") < pl.col("t1"), pl.col("left_at") > pl.col("t0"))
        )
        s, e = pl.max_horizontal("entered_at", "t0"), pl.min_horizontal("left_at", "t1")
        return own.select("case_id", "person_id", "place_id", s=s, e=e).collect(engine="streaming")

    def close(self) -> None:
        pass


def _columns(met: pl.LazyFrame) -> pl.LazyFrame:
    began = pl.max_horizontal("entered_at", "s")
    overlap = pl.max_horizontal(pl.min_horizontal("left_at", "e") - began, pl.lit(0)).cast(pl.Int64)
    met = met.with_columns(began=began, overlap_s=overlap)
    at = met.group_by("case_id", "person_id", "place_id").agg(
        pl.len().alias("n"),
        pl.col("overlap_s").sum(),
        (pl.col("overlap_s") == 0).sum().alias("lagged"),
        pl.col("began").min().alias("first_at"),
        pl.col("began").max().alias("last_at"),
    )
    rank = pl.col("overlap_s") * 2**31 + (2**31 - 1 - pl.col("place_id").cast(pl.Int64))
    return (
        at.with_columns(rank=rank)
        .group_by("case_id", "person_id")
        .agg(
            pl.col("n").sum().cast(pl.Int32).alias("meetings"),
            pl.col("overlap_s").sum(),
            pl.col("lagged").sum().cast(pl.Int32).alias("lag_meetings"),
            pl.col("first_at").min(),
            pl.col("last_at").max(),
            pl.len().cast(pl.Int16).alias("places"),
            (2**31 - 1 - pl.col("rank").max() % 2**31).cast(pl.Int32).alias("top_place_id"),
        )
    )
