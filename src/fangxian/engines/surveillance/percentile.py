"""The moving percentile of China's national system CIDARS: seven days against the same season of earlier years.

Source: Yang et al., BMC Public Health 2017;17:570 (doi:10.1186/s12889-017-4488-0): five weeks of five years make 25
values. Which percentile a disease has is a matter of policy, so it is asked for.
"""

import numpy as np

from fangxian.engines.surveillance.model import Judged
from fangxian.engines.surveillance.panel import Floats, Ints

YEAR = 365.25
LEAST = 15
"""Values below which nothing is judged: three years."""


def moving_percentile(
    counts: Floats, percentile: Floats, *, days: int = 7, weeks: int = 2, years: int = 5, least: int = LEAST
) -> Judged:
    """Judge every day of many daily series.

    counts      S × T, NaN where missing: a sum with a missing day is missing
    percentile  S, 0 to 100, of each series' disease
    days        summed up to and with the day
    weeks       before and after the same day of earlier years
    least       values a judgement needs
    An alarm is more than the percentile. p is the share of the past with as many, today counted in. Raises ValueError
    for a percentile outside of 0 to 100.
    """
    if ((percentile < 0) | (percentile > 100)).any():
        raise ValueError("a percentile lies between 0 and 100")
    sums = np.full_like(counts, np.nan)
    if counts.shape[1] >= days:
        sums[:, days - 1 :] = np.lib.stride_tricks.sliding_window_view(counts, days, axis=1).sum(axis=2)
    past = _past(sums, weeks, years)
    known = (~np.isnan(past)).sum(axis=0)
    usable = (known >= least) & ~np.isnan(sums)
    ordered = np.sort(past, axis=0)
    expected = np.where(usable, _at(ordered, known, np.full(len(counts), 50.0)), np.nan)
    bound = np.where(usable, _at(ordered, known, percentile), np.nan)
    p = np.where(usable, ((past >= sums).sum(axis=0) + 1) / (known + 1), np.nan)
    return Judged(expected, bound, p, sums > bound)


def _at(ordered: Floats, known: Ints, percentile: Floats) -> Floats:
    """Percentile of each series (S) between the known values of each cell; values × S × T ascending, NaN last."""
    place = np.maximum(known - 1, 0) * percentile[:, None] / 100
    low = np.floor(place).astype(np.int64)
    high = np.minimum(low + 1, np.maximum(known - 1, 0))
    below, above = (np.take_along_axis(ordered, rank[None], axis=0)[0] for rank in (low, high))
    return np.asarray(below + (place - low) * (above - below))


def _past(sums: Floats, weeks: int, years: int) -> Floats:
    """The same season of earlier years, values × S × T; NaN before the series begins."""
    found = np.full(((2 * weeks + 1) * years, *sums.shape), np.nan)
    lags = [round(YEAR * year) + 7 * week for year in range(1, years + 1) for week in range(-weeks, weeks + 1)]
    for number, lag in enumerate(lags):
        if lag < sums.shape[1]:
            found[number, :, lag:] = sums[:, :-lag]
    return found
