"""Cori's estimate: equal to EpiEstim on five outbreaks, and what it does without data."""

import numpy as np
import pytest

from fangxian.engines.surveillance.reproduction import (
    SERIAL_INTERVALS,
    SerialInterval,
    drawn,
    reproduction,
    weights,
)
from tests.spec.surveillance.reference import rows, same

QUANTILES = ("0.025", "0.05", "0.25", None, "0.75", "0.95", "0.975")
OUTBREAKS = ("Measles1861", "Flu1918", "Smallpox1972", "SARS2003", "Flu2009")


@pytest.mark.parametrize("outbreak", [*OUTBREAKS, "Flu2009 parametric"])
def test_equals_epiestim(outbreak):
    dataset, _, parametric = outbreak.partition(" ")
    onsets = rows("epiestim_incidence.csv", dataset=dataset)["I"][None]
    chances = rows("epiestim_si.csv", dataset=dataset)["w"]
    if parametric:
        chances = weights(SERIAL_INTERVALS["influenza"], onsets.shape[1])
    method = "parametric_si 2.6 1.5" if parametric else "non_parametric_si"
    wanted = rows("epiestim_R.csv", dataset=dataset, method=method)
    found, days = reproduction(onsets, chances), wanted["t_end"].astype(int) - 1
    assert same(found.mean[0, days], wanted["Mean.R."], 1e-9)
    assert same(found.sd[0, days], wanted["Std.R."], 1e-9)
    for number, name in enumerate(QUANTILES):
        column = f"Quantile.{name}.R." if name else "Median.R."
        assert same(found.quantiles[0, days, number], wanted[column], 1e-9)


FLU = weights(SERIAL_INTERVALS["influenza"], 15)


def test_steady_cases_infect_one_each():
    found = reproduction(np.full((2, 40), 500.0), FLU)
    assert np.allclose(found.mean[:, 30:], 1, atol=0.01) and (found.quantiles[:, 30:, 0] < 1).all()


def test_a_missing_day_spoils_what_it_touches_and_no_other_series():
    onsets = np.full((2, 60), 50.0)
    onsets[0, 20] = np.nan
    found = reproduction(onsets, FLU)
    gaps = np.flatnonzero(np.isnan(found.mean[0, 8:])) + 8
    assert gaps.min() == 20 and gaps.max() < 45 and not np.isnan(found.mean[1, 8:]).any()


def test_an_uncertain_interval_widens_the_estimate():
    onsets = np.round(np.exp(np.arange(40) * 0.1))[None]
    several = [weights(SerialInterval(mean, 1.5, "drawn"), 15) for mean in (2.0, 2.6, 3.2)]
    one, mixed = reproduction(onsets, several[1]), reproduction(onsets, several)
    assert mixed.sd[0, -1] > one.sd[0, -1] and mixed.quantiles[0, -1, 0] < one.quantiles[0, -1, 0]
    assert same(reproduction(onsets, [several[1]] * 2).quantiles, one.quantiles, 1e-9)


def test_an_uncertain_mean_is_drawn_evenly_and_a_known_one_once():
    known, doubtful = SerialInterval(4.9, 4.4, "told"), SerialInterval(4.9, 4.4, "told", mean_sd=0.66)
    assert [one.tolist() for one in drawn(known, 60)] == [weights(known, 60).tolist()]
    means = [float(np.arange(400) @ one) for one in drawn(doubtful, 400)]
    assert len(means) == 9 and np.mean(means) == pytest.approx(4.9, abs=1e-3) and means == sorted(means)
    assert np.std(means) == pytest.approx(0.66, rel=0.1)
    onsets = np.round(np.exp(np.arange(40) * 0.1))[None]
    one, mixed = reproduction(onsets, drawn(known, 60)), reproduction(onsets, drawn(doubtful, 60))
    assert np.ptp(mixed.quantiles[0, -1, [0, -1]]) > np.ptp(one.quantiles[0, -1, [0, -1]])


def test_a_drawn_mean_stays_above_a_day():
    assert len(drawn(SerialInterval(1.5, 1, "told", mean_sd=1), 30)) < 9
    with pytest.raises(ValueError, match="one day"):
        drawn(SerialInterval(0.5, 1, "told", mean_sd=0.01), 30)


def test_the_library_of_intervals_adds_up_and_has_its_mean():
    for interval in SERIAL_INTERVALS.values():
        chances = weights(interval, 80)
        assert chances.sum() == pytest.approx(1, abs=1e-6) and np.arange(80) @ chances == pytest.approx(
            interval.mean, abs=1e-3
        )
        assert interval.source


def test_what_cannot_be_asked():
    with pytest.raises(ValueError, match="one day"):
        weights(SerialInterval(1, 1, ""), 5)
    with pytest.raises(ValueError, match="window"):
        reproduction(np.ones((1, 10)), FLU, window=0)
    assert np.isnan(reproduction(np.ones((1, 4)), FLU).mean).all()
