"""Farrington's detector, improved and original: a week against the same season of earlier years.

Sources: Farrington et al. 1996 and Noufaily et al. 2013 (see `bounds`). In R-compatible mode every number is that of
R `surveillance` 1.20.3 `farringtonFlexible`. That program replaces the weights of the fit by those of the series before
it asks for the trend's p-value and the error of the prediction; in corrected mode both rest on the fit's own weights.
Corrected mode also judges a week after a past without a single case, where that program's fit runs off. With the
defaults (negative binomial bound, trend always) the two modes are the same otherwise.
"""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import scipy  # not scipy.special: that loads when first asked, and no command waits for it

from fangxian.engines.surveillance.bounds import Threshold, upper_bound, upper_tail
from fangxian.engines.surveillance.model import Judged
from fangxian.engines.surveillance.panel import Bools, Days, Floats
from fangxian.engines.surveillance.quasi_poisson import Design, Fit, fit
from fangxian.engines.surveillance.seasons import Baseline, baseline


@dataclass(frozen=True)
class Farrington:
    """Settings.

    years             of baseline
    half_window       weeks around the same week of earlier years
    periods           levels of the season; 1 uses the windows only, as in 1996
    past_left_out     newest weeks left out of the baseline
    weights_above     Anscombe residuals above are an earlier outbreak and weigh less
    alpha             one-sided level of the bound
    trend_p           a trend is kept below this p-value; 1 keeps it always
    threshold         how the bound is made
    enough, enough_in at least so many cases in so many weeks up to now, or no judgement is made
    as_r              the standard errors of `farringtonFlexible` rather than the right ones
    fit_all           also fit where too few cases rule out an alarm
    """

    years: int = 5
    half_window: int = 3
    periods: int = 10
    past_left_out: int = 26
    weights_above: float = 2.58
    alpha: float = 0.01
    trend_p: float = 1.0
    threshold: Threshold = Threshold.NB_PLUGIN
    enough: int = 5
    enough_in: int = 4
    as_r: bool = False
    fit_all: bool = False


IMPROVED = Farrington()
ORIGINAL = Farrington(periods=1, past_left_out=3, weights_above=1.0, trend_p=0.05, threshold=Threshold.DELTA)
BLOCK = 16_384
"""Counts fitted at once, series times weeks: as many as keep their arrays in the processor's cache."""


@dataclass(frozen=True)
class Fitted(Judged):
    """A judgement with the model behind it; every array S × weeks.

    phi      dispersion, at least 1
    trend    whether the line was kept
    trend_p  p-value of the line in the fit that decided about it
    score    (count − expected) / (bound − expected): above one is an alarm, for ranking
    """

    phi: Floats
    trend: Bools
    trend_p: Floats
    score: Floats


def farrington(counts: Floats, weeks: range, settings: Farrington = IMPROVED, *, begins: Days | None = None) -> Fitted:
    """Judge some weeks of many series.

    counts  S × T weekly counts, NaN where missing: such a week is in no baseline and gets no judgement
    weeks   positions to judge, those of the answer
    begins  first day of each week, T long: years of 53 weeks are then counted right. None counts 52 a year.
    `expected` is there wherever the model could be fitted, `bound` and `p` only with enough cases.
    Raises ValueError where the past is shorter than the baseline.
    """
    judged = [_week(counts, week, settings, begins) for week in weeks]
    return Fitted(*(_columns([getattr(one, field.name) for one in judged], len(counts)) for field in fields(Fitted)))


def _columns(weeks: list[Any], series: int) -> Any:
    """A column a week; none of no weeks."""
    return np.stack(weeks, axis=1) if weeks else np.empty((series, 0), dtype=bool)


@dataclass(frozen=True)
class _Model:
    """The fit that predicts, a series each."""

    level: Floats
    phi: Floats
    se: Floats
    trend_p: Floats
    usable: Bools
    trend: Bools


def _week(counts: Floats, week: int, settings: Farrington, begins: Days | None) -> Fitted:
    """One week of all series; arrays S long."""
    past = baseline(
        week,
        years=settings.years,
        half_window=settings.half_window,
        periods=settings.periods,
        past_left_out=settings.past_left_out,
        begins=begins,
    )
    now = counts[:, week]
    recent = np.nan_to_num(counts[:, max(0, week + 1 - settings.enough_in) : week + 1]).sum(axis=1)
    enough = recent >= settings.enough
    chosen = np.flatnonzero(~np.isnan(now) & (enough | settings.fit_all))
    many = max(1, BLOCK // len(past.weeks))
    blocks = [chosen[start : start + many] for start in range(0, len(chosen), many)] or [chosen]
    modelled = [_modelled(counts[np.ix_(block, past.weeks)], past, week, settings) for block in blocks]
    model = _Model(*(np.concatenate([getattr(one, field.name) for one in modelled]) for field in fields(_Model)))
    return _judged(len(counts), chosen, now[chosen], enough[chosen], model, settings)


def _modelled(counts: Floats, past: Baseline, week: int, settings: Farrington) -> _Model:
    """With the trend where it is kept, without it elsewhere."""
    design = Design.of(past.levels, past.periods, (past.weeks - week).astype(np.float64))
    known = ~np.isnan(counts)
    counts = np.where(known, counts, 0.0)
    model = _reweighted(counts, known, design, settings, trend=True)
    largest = counts.max(axis=1, initial=0.0)
    with np.errstate(over="ignore", invalid="ignore"):
        kept = model.usable & (np.exp(model.level) <= largest)
        kept &= (settings.trend_p >= 1) | (model.trend_p < settings.trend_p)
    kept &= settings.years >= 3
    plain = np.flatnonzero(~kept)
    without = _reweighted(counts[plain], known[plain], design, settings, trend=False)
    mixed = {}
    for name in ("level", "phi", "se", "usable"):
        mixed[name] = getattr(model, name).copy()
        mixed[name][plain] = getattr(without, name)
    if not settings.as_r:
        _without_a_case(mixed, counts.max(axis=1, initial=0.0) == 0)
    return _Model(trend_p=model.trend_p, trend=kept, **mixed)


def _without_a_case(model: dict[str, Any], silent: Bools) -> None:
    """A past without a case has no logarithm to fit; it expects none, with no error."""
    for name, value in (("level", -np.inf), ("phi", 1.0), ("se", 0.0), ("usable", True)):
        model[name][silent] = value


def _reweighted(counts: Floats, known: Bools, design: Design, settings: Farrington, *, trend: bool) -> _Model:
    """Fit, weigh down what looks like an earlier outbreak, fit again."""
    first = fit(counts, known.astype(np.float64), design, trend=trend)
    weights = _weights(counts, first, settings.weights_above)
    second = fit(counts, weights, design, trend=trend)
    estimate = second.dispersion(counts)
    spread = second.dispersion(counts, weights) if settings.as_r else estimate
    with np.errstate(invalid="ignore"):
        error, slanted = np.sqrt(spread * second.variance), np.sqrt(spread * second.slanted)
        statistic = np.where(slanted > 0, np.abs(second.solved.slope) / slanted, 0.0)
    trend_p = 2 * scipy.special.stdtr(second.freedom, -statistic)
    usable = first.converged & second.converged & (second.freedom > 0)
    kept = np.full(len(counts), trend)
    return _Model(second.level, np.maximum(1.0, estimate), error, trend_p, usable, kept)


def _weights(counts: Floats, first: Fit, above: float) -> Floats:
    """Weights from Anscombe residuals, adding up to the number of known rows."""
    known = first.prior > 0
    phi = np.maximum(1.0, first.dispersion(counts))
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = np.sqrt(phi[:, None] * (1 - first.leverage))
        root = np.sqrt(np.cbrt(first.mu))
        residual = 1.5 * (np.cbrt(counts) ** 2 / root - root**3) / scale
        raw = np.where(residual > above, residual**-2.0, 1.0)
    raw = np.where(known, np.nan_to_num(raw, nan=1.0), 0.0)
    return np.asarray(raw * (known.sum(axis=1) / np.maximum(raw.sum(axis=1), 1e-300))[:, None])


def _judged(series: int, chosen: np.ndarray, now: Floats, enough: Bools, model: _Model, settings: Farrington) -> Fitted:
    with np.errstate(over="ignore"):
        mean = np.where(model.usable, np.exp(model.level), np.nan)
    method, alpha = settings.threshold, settings.alpha
    bound = np.where(enough, upper_bound(method, mean, model.phi, model.se, alpha), np.nan)
    p = np.where(enough, upper_tail(method, now, mean, model.phi, model.se, alpha), np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        score = (now - mean) / (bound - mean)
    told = {"expected": mean, "bound": bound, "p": p, "phi": model.phi, "trend_p": model.trend_p, "score": score}
    spread = {name: np.full(series, np.nan) for name in told}
    for name, values in told.items():
        spread[name][chosen] = values
    flags = {name: np.zeros(series, dtype=bool) for name in ("alarm", "trend")}
    flags["alarm"][chosen], flags["trend"][chosen] = (now > bound) & (now > 0), model.trend
    return Fitted(**spread, **flags)
