"""What must hold of any source search, whatever the log."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxian.engines.tracing import VISITS, Sources, VisitStore, sources
from fangxian.engines.tracing.counting import PLACE_DAYS
from tests.generative.logs import HOUR, PERSONS, PLACES, START, case_lists, source_rules, visit_logs

LENIENT = {"k": 1, "min_peak": 1, "subtract_regulars": False}


def tables(found: Sources) -> list[list[dict[str, Any]]]:
    return [table.to_pylist() for table in (found.places, found.days, found.cases, found.usual)]


@settings(deadline=None)
@given(visits=visit_logs(), cases=case_lists(), asked=source_rules(), order=st.randoms())
def test_the_order_of_rows_does_not_matter(visits: pa.Table, cases: pa.Table, asked: dict, order: Any) -> None:
    numbers = list(range(visits.num_rows))
    order.shuffle(numbers)
    shuffled = visits.take(pa.array(numbers, pa.int64()))
    assert tables(sources(shuffled, cases, **asked)) == tables(sources(visits, cases, **asked))


@settings(deadline=None)
@given(visits=visit_logs(), cases=case_lists(), place=st.integers(0, PLACES - 1), more=st.integers(1, 20))
def test_visits_of_others_only_make_a_place_less_remarkable(
    visits: pa.Table, cases: pa.Table, place: int, more: int
) -> None:
    """More strangers at a place on any day raise what chance would bring there and nowhere else."""
    strangers = [[PERSONS + 1] * more, [place] * more, [START + HOUR] * more, [START + 2 * HOUR] * more]
    crowded = pa.concat_tables([visits, pa.table(strangers, schema=VISITS)])
    before, after = (
        {row["place_id"]: row for row in sources(log, cases, **LENIENT).places.to_pylist()} for log in (visits, crowded)
    )
    assert place not in after.keys() - before.keys()
    for number in before.keys() & after.keys():
        assert after[number]["cases"] == before[number]["cases"]
        fewer, greater = sorted((before[number], after[number]), key=lambda row: row["expected"])
        assert fewer["llr"] >= greater["llr"] - 1e-9
    if place in after:
        assert after[place]["expected"] >= before[place]["expected"] - 1e-9


@settings(deadline=None)
@given(visits=visit_logs(), cases=case_lists(), asked=source_rules())
def test_a_higher_threshold_only_leaves_out(visits: pa.Table, cases: pa.Table, asked: dict[str, Any]) -> None:
    asked.pop("limit", None)
    every = sources(visits, cases, **asked).places.to_pylist()
    for name in ("k", "min_peak"):
        least = asked[name] + 1
        fewer = sources(visits, cases, **{**asked, name: least}).places.to_pylist()
        assert fewer == [row for row in every if row["cases" if name == "k" else "peak"] >= least]


@settings(deadline=None)
@given(visits=visit_logs(), cases=case_lists(), asked=source_rules())
def test_the_tables_fit_together(visits: pa.Table, cases: pa.Table, asked: dict[str, Any]) -> None:
    found = sources(visits, cases, **asked)
    ranks = [(-row["llr"], row["place_id"]) for row in found.places.to_pylist()]
    assert ranks == sorted(ranks)
    assert found.found >= found.places.num_rows
    for row in found.places.to_pylist():
        days = [day for day in found.days.to_pylist() if day["place_id"] == row["place_id"]]
        who = [one for one in found.cases.to_pylist() if one["place_id"] == row["place_id"]]
        assert sum(one["regular"] == 0 for one in who) == row["cases"] >= row["peak"] >= asked["min_peak"]
        assert sum(one["regular"] for one in who) == row["regulars"]
        assert len(days) == row["days"]
        assert max(day["llr"] for day in days) <= row["llr"]
        assert row["expected"] >= math.fsum(day["expected"] for day in days) - 1e-9
        assert all(day["visits"] >= 1 for day in days)


@settings(deadline=None)
@given(visits=visit_logs(), cases=case_lists(), asked=source_rules())
def test_kept_counts_and_midnights_change_nothing(visits: pa.Table, cases: pa.Table, asked: dict[str, Any]) -> None:
    """A store that knows its days and its counts answers as one that has to count, by every engine that reads it."""
    zone_s = asked.get("zone_s", 0)
    first = (START - 2 * 86400 + zone_s) // 86400
    midnights = [day * 86400 - zone_s for day in range(first, first + 9)]
    days = (visits["entered_at"].to_numpy().astype(np.int64) + zone_s) // 86400
    counted = pa.table({"place_id": visits["place_id"], "day": days.astype(np.int32)}).append_column(
        "visits", pa.array(np.ones(len(days), np.int32))
    )
    counted = counted.group_by(["place_id", "day"]).aggregate([("visits", "sum"), ("visits", "count")])
    kept = counted.rename_columns(["place_id", "day", "visits", "persons"]).cast(PLACE_DAYS)
    told = replace(VisitStore.of(visits), midnights=midnights, first_day=first)
    expected = tables(sources(visits, cases, engine="reference", **asked))
    for store in (told, replace(told, place_days=kept)):
        for engine in ("segments", "reference"):
            assert tables(sources(store, cases, engine=engine, **asked)) == expected
