"""Historical limits: a month against the same months of earlier years, for feeds that only know months.

Source: Stroup et al., Stat Med 1989;8:323-9: the month before, the month itself and the month after of five earlier
years make fifteen values. The bound there is two standard deviations above their mean; here it is Student's for one
more value, at a level that is asked for, so that p-values of short and long pasts mean the same.
"""

import numpy as np

from fangxian.engines.surveillance.model import Judged, student_quantile, upper_student
from fangxian.engines.surveillance.panel import Floats

MONTHS = 12
LEAST = 6
"""Known values a judgement needs: two years."""


def historical_limits(counts: Floats, *, alpha: float = 0.01, years: int = 5, half_window: int = 1) -> Judged:
    """Judge every month of many monthly series.

    counts       S × T months, NaN where missing: such a month is in no baseline and gets no judgement
    alpha        one-sided level of the bound
    half_window  months around the same month of earlier years
    No judgement with fewer than six known values. A past without any spread bounds at Poisson's spread.
    """
    past = _past(counts, years, half_window)
    known = (~np.isnan(past)).sum(axis=0)
    usable = (known >= LEAST) & ~np.isnan(counts)
    values = np.where(np.isnan(past), 0.0, past)
    mean = values.sum(axis=0) / np.maximum(known, 1)
    spread = np.where(np.isnan(past), 0.0, (past - mean) ** 2).sum(axis=0) / np.maximum(known - 1, 1)
    sigma = np.sqrt(np.maximum(spread, np.maximum(mean, 1.0)) * (1 + 1 / np.maximum(known, 1)))
    freedom = np.maximum(known - 1.0, 1.0)
    expected = np.where(usable, mean, np.nan)
    bound = expected + student_quantile(1 - alpha, freedom) * sigma
    p = upper_student((counts - expected) / sigma, freedom)
    return Judged(expected, bound, p, counts > bound)


def _past(counts: Floats, years: int, half_window: int) -> Floats:
    """The same season of earlier years, values × S × T; NaN before the series begins."""
    near = range(-half_window, half_window + 1)
    lags = [MONTHS * year + month for year in range(1, years + 1) for month in near]
    found = np.full((len(lags), *counts.shape), np.nan)
    for number, lag in enumerate(lags):
        if lag < counts.shape[1]:
            found[number, :, lag:] = counts[:, :-lag]
    return found
