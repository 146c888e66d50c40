"""The most a week may have, and how unlikely as much is: three ways from a fitted mean to a bound.

Sources: delta, Farrington et al., J R Stat Soc A 1996;159:547-63, on the two-thirds power scale; nbPlugin, Noufaily et
al., Stat Med 2013;32:1206-22; muan, Salmon et al., J Stat Softw 2016;70(10). As R `surveillance` 1.20.3 counts them.
"""

from enum import Enum

import numpy as np
import scipy  # not scipy.special: that loads when first asked, and no command waits for it

from fangxian.engines.surveillance.model import normal_quantile, upper_normal
from fangxian.engines.surveillance.panel import Floats

LARGEST = 1e9
"""Means above are no count any more: a bound that large is infinite."""


class Threshold(Enum):
    """How the bound is made.

    DELTA      normal approximation on the two-thirds power scale
    NB_PLUGIN  quantile of the negative binomial with the fitted mean
    MUAN       the same, at the upper end of the mean's own interval
    """

    DELTA = "delta"
    NB_PLUGIN = "nbPlugin"
    MUAN = "muan"


def upper_bound(method: Threshold, mean: Floats, phi: Floats, se: Floats, alpha: float) -> Floats:
    """Bound of each series at level alpha, cases.

    mean  fitted mean, cases; phi  dispersion (≥ 1); se  standard error of the mean's logarithm
    """
    z = normal_quantile(1 - alpha)
    if method is Threshold.DELTA:
        inside = mean ** (2 / 3) + z * np.sqrt(_power_variance(mean, phi, se))
        return np.asarray(inside**1.5)
    if method is Threshold.MUAN:
        with np.errstate(over="ignore"):
            mean = mean * np.exp(z * se)
    return nb_quantile(1 - alpha, mean, phi)


def upper_tail(method: Threshold, counts: Floats, mean: Floats, phi: Floats, se: Floats, alpha: float) -> Floats:
    """Chance of at least as many cases: on the scale on which the method makes its bound."""
    if method is Threshold.DELTA:
        return upper_normal((counts ** (2 / 3) - mean ** (2 / 3)) / np.sqrt(_power_variance(mean, phi, se)))
    if method is Threshold.MUAN:
        with np.errstate(over="ignore"):
            mean = np.minimum(LARGEST, mean * np.exp(normal_quantile(1 - alpha) * se))
    return 1 - nb_cdf(counts - 1, mean, phi)


def nb_cdf(count: Floats, mean: Floats, phi: Floats) -> Floats:
    """P(Y ≤ count) of the negative binomial with variance phi · mean; Poisson where phi is one."""
    whole = np.floor(count)
    size = mean / np.where(phi > 1, phi - 1, 1.0)
    with np.errstate(invalid="ignore"):
        cdf = np.where(
            phi > 1,
            scipy.special.betainc(size, np.maximum(whole, 0) + 1, 1 / phi),
            scipy.special.pdtr(np.maximum(whole, 0), mean),
        )
    return np.where(whole < 0, 0.0, cdf)


def nb_quantile(probability: float, mean: Floats, phi: Floats) -> Floats:
    """The least count with P(Y ≤ count) ≥ probability; infinite above a mean of 10⁹, NaN for NaN.

    A normal guess bounded on both sides by doubling steps, then halved: some thirty evaluations for all series at once,
    where a search one by one can hang on a sparse series whose upper mean overflows.
    """
    known = np.isfinite(mean) & (mean <= LARGEST)
    mu, spread = np.where(known, mean, 1.0), np.where(known, phi, 1.0)
    low = np.full_like(mu, -1.0)
    high = np.ceil(mu + 4 * np.sqrt(spread * mu)) + 1
    while (short := nb_cdf(high, mu, spread) < probability).any():
        low, high = np.where(short, high, low), np.where(short, 2 * high, high)
    while (open_ := high - low > 1).any():
        middle = np.floor((low + high) / 2)
        reached = nb_cdf(middle, mu, spread) >= probability
        high, low = np.where(open_ & reached, middle, high), np.where(open_ & ~reached, middle, low)
    return np.where(known, high, np.where(np.isnan(mean), np.nan, np.inf))


def _power_variance(mean: Floats, phi: Floats, se: Floats) -> Floats:
    """Variance of the two-thirds power of a new count around that of its fitted mean."""
    return np.asarray(4 / 9 * mean ** (1 / 3) * (phi + mean * se**2))
