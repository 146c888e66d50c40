"""How fast cases grow: the slope of their logarithm over the last days, and the days in which they double.

Source: Poisson regression on the day (McCullagh and Nelder 1989), the dispersion estimated, at least one; the interval
is Wald's with Student's t.
"""

from dataclasses import dataclass

import numpy as np

from fangxian.engines.surveillance.model import student_quantile
from fangxian.engines.surveillance.panel import Floats
from fangxian.engines.surveillance.quasi_poisson import Design, fit


@dataclass(frozen=True)
class Growth:
    """Growth of each series, S long; NaN where it cannot be told.

    rate, low, high  of the logarithm a day, and its 95 % interval
    doubling         days; negative for halving, infinite for neither
    """

    rate: Floats
    low: Floats
    high: Floats
    doubling: Floats


def growth(counts: Floats, *, days: int = 14, level: float = 0.95, least: int = 5) -> Growth:
    """Growth over the last days of many daily series.

    counts  S × T, NaN where missing
    least   known days and cases below which nothing is told
    """
    recent = counts[:, -days:]
    known = ~np.isnan(recent)
    y = np.where(known, recent, 0.0)
    told = (known.sum(axis=1) >= least) & (y.sum(axis=1) >= least)
    y, prior = y[told], known[told].astype(np.float64)
    length = recent.shape[1]
    design = Design.of(np.zeros(length, dtype=np.int64), 1, np.arange(length) - (length - 1.0))
    line = fit(y, prior, design, trend=True)
    error = np.sqrt(np.maximum(1.0, line.dispersion(y)) * line.slanted)
    reach = student_quantile((1 + level) / 2, line.freedom) * error
    spread, slope = [np.full(len(counts), np.nan) for _ in range(3)], line.solved.slope
    for into, values in zip(spread, (slope, slope - reach, slope + reach), strict=True):
        into[told] = np.where(line.converged, values, np.nan)
    with np.errstate(divide="ignore"):
        return Growth(spread[0], spread[1], spread[2], np.log(2) / spread[0])
