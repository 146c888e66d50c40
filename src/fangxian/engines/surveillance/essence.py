"""ESSENCE's switch for daily counts: a regression where the week explains the days, smoothing where it does not.

Source: Burkom et al., Johns Hopkins APL Tech Dig 2007;27:313-31; constants and order as `alert_switch` of CDC's Rnssp
0.3.1, with which the p-values agree to 1e-9. That release leaves out the published floor of the standard error on
sparse counts, so that a first case after quiet weeks turns red; `floored` (the default) keeps it. Ours beside it:
holidays and make-up working days take the place of another weekday, and missing days leave
a gap instead of shifting the rest.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from fangxian.engines.surveillance.model import Judged, student_quantile, upper_student
from fangxian.engines.surveillance.panel import Bools, Days, Floats, Ints

BASELINE = 28
"""Days before the guard band."""
LEAST, LEAST_SMOOTHED = 11, 7
"""Days a baseline needs for the regression and for the smoothing."""
GUARD = 2
"""Days left out before today."""
IN_WINDOW = np.arange(BASELINE) - (BASELINE - 1) / 2
"""Days of a window, counted from its middle."""
EXPLAINED = 0.60
"""Adjusted R² from which the regression is used."""
SLOW, FAST = 0.4, 0.9
"""Weights of today in the two smoothings: for what grows and for what jumps."""
RED, YELLOW = 0.01, 0.05
SUNDAY = 6


class Colour(IntEnum):
    """What a p-value is called."""

    GREY = 0
    BLUE = 1
    YELLOW = 2
    RED = 3


@dataclass(frozen=True)
class Switched(Judged):
    """A judgement and where it comes from; every array S × T.

    r2          adjusted R² of the regression
    regression  whether the regression was used; elsewhere the smoothing
    """

    r2: Floats
    regression: Bools

    @property
    def colour(self) -> Ints:
        """`Colour` of each day, S × T."""
        known = np.where(self.p < RED, Colour.RED, np.where(self.p < YELLOW, Colour.YELLOW, Colour.BLUE))
        return np.where(self.judged, known, Colour.GREY)


def kinds_of(begins: Days, *, holidays: Days | None = None, working: Days | None = None) -> Ints:
    """Weekday each day behaves like, 0 Monday to 6 Sunday, T long.

    holidays  public holidays: like a Sunday
    working   weekend days worked to make up for a holiday: like a Wednesday
    """
    days = begins.astype("datetime64[D]")
    kinds = (days.astype(np.int64) + 3) % 7
    if holidays is not None:
        kinds = np.where(np.isin(days, holidays.astype("datetime64[D]")), SUNDAY, kinds)
    if working is not None:
        kinds = np.where(np.isin(days, working.astype("datetime64[D]")), 2, kinds)
    return kinds


def essence_switch(counts: Floats, kinds: Ints, *, floored: bool = True) -> Switched:
    """Judge every day of many daily series.

    counts  S × T, NaN where missing: no judgement on that day, and a gap in the baselines over it
    kinds   T, weekday each day behaves like (`kinds_of`)
    floored  whether the standard error has ESSENCE's floor
    `bound` is the count at which the day would turn red. An alarm is a red day.
    """
    regressed, r2 = regression(counts, kinds, floored=floored)
    smooth = ewma(counts, floored=floored)
    chosen = r2 >= EXPLAINED
    expected = np.where(chosen, regressed.expected, smooth.expected)
    bound, p = np.where(chosen, regressed.bound, smooth.bound), np.where(chosen, regressed.p, smooth.p)
    return Switched(expected, bound, p, p < RED, r2, chosen)


def regression(counts: Floats, kinds: Ints, *, floored: bool = True) -> tuple[Judged, Floats]:
    """Adaptive regression on weekday and day; the judgement and the adjusted R², each S × T.

    Means by weekday and one slope: the normal equations are solved by sums within weekdays, for all windows at once.
    """
    padded, shift = _windows_padded(counts)
    windows = np.lib.stride_tricks.sliding_window_view(padded, BASELINE, axis=1)[:, :shift]
    seasons = _season_windows(kinds)
    known = ~np.isnan(windows)
    mean = _mean(windows, known)
    y = np.where(known, windows - mean[..., None], 0.0)
    number, levels, slope = _by_sums(y, known, seasons)
    fitted = known * (np.einsum("stk,tdk->std", levels, seasons) + slope[..., None] * IN_WINDOW)
    rest, explained = ((y - fitted) ** 2).sum(axis=2), (fitted**2).sum(axis=2)
    length = known.sum(axis=2)
    freedom = length - (number > 0).sum(axis=2) - 1.0
    today = np.broadcast_to(kinds[None, :, None], (*slope.shape, 1))
    level, seen = (np.take_along_axis(values, today, axis=2)[..., 0] for values in (levels, number))
    usable = (length >= LEAST) & (freedom >= 3) & (seen > 0) & ~np.isnan(counts)
    expected = np.maximum(0.0, mean + level + slope * (IN_WINDOW[-1] + GUARD + 1))
    r2 = _adjusted(rest, explained, length, freedom)
    with np.errstate(divide="ignore", invalid="ignore"):
        sigma = _forecast_error(rest / freedom, length, freedom, floored)
    judged = _by_student(counts, np.where(usable, expected, np.nan), sigma, freedom)
    return judged, np.where(usable, r2, np.nan)


def _by_sums(y: Floats, known: Bools, seasons: Floats) -> tuple[Floats, Floats, Floats]:
    """Days, level (each S × T × 7) and slope (S × T) of every window, from centred counts (S × T × 28)."""
    number, held, when = (_by_kind(values, seasons) for values in _weighed(y, known))
    there = np.maximum(number, 1)
    spread = (known * IN_WINDOW**2).sum(axis=2) - (when**2 / there).sum(axis=2)
    together = (y * IN_WINDOW).sum(axis=2) - (when * held / there).sum(axis=2)
    slope = together / np.where(spread > 0, spread, np.nan)
    return number, (held - slope[..., None] * when) / there, slope


def _weighed(y: Floats, known: Bools) -> tuple[Floats, Floats, Floats]:
    return known.astype(np.float64), y, known * IN_WINDOW


def _adjusted(rest: Floats, explained: Floats, length: Ints, freedom: Floats) -> Floats:
    """Adjusted R²; nothing is explained where nothing varies."""
    varied = explained + rest > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        adjusted = 1 - (1 - explained / (explained + rest)) * (length - 1) / freedom
    return np.where(varied, adjusted, 0.0)


def ewma(counts: Floats, *, floored: bool = True) -> Judged:
    """Smoothed counts against the mean of the baseline, slow and fast, the less likely of the two; S × T.

    After a value beyond the limit of red the smoothing goes on from the limit: one bad day does not alarm for a week.
    """
    padded, shift = _windows_padded(counts)
    windows = np.lib.stride_tricks.sliding_window_view(padded, BASELINE, axis=1)[:, :shift]
    known = ~np.isnan(windows)
    length = known.sum(axis=2).astype(np.float64)
    usable = (length >= LEAST_SMOOTHED) & ~np.isnan(counts)
    mean = _mean(windows, known)
    with np.errstate(invalid="ignore", divide="ignore"):
        deviation = np.sqrt((known * np.nan_to_num(windows - mean[..., None]) ** 2).sum(axis=2) / (length - 1))
    expected, deviation = np.where(usable, mean, np.nan), np.where(usable, deviation, np.nan)
    slow, fast = (_smoothed(counts, expected, deviation, length, weight, floored) for weight in (SLOW, FAST))
    better = slow.p < fast.p
    p, bound = np.where(better, slow.p, fast.p), np.minimum(slow.bound, fast.bound)
    return Judged(expected, bound, p, p < RED)


def _smoothed(
    counts: Floats, expected: Floats, deviation: Floats, length: Floats, weight: float, floored: bool
) -> Judged:
    """One smoothing over time, all series at once; the bound is the count that would reach the limit of red."""
    freedom = np.maximum(length - 1, 1)
    limit, sigma = _rounded_limit(RED, freedom), _smoothing_error(deviation, length, freedom, weight, floored)
    state = np.full(len(counts), np.nan)
    statistic, bound = np.full_like(counts, np.nan), np.full_like(counts, np.nan)
    for day in range(counts.shape[1]):
        now = counts[:, day]
        before = np.where(np.isnan(state), now, state)
        state = np.where(np.isnan(now), state, weight * now + (1 - weight) * before)
        statistic[:, day] = (state - expected[:, day]) / sigma[:, day]
        reach = limit[:, day] * sigma[:, day]
        bound[:, day] = (expected[:, day] + reach - (1 - weight) * before) / weight
        beyond = np.abs(statistic[:, day]) > limit[:, day]
        state = np.where(beyond, expected[:, day] + np.sign(statistic[:, day]) * reach, state)
    p = upper_student(statistic, freedom)
    return Judged(expected, np.maximum(bound, 0.0), p, p < RED)


def _smoothing_error(deviation: Floats, length: Floats, freedom: Floats, weight: float, floored: bool) -> Floats:
    """Standard error of smoothed minus mean, with ESSENCE's correction for small counts and its floor."""
    kept, days = 1 - weight, np.maximum(length, 1)
    warning = _rounded_limit(YELLOW, freedom)
    factor = np.sqrt(weight / (2 - weight) + 1 / days - 2 * kept ** (GUARD + 1) * (1 - kept**days) / days)
    extra = (0.1289 - (0.2414 - 0.1826 * kept**4) * np.log(10 * YELLOW)) * weight / warning
    floor = floored * weight / warning * (1 + 0.5 * kept**2)
    return np.asarray(np.maximum(floor, deviation * factor + extra))


def _forecast_error(mse: Floats, length: Ints, freedom: Floats, floored: bool) -> Floats:
    """Standard error of a forecast beyond the guard band, with ESSENCE's closed form and floor."""
    factor = np.sqrt((length + 7) * (length - 4) / (length * (length - 7.0)))
    floor = floored * 1.01 / _rounded_limit(YELLOW, np.maximum(freedom, 1))
    return np.asarray(np.maximum(np.sqrt(mse) * factor, floor))


def _by_student(now: Floats, expected: Floats, sigma: Floats, freedom: Floats) -> Judged:
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = np.where((sigma == 0) & (now == expected), 0.0, (now - expected) / sigma)
    p = upper_student(statistic, np.maximum(freedom, 1))
    return Judged(expected, expected + _rounded_limit(RED, np.maximum(freedom, 1)) * sigma, p, p < RED)


def _rounded_limit(level: float, freedom: Floats) -> Floats:
    """Quantile of Student's t to five decimals, as ESSENCE's tables have it."""
    return np.asarray(np.round(student_quantile(1 - level, freedom), 5))


def _windows_padded(counts: Floats) -> tuple[Floats, int]:
    """Counts with unknown days before them, so that each day has a window; and how many windows there are."""
    padding = np.full((len(counts), BASELINE + GUARD), np.nan)
    return np.concatenate([padding, counts], axis=1), counts.shape[1]


def _season_windows(kinds: Ints) -> Floats:
    """T × 28 × 7: which weekday each day of a window is; unknown days before the series weigh nothing."""
    padded = np.concatenate([np.zeros(BASELINE + GUARD, dtype=np.int64), kinds])
    windows = np.lib.stride_tricks.sliding_window_view(padded, BASELINE)[: len(kinds)]
    return np.asarray(np.eye(7)[windows])


def _by_kind(values: Floats, seasons: Floats) -> Floats:
    """Sums by weekday, S × T × 7."""
    return np.asarray(np.einsum("std,tdk->stk", values, seasons))


def _mean(windows: Floats, known: Bools) -> Floats:
    """Mean of the known days, NaN of none."""
    number = known.sum(axis=2)
    return np.asarray(np.where(known, windows, 0.0).sum(axis=2) / np.where(number > 0, number, np.nan))
