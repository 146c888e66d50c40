"""The 42 weekly scenarios: level, spread, trend and season of notifiable diseases, with outbreaks added.

Source: Noufaily et al., Stat Med 2013;32:1206-22 (doi:10.1002/sim.5595), the parameters as two independent repositories
give them; outbreaks and time as in Bédubourg and Le Strat 2017 (doi:10.1371/journal.pone.0181227). Where an outbreak
ends is our reading: the last week with a case of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from fangxian.engines.surveillance.panel import Bools, Floats, Ints

WEEKS, BASELINE, CURRENT = 624, 312, 575
"""Length of a run; first week that may hold a past outbreak; first of the 49 current weeks. Positions from 0."""
PAST_OUTBREAKS = 4
PAST_SIZES = (0, 2, 3, 5, 10)
CURRENT_SIZES = tuple(range(1, 11))
"""Sizes are multiples of the standard deviation of a week."""
LEAST_CASES = 2


class Scenario(NamedTuple):
    """log mean = level + slope · week + Σ season; variance = spread · mean."""

    number: int
    level: float
    spread: float
    slope: float
    cosine: float
    sine: float
    harmonics: int

    def means(self) -> Floats:
        """Expected cases of each week, `WEEKS` long."""
        week = np.arange(1, WEEKS + 1)
        logs = self.level + self.slope * week
        for harmonic in range(1, self.harmonics + 1):
            angle = 2 * np.pi * harmonic * week / 52
            logs = logs + self.cosine * np.cos(angle) + self.sine * np.sin(angle)
        return np.asarray(np.exp(logs))


SETS = (
    (0.1, 1.5, 0.0025, 0.6, 0.6), (-2.0, 2.0, 0.005, 0.1, 0.3), (1.5, 1.0, 0.003, 0.2, -0.4),
    (0.5, 5.0, 0.002, 0.5, 0.5), (2.5, 3.0, 0.001, 1.0, 0.1), (3.75, 1.1, 0.001, 0.1, -0.1),
    (5.0, 1.2, 0.0001, 0.05, 0.01),
)  # fmt: skip
"""Level, spread, slope where there is a trend, cosine and sine of each set."""
SCENARIOS = tuple(
    Scenario(6 * place + 3 * trend + harmonics + 1, level, spread, slope * trend, cosine, sine, harmonics)
    for place, (level, spread, slope, cosine, sine) in enumerate(SETS)
    for trend in (0, 1)
    for harmonics in (0, 1, 2)
)


@dataclass(frozen=True)
class Runs:
    """Simulated series with one current outbreak each, R of them.

    counts      R × `WEEKS`, with past and current outbreaks
    outbreak    R × 49, whether a current week holds cases of the outbreak
    start, end  R, its first and last week, counted in the current weeks
    """

    counts: Floats
    outbreak: Bools
    start: Ints
    end: Ints


def simulate(*, replicates: int = 10, seed: int = 20130330, chosen: Sequence[Scenario] = SCENARIOS) -> Runs:
    """The chosen scenarios with every size of past outbreaks, so many runs each; current sizes go through 1 to 10."""
    rng = np.random.default_rng(seed)
    cells = [
        _run(scenario, past, CURRENT_SIZES[turn % len(CURRENT_SIZES)], rng)
        for scenario in chosen
        for past in PAST_SIZES
        for turn in range(replicates)
    ]
    counts, outbreak, start, end = (np.array(column) for column in zip(*cells, strict=True))
    return Runs(counts, outbreak, start, end)


def _run(scenario: Scenario, past: int, size: int, rng: np.random.Generator) -> tuple[Floats, Bools, int, int]:
    mean = scenario.means()
    deviation = np.sqrt(scenario.spread * mean)
    counts = counts_of(mean, scenario.spread, rng)
    starts = rng.choice(np.arange(BASELINE, CURRENT), PAST_OUTBREAKS, replace=False) if past else ()
    for week in starts:
        counts += _outbreak(int(week), rng.poisson(past * deviation[week]), CURRENT, rng)
    start, cases = int(rng.integers(CURRENT, WEEKS)), 0
    while cases < LEAST_CASES:
        cases = int(rng.poisson(size * deviation[start]))
    current = _outbreak(start, cases, WEEKS, rng)
    inside = current[CURRENT:] > 0
    end = int(np.flatnonzero(inside).max()) if inside.any() else start - CURRENT
    return counts + current, inside, start - CURRENT, end


def counts_of(mean: Floats, spread: float, rng: np.random.Generator) -> Floats:
    """Draw counts with these means and variance spread · mean: negative binomial, Poisson where the spread is one."""
    if spread <= 1:
        return rng.poisson(mean).astype(np.float64)
    return rng.negative_binomial(mean / (spread - 1), 1 / spread).astype(np.float64)


def _outbreak(start: int, cases: int, before: int, rng: np.random.Generator) -> Floats:
    """Cases spread over the weeks from the start on, cut off before a week; `WEEKS` long."""
    weeks = start + np.floor(rng.lognormal(0, 0.5, cases)).astype(np.int64)
    return np.bincount(weeks[weeks < before], minlength=WEEKS).astype(np.float64)
