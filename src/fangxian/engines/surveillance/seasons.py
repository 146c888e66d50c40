"""Which past weeks a week is compared with: the same season of earlier years, and the rest of the year in blocks.

Source: Noufaily et al., Stat Med 2013;32:1206-22 (doi:10.1002/sim.5595), the zero-order spline; weeks as R
`surveillance` 1.20.3 chooses them.
"""

from dataclasses import dataclass

import numpy as np

from fangxian.engines.surveillance.panel import Days, Ints

YEAR = 52


@dataclass(frozen=True)
class Baseline:
    """The past of one week.

    weeks    position of each week of the baseline, ascending, n long
    levels   level of the seasonal factor of each, n long; the last level is the season of the week itself
    periods  number of levels
    """

    weeks: Ints
    levels: Ints
    periods: int


def same_weeks(week: int, years: int, begins: Days | None) -> list[int]:
    """The week and the same one of so many years before, newest first; by the calendar where days are known.

    begins  first day of each week; None counts 52 weeks a year. A year with 53 weeks then shifts the season.
    """
    if begins is None:
        return [week - YEAR * year for year in range(years + 1)]
    first = begins[0].astype("datetime64[D]")
    day = begins[week].astype("datetime64[D]")
    month = day.astype("datetime64[M]")
    before = [(month - 12 * year).astype("datetime64[D]") + (day - month) for year in range(1, years + 1)]
    return [week, *(int(np.floor(((one - first).astype(np.int64) + 3) / 7)) for one in before)]


def baseline(
    week: int, *, years: int, half_window: int, periods: int, past_left_out: int, begins: Days | None
) -> Baseline:
    """The baseline of a week; raises ValueError where the past is not that long.

    week           position of the week to judge
    half_window    weeks around the same week of earlier years that share its season
    periods        levels of the season; 1 takes only the windows
    past_left_out  newest weeks left out, that an outbreak under way does not become the expectation
    """
    centres = same_weeks(week, years, begins)[::-1]
    if centres[0] - half_window < 0:
        raise ValueError("the past is shorter than the years of the baseline")
    weeks, levels = [], []
    for centre, following in zip(centres[:-1], centres[1:], strict=True):
        window = np.arange(centre - half_window, centre + half_window + 1)
        between = np.arange(centre + half_window + 1, following - half_window)
        weeks += [window, between] if periods > 1 else [window]
        levels += [np.full(len(window), periods - 1)]
        levels += [_blocks(len(between), periods - 1)] if periods > 1 else []
    weeks, levels = [*weeks, np.arange(week - half_window, week)], [*levels, np.full(half_window, periods - 1)]
    rows, level = np.concatenate(weeks), np.concatenate(levels)
    kept = rows < week - past_left_out
    return Baseline(rows[kept], level[kept], periods)


def _blocks(length: int, number: int) -> Ints:
    """Blocks of one length in the order of time; what remains goes one each to the first."""
    size, rest = divmod(length, number)
    return np.repeat(np.arange(number), [size + (block < rest) for block in range(number)])
