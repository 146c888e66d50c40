"""Polars over Parquet, lazy and streaming, in two steps: the places of the stays prune the second scan.

Keys are written out as plain lists, and the few stays of a single case as ranges of place and time: from a list that is
itself an expression Polars does not skip row groups, which costs ten times the CPU. It is handed only the files of the
days in the windows; one thread takes a fifth less CPU than two.
"""

import os
from functools import reduce
from operator import or_

os.environ.setdefault("POLARS_MAX_THREADS", "1")  # read when Polars is imported

import polars as pl
import pyarrow as pa

from bench.tracing.days import arrived_files, sorted_files, write_sorted
from bench.tracing.measure import drop_caches
from bench.tracing.peer import Peer
from fangxian.engines.tracing import MAX_STAY

FEW = 100


class Sorted(Peer):
    name = "Polars over sorted Parquet"
    version = f"polars {pl.__version__}"
    forget = "files dropped from the page cache"

    def build(self) -> None:
        write_sorted(self.log, self.folder)

    def files(self, order: str, cases: pa.Table) -> list[str]:
        return sorted_files(self.folder, order, cases)

    def trace(self, cases: pa.Table) -> pa.Table:
        stays = self._stays(cases)
        wanted = _ranges(stays) if 0 < len(stays) <= FEW else _places(stays)
        w = pl.scan_parquet(self.files("place", cases)).filter(wanted)
        met = stays.lazy().rename({"person_id": "own"}).join(w, on="place_id")
        met = met.filter(
            pl.col("person_id") != pl.col("own"),
            pl.col("entered_at") < pl.col("e"),
            pl.col("entered_at") > pl.col("s") - MAX_STAY,
            pl.col("left_at") > pl.col("s"),
        )
        return _contacts(met).collect(engine="streaming").to_arrow()

    def _stays(self, cases: pa.Table) -> pl.DataFrame:
        c = pl.from_arrow(cases)
        visits = pl.scan_parquet(self.files("person", cases))
        visits = visits.filter(pl.col("person_id").is_in(c["person_id"].unique().sort().to_list()))
        own = (
            c.lazy()
            .join(visits, on="person_id")
            .filter(pl.col("entered_at") < pl.col("t1"), pl.col("left_at") > pl.col("t0"))
        )
        s, e = pl.max_horizontal("entered_at", "t0"), pl.min_horizontal("left_at", "t1")
        return own.select("case_id", "person_id", "place_id", s=s, e=e).collect(engine="streaming")


class Arrived(Sorted):
    name = "Polars over arrival-order Parquet"

    def build(self) -> None:
        """The log's own files are in this order."""

    def files(self, order: str, cases: pa.Table) -> list[str]:
        return arrived_files(self.log, cases)

    def cool(self) -> None:
        drop_caches(self.log.folder)


def _ranges(stays: pl.DataFrame) -> pl.Expr:
    near = (
        (pl.col("place_id") == stay["place_id"]) & _between(stay["s"], stay["e"])
        for stay in stays.iter_rows(named=True)
    )
    return reduce(or_, near)


def _places(stays: pl.DataFrame) -> pl.Expr:
    places = stays["place_id"].unique().sort().to_list()
    return pl.col("place_id").is_in(places) & _between(stays["s"].min() or 0, stays["e"].max() or 0)


def _between(s: int, e: int) -> pl.Expr:
    return (pl.col("entered_at") > s - MAX_STAY) & (pl.col("entered_at") < e)


def _contacts(met: pl.LazyFrame) -> pl.LazyFrame:
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
