"""Months against the same months of earlier years: what is out of the ordinary, and when nothing can be said."""

import numpy as np
import pytest

from fangxian.engines.surveillance.historical import historical_limits

SEASON = [5, 4, 3, 2, 2, 1, 1, 2, 8, 20, 40, 30]


def years(number: int, **changed: float) -> np.ndarray:
    """So many like years with a little wobble, the newest January last."""
    months = [value + (year % 3) for year in range(number) for value in SEASON] + [changed.get("january", 5)]
    return np.array([months], dtype=np.float64)


def test_a_january_like_november_is_out_of_the_ordinary():
    quiet, loud = historical_limits(years(5)), historical_limits(years(5, january=80))
    assert not quiet.alarm[0, -1] and loud.alarm[0, -1]
    assert loud.p[0, -1] < 0.01 < quiet.p[0, -1]
    assert quiet.expected[0, -1] == pytest.approx(np.mean([4 + 5 + 30] * 5) / 3 + 0.8, abs=1.5)


def test_a_november_as_always_is_none():
    counts = years(6)
    judged = historical_limits(counts)
    november = np.arange(counts.shape[1]) % 12 == 10
    assert not judged.alarm[0, november].any()


def test_two_years_are_needed_and_what_is_missing_is_missing():
    counts = years(4)
    counts[0, 30] = np.nan
    judged = historical_limits(counts)
    assert np.isnan(judged.expected[0, :23]).all() and np.isnan(judged.p[0, 30])
    assert not np.isnan(judged.expected[0, -1])
    assert not judged.alarm[0, np.isnan(judged.expected[0])].any()


def test_a_past_without_a_case_bounds_at_poissons_spread():
    judged = historical_limits(np.array([[0.0] * 60 + [1.0, 9.0]]))
    assert list(judged.alarm[0, -2:]) == [False, True]
