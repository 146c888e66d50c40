"""What must hold of any trace, whatever the log; and the second degree against a brute force of its own."""

from collections import defaultdict
from typing import Any

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxian.engines.tracing import Places, checksum, evidence, trace, trace_chain
from tests.generative.logs import HOUR, START, case_lists, parameters, visit_logs

ALWAYS = START - 10 * 86400, START + 30 * 86400


@settings(deadline=None)
@given(visits=visit_logs(), cases=case_lists(), asked=parameters())
def test_a_trace_is_the_sum_of_its_evidence(visits: pa.Table, cases: pa.Table, asked: dict[str, Any]) -> None:
    behind = evidence(visits, cases, **asked)
    sums = behind.group_by(["case_id", "person_id"]).aggregate(
        [("overlap_s", "count"), ("overlap_s", "sum"), ("place_id", "count_distinct")]
    )
    rows = trace(visits, cases, **asked).select(["case_id", "person_id", "meetings", "overlap_s", "places"])
    assert sorted(map(tuple, (row.values() for row in sums.to_pylist()))) == [
        tuple(row.values()) for row in rows.to_pylist()
    ]


@settings(deadline=None)
@given(visits=visit_logs(), one=st.integers(0, 5), other=st.integers(0, 5))
def test_meeting_is_mutual(visits: pa.Table, one: int, other: int) -> None:
    """Without a lag, and with a longest stay no visit reaches: A meets B as B meets A."""
    cases = pa.table({"case_id": [1, 2], "person_id": [one, other], "t0": [ALWAYS[0]] * 2, "t1": [ALWAYS[1]] * 2})
    rows = trace(visits, cases, max_stay=10**6).to_pylist()
    sides = [
        [tuple(row.values())[2:] for row in rows if (row["case_id"], row["person_id"]) == pair]
        for pair in ((1, other), (2, one))
    ]
    assert sides[0] == sides[1] if one != other else sides == [[], []]


@settings(deadline=None)
@given(visits=visit_logs(), cases=case_lists(), order=st.randoms())
def test_the_order_of_rows_does_not_matter(visits: pa.Table, cases: pa.Table, order: Any) -> None:
    numbers = list(range(visits.num_rows))
    order.shuffle(numbers)
    shuffled = visits.take(pa.array(numbers, pa.int64()))
    found = trace(visits, cases)
    assert trace(shuffled, cases).equals(found)
    mixed = found.take(pa.array(sorted(range(found.num_rows), key=lambda row: (row * 7) % 5), pa.int64()))
    assert checksum(mixed) == checksum(found)


@settings(deadline=None)
@given(visits=visit_logs(), cases=case_lists())
def test_more_lag_only_adds(visits: pa.Table, cases: pa.Table) -> None:
    without, with_lag = (
        {(row["case_id"], row["person_id"]): row["overlap_s"] for row in trace(visits, cases, lag=lag).to_pylist()}
        for lag in (0, 3 * HOUR)
    )
    assert without.items() <= with_lag.items()
    assert {with_lag[pair] for pair in with_lag.keys() - without.keys()} <= {0}


@settings(deadline=None)
@given(visits=visit_logs(), cases=case_lists(), least=st.sampled_from([0, 1, HOUR]), latent=st.sampled_from([0, HOUR]))
def test_the_second_degree_equals_a_brute_force(visits: pa.Table, cases: pa.Table, least: int, latent: int) -> None:
    chain = trace_chain(visits, cases, expand_min_overlap=least, limit=100, latent=latent, places=Places.without([3]))
    found = {(row["case_id"], row["person_id"]): row["score_s"] for row in chain.second.to_pylist()}
    assert found == _second_degree(visits.to_pylist(), cases.to_pylist(), least, latent)
    ranks = [(row["case_id"], -row["score_s"], row["person_id"]) for row in chain.second.to_pylist()]
    assert ranks == sorted(ranks)


def _second_degree(visits: list[dict[str, int]], cases: list[dict[str, int]], least: int, latent: int) -> dict:
    scores: dict[tuple[int, int], int] = defaultdict(int)
    for case in cases:
        first = _met(visits, case["person_id"], case["t0"], case["t1"])
        for via, (seconds, began) in first.items():
            if seconds < least or began + latent >= case["t1"]:
                continue
            for person, (further, _) in _met(visits, via, began + latent, case["t1"]).items():
                if person != case["person_id"] and person not in first:
                    scores[case["case_id"], person] += min(seconds, further)
    return scores


def _met(visits: list[dict[str, int]], person: int, t0: int, t1: int) -> dict[int, tuple[int, int]]:
    """Whom a person met in a window: seconds and the first moment. Every visit against every other."""
    met: dict[int, tuple[int, int]] = {}
    for own in visits:
        if own["person_id"] != person or own["place_id"] == 3:
            continue
        s, e = max(own["entered_at"], t0), min(own["left_at"], t1)
        for w in visits:
            begin, end = max(w["entered_at"], s), min(w["left_at"], e)
            near = w["place_id"] == own["place_id"] and w["entered_at"] > s - 12 * HOUR
            if s < e and begin < end and near and w["person_id"] != person:
                seconds, began = met.get(w["person_id"], (0, begin))
                met[w["person_id"]] = seconds + end - begin, min(began, begin)
    return met
