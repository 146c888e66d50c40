"""The moving epidemic method: when the season of influenza or of HFMD begins, and how strong it is.

Sources: Vega et al., Influenza Other Respir Viruses 2013;7:546-58 (doi:10.1111/j.1750-2659.2012.00422.x), the epidemic
and the onset line; 2015;9:234-46 (doi:10.1111/irv.12330), the lines of intensity. Defaults and numbers are those of R
`mem`: slope 2.8 % on a smoothed curve, about thirty values over all seasons, one-sided limits of single values.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

import numpy as np

from fangxian.engines.surveillance.model import normal_quantile
from fangxian.engines.surveillance.panel import Floats, Ints

SLOPE = 2.8
"""Percent of the season's cases that one more week must bring to belong to the epidemic."""
VALUES = 30
"""Values all seasons give together, of each kind: the highest of each season."""
ONSET = 0.95
INTENSITY = (0.40, 0.90, 0.975)
BANDWIDTH = 1.0
"""Weeks over which the curve is smoothed."""
LEAST = 2
"""Seasons with cases a line needs; five are better."""


class Level(IntEnum):
    """What a week of the season is called."""

    BASELINE = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    VERY_HIGH = 4


class Epidemic(NamedTuple):
    """The epidemic of a season: position of its first week, its weeks, percentage of the season's cases in it."""

    start: int
    weeks: int
    percent: float


@dataclass(frozen=True)
class Season:
    """Lines of a season, in the unit of the rates.

    onset                    the season has begun above
    end                      it is over below
    medium, high, very_high  lines of intensity
    epidemics                of the past seasons that had cases, in their order
    """

    onset: float
    end: float
    medium: float
    high: float
    very_high: float
    epidemics: tuple[Epidemic, ...]

    def level(self, rates: Floats) -> Ints:
        """`Level` of each rate, any shape; the baseline where it is missing."""
        lines = np.array([self.onset, self.medium, self.high, self.very_high])
        return np.asarray((np.nan_to_num(rates)[..., None] > np.maximum.accumulate(lines)).sum(axis=-1))


def moving_epidemic(seasons: Floats, *, slope: float = SLOPE, values: int = VALUES) -> Season:
    """Lines from past seasons.

    seasons  N × W weekly rates or counts, a season each row, from the same week on; NaN where missing: such a week is
             read between its neighbours to find the epidemic, and no line rests on it
    slope    percent, `SLOPE`
    values   `VALUES`
    Raises ValueError for less than two seasons with cases, or when nothing lies before or after their epidemics.
    """
    with_cases = seasons[np.nan_to_num(seasons).sum(axis=1) > 0]
    if len(with_cases) < LEAST:
        raise ValueError("the lines of a season need at least two past seasons with cases")
    each = max(1, round(values / len(with_cases)))
    epidemics = tuple(epidemic(season, slope=slope) for season in with_cases)
    before, during, after = ([] for _part in range(3))  # type: tuple[list[Floats], list[Floats], list[Floats]]
    for season, found in zip(with_cases, epidemics, strict=True):
        over = found.start + found.weeks
        for into, part in zip((before, during, after), np.split(season, [found.start, over]), strict=True):
            into.append(_highest(part, each))
    medium, high, very_high = (_geometric(np.concatenate(during), level) for level in INTENSITY)
    onset, end = _arithmetic(before), _arithmetic(after)
    return Season(onset, end, medium, high, very_high, epidemics)


def epidemic(season: Floats, *, slope: float = SLOPE) -> Epidemic:
    """The epidemic of one season, W weeks: the shortest run of weeks after which one more brings less than the slope.

    Raises ValueError for a season without cases.
    """
    filled = _filled(season)
    total = float(filled.sum())
    if total <= 0:
        raise ValueError("a season without cases has no epidemic")
    sums = np.concatenate([[0.0], filled.cumsum()])
    runs = [sums[weeks:] - sums[:-weeks] for weeks in range(1, len(filled) + 1)]
    shares = np.array([0.0, *(float(run.max()) for run in runs)]) / total * 100
    whole = int(np.argmax(np.round(shares, 2) >= 100))
    gains = np.diff(_smoothed(shares[: whole + 1]))
    weeks = int(np.argmax(gains < slope)) if (gains < slope).any() else whole
    weeks = max(1, weeks)
    return Epidemic(int(np.argmax(runs[weeks - 1])), weeks, float(shares[weeks]))


def _filled(season: Floats) -> Floats:
    """Missing weeks on the line between their neighbours; at the ends as the nearest."""
    known = np.flatnonzero(~np.isnan(season))
    if not len(known):
        return np.zeros_like(season)
    return np.asarray(np.interp(np.arange(len(season)), known, season[known]))


def _smoothed(curve: Floats) -> Floats:
    """Local straight lines with normal weights."""
    away = np.subtract.outer(np.arange(len(curve)), np.arange(len(curve))) * -1.0
    near = np.exp(-0.5 * (away / BANDWIDTH) ** 2)
    first = (near * away).sum(axis=1, keepdims=True)
    second = (near * away**2).sum(axis=1, keepdims=True)
    lines = near * (second - away * first)
    return np.asarray((lines / lines.sum(axis=1, keepdims=True)) @ curve)


def _highest(part: Floats, number: int) -> Floats:
    """So many of the highest known values."""
    return np.sort(part[~np.isnan(part)])[::-1][:number]


def _arithmetic(parts: Sequence[Floats]) -> float:
    """One-sided limit of single values around their mean."""
    values = np.concatenate(parts)
    if len(values) < LEAST:
        raise ValueError("nothing lies outside of the epidemics: the seasons begin too late or end too early")
    return float(values.mean() + normal_quantile(ONSET) * values.std(ddof=1))


def _geometric(values: Floats, level: float) -> float:
    """One-sided limit of single values around their geometric mean; a value of zero has none."""
    logs = np.log(values[values > 0])
    return float(np.exp(logs.mean() + normal_quantile(level) * logs.std(ddof=1)))
