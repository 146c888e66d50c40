"""What holds for any channels and excesses: no order matters, nothing is lost, the budget holds, rules pass."""

from datetime import date, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from fangxian.engines.surveillance import (
    Calibration,
    Excess,
    against_past,
    benjamini_hochberg,
    cusum,
    fisher,
    lowest,
    merged,
    moving_epidemic,
    together,
    within_budget,
)

chance = st.one_of(st.floats(1e-9, 1.0), st.just(np.nan))
chances = arrays.arrays(np.float64, st.integers(1, 30), elements=chance)
PARENTS = {"c1": "c", "c2": "c", "c11": "c1", "c12": "c1", "c21": "c2"}


@st.composite
def excess(draw) -> Excess:
    first = date(2026, 3, 1) + timedelta(draw(st.integers(0, 20)))
    expected = draw(st.integers(0, 9))
    bound = expected + draw(st.integers(0, 9))
    return Excess(
        area=draw(st.sampled_from(["c", *PARENTS])), disease=draw(st.sampled_from(["flu", "mumps"])), first=first,
        last=first + timedelta(draw(st.integers(0, 6))), cases=bound + draw(st.integers(1, 20)), expected=expected,
        bound=bound, p=draw(st.floats(1e-9, 0.05)), rule=draw(st.sampled_from(["", "", "five in a school"])),
    )  # fmt: skip


@given(chances, st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_the_order_of_channels_does_not_matter(p, random):
    shuffled = p.copy()
    random.shuffle(shuffled)
    assert np.allclose(fisher(p), fisher(shuffled), rtol=1e-9, equal_nan=True)
    assert np.allclose(fisher(p), fisher(np.append(p, np.nan)), rtol=1e-9, equal_nan=True)


@given(chances, st.data())
@settings(max_examples=100, deadline=None)
def test_a_channel_more_out_of_the_ordinary_never_calms(p, data):
    at = data.draw(st.integers(0, len(p) - 1))
    lower = p.copy()
    lower[at] = p[at] / 2
    assert np.isnan(fisher(p)) or fisher(lower) <= fisher(p) * (1 + 1e-12)


@given(arrays.arrays(np.float64, st.integers(60, 200), elements=st.floats(1e-12, 1.0)), chances)
@settings(max_examples=100, deadline=None)
def test_calibration_keeps_the_order_and_stays_a_chance(past, p):
    found = Calibration.of(past).p(p)
    known = ~np.isnan(p)
    assert np.array_equal(np.isnan(found), ~known) and ((found[known] > 0) & (found[known] <= 1)).all()
    order = np.argsort(p[known], kind="stable")
    assert (np.diff(found[known][order]) >= -1e-12).all()


@given(chances)
@settings(max_examples=100, deadline=None)
def test_adjusted_is_never_smaller_and_keeps_the_order(p):
    found = benjamini_hochberg(p)
    known = ~np.isnan(p)
    assert (found[known] >= p[known] * (1 - 1e-12)).all() and (found[known] <= 1).all()
    order = np.argsort(p[known], kind="stable")
    assert (np.diff(found[known][order]) >= -1e-12).all()


@given(arrays.arrays(np.float64, (2, 3, 70), elements=chance))
@settings(max_examples=25, deadline=None)
def test_the_future_of_others_is_not_needed(p):
    """The newest period is judged by itself and by what lay before it: the order of the series does not matter."""
    found, turned = against_past(together(p)), against_past(together(p[:, ::-1]))
    assert np.allclose(found, turned[::-1], rtol=1e-9, equal_nan=True)


@given(chances, st.data(), st.integers(0, 5), st.integers(0, 5))
@settings(max_examples=100, deadline=None)
def test_the_budget_holds_and_rules_pass(p, data, spent, budget):
    rules = np.array(data.draw(st.lists(st.booleans(), min_size=len(p), max_size=len(p))))
    raised = within_budget(p, rules, spent=spent, budget=budget)
    statistical = raised & ~rules
    assert raised[rules].all() and statistical.sum() <= max(0, budget - spent)
    held = ~raised & ~np.isnan(p)
    if statistical.any() and held.any():
        assert p[statistical].max() <= p[held].min()


@given(st.lists(excess(), max_size=12), st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_every_excess_is_on_one_card_in_any_order(given, random):
    shuffled = list(given)
    random.shuffle(shuffled)
    cards = merged(given, parents=PARENTS)
    assert cards == merged(shuffled, parents=PARENTS)
    assert sorted(one for card in cards for one in card.excesses) == sorted(set(given))
    assert all(one.disease == card.disease for card in cards for one in card.excesses)


@given(st.lists(excess(), max_size=12))
@settings(max_examples=100, deadline=None)
def test_what_is_left_out_is_explained_by_an_area_below(given):
    kept = lowest(given, PARENTS)
    assert all(one in kept for one in given if one.rule)
    for one in set(given) - set(kept):
        assert any(other.area.startswith(one.area) and other.area != one.area for other in kept)
    assert bool(kept) == bool(given)


@given(arrays.arrays(np.float64, (3, 20), elements=st.one_of(st.integers(0, 40).map(float), st.just(np.nan))))
@settings(max_examples=50, deadline=None)
def test_cusum_judges_a_series_by_itself_and_more_never_calms(counts):
    mean = np.full((3, 1), 6.0)
    found, more = cusum(counts, mean), cusum(counts + 3, mean)
    assert np.allclose(found.p, cusum(counts[::-1], mean).p[::-1], equal_nan=True)
    assert not (found.alarm & ~more.alarm).any() and not found.alarm[np.isnan(counts)].any()


@given(arrays.arrays(np.float64, (4, 30), elements=st.integers(1, 50).map(float)), st.floats(1.5, 20))
@settings(max_examples=50, deadline=None)
def test_the_lines_of_a_season_are_in_its_unit(seasons, unit):
    """Cases or cases a hundred thousand: the same lines, in the same order of intensity."""
    peak = 300 * np.exp(-0.5 * ((np.arange(30) - 15) / 2.5) ** 2)
    one, other = moving_epidemic(seasons + peak), moving_epidemic((seasons + peak) * unit)
    assert np.isclose(other.onset, one.onset * unit) and np.isclose(other.high, one.high * unit)
    assert one.medium <= one.high <= one.very_high
