"""What holds for any counts: the company of series does not matter, more cases never calm, missing stays missing."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from fangxian.engines.surveillance import ears, ears_c3, essence_switch, farrington, space_time_scan
from fangxian.engines.surveillance.bounds import nb_cdf, nb_quantile
from fangxian.engines.surveillance.nowcast import delay_chances, fill

cell = st.one_of(st.integers(0, 30).map(float), st.just(np.nan))
daily = arrays.arrays(np.float64, (2, 45), elements=cell)
KINDS = np.arange(45) % 7
METHODS = st.sampled_from([ears, ears_c3, lambda counts: essence_switch(counts, KINDS)])


@given(daily, METHODS)
@settings(max_examples=60, deadline=None)
def test_a_series_is_judged_by_itself_and_only_where_it_is_known(counts, method):
    both, swapped = method(counts), method(counts[::-1])
    assert np.allclose(both.p, swapped.p[::-1], rtol=1e-9, equal_nan=True)
    assert np.isnan(both.expected[np.isnan(counts)]).all() and not both.alarm[np.isnan(counts)].any()


@given(daily, METHODS, st.integers(1, 50))
@settings(max_examples=60, deadline=None)
def test_more_cases_today_never_calm(counts, method, more):
    raised = counts.copy()
    raised[:, -1] += more
    before, after = method(counts), method(raised)
    assert not (before.alarm[:, -1] & ~after.alarm[:, -1]).any()


@given(st.floats(0.01, 1000), st.floats(1.0, 50), st.floats(0.5, 0.9999))
@settings(max_examples=200, deadline=None)
def test_a_quantile_is_the_least_count_that_suffices(mean, phi, probability):
    at = np.array([mean]), np.array([phi])
    found = nb_quantile(probability, *at)
    assert nb_cdf(found, *at)[0] >= probability and (found[0] == 0 or nb_cdf(found - 1, *at)[0] < probability)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=15, deadline=None)
def test_farrington_does_not_care_for_company(seed):
    counts = np.random.default_rng(seed).poisson(4, (3, 290)).astype(float)
    together, alone = farrington(counts, range(289, 290)), farrington(counts[1:2], range(289, 290))
    assert np.allclose(together.p[1], alone.p[0], rtol=1e-9, equal_nan=True)


@given(arrays.arrays(np.int64, (6, 4), elements=st.integers(0, 5)), st.integers(0, 5))
@settings(max_examples=40, deadline=None)
def test_clusters_hold_more_than_expected_and_the_best_comes_first(counts, seed):
    nearest = np.array([[area, (area + 1) % 4] for area in range(4)])
    found = space_time_scan(counts, nearest, days=4, replicates=9, seed=seed)
    scores = [one.score for one in found.clusters]
    assert scores == sorted(scores, reverse=True) and 0.1 <= found.p <= 1
    assert all(one.cases > one.expected for one in found.clusters)


@given(arrays.arrays(np.int64, (12, 4), elements=st.integers(0, 40)))
@settings(max_examples=60, deadline=None)
def test_a_filled_triangle_keeps_what_was_reported(whole):
    days, delays = np.indices(whole.shape)
    triangle = np.where(days + delays < len(whole), whole.astype(float), np.nan)
    chances = delay_chances(triangle, len(whole))
    filled = fill(triangle, chances)
    known = ~np.isnan(triangle)
    assert np.array_equal(filled[known], triangle[known]) and not (filled < 0).any()
    assert chances[0] == 0 or not np.isnan(filled).any()  # unknown stays only what nobody reports on the day itself
