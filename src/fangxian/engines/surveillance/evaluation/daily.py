"""Sixteen daily syndromic signals: five and seven days a week, holidays, seasons of their own, outbreaks of days.

Source: Noufaily et al., Bioinformatics 2019;35:3110-8, parameters as its public code has them (facts only). Our
reading: holidays fall on eight set days of a year; a seasonal outbreak begins in the last weeks of a year; days without
a service are missing, not zero.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from fangxian.engines.surveillance.ears import C1, C2, Ears, ears
from fangxian.engines.surveillance.essence import SUNDAY, essence_switch
from fangxian.engines.surveillance.evaluation.scenarios import counts_of
from fangxian.engines.surveillance.evaluation.scoring import Score, score
from fangxian.engines.surveillance.panel import Bools, Floats, Ints

YEARS, WEEKS_A_YEAR, SCORED = 7, 52, 49
LEAD_IN = 42
"""Days judged before the scored ones, for baselines."""
SIZES = (2, 3, 5, 10)
DAY, SEASONAL_DAY = 0.25, 0.02
"""Length of a day on the scale of an outbreak's times."""
HOLIDAYS = (0, 30, 94, 120, 160, 250, 272, 273)
"""Days of the year of 364 days."""


class Signal(NamedTuple):
    """log mean = level + slope · t + season of the year + season of the week, t shifted; over `divided`.

    week      days the service is open
    yearly    harmonics and their cosine and sine
    weekly    the same for the week
    seasonal  size of the outbreak every winter brings, in standard deviations
    """

    number: int
    week: int
    yearly: tuple[int, float, float]
    weekly: tuple[int, float, float]
    level: float
    slope: float
    spread: float
    shift: int
    divided: float = 1.0
    seasonal: float = 0.0


SIGNALS = (
    Signal(6, 5, (1, 0.3, 2), (1, 0.3, 0.5), 6, 0, 1.5, -50, 10, 3 * 5 * 80),
    Signal(7, 5, (1, 0.1, 2), (1, 0.05, 0.05), 1, 0, 1, -50, 1, 3 * 5 * 50),
    Signal(8, 5, (0, 0, 0), (1, 0.6, 0.9), 6, 0.0001, 1.5, 0, 10),
    Signal(9, 5, (1, 1.5, 0.1), (1, 0.2, 0.3), 3, 0, 1, -150),
    Signal(10, 5, (1, 0.2, 0.1), (1, 0.05, 0.15), 3, 0, 1, -200),
    Signal(11, 5, (1, 0.2, 0.1), (1, 0.05, 0.1), 5, 0, 1, 0),
    Signal(12, 5, (2, 0.4, 0), (1, 0.05, 0.15), 0.5, 0, 1, 0),
    Signal(13, 5, (1, 0.5, 0.2), (1, 0.2, 0.5), 9, 0, 1, 0, 100),
    Signal(1, 7, (1, 0.2, 0.2), (2, 0.5, 0.4), 6, 0, 2, 29),
    Signal(3, 7, (1, 1.5, 1.4), (2, 0.5, 0.4), 0.5, 0, 1, -167),
    Signal(4, 7, (0, 0, 0), (2, 0.3, 0.25), 5.5, 0, 1, 1),
    Signal(5, 7, (0, 0, 0), (2, 0.3, 0.25), 2, 0, 1, 1),
    Signal(14, 7, (1, 0.8, 0.8), (2, 0.8, 0.4), 2, 0.0005, 4, 57),
    Signal(15, 7, (4, 0.01, 0.01), (1, 1.8, 0.1), 0.05, 0, 1, -85),
    Signal(16, 7, (1, 0.8, 0.6), (2, 0.8, 0.4), 3, 0, 4, 29, 1, 3 * 7 * 150),
    Signal(17, 7, (0, 0, 0), (2, 0.8, 0.4), 6, 0, 4, 1),
)


@dataclass(frozen=True)
class Daily:
    """Scores of each method over all signals and sizes."""

    runs: int
    scores: dict[str, Score]


def judge(*, replicates: int = 5, seed: int = 2019) -> Daily:
    """So many runs of each signal and outbreak size, judged by what a county uses on daily feeds."""
    rng = np.random.default_rng(seed)
    cells = [_run(signal, size, rng) for signal in SIGNALS for size in SIZES for _turn in range(replicates)]
    counts, outbreak, start, end = (np.array(column) for column in zip(*cells, strict=True))
    kinds = _kinds(counts.shape[1])
    alarms = {
        "ESSENCE switch": essence_switch(counts, kinds).alarm,
        "EARS C1": ears(counts, C1).alarm,
        "EARS C2": ears(counts, C2).alarm,
        "EARS C2, alpha 0.01": ears(counts, Ears(lag=2, alpha=0.01)).alarm,
    }
    scores = {name: score(alarm[:, LEAD_IN:], outbreak, start, end) for name, alarm in alarms.items()}
    return Daily(len(counts), scores)


def means(signal: Signal) -> Floats:
    """Expected count of each day the service is open, seven years long, before holidays."""
    days = np.arange(1, YEARS * WEEKS_A_YEAR * signal.week + 1) + signal.shift
    logs = signal.level + signal.slope * days
    for (harmonics, cosine, sine), period in ((signal.yearly, 52 * signal.week), (signal.weekly, signal.week)):
        for harmonic in range(1, harmonics + 1):
            angle = 2 * np.pi * harmonic * days / period
            logs = logs + cosine * np.cos(angle) + sine * np.sin(angle)
    return np.asarray(np.exp(logs) / signal.divided)


def _run(signal: Signal, size: int, rng: np.random.Generator) -> tuple[Floats, Bools, int, int]:
    """The last days of one run on a calendar of seven days; the truth for the scored ones."""
    mean = means(signal)
    counts = counts_of(mean, signal.spread, rng)
    deviation = np.sqrt(signal.spread * mean)
    counts = _with_winters(counts, signal, deviation, rng)
    counts = _with_holidays(counts, signal.week)
    scored = SCORED * signal.week
    start = len(counts) - scored + int(rng.integers(scored))
    cases = max(2, int(rng.poisson(size * signal.week * deviation[start])))
    extra = _outbreak(start, cases, DAY, len(counts), signal.week, rng)
    inside = extra[-scored:] > 0
    at = _calendar(signal.week)
    spread = np.full(YEARS * WEEKS_A_YEAR * 7, np.nan)
    spread[at] = counts + extra
    truth = np.zeros(SCORED * 7, dtype=bool)
    truth[(at[-scored:] - (len(spread) - SCORED * 7))[inside]] = True
    last = np.flatnonzero(truth)
    begun = int(at[start]) - (len(spread) - SCORED * 7)
    return spread[-SCORED * 7 - LEAD_IN :], truth, begun, int(last.max()) if len(last) else begun


def _calendar(week: int) -> Ints:
    """Where the open days lie among all days."""
    days = np.arange(YEARS * WEEKS_A_YEAR * 7)
    return days[days % 7 < week]


def _with_winters(counts: Floats, signal: Signal, deviation: Floats, rng: np.random.Generator) -> Floats:
    """With what every winter brings: no outbreak to be found, but a season."""
    if not signal.seasonal:
        return counts
    year = WEEKS_A_YEAR * signal.week
    found = counts.copy()
    for number in range(1, YEARS):
        start = number * year - int(rng.integers(6 * signal.week, 10 * signal.week))
        cases = int(rng.poisson(signal.seasonal * deviation[start] / signal.week))
        found += _outbreak(start, cases, SEASONAL_DAY, len(counts), signal.week, rng)
    return found


def _outbreak(start: int, cases: int, day: float, length: int, week: int, rng: np.random.Generator) -> Floats:
    """Cases over the days from a start on, more on the days people come: after the weekend, or at it."""
    days = start + np.floor(rng.lognormal(0, 0.5, cases) / day).astype(np.int64)
    days = days[days < length]
    weight = np.array([1.5, 1.1, 1.0, 1.0, 1.1] if week == 5 else [1.0] * 5 + [2.0] * 2)
    kept = rng.random(len(days)) < weight[days % week] / weight.max()
    return np.bincount(days[kept], minlength=length).astype(np.float64)


def _with_holidays(counts: Floats, week: int) -> Floats:
    """A closed service has none, and half as many again the day after; an open one has twice as many."""
    found = counts.copy()
    year = WEEKS_A_YEAR * 7
    at = np.array([day + year * number for number in range(YEARS) for day in HOLIDAYS])
    if week == 7:
        found[at] *= 2
        return found
    closed = np.flatnonzero(np.isin(_calendar(week), at))
    after = closed[closed + 1 < len(found)] + 1
    found[after] = np.round(found[after] * 1.5)
    found[closed] = 0
    return found


def _kinds(length: int) -> Ints:
    """Weekday each of the last days behaves like: a holiday like a Sunday."""
    days = np.arange(YEARS * WEEKS_A_YEAR * 7)[-length:]
    return np.where(np.isin(days % (WEEKS_A_YEAR * 7), HOLIDAYS), SUNDAY, days % 7)
