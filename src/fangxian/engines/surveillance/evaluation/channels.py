"""Twenty townships, five channels: how soon outbreaks are found by cases alone, by any channel, by all together.

Baselines are known and channels independent while nothing goes on: what is compared is the way of combining. Peers get
the form that is best for them, p-values drawn evenly within the chance of as many cases.
Channels lead cases as reviews of syndromic surveillance have it; all rules get the same number of false alarms.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from fangxian.engines.surveillance.bounds import nb_cdf
from fangxian.engines.surveillance.combination import Calibration, mid_p, together
from fangxian.engines.surveillance.evaluation.scoring import Share, share
from fangxian.engines.surveillance.panel import Bools, Floats, Ints

AREAS, APART, WITHIN, SOON = 20, 30, 10, 3
"""Townships; days from one outbreak to the next; days in which it counts as found; days in which as found soon."""
CURVE = np.array([1, 2, 3, 4, 4, 3, 2, 1]) * 0.8
WEEKDAY = np.array([1.2, 1.0, 1.0, 1.0, 1.0, 0.8, 0.7])


class Channel(NamedTuple):
    """Counts a day and township; size of their negative binomial; days they lead cases by; excess for each case."""

    mean: float
    size: float
    leads: int
    excess: float


CHANNELS = {
    "cases": Channel(0.4, 2.0, 0, 1.0),
    "fever clinic": Channel(6.0, 15.0, 1, 1.2),
    "pharmacy": Channel(25.0, 30.0, 2, 1.5),
    "school absence": Channel(10.0, 12.0, 1, 1.0),
    "environment": Channel(2.0, 4.0, 2, 0.5),
}


@dataclass(frozen=True)
class Compared:
    """Share of outbreaks found within ten days, and by day 3, at the same false alarms.

    calibrated  false alarms per county and 30 days that Fisher's rule gave when its limit came from `Calibration` on an
                earlier quiet time, for one asked
    """

    outbreaks: int
    found: dict[str, Share]
    soon: dict[str, Share]
    calibrated: float


def compare(*, outbreaks: int = 1000, quiet_days: int = 6000, a_month: float = 1.0, seed: int = 5) -> Compared:
    """So many outbreaks one after the other, each in one township, at so many false alarms per county and 30 days."""
    rng = np.random.default_rng(seed)
    quiet, mean = _drawn(quiet_days, rng)
    past, _mean = _drawn(quiet_days, rng)
    struck, struck_mean = _drawn(outbreaks * APART + APART, rng)
    starts = APART + APART * np.arange(outbreaks)
    areas = rng.integers(AREAS, size=outbreaks)
    for start, area, size in zip(starts, areas, rng.uniform(0.6, 2.0, outbreaks), strict=True):
        _strike(struck, int(start), int(area), float(size), rng)
    calm, under = _scores(quiet, mean, rng), _scores(struck, struck_mean, rng)
    found, soon = {}, {}
    for rule, scores in under.items():
        limit = np.sort(calm[rule].ravel())[::-1][int(a_month * quiet_days / 30)]
        found[rule], soon[rule] = _found(np.asarray(scores > limit), starts, areas)
    own = Calibration.of(np.exp(-_scores(past, mean, rng)["combined"]))
    asked = a_month / (30 * AREAS)
    given = (own.p(np.exp(-calm["combined"])) <= asked).sum() / quiet_days * 30
    return Compared(outbreaks, found, soon, float(given))


def _drawn(days: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Counts and means of a quiet time, channels × townships × days."""
    base = np.array([channel.mean for channel in CHANNELS.values()])[:, None, None]
    size = np.array([channel.size for channel in CHANNELS.values()])[:, None, None]
    mean = np.broadcast_to(base * WEEKDAY[np.arange(days) % 7], (len(CHANNELS), AREAS, days))
    return rng.negative_binomial(size, size / (size + mean)).astype(np.float64), mean


def _strike(counts: Floats, start: int, area: int, size: float, rng: np.random.Generator) -> None:
    """Add an outbreak: its first cases come two days after its start, the other channels sooner."""
    for place, channel in enumerate(CHANNELS.values()):
        first = start + 2 - channel.leads
        counts[place, area, first : first + len(CURVE)] += rng.poisson(size * channel.excess * CURVE)


def _scores(counts: Floats, mean: Floats, rng: np.random.Generator) -> dict[str, Floats]:
    """How unusual each township and day is by each rule, townships × days; −ln p."""
    size = np.array([channel.size for channel in CHANNELS.values()])[:, None, None]
    phi = 1 + mean / size
    below, upto = nb_cdf(counts - 1, mean, phi), nb_cdf(counts, mean, phi)
    drawn = np.clip(1 - upto + (upto - below) * rng.random(counts.shape), 1e-12, 1)
    rules = {"cases": drawn[0], "any channel": drawn.min(axis=0), "combined": together(mid_p(counts, mean, phi))}
    return {rule: -np.log(p) for rule, p in rules.items()}


def _found(alarm: Bools, starts: Ints, areas: Ints) -> tuple[Share, Share]:
    """Within ten days, and by day 3, of outbreaks with these starts and townships."""
    windows = np.array([alarm[area, start : start + WITHIN] for start, area in zip(starts, areas, strict=True)])
    every = np.ones(len(windows))
    one, other = windows.any(axis=1), windows[:, : SOON + 1].any(axis=1)
    return share(np.asarray(one, dtype=np.float64), every), share(np.asarray(other, dtype=np.float64), every)
