"""CUSUM of Rossi: small excesses that go on, added up until they are too many to be chance.

Source: Rossi, Lampugnani and Marchi, Stat Med 1999;18:2111-22 (the transformation); Page, Biometrika 1954;41:100-15
(the sum). Equals R `surveillance` 1.20.3 `cusum` with `trans = "rossi"`. For a feed with little history: it needs
nothing but an expectation.
"""

from dataclasses import dataclass

import numpy as np

from fangxian.engines.surveillance.model import Judged, upper_normal
from fangxian.engines.surveillance.panel import Floats


@dataclass(frozen=True)
class Cusum:
    """Settings.

    allowed  excess a period that is forgiven, in standard deviations
    limit    sum at which it alarms, in standard deviations
    reset    begin again after an alarm, so that one outbreak does not alarm for weeks; R goes on adding
    """

    allowed: float = 1.04
    limit: float = 2.26
    reset: bool = False


RKI = Cusum()
"""The settings of the Robert Koch Institute's signal-detection-tool 0.9.0."""


def cusum(counts: Floats, expected: Floats, settings: Cusum = RKI) -> Judged:
    """Judge every period of many series.

    counts    S × T, NaN where missing: such a period adds nothing and gets no judgement
    expected  S × T cases, or S × 1; NaN or zero where nothing can be expected: no judgement
    The bound is the count that would alarm, what was added up before being what it was: an alarm reaches it. p is that
    of the sum on the normal scale, a ranking and not a level. Raises ValueError for a limit that is not positive.
    """
    if settings.limit <= 0:
        raise ValueError("the limit of a sum is positive")
    mean = np.where(expected > 0, np.broadcast_to(expected, counts.shape), np.nan)
    excess = standardized(counts, mean)
    known = ~np.isnan(excess)
    sums, before = _added(np.where(known, excess - settings.allowed, 0.0), settings)
    bound = np.where(known, count_at(settings.limit + settings.allowed - before, mean), np.nan)
    alarm = known & (sums >= settings.limit)
    return Judged(np.where(known, mean, np.nan), bound, np.where(known, upper_normal(sums), np.nan), alarm)


def standardized(counts: Floats, mean: Floats) -> Floats:
    """Rossi's transformation: close to a standard normal for Poisson counts with this mean."""
    root = np.sqrt(mean)
    return np.asarray((counts - 3 * mean + 2 * root * np.sqrt(counts)) / (2 * root))


def count_at(excess: Floats, mean: Floats) -> Floats:
    """The count whose transformation is `excess`, cases; zero where even none exceeds that much."""
    inside = np.maximum(0.0, 4 * mean**2 + 2 * mean**1.5 * excess)
    root = np.sqrt(inside / mean) - np.sqrt(mean)
    return np.where(root > 0, root**2, 0.0)


def _added(excess: Floats, settings: Cusum) -> tuple[Floats, Floats]:
    """The sum with each period and before it, S × T."""
    sums, before = np.empty_like(excess), np.empty_like(excess)
    held = np.zeros(len(excess))
    for period in range(excess.shape[1]):
        before[:, period] = held
        sums[:, period] = np.maximum(0.0, held + excess[:, period])
        over = settings.reset & (sums[:, period] >= settings.limit)
        held = np.where(over, 0.0, sums[:, period])
    return sums, before
