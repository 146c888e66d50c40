"""What the questions refuse, how an engine is chosen, and what `explain` says."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fangxian.engines.tracing import (
    CASES,
    VISITS,
    Parameters,
    Places,
    VisitStore,
    checked_visits,
    checksum,
    evidence,
    explain,
    exposed_at,
    fold,
    following,
    meetings,
    trace,
    trace_chain,
)
from tests.spec.tracing.engines import days_and_hot, parquet_days

VISIT_ROWS = pa.table([[1, 2, 3, 1], [7, 7, 7, 8], [100, 150, 500, 900], [200, 300, 600, 950]], schema=VISITS)
CASE = pa.table([[5], [1], [0], [1000]], schema=CASES)


def changed(table: pa.Table, **columns: Any) -> pa.Table:
    """The table with some columns replaced, types and nulls free."""
    return pa.table({name: columns.get(name, table[name].to_pylist()) for name in table.column_names})


@pytest.mark.parametrize("engine", ["reference", "segments", "duckdb"])
def test_an_open_visit_is_refused_by_every_engine(engine: str) -> None:
    """An open stay compares as neither earlier nor later: it would silently meet nobody."""
    with pytest.raises(ValueError, match="no value in some rows of left_at"):
        trace(changed(VISIT_ROWS, left_at=[200, None, 600, 950]), CASE, engine=engine)


def test_an_open_visit_in_a_sealed_file_is_refused(tmp_path: Path) -> None:
    store = parquet_days(VISIT_ROWS, tmp_path)
    pq.write_table(changed(VISIT_ROWS, left_at=[200, None, 600, 950]), store.by_place[0])
    with pytest.raises(ValueError, match="left_at may hold nulls"):
        trace(store, CASE)
    pq.write_table(VISIT_ROWS, store.by_place[0], write_statistics=False)
    with pytest.raises(ValueError, match="may hold nulls"):
        trace(store, CASE)


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"left_at": [100, 300, 600, 950]}, "left_at must be later"),
        ({"person_id": [-1, 2, 3, 1]}, "person_id must not be negative"),
        ({"place_id": [7, 7, 7, -8]}, "place_id must not be negative"),
        ({"left_at": [2**31, 300, 600, 950]}, "visits: Integer value"),
        ({"person_id": [1.5, 2.0, 3.0, 1.0]}, "visits: "),
    ],
)
def test_wrong_visits_are_refused(columns: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        trace(changed(VISIT_ROWS, **columns), CASE)


def test_a_missing_column_is_named_and_another_is_left_out() -> None:
    with pytest.raises(ValueError, match="visits: missing column left_at"):
        trace(VISIT_ROWS.drop(["left_at"]), CASE)
    assert checked_visits(VISIT_ROWS.append_column("visit_id", [[1, 2, 3, 4]])).schema == VISITS


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"t1": [0]}, "t1 must be later than t0"),
        ({"person_id": [-3]}, "person_id must not be negative"),
        ({"t0": [None]}, "no value in some rows of t0"),
    ],
)
def test_wrong_cases_are_refused(columns: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        trace(VISIT_ROWS, changed(CASE, **columns))


def test_case_ids_are_unique() -> None:
    with pytest.raises(ValueError, match="case_id must be unique"):
        trace(VISIT_ROWS, pa.concat_tables([CASE, CASE]))


@pytest.mark.parametrize("wrong", [{"lag": -1}, {"min_overlap": -1}, {"max_place_rows": -1}, {"max_stay": 0}])
def test_wrong_parameters_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="second|0 or more"):
        trace(VISIT_ROWS, CASE, **wrong)
    with pytest.raises(ValueError, match="second|0 or more"):
        Parameters(**wrong)


@pytest.mark.parametrize("wrong", [{"limit": -1}, {"expand_min_overlap": -1}, {"latent": -1}])
def test_a_chain_has_thresholds_of_zero_or_more(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="0 or more"):
        trace_chain(VISIT_ROWS, CASE, **{"limit": 1, "expand_min_overlap": 1, **wrong})


@pytest.mark.parametrize(("place", "t0", "t1"), [(7, 5, 5), (-1, 0, 5)])
def test_exposure_asks_for_a_place_and_a_time(place: int, t0: int, t1: int) -> None:
    with pytest.raises(ValueError, match="t1 must be later"):
        exposed_at(VISIT_ROWS, place, t0, t1)


def test_the_evidence_of_one_pair() -> None:
    assert meetings(VISIT_ROWS, (1, 0, 1000), 2).to_pylist() == [
        {"place_id": 7, "s": 100, "e": 200, "w_entered": 150, "w_left": 300, "overlap_s": 50}
    ]
    assert meetings(VISIT_ROWS, (1, 0, 1000), 3).num_rows == 0
    assert meetings(VISIT_ROWS, (1, 0, 1000), 3, lag=301).num_rows == 1


def test_segments_are_taken_when_there_are_any(tmp_path: Path) -> None:
    assert explain(VISIT_ROWS, CASE).engine == "segments"
    assert explain(days_and_hot(VISIT_ROWS, tmp_path), CASE).engine == "segments"
    assert explain(VisitStore(hot=VISIT_ROWS), CASE).engine == "segments"


def test_a_store_of_files_only_is_read_by_duckdb(tmp_path: Path) -> None:
    store = parquet_days(VISIT_ROWS, tmp_path)
    assert trace(store, CASE).equals(trace(VISIT_ROWS, CASE))
    explained = explain(store, CASE)
    assert (explained.engine, explained.rows, explained.files, explained.segments) == ("duckdb", 4, 2, 0)
    assert explained.bytes_touched == sum(file.stat().st_size for file in [*store.by_person, *store.by_place])
    for engine in ("reference", "segments"):
        with pytest.raises(ValueError, match="only Parquet files"):
            evidence(store, CASE, engine=engine)


def test_files_without_hot_rows(tmp_path: Path) -> None:
    store = parquet_days(VISIT_ROWS, tmp_path)
    sealed = VisitStore(by_person=store.by_person, by_place=store.by_place)
    assert explain(sealed, CASE).rows == 3
    assert trace(sealed, CASE).equals(trace(VISIT_ROWS.slice(0, 3), CASE))


def test_what_a_trace_touches() -> None:
    """One case of two visits: its own two rows, and the three rows of the first place that may reach into its stay."""
    explained = explain(VISIT_ROWS, CASE, places=Places.only([7]))
    assert (explained.rows, explained.segments, explained.files) == (4, 1, 0)
    assert explained.rows_touched == 4
    assert explained.bytes_touched == 4 * 12
    assert explain(VISIT_ROWS, CASE, engine="reference").rows_touched == 4


def test_the_highest_ids_and_times_there_are() -> None:
    """Nothing wraps around at the end of 32 bits."""
    top = 2**31 - 1
    rows = [(top, top, top - 100, top), (top - 1, top, top - 50, top), (0, top, top - 50, top)]
    visits = pa.table([list(column) for column in zip(*rows, strict=True)], schema=VISITS)
    cases = pa.table({"case_id": range(5), "person_id": [top, 1, 2, 3, 0], "t0": [0] * 5, "t1": [top] * 5})
    expected = trace(visits, cases, lag=3600, engine="reference")
    assert expected["person_id"].to_pylist() == [0, top - 1, top - 1, top]
    assert trace(visits, cases, lag=3600, engine="segments").equals(expected)


def test_a_chain_over_the_highest_ids() -> None:
    """Ids that are far apart are numbered without a table of all that lie between."""
    top = 2**31 - 1
    rows = [(1, top, 0, 100), (top, top, 50, 100), (top, 5, 200, 300), (top - 1, 5, 250, 400), (2, 5, 0, 10)]
    visits = pa.table([list(column) for column in zip(*rows, strict=True)], schema=VISITS)
    asked = {"expand_min_overlap": 1, "limit": 5}
    expected = trace_chain(visits, CASE, engine="reference", **asked)
    assert expected.second["person_id"].to_pylist() == [top - 1]
    assert trace_chain(visits, CASE, engine="segments", **asked).second.equals(expected.second)


def test_keys_without_room_for_row_numbers_are_sorted_too() -> None:
    for highest in (2**62, 9):
        keys = np.array([highest, 5, highest, 1, 5])
        assert fold.sorted_order(keys).tolist() == [3, 1, 4, 0, 2]


def test_pairs_without_room_for_their_seconds_are_summed_too() -> None:
    for highest in (2**62, 9):
        keys, seconds = np.array([highest, 5, highest, 1, 5]), np.array([1, 2, 4, 0, 40_000])
        assert [column.tolist() for column in following.pair_sums(keys, seconds)] == [[1, 5, highest], [0, 40_002, 5]]


def test_an_unknown_engine_is_named() -> None:
    with pytest.raises(ValueError, match="no engine abacus; there are auto"):
        trace(VISIT_ROWS, CASE, engine="abacus")


def test_a_checksum_sees_every_value_and_no_order() -> None:
    assert checksum(VISIT_ROWS) == checksum(VISIT_ROWS.take([3, 1, 0, 2]))
    assert checksum(VISIT_ROWS) != checksum(changed(VISIT_ROWS, left_at=[200, 300, 600, 951]))
    assert checksum(VISIT_ROWS) != checksum(VISIT_ROWS.select(["place_id", "person_id", "entered_at", "left_at"]))
    assert checksum(VISIT_ROWS) != checksum(pa.concat_tables([VISIT_ROWS, VISIT_ROWS.slice(0, 1)]))
    assert checksum(VISITS.empty_table()) == "0x0000000000000000"


def test_a_checksum_sees_the_last_bit_of_a_double() -> None:
    assert checksum(pa.table({"x": [0.1 + 0.2, 1.0]})) == checksum(pa.table({"x": [1.0, 0.1 + 0.2]}))
    assert checksum(pa.table({"x": [0.1 + 0.2]})) != checksum(pa.table({"x": [0.3]}))


@pytest.mark.parametrize("values", [[1, None], ["a", "b"], [1.0, None]])
def test_a_checksum_is_of_numbers(values: list[Any]) -> None:
    with pytest.raises(ValueError, match="column x is not of numbers only"):
        checksum(pa.table({"x": values}))
