"""EARS C1, C2 and CDC's C3: a week of days before today, for a feed with no history.

Source: Hutwagner et al., J Urban Health 2003;80(2 Suppl 1):i89-96, and 2005 (Emerg Infect Dis 11:314-6). C1 and C2
equal R `surveillance` 1.20.3 `earsC`. Its C3 does not: there today's count cancels out of the bound, and a day of 200
after days of 3 raises nothing; here C3 is CDC's, which adds up today and the two days before.
"""

from dataclasses import dataclass

import numpy as np

from fangxian.engines.surveillance.model import Judged, normal_quantile, upper_normal
from fangxian.engines.surveillance.panel import Floats

C3_DAYS = 3
C3_ALLOWED = 1.0
"""Standard deviations a day that C3 forgives."""
C3_LIMIT = 2.0


@dataclass(frozen=True)
class Ears:
    """Settings.

    baseline   days before (≥ 2)
    lag        days left out between baseline and today: 0 is C1, 2 is C2 and C3
    alpha      one-sided level of the bound of C1 and C2; 0.001 is close to mean + 3 SD
    min_sigma  the least standard deviation, in cases: keeps a run of zeros from alarming at the first case
    """

    baseline: int = 7
    lag: int = 0
    alpha: float = 0.001
    min_sigma: float = 0.0


C1 = Ears()
C2 = Ears(lag=2)


def ears(counts: Floats, settings: Ears = C1) -> Judged:
    """C1 or C2 of every period that has its baseline whole.

    counts S × T, NaN where missing. Raises ValueError for a baseline of less than two days.
    """
    mean, sd = _baseline(counts, settings)
    z = normal_quantile(1 - settings.alpha)
    bound = np.maximum(0.0, mean + z * sd)
    known = ~(np.isnan(counts) | np.isnan(mean))
    mean, bound = np.where(known, mean, np.nan), np.where(known, bound, np.nan)
    return Judged(mean, bound, upper_normal(_standardized(counts, mean, sd)), counts > bound)


def ears_c3(counts: Floats, settings: Ears = C2) -> Judged:
    """CDC's C3: what today and the two days before exceed their own C2 baselines by, one SD a day forgiven, above two.

    counts S × T, NaN where missing; the first judged period is the third that C2 judges.
    The bound is today's count at which the sum reaches its limit, the other two days being what they were; p is that
    of the bound's own distance on the normal scale, a ranking and not a level: the three days overlap.
    """
    mean, sd = _baseline(counts, settings)
    over = np.maximum(0.0, _standardized(counts, mean, sd) - C3_ALLOWED)
    total = np.full_like(counts, np.nan)
    total[:, C3_DAYS - 1 :] = np.lib.stride_tricks.sliding_window_view(over, C3_DAYS, axis=1).sum(axis=2)
    with np.errstate(invalid="ignore"):
        before = np.where(np.isinf(total), 0.0, total - over)
        bound = mean + sd * (C3_ALLOWED + np.maximum(0.0, C3_LIMIT - before))
    known = ~np.isnan(total)
    expected, bound = np.where(known, mean, np.nan), np.where(known, bound, np.nan)
    return Judged(expected, bound, upper_normal(total), total > C3_LIMIT)


def _baseline(counts: Floats, settings: Ears) -> tuple[Floats, Floats]:
    """Mean and standard deviation of the days before each period, S × T, NaN before there are enough."""
    if settings.baseline < 2:
        raise ValueError("a baseline of EARS needs at least two days")
    mean, sd = np.full_like(counts, np.nan), np.full_like(counts, np.nan)
    first = settings.baseline + settings.lag
    if counts.shape[1] > first:
        windows = np.lib.stride_tricks.sliding_window_view(counts, settings.baseline, axis=1)
        windows = windows[:, : counts.shape[1] - first]
        mean[:, first:] = windows.mean(axis=2)
        sd[:, first:] = np.maximum(settings.min_sigma, windows.std(axis=2, ddof=1))
    return mean, sd


def _standardized(counts: Floats, mean: Floats, sd: Floats) -> Floats:
    """Distance in standard deviations; with none at all, every excess is infinite and no excess is zero."""
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (counts - mean) / sd
    return np.where((sd == 0) & (counts == mean), 0.0, z)
