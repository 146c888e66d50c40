"""Sums of seven days that end on each of the newest days, each judged as a week by improved Farrington.

A week that ends today is known today: nobody waits for Sunday. Every sum is held against the weeks that end on its own
weekday, so the days of the week need no model.
"""

from typing import NamedTuple

import numpy as np

from fangxian.engines.surveillance.choice import Method, method_for, years_of
from fangxian.engines.surveillance.combination import mid_p
from fangxian.engines.surveillance.farrington import Farrington, farrington
from fangxian.engines.surveillance.model import Judged
from fangxian.engines.surveillance.panel import Days, Floats, Ints, Panel

WEEK = 7


class Weeks(NamedTuple):
    """Seven-day sums of the series of a panel that have years of history.

    rows    their positions in the panel, ascending, R long
    sums    R × T, cases of the seven days up to each day; NaN before there are seven and where one is missing
    judged  R × T; only the newest days asked for are judged, and only with enough cases. p is the chance of more and
            half the chance of as many
    """

    rows: Ints
    sums: Floats
    judged: Judged


def seven_days(panel: Panel, days: int, *, alpha: float = 0.01) -> Weeks:
    """Judge the newest days of a daily panel by their sums of seven.

    days   newest days judged, as far as the past reaches
    alpha  one-sided level of the bound
    Source: Noufaily et al. 2013 (`farrington`); `mid_p` for the chance.
    """
    rows = _with_years(panel)
    sums = _sums(panel.counts[rows])
    found = [np.full(sums.shape, np.nan) for _array in range(3)]
    for day in range(max(0, sums.shape[1] - days), sums.shape[1] if len(rows) else 0):
        for into, values in zip(found, _one_day(sums, panel.begins, day, alpha), strict=True):
            into[:, day] = values
    expected, bound, p = found
    return Weeks(rows, sums, Judged(expected, bound, p, (sums > bound) & (sums > 0)))


def _sums(counts: Floats) -> Floats:
    sums = np.full_like(counts, np.nan)
    if counts.shape[1] >= WEEK:
        sums[:, WEEK - 1 :] = np.lib.stride_tricks.sliding_window_view(counts, WEEK, axis=1).sum(axis=2)
    return sums


def _with_years(panel: Panel) -> Ints:
    """Series whose newest week has the past Farrington asks for."""
    return np.flatnonzero([method is Method.FARRINGTON for method in method_for(panel.ending_weeks())])


def _one_day(sums: Floats, begins: Days, day: int, alpha: float) -> tuple[Floats, Floats, Floats]:
    """Expectation, bound and chance of the sums that end on a day, S long; NaN where the past has no year."""
    weeks = slice(day % WEEK, day + 1, WEEK)
    ending = sums[:, weeks]
    newest = ending.shape[1] - 1
    years = years_of(newest - 1)
    if not years:
        return (np.full(len(sums), np.nan),) * 3
    one = farrington(ending, range(newest, newest + 1), Farrington(years=years, alpha=alpha), begins=begins[weeks])
    told = mid_p(ending[:, -1:], one.expected, np.nan_to_num(one.phi, nan=1.0))
    p = np.where(np.isnan(one.bound), np.nan, told)
    return one.expected[:, 0], one.bound[:, 0], p[:, 0]
