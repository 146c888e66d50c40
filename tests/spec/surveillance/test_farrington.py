"""Farrington's detector: equal to R on every point of the fixtures, and what it does with a broken past."""

from dataclasses import replace

import numpy as np
import pytest

from fangxian.engines.surveillance import IMPROVED, ORIGINAL, Threshold, farrington
from fangxian.engines.surveillance.bounds import nb_cdf, nb_quantile
from fangxian.engines.surveillance.seasons import baseline, same_weeks
from tests.spec.surveillance.reference import grid, rows, same, simulated, table

DELTA = replace(IMPROVED, threshold=Threshold.DELTA, trend_p=0.05, as_r=True)
MUAN = replace(DELTA, threshold=Threshold.MUAN)
AS_R = {
    "improved_nbPlugin_a0.01": replace(IMPROVED, as_r=True),
    "improved_delta_a0.01": DELTA,
    "original_delta_a0.01": replace(ORIGINAL, as_r=True),
    "improved_muan_a0.01": MUAN,
}
ALARMS = {
    ("100x49", "improved_nbPlugin_a0.01"): 127,
    ("100x49", "improved_delta_a0.01"): 155,
    ("100x49", "original_delta_a0.01"): 295,
    ("500x12", "improved_nbPlugin_a0.01"): 169,
    ("500x12", "improved_delta_a0.01"): 200,
    ("500x12", "original_delta_a0.01"): 344,
    ("500x12", "improved_muan_a0.01"): 21,
}


@pytest.mark.parametrize(("size", "config"), ALARMS, ids=str)
def test_equals_r_on_every_point(size, config):
    wanted = rows(f"r_farringtonFlexible_{size}.csv.gz", config=config)
    series, weeks = (int(part) for part in size.split("x"))
    found = farrington(
        simulated()[: min(series, len(np.unique(wanted["series"])))], range(312 - weeks, 312), AS_R[config]
    )
    assert int(found.alarm.sum()) == ALARMS[size, config]
    assert np.array_equal(found.alarm, grid(wanted, "alarm") == 1)
    assert same(found.bound, grid(wanted, "upper"), 1e-9)
    fitted = found.judged
    assert np.allclose(found.phi[fitted], grid(wanted, "phi")[fitted], rtol=1e-10)
    assert np.allclose(found.p[fitted], grid(wanted, "pvalue")[fitted], rtol=0, atol=1e-10)
    assert np.array_equal(found.trend[fitted], grid(wanted, "trend")[fitted] == 1)


def test_fits_everything_when_asked():
    wanted = rows("r_farringtonFlexible_500x12.csv.gz", config="improved_nbPlugin_a0.01")
    found = farrington(simulated()[:20], range(300, 302), replace(IMPROVED, fit_all=True))
    assert np.allclose(found.phi, grid(wanted, "phi")[:20, :2], rtol=1e-10)
    assert found.judged.all() and np.isnan(found.bound).any()


@pytest.mark.parametrize(
    ("dataset", "settings", "dated"),
    [
        ("salmNewport_germany", IMPROVED, True),
        ("salmNewport_germany_orig", replace(ORIGINAL, as_r=True), True),
        ("salmonella.agona", IMPROVED, False),
    ],
)
def test_equals_r_on_real_series(dataset, settings, dated):
    wanted = rows("r_farringtonFlexible_real.csv", dataset=dataset)
    kept = table("real_salmNewport_germany.csv" if dated else "real_salmonella_agona.csv")
    weeks = wanted["idx"].astype(int) - 1
    begins = kept["date"].astype("datetime64[D]") if dated else None
    found = farrington(kept["y"][None], range(weeks[0], weeks[-1] + 1), settings, begins=begins)
    assert np.array_equal(found.alarm[0], wanted["alarm"] == 1)
    assert same(found.bound[0], wanted["upper"], 1e-9)


def test_corrected_mode_changes_nothing_by_default_and_something_with_delta():
    counts, weeks = simulated()[:40], range(304, 308)
    assert same(farrington(counts, weeks).bound, farrington(counts, weeks, replace(IMPROVED, as_r=True)).bound, 1e-15)
    corrected = farrington(counts, weeks, replace(DELTA, as_r=False))
    assert (corrected.trend != farrington(counts, weeks, DELTA).trend).any()


# --- what it learns from ---


def past(week: int, **how) -> dict[int, int]:
    settings = {"years": 1, "half_window": 1, "periods": 3, "past_left_out": 0, "begins": None} | how
    found = baseline(week, **settings)
    return dict(zip(found.weeks.tolist(), found.levels.tolist(), strict=True))


def test_the_same_season_and_the_rest_of_the_year_in_blocks():
    found = past(60)
    assert [found[week] for week in (7, 8, 9)] == [2, 2, 2] and found[59] == 2
    assert [found[week] for week in (10, 34, 35, 58)] == [0, 0, 1, 1]
    assert sorted(found) == list(range(7, 60))


def test_five_years_are_237_weeks():
    found = baseline(270, years=5, half_window=3, periods=10, past_left_out=26, begins=None)
    assert len(found.weeks) == 237 and found.weeks.max() == 243


def test_the_original_takes_only_the_windows():
    assert sorted(past(60, periods=1, past_left_out=3)) == [7, 8, 9]


def test_a_year_of_53_weeks_does_not_shift_the_season():
    begins = np.arange("2019-01-07", "2022-01-07", 7, dtype="datetime64[D]")
    week = int(np.searchsorted(begins, np.datetime64("2021-06-07")))
    assert [str(begins[one]) for one in same_weeks(week, 2, begins)] == ["2021-06-07", "2020-06-08", "2019-06-10"]
    assert [week - one for one in same_weeks(week, 2, None)] == [0, 52, 104]


def test_too_short_a_past_is_refused():
    with pytest.raises(ValueError, match="shorter"):
        past(52)


# --- what it does with a broken past ---

WEEKS = 300


def steady() -> np.ndarray:
    return np.random.default_rng(7).poisson(10, (3, WEEKS)).astype(float)


def test_a_missing_week_gets_no_judgement_and_teaches_nothing():
    counts = steady()
    counts[0, 299] = np.nan
    counts[1, 150:210] = np.nan
    spoilt = counts.copy()
    spoilt[2, 150:210] = 90
    found, wrong = farrington(counts, range(299, 300)), farrington(spoilt, range(299, 300))
    assert found.judged[:, 0].tolist() == [False, True, True] and not found.alarm[0, 0]
    assert found.bound[1, 0] < 30 and found.bound[2, 0] < wrong.expected[2, 0] + wrong.bound[2, 0]


def test_no_cases_no_judgement_and_no_weeks_no_answer():
    counts = np.zeros((2, WEEKS))
    assert not farrington(counts, range(299, 300)).judged.any()
    assert farrington(counts, range(0)).bound.shape == (2, 0)


def test_a_past_without_a_case_is_survived():
    counts = np.zeros((1, WEEKS))
    counts[0, 299] = 6
    found = farrington(counts, range(299, 300))
    assert found.alarm[0, 0] and found.bound[0, 0] == 0


def test_two_years_never_keep_a_trend():
    assert not farrington(steady(), range(299, 300), replace(IMPROVED, years=2)).trend.any()


# --- quantiles ---


@pytest.mark.parametrize(
    ("mean", "phi", "wanted"),
    [(10, 1, 18), (10, 2, 23), (0.2, 1.5, 2), (1e8, 1, 100023264), (1e10, 1, np.inf), (np.nan, 1, np.nan), (0, 1, 0)],
)
def test_quantile_of_the_negative_binomial(mean, phi, wanted):
    assert np.array_equal(nb_quantile(0.99, np.array([mean * 1.0]), np.array([phi * 1.0])), [wanted], equal_nan=True)


def test_a_quantile_far_out_is_found_by_doubling():
    mean, phi = np.array([0.01]), np.array([500.0])
    found = nb_quantile(0.9999999, mean, phi)
    assert nb_cdf(found, mean, phi) >= 0.9999999 > nb_cdf(found - 1, mean, phi)
