"""The relational expression on a local Spark: drawn tables, sealed days, what is read of them, what is refused.

A question costs Spark most of a second however small it is: of the drawn tables every fourth of a chapter runs here,
and one busy day with everything asked of it. `tests/integration/engines` has a real cluster.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fangxian.engines.tracing import (
    CASES,
    EngineMissing,
    Places,
    VisitStore,
    evidence,
    explain,
    exposed_at,
    on_spark,
    sealed,
    sources,
    trace,
)
from fangxian.engines.tracing.on_spark import Spark
from tests.spark import local_spark, need_spark
from tests.spec.tracing.chapters import CHAPTERS
from tests.spec.tracing.drawn import rows
from tests.spec.tracing.engines import Runner, days_and_hot, parquet_days
from tests.spec.tracing.scenario import Scenario
from tests.spec.tracing.test_segments import DAY, busy_day, cases_of

pytestmark = pytest.mark.timeout(240)  # the first question waits for the virtual machine

DRAWN = [
    pytest.param(one, id=f"{chapter.TITLE}: {one.title}") for chapter in CHAPTERS for one in chapter.SCENARIOS[::4]
]
SOME = cases_of(list(range(0, 500, 25)))


@pytest.fixture(scope="module")
def spark() -> Spark:
    return local_spark()


def sealed_days(folder: Path, days: int = 3) -> VisitStore:
    """Files of several days like the busy one, a file a day and order."""
    store = VisitStore(by_person=[], by_place=[], hot=busy_day(10))
    for day in range(days):
        visits = busy_day()
        times = (_later(visits[name], day) for name in ("entered_at", "left_at"))
        moved = [visits["person_id"], visits["place_id"], *times]
        table = pa.table(moved, schema=visits.schema)
        for files, key in ((store.by_person, "person_id"), (store.by_place, "place_id")):
            file = folder / f"{day}-{key}.parquet"
            pq.write_table(table.sort_by([(key, "ascending"), ("entered_at", "ascending")]), file)
            files.append(file)
    return store


def _later(column: pa.ChunkedArray, days: int) -> pa.Array:
    return pa.array((column.to_numpy() + days * DAY).astype(np.int32))


@pytest.mark.parametrize("scenario", DRAWN)
def test_the_answer_is_as_drawn(spark: Spark, scenario: Scenario, tmp_path: Path) -> None:
    assert scenario.run(Runner(spark, parquet_days), tmp_path) == rows(scenario.expected)


@pytest.mark.parametrize(
    "asked",
    [
        {"lag": 1800, "min_overlap": 600, "places": Places.without([3]), "max_place_rows": 40, "max_stay": 7200},
        {"places": Places.only([1, 2, 5])},
    ],
)
def test_a_busy_day_is_traced_as_by_the_segments(spark: Spark, tmp_path: Path, asked: dict[str, Any]) -> None:
    for question in (trace, evidence):
        expected = question(busy_day(), SOME, engine="segments", **asked)
        assert question(parquet_days(busy_day(), tmp_path), SOME, engine=spark, **asked).equals(expected)


def test_segments_without_files_are_read_too(spark: Spark, tmp_path: Path) -> None:
    store = days_and_hot(busy_day(), tmp_path)
    assert trace(store, SOME, engine=spark).equals(trace(store, SOME))


def test_sources_of_many_days(spark: Spark, tmp_path: Path) -> None:
    store = sealed_days(tmp_path)
    asked = {"k": 2, "min_peak": 1, "regular_days": 4}
    found, expected = (sources(store, SOME, engine=engine, **asked) for engine in (spark, "duckdb"))
    assert found.places.num_rows > 3
    assert found == expected


def test_nobody_asked_and_nobody_there(spark: Spark, tmp_path: Path) -> None:
    """No job is run for a question without cases, or for cases who went nowhere."""
    store = sealed_days(tmp_path, days=1)
    stranger = pa.table([[1], [400_000], [0], [DAY]], schema=CASES)
    assert trace(store, SOME.slice(0, 0), engine=spark).num_rows == 0
    assert evidence(store, stranger, engine=spark).num_rows == 0
    nothing = sources(VisitStore(by_person=store.by_person, by_place=store.by_place), stranger, engine=spark)
    assert nothing.places.num_rows == 0


def test_only_the_days_of_the_window_are_read(spark: Spark, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of three days the files of the first are opened: the others are moved out of the way to prove it."""
    store = sealed_days(tmp_path)
    expected = exposed_at(store, 3, 3600, 40_000, engine="duckdb")
    assert [file.name for file in sealed.touching(store.by_place, DAY, DAY + 60)] == [
        "0-place_id.parquet",
        "1-place_id.parquet",
    ]
    read = []
    monkeypatch.setattr(sealed, "touching", lambda files, t0, t1: read.extend(_touching(files, t0, t1)) or read)
    assert exposed_at(store, 3, 3600, 40_000, engine=spark).equals(expected)
    assert [file.name for file in read] == ["0-place_id.parquet"]


_touching = sealed.touching


def test_what_is_named_to_the_reader() -> None:
    few, all_of_it = np.array([3, 7, 9], dtype=np.int32), np.arange(on_spark.NAMED_KEYS + 1, dtype=np.int32)
    assert on_spark._Span(1, 2, "place_id", few).condition().endswith("place_id IN (3, 7, 9)")
    assert on_spark._Span(1, 2, "place_id", few[:0]).condition().endswith("place_id IN (NULL)")
    assert on_spark._Span(1, 2, "place_id", all_of_it).condition().endswith("place_id BETWEEN 0 AND 10000")
    assert on_spark._Span(1, 2).condition() == "entered_at < 2 AND left_at > 1"


def test_a_file_without_a_column_is_refused(spark: Spark, tmp_path: Path) -> None:
    """Spark itself would fill the column with nothing, and everybody would have met nobody."""
    store = parquet_days(busy_day(), tmp_path)
    pq.write_table(busy_day().drop(["left_at"]), store.by_person[0])
    for engine in (spark, "duckdb"):
        with pytest.raises(ValueError, match=r"person\.parquet: missing column left_at"):
            trace(store, SOME, engine=engine)


def test_an_explanation_names_the_files(spark: Spark, tmp_path: Path) -> None:
    explained = explain(sealed_days(tmp_path), SOME, engine=spark)
    assert (explained.engine, explained.files, explained.rows) == ("spark", 6, 9010)


def test_a_master_is_named_by_the_environment(spark: Spark, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on_spark.default.cache_clear()
    monkeypatch.delenv(on_spark.MASTER, raising=False)
    with pytest.raises(ValueError, match="set FANGXIAN_SPARK_MASTER"):
        trace(busy_day(), SOME, engine="spark")
    monkeypatch.setenv(on_spark.MASTER, "local[2]")
    few = SOME.slice(0, 2)
    assert trace(busy_day(), few, engine="spark").equals(trace(busy_day(), few))
    on_spark.default.cache_clear()


def test_java_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    need_spark()
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setattr(on_spark.shutil, "which", lambda program: None)
    with pytest.raises(EngineMissing, match="needs Java 17"):
        Spark.at("local[1]")
