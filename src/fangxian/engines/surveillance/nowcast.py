"""Cases that happened and are not reported yet: the chain ladder, with the error it made before.

Source: the reference model of the German hospitalization nowcast hub (Wolffram et al., PLoS Comput Biol 2023) as in
epinowcast/baselinenowcast 0.2.1 (MIT), which the delays and the filled table equal; its draws are replaced by the
quantiles of the same negative binomial.
"""

from dataclasses import dataclass

import numpy as np
import scipy  # not scipy.special: that loads when first asked, and no command waits for it

from fangxian.engines.surveillance.bounds import nb_quantile
from fangxian.engines.surveillance.panel import Floats

SIZES = np.exp(np.linspace(np.log(0.1), np.log(1000.0), 400))
"""Dispersions tried for a horizon."""


@dataclass(frozen=True)
class Nowcast:
    """What a reporting triangle will grow to.

    delays     D, chance of each delay
    filled     T × D, reported cells and expected ones
    totals     T, cases by day of onset, expected
    quantiles  T × Q, of the totals, in the order asked
    """

    delays: Floats
    filled: Floats
    totals: Floats
    quantiles: Floats


def delay_chances(triangle: Floats, newest: int) -> Floats:
    """Chance of each delay, D, from the newest rows of a triangle (T × D, NaN where not reported yet).

    Raises ValueError where the first day of all is not reported at delay 0, or no row is complete.
    """
    filled = np.maximum(triangle[-newest:], 0.0)
    unknown = np.isnan(filled)
    if unknown[:, 0].any() or unknown[0].any():
        raise ValueError("a triangle needs a complete first row and every day's first report")
    for delay in range(1, filled.shape[1]):
        rows = unknown[:, delay]
        if rows.any():
            first = int(np.argmax(rows))
            factor = filled[:first, delay].sum() / max(filled[:first, :delay].sum(), 1.0)
            filled[first:, delay] = factor * filled[first:, :delay].sum(axis=1)
    return np.asarray(filled.sum(axis=0) / max(filled.sum(), np.finfo(float).tiny))


def fill(triangle: Floats, delays: Floats) -> Floats:
    """The triangle with expected reports in place of the missing ones, delay by delay.

    NaN stays where nothing is ever reported so early: that nothing was says nothing then.
    """
    filled, reported = triangle.copy(), np.cumsum(delays)
    for delay in range(1, filled.shape[1]):
        rows = np.isnan(filled[:, delay])
        share, known = float(reported[delay - 1]), filled[rows, :delay].sum(axis=1)
        filled[rows, delay] = delays[delay] * (known + 1 - share) / share if share > 0 else np.nan
    return filled


def nowcast(
    triangle: Floats, *, delay_rows: int, retrospective: int, probabilities: tuple[float, ...] = (0.05, 0.5, 0.95)
) -> Nowcast:
    """Nowcast one triangle.

    triangle       T × D reports by day of onset and delay, NaN where not reported yet
    delay_rows     newest days to learn the delays from
    retrospective  days to go back for the errors made then, one nowcast each
    Raises ValueError where the triangle is shorter than both together.
    """
    if len(triangle) < delay_rows + retrospective or retrospective < 1:
        raise ValueError("the triangle is shorter than what is to be learned from it")
    delays = delay_chances(triangle, delay_rows)
    filled = fill(triangle, delays)
    sizes = _errors(triangle, delay_rows, retrospective)
    open_cells = np.isnan(triangle)
    reported, waiting = np.where(open_cells, 0.0, triangle).sum(axis=1), np.where(open_cells, filled, 0.0).sum(axis=1)
    size = sizes[np.clip(triangle.shape[1] - 1 - open_cells.sum(axis=1), 0, len(sizes) - 1)]
    more = [nb_quantile(one, waiting, 1 + waiting / size) for one in probabilities]
    return Nowcast(delays, filled, reported + waiting, reported[:, None] + np.stack(more, axis=1))


def as_of(triangle: Floats, back: int) -> Floats:
    """The triangle as it was so many days before its last one."""
    earlier = triangle[: len(triangle) - back]
    days, delays = np.indices(earlier.shape)
    return np.where(days + delays < len(earlier), earlier, np.nan)


def _errors(triangle: Floats, delay_rows: int, retrospective: int) -> Floats:
    """Size of the negative binomial of what was still to come, by the newest delay reported, D − 1 long.

    What came is compared up to what is known today.
    """
    horizons = triangle.shape[1] - 1
    expected, came = np.full((retrospective, horizons), np.nan), np.full((retrospective, horizons), np.nan)
    for back in range(1, retrospective + 1):
        then = as_of(triangle, back)
        filled = fill(then, delay_chances(then, delay_rows))
        now = triangle[: len(then)]
        new = np.isnan(then) & ~np.isnan(now)
        rows = len(then) - 1 - np.arange(horizons)
        expected[back - 1] = np.where(new, filled, 0.0).sum(axis=1)[rows]
        came[back - 1] = np.where(new, now, 0.0).sum(axis=1)[rows]
    return _most_likely_sizes(np.maximum(expected, 0.1), came)


def _most_likely_sizes(expected: Floats, came: Floats) -> Floats:
    """Size by horizon of the greatest likelihood, on a grid."""
    size = SIZES[:, None, None]
    likelihood = (
        scipy.special.gammaln(came + size)
        - scipy.special.gammaln(size)
        + size * np.log(size / (size + expected))
        + came * np.log(expected / (size + expected))
    )
    likelihood = np.nansum(likelihood, axis=1)
    return np.asarray(SIZES[likelihood.argmax(axis=0)])
