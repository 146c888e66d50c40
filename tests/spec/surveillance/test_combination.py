"""Channels to one judgement, judgements to alarms."""

import numpy as np
import pytest
from scipy import stats

from fangxian.engines.surveillance import (
    Calibration,
    against_past,
    benjamini_hochberg,
    budget_level,
    fisher,
    least_of,
    mid_p,
    together,
    within_budget,
)

GAP = np.nan


def uniform(*shape: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).uniform(size=shape)


# --- one channel ---


def test_half_the_chance_of_as_many():
    mean, counts = np.array([4.0, 4.0, 0.0, 0.0]), np.array([4.0, GAP, 0.0, 2.0])
    found = mid_p(counts, mean, np.array([1.0, 1.0, 2.0, 2.0]))
    exact = stats.poisson(4).sf(4) + stats.poisson(4).pmf(4) / 2
    assert found[0] == pytest.approx(exact) and np.isnan(found[1]) and found[2:].tolist() == [0.5, 0.0]


def test_half_the_chance_of_as_many_when_counts_spread():
    law = stats.nbinom(3.0, 1 / 3)
    found = mid_p(np.array([9.0]), np.array([6.0]), np.array([3.0]))
    assert found[0] == pytest.approx(law.sf(9) + law.pmf(9) / 2)


# --- Fisher ---


def test_fisher_is_the_one_of_the_textbooks():
    p = np.array([0.02, 0.4, 0.11, 0.7])
    assert fisher(p) == pytest.approx(stats.combine_pvalues(p, method="fisher").pvalue)


def test_a_channel_that_did_not_report_is_left_out():
    some = fisher(np.array([[0.02, GAP], [GAP, GAP], [0.3, GAP]]))
    assert some[0] == pytest.approx(fisher(np.array([0.02, 0.3]))) and np.isnan(some[1])


def test_one_channel_alone_is_itself_even_when_nothing_is_as_unlikely():
    assert fisher(np.array([0.013])) == pytest.approx(0.013)
    assert 0 < fisher(np.zeros(4)) < 1e-200


def test_days_are_combined_with_those_before_them():
    found = together(np.array([[[0.5, 0.1, GAP, GAP, GAP, 0.2]]]))
    wanted = [0.5, fisher(np.array([0.5, 0.1])), fisher(np.array([0.5, 0.1])), 0.1, GAP, 0.2]
    assert np.allclose(found[0], wanted, equal_nan=True)
    with pytest.raises(ValueError, match="one day"):
        together(np.array([[[0.5]]]), 0)


def test_a_sum_of_seven_days_speaks_once_beside_channels_that_look_back():
    cases, visits = np.array([[0.9, 0.3, 0.02]]), np.array([[0.5, 0.2, 0.1]])
    found = together(np.array([cases, visits]), [1, 3])
    assert found[0, 2] == pytest.approx(fisher(np.array([0.02, 0.5, 0.2, 0.1])))
    with pytest.raises(ValueError, match="shorter"):
        together(np.array([cases, visits]), [1])


def test_the_least_of_several_is_corrected_for_their_number():
    found = least_of(np.array([[0.02, 0.5, GAP, 0.0, 1.0], [0.4, GAP, GAP, 0.3, 1.0], [0.9, GAP, GAP, 0.2, 1.0]]))
    assert found[:2] == pytest.approx([1 - 0.98**3, 0.5]) and np.isnan(found[2]) and found[3:].tolist() == [0.0, 1.0]
    assert least_of(np.array([1e-20, 0.5])) == pytest.approx(2e-20)


# --- the own past ---


def test_a_calibrated_value_is_as_rare_as_its_rank():
    past = uniform(4000) ** 3
    own = Calibration.of(past)
    at = np.quantile(past, [0.02, 0.1, 0.5, 0.9])
    assert own.p(at) == pytest.approx([0.02, 0.1, 0.5, 0.9], rel=0.1)
    assert np.isnan(own.p(np.array([GAP]))).all()


def test_beyond_the_past_the_tail_goes_on():
    own = Calibration.of(uniform(400))
    found = own.p(np.array([1e-3, 1e-4, 1e-5, 1e-6]))
    assert (np.diff(found) < 0).all() and found[-1] < 1e-4


def test_one_outbreak_in_the_past_hardly_moves_the_tail():
    past = uniform(3000)
    outbreak = past.copy()
    outbreak[:12] = 1e-9
    calm, moved = (Calibration.of(one).p(np.array([1e-5]))[0] for one in (past, outbreak))
    assert moved < 5 * calm


def test_a_short_past_is_refused():
    with pytest.raises(ValueError, match="at least 60"):
        Calibration.of(uniform(59))


def test_overlapping_channels_are_told_apart_from_real_excess():
    """Five channels that all repeat one: theory believes five witnesses, the own past knows better."""
    one = uniform(1, 20, 200)
    copied = np.repeat(one, 5, axis=0)
    copied[:, 0, -1] = 0.02
    theory = together(copied)
    held = against_past(theory)
    assert theory[0, -1] < 0.01 * held[0] and held[0] > 0.001


def test_a_small_excess_everywhere_is_found():
    p = uniform(5, 20, 200)
    p[:, 7, -3:] = 0.1
    held = against_past(together(p))
    adjusted = benjamini_hochberg(held)
    assert np.nanargmin(held) == 7 and adjusted[7] < 0.01 and (np.delete(adjusted, 7) > 0.05).all()


def test_a_group_with_a_short_past_keeps_the_theory():
    p = uniform(3, 40)
    p[2, :-1] = GAP
    held = against_past(p, np.array([0, 0, 1]))
    assert (held[:2] != p[:2, -1]).all() and held[2] == p[2, -1]
    assert np.array_equal(against_past(p[:, -2:]), p[:, -1])


def test_days_that_share_cases_with_the_newest_and_days_long_gone_are_no_past():
    calm, wild = np.full((1, 80), 0.5), np.full((1, 80), 1e-6)
    now = np.array([[1e-6]])
    recent = against_past(np.concatenate([calm, wild[:, :6], now], axis=1))
    longer = against_past(np.concatenate([wild, calm, wild[:, :6], now], axis=1), most=80)
    assert recent == longer and recent < 0.02 < against_past(np.concatenate([calm, wild, now], axis=1))


# --- many series, few alarms ---


def test_benjamini_hochberg_is_that_of_the_textbooks():
    p = np.array([0.01, 0.02, 0.03, GAP, 0.9, 0.001])
    known = stats.false_discovery_control(p[~np.isnan(p)])
    found = benjamini_hochberg(p)
    assert found[~np.isnan(p)] == pytest.approx(known) and np.isnan(found[3])


@pytest.mark.parametrize(("series", "level"), [(100, 1 / 700), (0, 1 / 7), (1, 1 / 7)])
def test_the_level_of_a_budget(series, level):
    assert budget_level(series) == pytest.approx(level)


@pytest.mark.parametrize(
    ("spent", "budget", "wanted"),
    [(0, 1, [1]), (0, 2, [1, 3]), (1, 2, [1]), (5, 1, []), (0, 0, [])],
)
def test_the_least_likely_fit_into_the_budget(spent, budget, wanted):
    p, rules = np.array([0.04, 0.001, GAP, 0.01, 0.2]), np.zeros(5, dtype=bool)
    assert np.flatnonzero(within_budget(p, rules, spent=spent, budget=budget)).tolist() == wanted


def test_a_rule_is_never_throttled():
    p, rules = np.array([0.04, GAP, 0.5]), np.array([False, True, True])
    assert within_budget(p, rules, spent=9).tolist() == [False, True, True]
    with pytest.raises(ValueError, match="negative"):
        within_budget(p, rules, budget=-1)
