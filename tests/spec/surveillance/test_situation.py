"""The moving percentile, growth, and which method a series gets."""

from datetime import date

import numpy as np
import pytest

from fangxian.engines.surveillance import Method, Panel, Step, growth, method_for, moving_percentile
from fangxian.engines.surveillance.choice import years_of

DAYS = 6 * 366


def flat(level: float = 1.0) -> np.ndarray:
    return np.full((2, DAYS), level)


# --- the moving percentile ---


def test_more_than_the_percentile_of_the_same_season_is_an_alarm():
    counts = flat()
    counts[0, -7:] = 2
    found = moving_percentile(counts, np.array([80.0, 80.0]))
    assert found.alarm[:, -1].tolist() == [True, False]
    assert found.bound[0, -1] == found.expected[0, -1] == 7 and found.p[:, -1].tolist() == [1 / 26, 1.0]


def test_each_disease_has_its_percentile():
    counts = np.random.default_rng(1).poisson(3, (1, DAYS)).astype(float).repeat(2, axis=0)
    found = moving_percentile(counts, np.array([50.0, 90.0]))
    assert (found.bound[0, -300:] < found.bound[1, -300:]).all()
    assert found.alarm[0].sum() > found.alarm[1].sum()


def test_two_years_are_too_few_and_a_missing_day_is_not_judged():
    counts = flat()[:, : 2 * 366]
    assert not moving_percentile(counts, np.array([80.0, 80.0])).judged.any()
    counts = flat()
    counts[0, -3] = np.nan
    assert moving_percentile(counts, np.array([80.0, 80.0])).judged[:, -1].tolist() == [False, True]
    assert not moving_percentile(flat()[:, :5], np.array([80.0, 80.0])).judged.any()


def test_a_percentile_beyond_all_is_refused():
    with pytest.raises(ValueError, match="percentile"):
        moving_percentile(flat(), np.array([80.0, 101.0]))


# --- growth ---


def test_cases_that_double_every_three_days():
    counts = np.round(20 * 2 ** (np.arange(14) / 3))[None]
    found = growth(counts)
    assert found.doubling[0] == pytest.approx(3, rel=0.01) and found.low[0] < found.rate[0] < found.high[0]


def test_falling_cases_halve_and_few_cases_tell_nothing():
    counts = np.stack([np.round(400 * 0.5 ** (np.arange(14) / 7)), np.eye(14)[3]])
    found = growth(counts)
    assert found.doubling[0] == pytest.approx(-7, rel=0.05) and np.isnan(found.rate[1])


def test_a_missing_day_does_not_bend_the_line():
    counts = np.round(50 * 2 ** (np.arange(14) / 5))[None]
    counts[0, 6] = np.nan
    assert growth(counts).doubling[0] == pytest.approx(5, rel=0.02)


# --- the choice ---


def panel(known: int, step: Step, length: int = 200) -> Panel:
    counts = np.full((1, length), np.nan)
    counts[0, length - 1 - known :] = 1
    begins = np.datetime64(date(2022, 1, 3)) + np.arange(length) * step.value
    return Panel(("north",), ("flu",), begins, counts, step)


@pytest.mark.parametrize(
    ("known", "step", "wanted"),
    [
        (190, Step.WEEK, Method.FARRINGTON), (100, Step.WEEK, Method.EARS_C2), (8, Step.WEEK, Method.EARS_C1),
        (28, Step.DAY, Method.ESSENCE), (27, Step.DAY, Method.EARS_C2), (7, Step.DAY, Method.EARS_C1),
        (6, Step.DAY, Method.NONE),
    ],
)  # fmt: skip
def test_the_method_is_chosen_by_what_is_known(known, step, wanted):
    assert method_for(panel(known, step)) == (wanted,)


@pytest.mark.parametrize(("weeks", "years"), [(2, 0), (159, 3), (1000, 5)])
def test_years_of_baseline(weeks, years):
    assert years_of(weeks) == years
