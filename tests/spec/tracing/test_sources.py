"""Source tracing in a simulated town: a planted dinner comes first, a shared workplace does not; what is refused."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from fangxian.engines.tracing import (
    CASES,
    VISITS,
    Places,
    Segment,
    SourceRules,
    Sources,
    VisitStore,
    explain,
    sources,
    write_segment,
)
from fangxian.engines.tracing.sources_model import PlaceDay, llr

DAY, HOUR = 86400, 3600
START = 1633046400
PERSONS, PLANTS, VENUES, DAYS = 6000, 120, 400, 14


def town(seed: int) -> pa.Table:
    """Two weeks: two in three go to a workplace of some fifty or a few hundred, everyone to venues, some to most."""
    rng = np.random.default_rng(seed)
    plant = np.where(rng.random(PERSONS) < 0.65, (rng.random(PERSONS) ** 2 * PLANTS).astype(int), -1)
    parts = []
    for day in range(DAYS):
        at_work = np.flatnonzero((plant >= 0) & (rng.random(PERSONS) < (0.85 if day % 7 < 5 else 0.2)))
        begin = START + day * DAY + 8 * HOUR + rng.integers(0, HOUR, len(at_work))
        parts.append((at_work, plant[at_work], begin, begin + rng.integers(6, 10, len(at_work)) * HOUR))
        out = rng.integers(0, PERSONS, PERSONS)
        venue = PLANTS + (rng.random(PERSONS) ** 2.5 * VENUES).astype(int)
        begin = START + day * DAY + rng.integers(9, 22, PERSONS) * HOUR
        parts.append((out, venue, begin, begin + rng.integers(600, 2 * HOUR, PERSONS)))
    columns = (np.concatenate(column).astype(np.int32) for column in zip(*parts, strict=True))
    return pa.table(list(columns), schema=VISITS)


def dinner(guests: np.ndarray, place: int, day: int) -> pa.Table:
    """The guests come within half an hour and stay for two."""
    begin = START + day * DAY + 18 * HOUR + np.arange(len(guests)) * 1800 // len(guests)
    columns = (guests, np.full(len(guests), place), begin, begin + 2 * HOUR)
    return pa.table([column.astype(np.int32) for column in columns], schema=VISITS)


def cases_of(persons: np.ndarray, day: int) -> pa.Table:
    """Each may have been infected in the five days before, and on, the day and the day after."""
    t0 = np.full(len(persons), START + (day - 5) * DAY)
    return pa.table([np.arange(len(persons)), persons, t0, t0 + 7 * DAY], names=CASES.names).cast(CASES)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("colleagues", [False, True])
def test_the_planted_dinner_comes_first(seed: int, colleagues: bool) -> None:
    """Forty of two hundred cases dined together, at a venue like any other; perhaps they work together as well."""
    rng = np.random.default_rng(1000 + seed)
    visits = town(seed)
    workers = np.unique(visits["person_id"].to_numpy()[visits["place_id"].to_numpy() == 0])
    guests = rng.choice(workers if colleagues else PERSONS, 40, replace=False)
    place = PLANTS + int(rng.integers(0, VENUES))
    log = pa.concat_tables([visits, dinner(guests, place, 8)])
    others = rng.choice(np.setdiff1d(np.arange(PERSONS), guests), 160, replace=False)
    found = sources(log, cases_of(np.concatenate([guests, others]), 8), engine="segments")
    first = found.places.to_pylist()[0]
    assert first["place_id"] == place
    assert first["cases"] >= 40
    assert first["peak"] >= 40
    assert first["best_day"] == START // DAY + 8
    named = {row["case_id"] for row in found.cases.to_pylist() if row["place_id"] == place and not row["regular"]}
    assert set(range(40)) <= named
    if colleagues:
        assert 0 not in found.places["place_id"].to_pylist()
        assert found.usual.to_pylist()[0] == {"place_id": 0, "regulars": max(found.usual["regulars"].to_pylist())}
        assert found.usual["regulars"][0].as_py() >= 35


def test_erased_visits_count_nowhere(tmp_path: Path) -> None:
    visits = town(3).slice(0, 30_000)
    write_segment(visits, tmp_path / "days")
    opened = Segment.open(tmp_path / "days")
    gone = int(visits["person_id"][5].as_py())
    opened.erase(gone)
    others = visits.filter(pa.array(visits["person_id"].to_numpy() != gone))
    cases = cases_of(np.arange(300), 2)
    asked: dict[str, Any] = {"k": 2, "min_peak": 1, "regular_days": 2}
    assert _tables(sources(VisitStore([opened]), cases, **asked)) == _tables(sources(others, cases, **asked))


def _tables(found: Sources) -> list[list[dict[str, Any]]]:
    return [table.to_pylist() for table in (found.places, found.days, found.cases, found.usual)]


VISIT_ROWS = pa.table([[1, 2, 3], [7, 7, 8], [100, 150, 500], [200, 300, 600]], schema=VISITS)
TWO = pa.table([[5, 6], [1, 2], [0, 0], [1000, 1000]], schema=CASES)


def test_a_window_narrows_all_cases() -> None:
    asked: dict[str, Any] = {"k": 1, "min_peak": 1}
    assert sources(VISIT_ROWS, TWO, **asked).places["peak"].to_pylist() == [2]
    assert sources(VISIT_ROWS, TWO, window=(200, 300), **asked).places["cases"].to_pylist() == [1]
    assert sources(VISIT_ROWS, TWO, window=(2000, 3000), **asked).places.num_rows == 0
    with pytest.raises(ValueError, match="window ends after"):
        sources(VISIT_ROWS, TWO, window=(5, 5))


@pytest.mark.parametrize(
    "wrong",
    [{"k": 0}, {"min_peak": 0}, {"regular_days": 0}, {"limit": 0}, {"regular_share": 101}, {"regular_share": -1}]
    + [{"zone_s": 2 * DAY}],
)
def test_rules_that_mean_nothing_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="sources: "):
        sources(VISIT_ROWS, TWO, **wrong)
    with pytest.raises(ValueError, match="sources: "):
        SourceRules(**wrong)


def test_the_ratio_of_a_few_counts() -> None:
    assert [round(llr(n, e), 4) for n, e in [(3, 3.0), (3, 4.0), (0, 0.0), (1, 0.5), (40, 0.8)]] == [
        0.0, 0.0, 0.0, 0.1931, 117.2809
    ]  # fmt: skip


def test_counts_kept_apart_are_at_least_what_is_seen() -> None:
    """Kept counts may lag behind the rows; what is seen of the cases themselves is there in any case."""
    assert PlaceDay(day=0, cases=3, visits=0, stays=4, all_visits=0).expected == 4 * 3 / 4
    assert PlaceDay(day=0, cases=0, visits=0, stays=4, all_visits=0).expected == 0


def test_what_a_source_search_and_a_chain_read() -> None:
    """The cases' own rows, and once the whole place order for erased rows; without cases nothing is opened."""
    told = explain(VISIT_ROWS, TWO, question="sources")
    assert (told.question, told.why, told.segments, told.rows_touched) == ("sources", "segments", 1, 2 + 3)
    assert explain(VISIT_ROWS, TWO.slice(0, 0), question="sources").segments == 0
    assert explain(VISIT_ROWS, TWO.slice(0, 0)).segments == 0
    chain = explain(VISIT_ROWS, TWO, question="trace_chain", expand_min_overlap=1)
    trace = explain(VISIT_ROWS, TWO, places=Places.only([7]))
    assert chain.rows_touched > trace.rows_touched
    assert explain(VISIT_ROWS, TWO, engine="segments").why == "named"
