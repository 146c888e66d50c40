"""How many people one case infects now: Cori's estimate, in closed form, for many series at once.

Source: Cori et al., Am J Epidemiol 2013;178:1505-12 (doi:10.1093/aje/kwt133); equals R EpiEstim 2.2-4. Serial
intervals are discretized as there (web appendix 11). For reading an outbreak under way, not for finding one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import scipy  # not scipy.special: that loads when first asked, and no command waits for it

from fangxian.engines.surveillance.model import normal_quantile
from fangxian.engines.surveillance.panel import Floats

QUANTILES = (0.025, 0.05, 0.25, 0.5, 0.75, 0.95, 0.975)
HALVINGS = 60
DRAWN = 9
"""Serial intervals that stand for an uncertain one."""


class SerialInterval(NamedTuple):
    """Days between the onsets of a case and of whom it infected.

    mean, sd  of the interval
    source    who says so
    mean_sd   how uncertain the mean itself is, a standard deviation; 0 takes it as known
    """

    mean: float
    sd: float
    source: str
    mean_sd: float = 0.0


SERIAL_INTERVALS = {
    "influenza": SerialInterval(2.6, 1.5, "Ferguson et al., Nature 2005;437:209-14"),
    "sars": SerialInterval(8.4, 3.8, "Lipsitch et al., Science 2003;300:1966-70"),
    "covid19": SerialInterval(4.9, 4.4, "Zhao et al., Front Phys 2020;8:347 (Hong Kong, 21 pairs)"),
    "measles": SerialInterval(14.9, 3.9, "Groendyke et al., Scand J Stat 2011;38:600-16 (Hagelloch 1861)"),
    "smallpox": SerialInterval(22.4, 6.1, "Riley and Ferguson, PNAS 2006;103:12637-42"),
}
"""Published intervals where no policy names one. All but that of COVID-19 are those EpiEstim ships."""


@dataclass(frozen=True)
class Reproduction:
    """Estimates by window, named by its last day; arrays S × T, NaN where there is none.

    mean, sd   of the posterior
    quantiles  S × T × Q, in the order asked
    """

    mean: Floats
    sd: Floats
    quantiles: Floats


def weights(interval: SerialInterval, length: int) -> Floats:
    """Chance of each number of days, from 0 on; a gamma shifted by a day. Raises ValueError for a mean up to a day."""
    if interval.mean <= 1 or interval.sd <= 0:
        raise ValueError("a serial interval needs a mean above one day and a spread")
    days = np.arange(length, dtype=np.float64)
    shape, scale = ((interval.mean - 1) / interval.sd) ** 2, interval.sd**2 / (interval.mean - 1)

    def below(days: Floats, more: float = 0.0) -> Floats:
        return np.asarray(scipy.special.gammainc(shape + more, np.maximum(days, 0) / scale))

    first = days * below(days) + (days - 2) * below(days - 2) - 2 * (days - 1) * below(days - 1)
    second = shape * scale * (2 * below(days - 1, 1) - below(days - 2, 1) - below(days, 1))
    return np.maximum(0.0, first + second)


def drawn(interval: SerialInterval, length: int, number: int = DRAWN) -> list[Floats]:
    """Equally likely `weights` of a serial interval, for `reproduction`: one where its mean is known.

    An uncertain mean is normal (EpiEstim's `uncertain_si`), read in the middle of `number` equally likely parts instead
    of by chance, so that the same day twice says the same; means up to a day are left out. Raises ValueError as
    `weights` does.
    """
    if interval.mean_sd <= 0:
        return [weights(interval, length)]
    away = (normal_quantile((part + 0.5) / number) for part in range(number))
    means = [mean for z in away if (mean := interval.mean + z * interval.mean_sd) > 1]
    return [weights(interval._replace(mean=mean), length) for mean in means or [interval.mean]]


def reproduction(
    counts: Floats,
    chances: Floats | Sequence[Floats],
    *,
    window: int = 7,
    prior_mean: float = 5.0,
    prior_sd: float = 5.0,
    quantiles: Sequence[float] = QUANTILES,
) -> Reproduction:
    """Estimate for every window of so many days.

    counts   S × T onsets a day, the imported among them; NaN where missing: no estimate for a window that touches it,
             nor for the days its cases would infect on
    chances  serial interval from 0 days on (`weights`), or several equally likely ones (`drawn`): their mixture
    No estimate before the second day and while a window ends within the mean serial interval.
    Raises ValueError for a window of no days.
    """
    if window < 1:
        raise ValueError("a window has at least one day")
    several = [chances] if isinstance(chances, np.ndarray) else list(chances)
    shape = (prior_mean / prior_sd) ** 2 + _summed(counts, window)
    rates = np.stack([1 / (prior_sd**2 / prior_mean) + _summed(_pressure(counts, one), window) for one in several])
    late = np.arange(1, counts.shape[1] + 1) > max(float(np.arange(len(one)) @ one) for one in several)
    shape = np.where(late & (np.arange(counts.shape[1]) >= window), shape, np.nan)
    means = shape / rates
    mean = means.mean(axis=0)
    sd = np.sqrt((means**2 / shape).mean(axis=0) + means.var(axis=0))
    return Reproduction(mean, sd, np.stack([_quantile(shape, rates, q) for q in quantiles], axis=2))


def _pressure(counts: Floats, chances: Floats) -> Floats:
    """How infectious the cases so far are on each day, S × T."""
    length = counts.shape[1]
    reach = np.zeros(length)
    reach[: min(length, len(chances))] = chances[:length]
    lag = np.subtract.outer(np.arange(length), np.arange(length))
    spread = np.where(lag > 0, reach[np.maximum(lag, 0)], 0.0)
    missing = np.isnan(counts)
    pressure: Floats = np.where(missing, 0.0, counts) @ spread.T
    if missing.any():
        pressure[missing @ (spread.T > 0).astype(np.float64) > 0] = np.nan
    return pressure


def _summed(values: Floats, window: int) -> Floats:
    """Sum of the window that ends on each day; NaN before there is one, and from the first day, which nobody caused."""
    found = np.full_like(values, np.nan)
    if values.shape[1] >= window:
        found[:, window - 1 :] = np.lib.stride_tricks.sliding_window_view(values, window, axis=1).sum(axis=2)
    return found


def _quantile(shape: Floats, rates: Floats, probability: float) -> Floats:
    """Of the gamma, or of a mixture of gammas by halving between the quantiles of its parts."""
    whole, place = np.unique(shape, return_inverse=True)  # cases are whole: few shapes come again and again
    each = scipy.special.gammaincinv(whole, probability)[place].reshape(shape.shape) / rates
    low, high = each.min(axis=0), each.max(axis=0)
    for _halving in range(HALVINGS if len(rates) > 1 else 0):
        middle = (low + high) / 2
        below = scipy.special.gammainc(shape, middle * rates).mean(axis=0) < probability
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.asarray((low + high) / 2)
