"""How an outbreak goes on: cases by onset, what is not reported yet, how many one case infects, its growth."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from fangxian.core import policy
from fangxian.core.policy import UnusableRule
from fangxian.engines.surveillance import SERIAL_INTERVALS, SerialInterval, drawn, growth, nowcast, reproduction
from fangxian.warehouse import panels

DAYS, DELAYS = 70, 14
DELAY_ROWS, RETROSPECTIVE = 42, 14
LEAST = 20
"""Cases below which neither is told: they would be noise."""
LONGEST_INTERVAL = 60
"""Days a serial interval is read to."""
INTERVAL = "serial_interval"
"""The rule a pack names its disease's interval by: mean and sd, days, and mean_sd where the mean is uncertain."""


@dataclass(frozen=True)
class Situation:
    """Arrays DAYS long, by day of onset; NaN where nothing can be told.

    low, high   nowcast of the days whose reports are not complete, 90 % interval, cases
    likely      its median
    rt, rt_low, rt_high  Cori's estimate over seven days on the nowcast's median, 95 % interval
    doubling    days in which cases double, negative for halving; None where it cannot be told
    interval    the serial interval used; None where none is on record for the disease
    pack        key of the policy pack that names it; "" where it is of the engine's library
    trouble     why the pack's interval cannot be used, in words; "" where nothing is wrong
    """

    days: list[date]
    onsets: np.ndarray
    likely: np.ndarray
    low: np.ndarray
    high: np.ndarray
    rt: np.ndarray
    rt_low: np.ndarray
    rt_high: np.ndarray
    doubling: float | None = None
    interval: SerialInterval | None = None
    cases: int = 0
    delays: list[float] = field(default_factory=list)
    pack: str = ""
    trouble: str = ""


def situation(area_code: str, disease: str, as_of: date) -> Situation:
    """The last ten weeks of a disease in an area as known at the end of a day, inside the scope in force."""
    first = as_of - timedelta(days=DAYS - 1)
    told = panels.onsets(area_code, disease, first, as_of)
    days = [first + timedelta(days=number) for number in range(DAYS)]
    by_day = Counter(onset for onset, _known in told)
    onsets = np.array([by_day.get(day, 0) for day in days], dtype=np.float64)
    likely, low, high, delays = _expected(told, first, onsets)
    try:
        (interval, pack), trouble = interval_of(disease, area_code, as_of), ""
    except UnusableRule as error:
        interval, pack, trouble = None, "", str(error)
    rt = _reproduction(np.where(np.isnan(likely), onsets, likely), interval, len(told))
    return Situation(
        days, onsets, likely, low, high, *rt, _doubling(onsets), interval, len(told), delays, pack, trouble
    )


def interval_of(disease: str, area_code: str, on: date) -> tuple[SerialInterval | None, str]:
    """The serial interval of a disease and the pack that names it: the policy's first, else the engine's library ("").

    Raises UnusableRule for a pack that names one nobody can reckon with.
    """
    rules = policy.pack(disease=disease, area_code=area_code, on=on)
    rule = rules.rules.get(INTERVAL)
    if rule is None:
        return SERIAL_INTERVALS.get(disease), ""
    said = rules.table(INTERVAL)
    interval = SerialInterval(said.get("mean", 0), said.get("sd", 0), rule.source, said.get("mean_sd", 0))
    if interval.mean <= 1 or interval.sd <= 0:
        raise UnusableRule(f"Pack {rule.pack}: {INTERVAL!r} must have a mean above one day and an sd, in days.")
    return interval, rule.pack


def _expected(
    told: list[tuple[date, date]], first: date, onsets: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[float]]:  # fmt: skip
    """Median and interval of the last days; what came later than two weeks counts as two weeks late."""
    nothing = np.full(DAYS, np.nan)
    if len(told) < LEAST:
        return nothing, nothing, nothing, []
    triangle = np.zeros((DAYS, DELAYS + 1))
    for onset, known in told:
        triangle[(onset - first).days, min(DELAYS, (known - onset).days)] += 1
    row, delay = np.indices(triangle.shape)
    triangle = np.where(row + delay < DAYS, triangle, np.nan)
    try:
        made = nowcast(triangle, delay_rows=DELAY_ROWS, retrospective=RETROSPECTIVE)
    except ValueError:
        return nothing, nothing, nothing, []
    still_open = np.isnan(triangle).any(axis=1)
    low, likely, high = (np.where(still_open, values, np.nan) for values in made.quantiles.T)
    return likely, low, high, [round(float(value), 4) for value in made.delays]


def _reproduction(
    counts: np.ndarray, interval: SerialInterval | None, cases: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    """Mean and 95 % interval; nothing before the first case's serial interval is over."""
    nothing = np.full(DAYS, np.nan)
    if interval is None or cases < LEAST:
        return nothing, nothing, nothing
    begin = int(np.flatnonzero(counts)[0])
    made = reproduction(counts[None, begin:], drawn(interval, LONGEST_INTERVAL))
    found = [nothing.copy() for _ in range(3)]
    for into, values in zip(found, (made.mean[0], made.quantiles[0, :, 0], made.quantiles[0, :, -1]), strict=True):
        into[begin:] = values
    return found[0], found[1], found[2]


def _doubling(onsets: np.ndarray) -> float | None:
    """Of the days whose reports are about complete."""
    value = float(growth(onsets[None, : -DELAYS // 2]).doubling[0])
    return None if np.isnan(value) or np.isinf(value) else round(value, 1)
