"""Real check-ins (a Gowalla sample: 157,251 rows; Yang et al. 2017, SNAP) with an assumed stay of 60 minutes."""

import gzip
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from fangxian.engines.tracing import (
    CASES,
    VISITS,
    Segment,
    VisitStore,
    checksum,
    trace,
    trace_chain,
    write_segment,
)
from tests.shared_data import shared

HOUR = 3600
WEEK = 7 * 86400


@pytest.fixture(scope="module")
def visits() -> pa.Table:
    with gzip.open(shared("data/checkins/gowalla_sample.txt.gz")) as file:
        person, place, entered = np.loadtxt(file, unpack=True).astype(np.int32)
    return pa.table([person, place, entered, entered + HOUR], schema=VISITS)


@pytest.fixture(scope="module")
def cases(visits: pa.Table) -> pa.Table:
    """200 persons, each infectious for a week that begins at one of their own check-ins."""
    rows = np.random.default_rng(2021).choice(visits.num_rows, 200, replace=False)
    person, begin = visits["person_id"].to_numpy()[rows], visits["entered_at"].to_numpy()[rows]
    return pa.table([np.arange(200), person, begin, begin + WEEK], schema=CASES)


def test_every_row_is_there(visits: pa.Table) -> None:
    assert visits.num_rows == 157_251


@pytest.mark.parametrize("lag", [0, 24 * HOUR])
def test_all_engines_equal_the_brute_force(visits: pa.Table, cases: pa.Table, lag: int) -> None:
    expected = trace(visits, cases, lag=lag, engine="reference")
    assert expected.num_rows > 100
    for engine in ("segments", "duckdb"):
        assert checksum(trace(visits, cases, lag=lag, engine=engine)) == checksum(expected)


def test_segments_on_disk_equal_the_brute_force(visits: pa.Table, cases: pa.Table, tmp_path: Path) -> None:
    """The sample spans twenty months: a mapped segment for every sixty days."""
    parts = visits["entered_at"].to_numpy() // (60 * 86400)
    for part in np.unique(parts):
        write_segment(visits.filter(pa.array(parts == part)), tmp_path / str(part))
    store = VisitStore([Segment.open(folder) for folder in sorted(tmp_path.iterdir())])
    assert store.rows == visits.num_rows
    assert trace(store, cases).equals(trace(visits, cases, engine="reference"))


def test_the_second_degree_of_real_check_ins(visits: pa.Table, cases: pa.Table) -> None:
    some = cases.slice(0, 20)
    found, expected = (
        trace_chain(visits, some, expand_min_overlap=900, limit=50, engine=engine) for engine in ("segments", "duckdb")
    )
    assert checksum(found.second) == checksum(expected.second)
    assert found.counts.equals(expected.counts)
