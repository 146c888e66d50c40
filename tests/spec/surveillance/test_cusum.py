"""Rossi's CUSUM on drawn weeks, and equal to R."""

from dataclasses import replace

import numpy as np
import pytest

from fangxian.engines.surveillance import RKI, Cusum, cusum
from tests.spec.surveillance.reference import grid, rows, same, simulated

STORIES = {
    "an ordinary past": ("4 5 3 4 4 6 3 4", RKI, "--------"),
    "small excesses that go on": ("4 4 8 8 8 8 4 4", RKI, "----!!--"),
    "one large week": ("4 4 15 4 0 0 0 0", RKI, "--!!----"),
    "one large week, beginning again": ("4 4 15 4 0 0 0 0", replace(RKI, reset=True), "--!-----"),
    "a missing week adds nothing": ("4 4 15 · 4 0 0 0", RKI, "--!-!---"),
    "a higher limit": ("4 4 15 4 0 0 0 0", Cusum(limit=4), "--------"),
}


def weeks(text: str) -> np.ndarray:
    return np.array([[np.nan if cell == "·" else float(cell) for cell in text.split()]])


@pytest.mark.parametrize("story", STORIES)
def test_cusum(story):
    table, settings, wanted = STORIES[story]
    judged = cusum(weeks(table), np.array([[4.0]]), settings)
    assert "".join("!" if alarm else "-" for alarm in judged.alarm[0]) == wanted


def test_the_bound_is_the_count_that_alarms():
    counts, mean = weeks("4 6 6 9"), np.array([[4.0]])
    bound = cusum(counts, mean).bound[0]
    for week, count in enumerate(bound):
        below, at = counts.copy(), counts.copy()
        below[0, week], at[0, week] = count - 1e-6, count + 1e-6
        assert not cusum(below, mean).alarm[0, week] and cusum(at, mean).alarm[0, week]


def test_nothing_expected_is_not_judged():
    judged = cusum(weeks("0 1"), np.array([[0.0]]))
    assert not judged.judged.any() and not judged.alarm.any() and np.isnan(judged.p).all()


def test_a_limit_of_nothing_is_refused():
    with pytest.raises(ValueError, match="positive"):
        cusum(weeks("1"), np.array([[1.0]]), Cusum(limit=0))


def test_equals_r():
    """Where the sum so far alarms whatever comes, the bound is none; R squares the root below zero there."""
    wanted = rows("r_other_methods_20x49.csv.gz", method="cusum_rossi")
    counts = simulated()[:20]
    judged = cusum(counts[:, 263:], counts[:, :263].mean(axis=1, keepdims=True))
    some = judged.bound > 0
    assert same(judged.bound[some], grid(wanted, "upper")[some], 1e-11) and judged.alarm[~some].all()
    assert np.array_equal(judged.alarm, grid(wanted, "alarm") == 1) and judged.alarm.sum() == 349
