"""Rings: every threshold is given, the innermost ring wins, and the row says which rule decided."""

import pyarrow as pa
import pytest

from fangxian.engines.tracing import EVIDENCE, Ring, RingRules, classify

RULES = RingRules(
    close_total_s=900,
    secondary_total_s=600,
    general_total_s=60,
    lag_is_general=True,
    close_kinds={"household": 0, "restaurant": 300},
)


def ring_of(*pieces: tuple[int, str, int, bool], rules: RingRules = RULES) -> tuple[str, str, int] | None:
    """Ring, rule and seconds for pieces of (degree, kind, overlap_s, protected)."""
    rows = [(1, 2, *piece) for piece in pieces]
    table = classify(pa.table([list(column) for column in zip(*rows, strict=True)], schema=EVIDENCE), rules)
    return tuple(table.to_pylist()[0].values())[2:] if table.num_rows else None


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        ([(1, "household", 0, False)], ("close", "close:household", 0)),
        ([(1, "restaurant", 299, False)], ("general", "general", 299)),
        ([(1, "restaurant", 300, False)], ("close", "close:restaurant", 300)),
        ([(1, "restaurant", 200, False), (1, "restaurant", 100, False)], ("close", "close:restaurant", 300)),
        ([(1, "restaurant", 299, False), (1, "shop", 601, False)], ("close", "close:total", 900)),
        ([(1, "shop", 899, False)], ("general", "general", 899)),
        ([(1, "shop", 5000, True)], ("general", "general", 5000)),
        ([(1, "household", 5000, True)], ("general", "general", 5000)),
        ([(1, "shop", 59, False)], None),
        ([(1, "shop", 0, False)], ("general", "general:lag", 0)),
        ([(2, "shop", 600, False)], ("secondary", "secondary", 600)),
        ([(2, "shop", 599, False)], None),
        ([(2, "shop", 600, True)], None),
        ([(2, "shop", 600, False), (1, "shop", 100, False)], ("secondary", "secondary", 600)),
        ([(2, "shop", 600, False), (1, "shop", 900, False)], ("close", "close:total", 900)),
    ],
)
def test_ring(pieces: list[tuple[int, str, int, bool]], expected: tuple[str, str, int] | None) -> None:
    assert ring_of(*pieces) == expected


def test_a_ring_that_is_abolished_is_not_kept() -> None:
    rules = RingRules(close_total_s=900, secondary_total_s=None, general_total_s=60, lag_is_general=False)
    assert ring_of((2, "shop", 9000, False), rules=rules) is None
    assert ring_of((1, "shop", 0, False), rules=rules) is None


def test_thresholds_of_zero_still_ask_for_time_together() -> None:
    rules = RingRules(close_total_s=0, secondary_total_s=0, general_total_s=0, lag_is_general=False)
    assert ring_of((1, "shop", 1, False), rules=rules) == (Ring.CLOSE, "close:total", 1)
    assert ring_of((1, "shop", 0, False), rules=rules) is None
    assert ring_of((2, "shop", 0, False), rules=rules) is None


def test_one_row_a_case_and_person_in_order() -> None:
    rows = [(9, 1, 1, "shop", 1000, False), (2, 8, 1, "shop", 1000, False), (2, 3, 1, "shop", 100, False)]
    table = classify(pa.table([list(column) for column in zip(*rows, strict=True)], schema=EVIDENCE), RULES)
    assert [tuple(row.values())[:3] for row in table.to_pylist()] == [
        (2, 3, "general"),
        (2, 8, "close"),
        (9, 1, "close"),
    ]


def test_no_evidence_no_rings() -> None:
    assert classify(EVIDENCE.empty_table(), RULES).num_rows == 0


def test_a_third_degree_is_refused() -> None:
    with pytest.raises(ValueError, match="degree 3"):
        ring_of((3, "shop", 1000, False))
