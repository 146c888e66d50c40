"""What share of outbreaks is found, how soon, and what share of quiet time is disturbed; with 95 % intervals.

Definitions: Bédubourg and Le Strat, PLoS One 2017;12:e0181227 (doi:10.1371/journal.pone.0181227); timeliness: Noufaily
et al., Bioinformatics 2019;35:3110-8. Intervals are of ratios over independent runs (Cochran 1977, ch. 6), so that the
weeks of one run need not be independent.
"""

from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np

from fangxian.engines.surveillance.panel import Bools, Floats, Ints

Z = 1.959963984540054
TAIL = 0.025


class Share(NamedTuple):
    """A share and its 95 % interval; NaN where there was nothing to count."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Score:
    """What a method did on runs with one outbreak each.

    fpr          alarms among periods without outbreak cases
    specificity  the rest of them
    pod          runs with an alarm between the start and the end of the outbreak
    sensitivity  alarms among periods with outbreak cases
    ppv, npv     alarms, and periods without one, that were right
    timeliness   share of the outbreak that went by before the first alarm; 1 where there was none
    """

    fpr: Share
    specificity: Share
    pod: Share
    sensitivity: Share
    ppv: Share
    npv: Share
    timeliness: Share

    def table(self) -> dict[str, float]:
        """The values by name, rounded to four digits."""
        return {field.name: round(getattr(self, field.name).value, 4) for field in fields(self)}


def share(parts: Floats, wholes: Floats) -> Share:
    """Sum of the parts over the sum of the wholes, each R long, one entry an independent run.

    Where it is none or all of them, the interval is that of Clopper and Pearson, each whole taken by itself.
    """
    number, whole = len(wholes), float(wholes.sum())
    if whole == 0:
        return Share(np.nan, np.nan, np.nan)
    value = float(parts.sum()) / whole
    if value in (0.0, 1.0):
        short = 1 - TAIL ** (1 / max(1.0, whole))
        return Share(value, value * (1 - short), value + (1 - value) * short)
    spread = float(np.sqrt(((parts - value * wholes) ** 2).sum() * number / max(1, number - 1))) / whole
    return Share(value, max(0.0, value - Z * spread), min(1.0, value + Z * spread))


def score(alarm: Bools, outbreak: Bools, start: Ints, end: Ints) -> Score:
    """Score the periods of R runs.

    alarm, outbreak  R × W: whether the method alarmed, whether there were outbreak cases
    start, end       R, first and last period of the outbreak, within the W
    """
    found = {
        "fpr": (alarm & ~outbreak, ~outbreak),
        "specificity": (~alarm & ~outbreak, ~outbreak),
        "sensitivity": (alarm & outbreak, outbreak),
        "ppv": (alarm & outbreak, alarm),
        "npv": (~alarm & ~outbreak, ~alarm),
    }
    shares = {name: share(*(part.sum(axis=1).astype(np.float64) for part in pair)) for name, pair in found.items()}
    inside = within(alarm.shape[1], start, end)
    first = np.where((alarm & inside).any(axis=1), np.argmax(alarm & inside, axis=1), end + 1)
    runs = np.ones(len(alarm))
    late = (first - start) / (end + 1 - start)
    return Score(pod=share((first <= end).astype(np.float64), runs), timeliness=share(late, runs), **shares)


def within(length: int, start: Ints, end: Ints) -> Bools:
    """Which of so many periods lie between start and end, both included; R × length."""
    at = np.arange(length)
    return np.asarray((at >= start[:, None]) & (at <= end[:, None]))


@dataclass(frozen=True)
class Roc:
    """A method at every limit: highest scores inside the outbreaks, scores in quiet periods; ascending."""

    found: Floats
    quiet: Floats

    @classmethod
    def of(cls, scores: Floats, outbreak: Bools, start: Ints, end: Ints) -> "Roc":
        """From scores (R × W, more is more unusual, NaN where not judged) and the truth as in `score`."""
        known = np.where(np.isnan(scores), -np.inf, scores)
        inside = within(scores.shape[1], start, end)
        return cls(np.sort(np.where(inside, known, -np.inf).max(axis=1)), np.sort(known[~outbreak]))

    def pod_at(self, fpr: float) -> Share:
        """Outbreaks found when so small a share of quiet periods alarms."""
        allowed = int(fpr * len(self.quiet))
        limit = self.quiet[len(self.quiet) - 1 - allowed]
        return share((self.found > limit).astype(np.float64), np.ones(len(self.found)))

    def fpr_at(self, pod: float) -> float:
        """Least share of quiet periods that alarms when so many outbreaks are found; 1 when they never are."""
        limit = self.found[len(self.found) - int(np.ceil(pod * len(self.found)))]
        if np.isinf(limit):
            return 1.0
        return 1 - float(np.searchsorted(self.quiet, limit, side="left")) / len(self.quiet)
