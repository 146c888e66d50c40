"""Quasi-Poisson regression of many series on one season and one line, at once.

A factor and one covariate make the normal equations an arrow: sums by level and a single slope, no decomposition.
Each series stops at the step at which it alone would have stopped, so that the numbers are those of R's `glm`
(start at y + 0.1, relative change of the deviance below 1e-8, at most 25 steps).
Source: McCullagh and Nelder, Generalized Linear Models, 1989.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from fangxian.engines.surveillance.panel import Bools, Floats, Ints

STEPS = 25
TOLERANCE = 1e-8
TINY = float(np.finfo(float).tiny)


@dataclass(frozen=True)
class Design:
    """What all series have in common.

    season  n × P, 1 where a row is of a level
    levels  n, level of each row
    time    n, the covariate, zero at the week to predict
    timed   n × P, the covariate where a row is of a level
    """

    season: Floats
    levels: Ints
    time: Floats
    timed: Floats

    @classmethod
    def of(cls, levels: Ints, periods: int, time: Floats) -> "Design":
        """The design of rows with these levels."""
        season = np.eye(periods)[levels]
        return cls(season, levels, time, season * time[:, None])

    def at_rows(self, by_level: Floats) -> Floats:
        """What is one a level (S × P) as one a row: S × n, or S × 1 where all rows are of one level."""
        return by_level if by_level.shape[1] == 1 else by_level[:, self.levels]


class Solved(NamedTuple):
    """Weighted least squares in closed form, S of them.

    sums, centres, intercepts  S × P: weights, mean of the covariate, and height of the line, by level
    spread                     S, of the covariate around the centres; 0 without a line
    slope                      S, of the line; 0 without one
    """

    sums: Floats
    centres: Floats
    intercepts: Floats
    spread: Floats
    slope: Floats

    def line(self, design: Design, trend: bool) -> Floats:
        """The logarithm of the mean at every row, S × n (S × 1 where it is the same at all)."""
        height = design.at_rows(self.intercepts)
        return height + self.slope[:, None] * design.time if trend else height


@dataclass(frozen=True)
class Fit:
    """One fit a series, S of them over n rows; rows of weight zero (missing) count for nothing.

    mu        S × n, fitted means
    working   S × n, weights of the last step at its start: those R calls `weights`
    prior     S × n, weights the series came with
    solved    the last step
    trend     whether with a line
    converged S
    """

    design: Design
    mu: Floats
    working: Floats
    prior: Floats
    solved: Solved
    trend: bool
    converged: Bools

    @property
    def level(self) -> Floats:
        """Logarithm of the mean at the week to predict, S."""
        return self.solved.intercepts[:, -1]

    @property
    def inverse(self) -> Floats:
        """Of the sums of weights, S × P; 0 for a level nobody knows."""
        return np.where(self.solved.sums > 0, 1 / np.maximum(self.solved.sums, TINY), 0.0)

    @property
    def slanted(self) -> Floats:
        """Variance of the slope before the dispersion, S."""
        return 1 / np.maximum(self.solved.spread, 1e-300) if self.trend else np.zeros(len(self.mu))

    @property
    def variance(self) -> Floats:
        """Of `level`, before the dispersion, S."""
        return np.asarray(self.inverse[:, -1] + self.solved.centres[:, -1] ** 2 * self.slanted)

    @property
    def leverage(self) -> Floats:
        """Diagonal of the hat matrix, S × n."""
        share = self.design.at_rows(self.inverse)
        if self.trend:
            away = self.design.time - self.design.at_rows(self.solved.centres)
            share = share + away**2 * self.slanted[:, None]
        return self.working * share

    @property
    def freedom(self) -> Floats:
        """Residual degrees of freedom, S."""
        used = ((self.prior @ self.design.season) > 0).sum(axis=1) + int(self.trend)
        return np.asarray((self.prior > 0).sum(axis=1) - used.astype(np.float64))

    def dispersion(self, counts: Floats, weights: Floats | None = None) -> Floats:
        """Pearson's estimate, S, from the working weights of the fit or from others; below one for tame counts."""
        used = self.working if weights is None else weights
        residuals = np.where(self.prior > 0, counts / self.mu - 1, 0.0)
        return np.asarray(np.einsum("ij,ij,ij->i", used, residuals, residuals) / self.freedom)


@np.errstate(divide="ignore", invalid="ignore", over="ignore")
def fit(counts: Floats, prior: Floats, design: Design, *, trend: bool) -> Fit:
    """Fit counts (S × n) with prior weights (S × n, 0 where missing; the counts there may be anything finite).

    A mean that runs off to nothing or to infinity ends as not converged.
    """
    y, own, mu = counts, prior, counts + 0.1
    eta, logs = np.log(mu), np.log(np.maximum(counts, 1e-300))
    deviance = _deviance(y, logs - eta, mu, own)
    moving: Ints = np.arange(len(counts))
    made = Fit(design, np.empty_like(mu), np.empty_like(mu), prior, _unsolved(prior, design), trend, moving < 0)
    step = 0
    while len(moving):
        weights = own * mu
        solved = _least_squares(eta + (y - mu) / mu, weights, design, trend)
        eta = solved.line(design, trend)
        mu = np.exp(np.minimum(eta, 700))
        now = _deviance(y, logs - eta, mu, own)
        done = np.abs(now - deviance) / (np.abs(now) + 0.1) < TOLERANCE
        over = done | (step == STEPS - 1)
        if over.any():  # each stops where it would have stopped alone; the others go on without it
            _keep(made, moving[over], weights[over], mu[over], solved, over)
            made.converged[moving] = done
            moving = moving[~over]
            y, own, logs, eta, mu, now = (one[~over] for one in (y, own, logs, eta, mu, now))
        deviance, step = now, step + 1
    return made


def _unsolved(prior: Floats, design: Design) -> Solved:
    by_level, alone = (len(prior), design.season.shape[1]), len(prior)
    return Solved(np.empty(by_level), np.empty(by_level), np.empty(by_level), np.empty(alone), np.empty(alone))


def _keep(made: Fit, which: Ints, weights: Floats, mu: Floats, solved: Solved, over: Bools) -> None:
    """Write down what is over."""
    made.working[which], made.mu[which] = weights, mu
    for into, values in zip(made.solved, solved, strict=True):
        into[which] = values[over]


def _least_squares(response: Floats, weights: Floats, design: Design, trend: bool) -> Solved:
    sums = weights @ design.season
    held = np.maximum(sums, TINY)
    means = (weights * response) @ design.season / held
    if not trend:
        none = np.zeros(len(weights))
        return Solved(sums, np.zeros_like(means), means, none, none)
    centres = weights @ design.timed / held
    away = design.time - design.at_rows(centres)
    pull = weights * away
    spread = np.einsum("ij,ij->i", pull, away)
    slope = np.einsum("ij,ij->i", pull, response - design.at_rows(means)) / np.maximum(spread, 1e-300)
    return Solved(sums, centres, means - slope[:, None] * centres, spread, slope)


def _deviance(counts: Floats, ratio: Floats, mu: Floats, prior: Floats) -> Floats:
    """Of the Poisson model; `ratio` is the logarithm of count over mean, anything finite where the count is none."""
    return np.asarray(2 * np.einsum("ij,ij->i", prior, counts * ratio - (counts - mu)))
