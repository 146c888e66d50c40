"""Sums of seven days: the same as weekly Farrington on the weeks that end on the day, for those with years."""

import numpy as np
import pytest

from fangxian.engines.surveillance import Panel, farrington, mid_p, run_of, seven_days
from fangxian.engines.surveillance.farrington import Farrington

DAYS = 5 * 365


@pytest.fixture(scope="module")
def panel() -> Panel:
    counts = np.random.default_rng(11).poisson(0.6, (4, DAYS)).astype(float)
    counts[1, -700:] = 0.0  # too few cases to be judged
    counts[2, :-400] = np.nan  # no years
    counts[3, -3] = np.nan  # a day nobody reported: no sum
    counts[0, -4:] += 6
    begins = np.datetime64("2017-06-01") + np.arange(DAYS)
    return Panel(("c1", "c2", "c3", "c4"), ("flu",) * 4, begins, counts)


def test_each_day_is_a_week_that_ends_on_it(panel):
    found = seven_days(panel, 10)
    assert found.rows.tolist() == [0, 1, 3] and found.sums.shape == (3, DAYS)
    day = DAYS - 3
    ends = slice(day % 7, day + 1, 7)
    weeks, begins = found.sums[:, ends], panel.begins[ends]
    assert weeks[0, -1] == panel.counts[0, day - 6 : day + 1].sum()
    newest = weeks.shape[1] - 1
    alone = farrington(weeks, range(newest, newest + 1), Farrington(years=4), begins=begins)
    assert found.judged.bound[0, day] == alone.bound[0, 0] and found.judged.expected[0, day] == alone.expected[0, 0]
    assert found.judged.p[0, day] == mid_p(weeks[:, -1:], alone.expected, alone.phi)[0, 0]
    assert np.isnan(found.sums[2, -3:]).all() and np.isnan(found.judged.p[2, -3:]).all()
    assert np.isnan(found.judged.p[1]).all() and np.isnan(found.judged.p[0, : DAYS - 10]).all()


def test_a_run_of_alarms_reaches_back_to_its_first_day(panel):
    found = seven_days(panel, 30)
    alarm = found.judged.alarm[0]
    assert run_of(alarm) in (3, 4) and not alarm[: DAYS - 6].any()
    assert run_of(np.array([True, False])) == 0 and run_of(np.array([True, True])) == 2


def test_without_years_nothing_is_judged(panel):
    young = Panel(panel.areas, panel.diseases, panel.begins[-5:], panel.counts[:, -5:])
    assert len(seven_days(young, 10).rows) == 0
    first = seven_days(panel, DAYS).judged.p[0]
    assert np.isnan(first[: 7 * 56]).all() and not np.isnan(first[7 * 60 :]).all()
