"""A simulated county and every step of its early warning: how many cards a week, how many deserve one, what is missed.

Ten townships, eleven diseases at about the national incidence of 2019, weekdays and seasons, days from onset to report,
and beside the cases of each disease the channels of its group: clinic, pharmacy, absence from school, environment,
each with days on which it does not report. Outbreaks are those that must be reported as events: as many cases within
seven days in one township as the national rule for the disease asks for, or more; as many a year as the national system
judged suspect in 2014 (3,159 in some 2,900 counties).

Three years are history, the fourth is what the calibration learns from (with its outbreaks in it), the fifth is scored.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from fangxian.engines.surveillance.panel import Floats, Ints

YEAR = 364
HISTORY, SCORED = 4 * YEAR, 5 * YEAR
"""First scored day; all days."""
TOWNSHIPS = 10
OUTBREAKS_A_YEAR = 1.1
WEEKDAY = np.array([1.2, 1.0, 1.0, 1.0, 1.0, 0.8, 0.7])
SILENT = 0.02
"""Share of days on which a channel of a township does not report."""


class Disease(NamedTuple):
    """Cases a day and township; variance over mean; seasonal amplitude and week of the peak; cases within seven days
    that make a reportable event."""

    name: str
    group: str
    a_day: float
    spread: float
    season: float
    peak: int
    event: int


DISEASES = (
    Disease("influenza", "respiratory", 0.28, 2.0, 0.8, 2, 30),
    Disease("varicella", "respiratory", 0.077, 1.5, 0.5, 48, 10),
    Disease("mumps", "respiratory", 0.023, 1.3, 0.3, 24, 10),
    Disease("scarlet fever", "respiratory", 0.0064, 1.2, 0.5, 22, 10),
    Disease("rubella", "respiratory", 0.0025, 1.0, 0.3, 18, 10),
    Disease("measles", "respiratory", 0.0002, 1.0, 0.0, 0, 10),
    Disease("hand, foot and mouth disease", "enteric", 0.15, 2.5, 0.8, 26, 10),
    Disease("other infectious diarrhoea", "enteric", 0.1, 1.5, 0.4, 2, 20),
    Disease("dysentery", "enteric", 0.0064, 1.2, 0.5, 30, 10),
    Disease("hepatitis A and E", "enteric", 0.0037, 1.1, 0.1, 12, 5),
    Disease("typhoid", "enteric", 0.0007, 1.0, 0.2, 30, 5),
)
GROUPS = ("respiratory", "enteric")


class Feed(NamedTuple):
    """Counts a day and township and group; variance over mean; days they lead onsets by; counts for each onset."""

    mean: float
    spread: float
    leads: int
    excess: float


FEEDS = (
    Feed(6.0, 1.4, 0, 0.6), Feed(25.0, 1.8, 1, 0.8), Feed(10.0, 1.8, 0, 0.5), Feed(2.0, 1.5, 1, 0.3),
)  # fmt: skip
"""Clinic, pharmacy, absence, environment."""


class Outbreak(NamedTuple):
    """What really happened. first, last: days of its first and last report."""

    disease: int
    township: int
    first: int
    last: int
    cases: int


@dataclass(frozen=True)
class County:
    """Counts as they were reported, and the truth.

    cases      disease × township × day
    feeds      group × feed × township × day, NaN where it did not report
    outbreaks  of all five years
    """

    cases: Floats
    feeds: Floats
    outbreaks: tuple[Outbreak, ...]


def simulate(rng: np.random.Generator) -> County:
    """One county of five years."""
    day = np.arange(SCORED)
    cases = np.empty((len(DISEASES), TOWNSHIPS, SCORED))
    for number, disease in enumerate(DISEASES):
        season = 1 + disease.season * np.cos(2 * np.pi * (day / 7 - disease.peak) / 52)
        cases[number] = _drawn(disease.a_day * season * WEEKDAY[day % 7], disease.spread, rng)
    feeds = np.empty((len(GROUPS), len(FEEDS), TOWNSHIPS, SCORED))
    for place, feed in enumerate(FEEDS):
        for group in range(len(GROUPS)):
            feeds[group, place] = _drawn(feed.mean * WEEKDAY[day % 7], feed.spread, rng)
    outbreaks = [_strike(cases, feeds, rng) for _outbreak in range(rng.poisson(OUTBREAKS_A_YEAR * 5))]
    feeds[rng.random(feeds.shape) < SILENT] = np.nan
    return County(cases, feeds, tuple(outbreaks))


def _drawn(mean: Floats, spread: float, rng: np.random.Generator) -> Floats:
    """Counts of every township with these means (a day each) and this variance over the mean."""
    means = np.broadcast_to(mean, (TOWNSHIPS, len(mean)))
    if spread <= 1:
        return rng.poisson(means).astype(np.float64)
    return rng.negative_binomial(means / (spread - 1), 1 / spread).astype(np.float64)


def _strike(cases: Floats, feeds: Floats, rng: np.random.Generator) -> Outbreak:
    """Add one outbreak: onsets over about a week, reports some days later, other channels at the onsets or before."""
    number, township = int(rng.integers(len(DISEASES))), int(rng.integers(TOWNSHIPS))
    disease = DISEASES[number]
    begin = int(rng.integers(20, SCORED - 40))
    onsets = _onsets(disease.event, rng)
    reports = np.bincount(begin + onsets + np.floor(rng.lognormal(0.3, 0.6, len(onsets))).astype(np.int64))
    cases[number, township, : len(reports)] += reports
    curve = np.bincount(begin + onsets, minlength=SCORED).astype(np.float64)
    for place, feed in enumerate(FEEDS):
        feeds[GROUPS.index(disease.group), place, township] += rng.poisson(feed.excess * np.roll(curve, -feed.leads))
    reported = np.flatnonzero(reports)
    return Outbreak(number, township, int(reported[0]), int(reported[-1]), len(onsets))


def _onsets(event: int, rng: np.random.Generator) -> Ints:
    """Days of onset from 0 on, such that some seven days hold an event; a third more cases on the average."""
    while True:
        number = int(np.ceil(event * (1 + rng.exponential(0.35))))
        days = np.floor(np.maximum(0, rng.normal(5, 2.2, number))).astype(np.int64)
        if np.convolve(np.bincount(days, minlength=7), np.ones(7)).max() >= event:
            return days
