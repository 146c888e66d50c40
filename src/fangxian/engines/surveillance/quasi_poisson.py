"""Quasi-Poisson regression of many series on one season and one line, at once.

A factor and one covariate make the normal equations an arrow: sums by level and a single slope, no decomposition.
Each series stops at the step at which it alone would have stopped, so that the numbers are those of R's `glm`
(start at y + 0.1, relative change of the deviance below 1e-8, at most 25 steps).
Source: McCullagh and Nelder, Generalized Linear Models, 1989.
"""

from dataclasses import dataclass

import numpy as np

from fangxian.engines.surveillance.panel import Bools, Floats, Ints

STEPS = 25
TOLERANCE = 1e-8


@dataclass(frozen=True)
class Design:
    """What all series have in common.

    season  n × P, 1 where a row is of a level
    levels  n, level of each row
    time    n, the covariate, zero at the week to predict
    """

    season: Floats
    levels: Ints
    time: Floats

    @classmethod
    def of(cls, levels: Ints, periods: int, time: Floats) -> "Design":
        """The design of rows with these levels."""
        return cls(np.eye(periods)[levels], levels, time)


@dataclass(frozen=True)
class Fit:
    """One fit a series, S of them over n rows; rows of weight zero (missing) count for nothing.

    mu        S × n, fitted means
    working   S × n, weights of the last step at its start: those R calls `weights`
    prior     S × n, weights the series came with
    leverage  S × n, diagonal of the hat matrix
    slope     S, of the line, 0 without one
    level     S, logarithm of the mean at the week to predict
    variance  S × 2, of `level` and `slope` before the dispersion
    freedom   S, residual degrees of freedom
    converged S
    """

    mu: Floats
    working: Floats
    prior: Floats
    leverage: Floats
    slope: Floats
    level: Floats
    variance: Floats
    freedom: Floats
    converged: Bools

    def dispersion(self, counts: Floats, weights: Floats | None = None) -> Floats:
        """Pearson's estimate, S, from the working weights of the fit or from others; below one for tame counts."""
        used = self.working if weights is None else weights
        residuals = np.where(self.prior > 0, (counts - self.mu) / self.mu, 0.0)
        estimate: Floats = (used * residuals**2).sum(axis=1) / self.freedom
        return estimate


@dataclass(frozen=True)
class _Step:
    """Weighted least squares in closed form."""

    eta: Floats
    sums: Floats
    centres: Floats
    spread: Floats
    slope: Floats
    intercepts: Floats


@np.errstate(divide="ignore", invalid="ignore", over="ignore")
def fit(counts: Floats, prior: Floats, design: Design, *, trend: bool) -> Fit:
    """Fit counts (S × n) with prior weights (S × n, 0 where missing; the counts there may be anything finite).

    A mean that runs off to nothing or to infinity ends as not converged.
    """
    mu = counts + 0.1
    eta = np.log(mu)
    logs = np.log(np.maximum(counts, 1e-300))
    deviance = _deviance(counts, logs - eta, mu, prior)
    working = prior * mu
    moving = np.arange(len(counts))
    converged = np.zeros(len(counts), dtype=bool)
    for _step in range(STEPS):
        y, weights, old = counts[moving], prior[moving] * mu[moving], mu[moving]
        step = _least_squares(eta[moving] + (y - old) / old, weights, design, trend)
        working[moving], eta[moving], mu[moving] = weights, step.eta, np.exp(np.minimum(step.eta, 700))
        now = _deviance(y, logs[moving] - step.eta, mu[moving], prior[moving])
        done = np.abs(now - deviance[moving]) / (np.abs(now) + 0.1) < TOLERANCE
        deviance[moving], converged[moving] = now, done
        moving = moving[~done]
        if not len(moving):
            break
    return _told(working, prior, design, converged, mu, eta, trend)


def _least_squares(response: Floats, weights: Floats, design: Design, trend: bool) -> _Step:
    sums = weights @ design.season
    held = np.maximum(sums, np.finfo(float).tiny)
    means = (weights * response) @ design.season / held
    centres = (weights * design.time) @ design.season / held
    if not trend:
        none = np.zeros(len(weights))
        return _Step(means[:, design.levels], sums, centres, none + 1, none, means)
    away = design.time - centres[:, design.levels]
    spread = (weights * away**2).sum(axis=1)
    slope = (weights * away * (response - means[:, design.levels])).sum(axis=1) / np.maximum(spread, 1e-300)
    intercepts = means - slope[:, None] * centres
    return _Step(intercepts[:, design.levels] + slope[:, None] * design.time, sums, centres, spread, slope, intercepts)


def _told(
    working: Floats, prior: Floats, design: Design, converged: Bools, mu: Floats, eta: Floats, trend: bool
) -> Fit:
    """What is asked of a fit: solved once more for the coefficients, with the weights of the last step."""
    last = _least_squares(eta, working, design, trend)
    away = design.time - last.centres[:, design.levels]
    inverse = np.where(last.sums > 0, 1 / np.maximum(last.sums, np.finfo(float).tiny), 0.0)
    slanted = 1 / np.maximum(last.spread, 1e-300) if trend else np.zeros(len(mu))
    leverage = working * (inverse[:, design.levels] + away**2 * slanted[:, None])
    variance = np.stack([inverse[:, -1] + last.centres[:, -1] ** 2 * slanted, slanted], axis=1)
    used = ((prior @ design.season) > 0).sum(axis=1) + int(trend)
    freedom = (prior > 0).sum(axis=1) - used.astype(np.float64)
    return Fit(mu, working, prior, leverage, last.slope, last.intercepts[:, -1], variance, freedom, converged)


def _deviance(counts: Floats, ratio: Floats, mu: Floats, prior: Floats) -> Floats:
    """Of the Poisson model; `ratio` is the logarithm of count over mean, anything finite where the count is none."""
    total: Floats = 2 * (prior * (counts * ratio - (counts - mu))).sum(axis=1)
    return total
