"""Real people: check-ins (Gowalla, Foursquare) and contacts on a hospital ward, on every engine as the brute force.

Check-ins have an arrival only: everybody is taken to stay an hour. Samples: SNAP Gowalla (157,251 rows), Foursquare
(185,984 rows; both Yang et al. 2017). Ward: SocioPatterns, Lyon 2010 (Vanhems et al. 2013), read in tests alone.
"""

import csv
import gzip
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from fangxian.engines.tracing import (
    CASES,
    VISITS,
    Segment,
    VisitStore,
    checksum,
    sources,
    trace,
    trace_chain,
    write_segment,
)
from tests.shared_data import shared
from tests.spark import local_spark
from tests.spec.tracing.engines import OnPolars, Runner, days_and_hot, in_memory, parquet_days

HOUR = 3600
WEEK = 7 * 86400
SNAPSHOT = 20
"""Seconds: who was close to whom on the ward is known for every twenty."""

pytestmark = pytest.mark.timeout(240)  # the first question to Spark waits for its virtual machine

ENGINES = {
    "segments": lambda: Runner("segments", in_memory),
    "segments, half hot": lambda: Runner("segments", days_and_hot),
    "numba": lambda: Runner("numba", in_memory),
    "duckdb": lambda: Runner("duckdb", parquet_days),
    "polars": OnPolars,
    "spark": lambda: Runner(local_spark(), parquet_days),
}


def check_ins(name: str) -> pa.Table:
    """A sample of check-ins as visits of an hour."""
    with gzip.open(shared(f"data/checkins/{name}_sample.txt.gz")) as file:
        person, place, entered = np.loadtxt(file, unpack=True).astype(np.int32)
    return pa.table([person, place, entered, entered + HOUR], schema=VISITS)


def _rows_of(file: Any) -> list[list[str]]:
    return list(csv.reader(file, delimiter="\t"))


def cases_in(visits: pa.Table, count: int = 200) -> pa.Table:
    """Some persons, each infectious for a week that begins at one of their own check-ins."""
    rows = np.random.default_rng(2021).choice(visits.num_rows, count, replace=False)
    person, begin = visits["person_id"].to_numpy()[rows], visits["entered_at"].to_numpy()[rows]
    return pa.table([np.arange(count), person, begin, begin + WEEK], schema=CASES)


def sealed_in_sixty_days(visits: pa.Table, folder: Path) -> VisitStore:
    """A sample spans many months: a mapped segment for every sixty days."""
    parts = visits["entered_at"].to_numpy() // (60 * 86400)
    for part in np.unique(parts):
        write_segment(visits.filter(pa.array(parts == part)), folder / f"segment {part}")
    return VisitStore([Segment.open(each) for each in sorted(folder.glob("segment *"))])


ENGINES["segments on disk"] = lambda: Runner("segments", sealed_in_sixty_days)


@pytest.fixture(scope="module")
def samples() -> dict[str, tuple[pa.Table, pa.Table, pa.Table]]:
    """Visits, cases and the brute force's contacts of both samples, with a day of lag: more pairs to disagree on."""
    found = {}
    for name in ("gowalla", "foursquare"):
        visits = check_ins(name)
        cases = cases_in(visits)
        found[name] = visits, cases, trace(visits, cases, lag=24 * HOUR, engine="reference")
    return found


def test_every_row_is_there(samples: dict[str, Any]) -> None:
    assert [samples[name][0].num_rows for name in ("gowalla", "foursquare")] == [157_251, 185_984]
    assert all(expected.num_rows > 300 for _, _, expected in samples.values())


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("sample", ["gowalla", "foursquare"])
def test_check_ins_are_traced_as_by_brute_force(
    samples: dict[str, Any], sample: str, engine: str, tmp_path: Path
) -> None:
    visits, cases, expected = samples[sample]
    found = ENGINES[engine]().trace(visits, cases, tmp_path, lag=24 * HOUR)
    assert found.equals(expected)
    assert checksum(found) == checksum(expected)


def test_the_second_degree_of_real_check_ins(samples: dict[str, Any]) -> None:
    visits, cases, _ = samples["gowalla"]
    asked = {"expand_min_overlap": 900, "limit": 50}
    found, *others = (
        trace_chain(visits, cases.slice(0, 20), engine=one, **asked) for one in ("segments", "numba", "duckdb")
    )
    for expected in others:
        assert checksum(found.second) == checksum(expected.second)
        assert found.counts.equals(expected.counts)


@pytest.fixture(scope="module")
def one_month(samples: dict[str, Any]) -> tuple[pa.Table, pa.Table, Any]:
    """The busiest four weeks of Foursquare, thirty cases of them, and the brute force's sources."""
    visits = samples["foursquare"][0]
    week = visits["entered_at"].to_numpy() // WEEK
    busiest = np.bincount(week).argmax()
    visits = visits.filter(pa.array((week >= busiest) & (week < busiest + 4)))
    busy = np.bincount(visits["person_id"].to_numpy()).argsort()[-30:]
    begin = int(busiest) * WEEK
    cases = pa.table([np.arange(30), busy, np.full(30, begin), np.full(30, begin + 2 * WEEK)], schema=CASES)
    return visits, cases, sources(visits, cases, engine="reference", **SHARED)


SHARED: dict[str, Any] = {"k": 2, "min_peak": 1}
"""Check-ins are few: two cases at a place are many."""


@pytest.mark.parametrize("engine", ENGINES)
def test_sources_of_real_check_ins(one_month: tuple[pa.Table, pa.Table, Any], engine: str, tmp_path: Path) -> None:
    visits, cases, expected = one_month
    assert expected.places.num_rows > 3
    assert ENGINES[engine]().sources(visits, cases, tmp_path, **SHARED) == expected


@pytest.fixture(scope="module")
def ward() -> list[tuple[int, int, int]]:
    """Moment, one person, the other: they faced each other in the twenty seconds before it."""
    with gzip.open(shared("data/checkins/hospital_ward_contacts.csv.gz"), "rt") as file:
        return [(int(moment), int(one), int(other)) for moment, one, other, *_ in _rows_of(file)]


def episodes(ward: list[tuple[int, int, int]]) -> pa.Table:
    """The contacts as visits: a place for every pair of persons, where both are while they face each other.

    The data knows no rooms, so a place says nothing but who faced whom; snapshots without a gap are one visit.
    """
    moments = defaultdict(set)
    for moment, one, other in ward:
        moments[min(one, other), max(one, other)].add(moment)
    rows = []
    for place, (pair, seen) in enumerate(sorted(moments.items())):
        begins = sorted(moment for moment in seen if moment - SNAPSHOT not in seen)
        ends = sorted(moment for moment in seen if moment + SNAPSHOT not in seen)
        for begin, end in zip(begins, ends, strict=True):
            rows += [(person, place, begin - SNAPSHOT, end) for person in pair]
    return pa.table([np.array(column, dtype=np.int32) for column in zip(*rows, strict=True)], schema=VISITS)


def everyone_for_a_day(ward: list[tuple[int, int, int]]) -> pa.Table:
    """Everybody on the ward as a case, for a day that begins in the middle of a snapshot."""
    persons = sorted({person for _, *pair in ward for person in pair})
    begin = min(ward)[0] + 86400 + 7
    spans = [[begin] * len(persons), [begin + 86400] * len(persons)]
    return pa.table([list(range(len(persons))), persons, *spans], schema=CASES)


def facing(ward: list[tuple[int, int, int]], cases: pa.Table) -> dict[tuple[int, int], int]:
    """Seconds by case and other person, summed snapshot by snapshot: no visit, no place, no engine."""
    seconds: dict[tuple[int, int], int] = defaultdict(int)
    numbers = {row["person_id"]: row["case_id"] for row in cases.to_pylist()}
    t0, t1 = cases["t0"][0].as_py(), cases["t1"][0].as_py()
    for moment, one, other in set(ward):
        shared_s = min(moment, t1) - max(moment - SNAPSHOT, t0)
        for case, person in ((one, other), (other, one)):
            if shared_s > 0:
                seconds[numbers[case], person] += shared_s
    return seconds


@pytest.mark.parametrize("engine", ENGINES)
def test_contacts_on_a_ward_are_those_that_were_measured(
    ward: list[tuple[int, int, int]], engine: str, tmp_path: Path
) -> None:
    assert len(ward) == 32_424
    cases = everyone_for_a_day(ward)
    found = ENGINES[engine]().trace(episodes(ward), cases, tmp_path)
    columns = (found[name].to_pylist() for name in ("case_id", "person_id", "overlap_s"))
    expected = facing(ward, cases)
    assert {(case, person): seconds for case, person, seconds in zip(*columns, strict=True)} == expected
    assert found.num_rows == len(expected) > 500
    assert checksum(found) == checksum(trace(episodes(ward), cases, engine="reference"))
