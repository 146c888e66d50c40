"""What every method answers, in one shape, so that a card can say it whatever the method was."""

from dataclasses import dataclass

import numpy as np
import scipy  # not scipy.special: that loads when first asked, and no command waits for it

from fangxian.engines.surveillance.panel import Bools, Floats


@dataclass(frozen=True)
class Judged:
    """One judgement a series and period; every array S × T, NaN where the method could not judge.

    expected  what the past leads to expect, in the unit of the series
    bound     the most that is not out of the ordinary
    p         chance of at least as much as was seen, if nothing goes on
    alarm     whether it is out of the ordinary; False where the method could not judge
    """

    expected: Floats
    bound: Floats
    p: Floats
    alarm: Bools

    @property
    def judged(self) -> Bools:
        """Where there is a judgement."""
        return ~np.isnan(self.expected)


def run_of(alarm: Bools) -> int:
    """Periods in a row, up to the newest, that are out of the ordinary; alarm is T long."""
    quiet = np.flatnonzero(~alarm)
    return len(alarm) - (int(quiet[-1]) + 1 if len(quiet) else 0)


def upper_normal(z: Floats) -> Floats:
    """P(Z ≥ z) of the standard normal, precise in the tail."""
    tail: Floats = scipy.special.ndtr(-z)
    return tail


def upper_student(statistic: Floats, freedom: Floats) -> Floats:
    """P(T ≥ statistic) of Student's t with so many degrees of freedom, precise in the tail."""
    tail: Floats = scipy.special.stdtr(freedom, -statistic)
    return tail


def student_quantile(probability: float, freedom: Floats) -> Floats:
    """The t with P(T ≤ t) = probability."""
    found: Floats = scipy.special.stdtrit(freedom, probability)
    return found


def normal_quantile(probability: float) -> float:
    """The z with P(Z ≤ z) = probability."""
    return float(scipy.special.ndtri(probability))
