"""Random visit logs, small and crowded, on a coarse clock: edges touch often."""

from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

from fangxian.engines.tracing import CASES, VISITS, Places

HOUR = 3600
START = 1633392000
PERSONS = 6
PLACES = 4

moments = st.integers(0, 60).map(lambda step: START + step * HOUR)
lengths = st.sampled_from([1, HOUR, 2 * HOUR, 5 * HOUR, 12 * HOUR, 12 * HOUR + 1, 20 * HOUR])


@st.composite
def visit_logs(draw: st.DrawFn) -> pa.Table:
    """Up to forty visits of six persons to four places in three days."""
    row = st.tuples(st.integers(0, PERSONS - 1), st.integers(0, PLACES - 1), moments, lengths)
    drawn = draw(st.lists(row, max_size=40))
    rows = [(person, place, entered, entered + stay) for person, place, entered, stay in drawn]
    return _table(rows, VISITS)


@st.composite
def case_lists(draw: st.DrawFn) -> pa.Table:
    """Up to four windows of some persons, one of whom never went anywhere; ids in any order."""
    ids = draw(st.lists(st.integers(-5, 2**40), max_size=4, unique=True))
    rows = []
    for case_id in ids:
        t0, length = draw(moments), draw(lengths)
        rows.append((case_id, draw(st.integers(0, PERSONS)), t0, t0 + 3 * length))
    return _table(rows, CASES)


def parameters() -> st.SearchStrategy[dict[str, Any]]:
    """Parameters of a trace, few values each."""
    places = st.sampled_from([None, Places.without([0]), Places.only([1, 2]), Places.only([])])
    return st.fixed_dictionaries(
        {},
        optional={
            "lag": st.sampled_from([0, 1, 2 * HOUR]),
            "min_overlap": st.sampled_from([0, 1, HOUR]),
            "max_place_rows": st.sampled_from([0, 2, 5]),
            "max_stay": st.sampled_from([1, HOUR, 24 * HOUR]),
            "places": places.map(lambda chosen: chosen or Places()),
        },
    )


def source_rules() -> st.SearchStrategy[dict[str, Any]]:
    """Rules of a source search, few values each; most are lenient, so that there is something to find."""
    places = st.sampled_from([Places(), Places.without([0]), Places.only([1, 2])])
    return st.fixed_dictionaries(
        {"k": st.sampled_from([1, 1, 2, 3]), "min_peak": st.sampled_from([1, 1, 2])},
        optional={
            "subtract_regulars": st.booleans(),
            "regular_days": st.sampled_from([1, 2]),
            "regular_share": st.sampled_from([0, 60, 100]),
            "places": places,
            "zone_s": st.sampled_from([0, 8 * HOUR, -5 * HOUR]),
            "limit": st.sampled_from([1, 2]),
        },
    )


def _table(rows: list[tuple[int, ...]], schema: pa.Schema) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    return pa.table([pa.array(column, kind) for column, kind in zip(columns, schema.types, strict=True)], schema=schema)
