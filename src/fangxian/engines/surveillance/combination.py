"""Several channels of one area made one judgement: cases, fever clinic, pharmacy, absence, environment, visits.

Each channel says by itself how unlikely its day is. A small excess in many channels is stronger evidence than a large
one in one, and asking any single one to alarm drowns it in false alarms. So: the p-values of three days and of all
channels that reported, combined by Fisher's method, held against the county's own past, corrected for the number of
series looked at. All days and channels at once find more than channels made one p-value each first (`evaluation`
measures 49 % of outbreaks against 46 % by day 3).

Sources: Fisher, Statistical Methods for Research Workers, 1932; its use on such channels, Burkom et al., MMWR
2004;53(Suppl):94-100; the correction, Benjamini and Hochberg, J R Stat Soc B 1995;57:289-300; the exponential tail,
Pickands, Ann Stat 1975;3:119-31 (its shape parameter being zero).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy  # not scipy.special: that loads when first asked, and no command waits for it

from fangxian.engines.surveillance.bounds import nb_cdf
from fangxian.engines.surveillance.panel import Bools, Floats, Ints

DAYS = 3
"""Periods a p-value of a channel looks back over, the newest included."""
SHARED, PAST = 7, 364
"""Newest periods no past is taken from, as a sum of seven days shares days with them; periods of the past: a year."""
LEAST = 60
"""Past values a group needs before its own past replaces the theory."""
TAIL = 0.05
"""Share of the past above which an exponential takes the place of ranks."""
TINY = 1e-300


def mid_p(counts: Floats, mean: Floats, phi: Floats) -> Floats:
    """Chance of more cases and half the chance of as many: for counts, nearer to uniform than the upper tail alone.

    counts, mean  cases, any shape; NaN where missing
    phi           variance over mean, at least one: negative binomial above one, Poisson at one
    """
    spread = np.where(mean > 0, phi, 1.0)
    below, upto = nb_cdf(counts - 1, mean, spread), nb_cdf(counts, mean, spread)
    return np.asarray(np.clip(1 - (below + upto) / 2, 0.0, 1.0))


def fisher(p: Floats, axis: int = 0) -> Floats:
    """Fisher's combination along one axis, what is missing left out; NaN where everything is missing.

    p  chances of at least as much, if nothing goes on; 0 to 1, NaN where missing
    """
    known = ~np.isnan(p)
    number = known.sum(axis=axis)
    total = -np.log(np.where(known, np.maximum(p, TINY), 1.0)).sum(axis=axis)
    combined = scipy.special.gammaincc(np.maximum(number, 1), total)
    return np.where(number > 0, np.maximum(combined, TINY), np.nan)


def together(p: Floats, days: int | Sequence[int] = DAYS) -> Floats:
    """P-value of all channels over so many periods at once.

    p     K × S × T: channels, series, periods; NaN where a channel did not report. The answer is S × T.
    days  periods every channel speaks for, the newest included, or K of them: a count that adds up a week already
          speaks once
    Raises ValueError for a window of no days.
    """
    windows = [days] * len(p) if isinstance(days, int) else days
    return fisher(np.concatenate([_shifted(one, window) for one, window in zip(p, windows, strict=True)]))


def least_of(p: Floats) -> Floats:
    """Chance that the least of several is as small, along the first axis, what is missing left out; NaN of nothing.

    Source: Šidák, J Am Stat Assoc 1967;62:626-33.
    """
    known = ~np.isnan(p)
    least = np.where(known, p, 1.0).min(axis=0)
    with np.errstate(divide="ignore"):
        found = -np.expm1(np.maximum(1, known.sum(axis=0)) * np.log1p(-least))
    return np.where(known.any(axis=0), found, np.nan)


def _shifted(p: Floats, days: int) -> Floats:
    """The same values none, one, two … periods later, days × the shape of p; NaN before there are any."""
    if days < 1:
        raise ValueError("a window has at least one day")
    found = np.full((days, *p.shape), np.nan)
    for day in range(min(days, p.shape[-1])):
        found[day, ..., day:] = p[..., : p.shape[-1] - day]
    return found


@dataclass(frozen=True)
class Calibration:
    """How often the past was as unusual: ranks, and beyond the highest of them an exponential tail.

    past   scores −ln p of the past, ascending
    high   score from which the tail is exponential
    share  of the past at or above it
    scale  of the tail; never below one, so that nothing is called rarer than theory has it
    """

    past: Floats
    high: float
    share: float
    scale: float

    @classmethod
    def of(cls, past: Floats) -> "Calibration":
        """From p-values of the past, any shape, NaN where missing; raises ValueError for less than `LEAST` of them.

        The tail rests on its median, which a few outbreaks of the past hardly move.
        """
        scores = np.sort(-np.log(np.maximum(past[~np.isnan(past)], TINY)))
        if len(scores) < LEAST:
            raise ValueError(f"a calibration needs at least {LEAST} values of the past")
        high = float(np.quantile(scores, 1 - TAIL))
        above = scores[scores >= high]
        scale = max(1.0, float(np.median(above) - high) / np.log(2))
        return cls(scores, high, (1 + len(above)) / (1 + len(scores)), scale)

    def p(self, nominal: Floats) -> Floats:
        """Chance of at least as unusual a value, any shape; NaN stays NaN."""
        scores = -np.log(np.maximum(nominal, TINY))
        as_many = len(self.past) - np.searchsorted(self.past, scores, side="left")
        ranked = (1 + as_many) / (1 + len(self.past))
        tail = self.share * np.exp(-np.maximum(0.0, scores - self.high) / self.scale)
        return np.where(np.isnan(nominal), np.nan, np.maximum(TINY, np.where(scores >= self.high, tail, ranked)))


def against_past(p: Floats, groups: Ints | None = None, *, shared: int = SHARED, most: int = PAST) -> Floats:
    """The newest period of every series, S long, held against its own past; theory where that is too short.

    p       S × T, chances by theory; NaN where nothing could be judged
    groups  S, series whose pasts are pooled, such as those of one disease; None pools all
    shared  newest periods that share days with the newest and are not its past
    most    periods of the past at most
    """
    now, past = p[:, -1], p[:, max(0, p.shape[1] - shared - most) : max(0, p.shape[1] - shared)]
    pooled = np.zeros(len(now), dtype=np.int64) if groups is None else groups
    held = now.copy()
    for group in np.unique(pooled):
        members = pooled == group
        if (~np.isnan(past[members])).sum() >= LEAST:
            held[members] = Calibration.of(past[members]).p(now[members])
    return held


def benjamini_hochberg(p: Floats) -> Floats:
    """Adjusted p-values, any shape; NaN stays NaN and does not count.

    Those at most q, raised all together, hold on average at most the share q of false ones.
    """
    adjusted = np.full(p.shape, np.nan)
    known = ~np.isnan(p)
    values = p[known]
    order = np.argsort(values, kind="stable")
    ranked = values[order] * len(values) / np.arange(1, len(values) + 1)
    falling = np.minimum.accumulate(ranked[::-1])[::-1]
    into = np.empty_like(values)
    into[order] = np.minimum(1.0, falling)
    adjusted[known] = into
    return adjusted


def budget_level(series: int, *, a_week: float = 1.0) -> float:
    """The p below which so many false alarms a week are to be expected from so many series judged every day."""
    return min(1.0, a_week / (7 * max(1, series)))


def within_budget(p: Floats, rules: Bools, *, spent: int = 0, budget: int = 1) -> Bools:
    """Which excesses are raised now, N long: every one of a rule, and of the others the least likely ones.

    p       N, chances; NaN is never raised unless a rule says so
    rules   N, whether a rule found it: never throttled, and it spends nothing
    spent   statistical ones raised in the time of the budget before now
    budget  most of them in that time; the others wait and are shown as held back
    Raises ValueError for a negative budget.
    """
    if budget < 0:
        raise ValueError("a budget is not negative")
    raised = rules.copy()
    statistical = np.flatnonzero(~rules & ~np.isnan(p))
    order = statistical[np.argsort(p[statistical], kind="stable")]
    raised[order[: max(0, budget - spent)]] = True
    return raised
