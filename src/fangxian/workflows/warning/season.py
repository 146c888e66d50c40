"""The season of a feed of weeks by the moving epidemic method: has it begun, and how strong is it."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from fangxian.engines.surveillance import Panel
from fangxian.engines.surveillance.moving_epidemic import Season, moving_epidemic
from fangxian.systems.surveillance.models import Feed
from fangxian.warehouse import panels

WEEKS = 52
FIRST_WEEK = 40
"""ISO week a season begins in: influenza's year."""
SHOWN = 40
"""Weeks of a season the method looks at, from the first on: around the turn of the year."""


@dataclass(frozen=True)
class Told:
    """One feed's season.

    days    first day of each week of the season under way, n long
    counts  n long, NaN where nothing was said
    lines   from the seasons before; None with fewer than two
    level   where the newest week stands: baseline, low, medium, high, very_high; "" without lines
    """

    feed: Feed
    days: list[date]
    counts: np.ndarray
    lines: Season | None
    seasons: int
    level: str


def seasons(area_code: str, as_of: date) -> list[Told]:
    """Every feed of weeks of an area with its season under way, inside the scope in force."""
    return [
        _told(feed, panel, panels.unbroken(feed, panel, as_of))
        for feed, panel in panels.weekly_feeds(area_code, as_of, broken=True)
    ]


def _told(feed: Feed, panel: Panel, learned: Panel) -> Told:
    days, counts = panel.begins.tolist(), panel.counts[0]
    by_season: dict[int, np.ndarray] = {}
    for day, count in zip(days, counts, strict=True):
        season, week = _place(day)
        by_season.setdefault(season, np.full(WEEKS, np.nan))[week] = count
    now = max(by_season)
    lost = {_place(days[at])[0] for at in np.flatnonzero(np.isnan(learned.counts[0]) & ~np.isnan(counts))}
    before = {season: weeks[:SHOWN] for season, weeks in sorted(by_season.items()) if season < now}
    past, lines = _learned(before, lost)
    current = [(day, count) for day, count in zip(days, counts, strict=True) if _place(day)[0] == now]
    shown = np.array([count for _day, count in current], dtype=np.float64)
    return Told(feed, [day for day, _count in current], shown, lines, len(past), _level(shown, lines))


def _learned(before: dict[int, np.ndarray], lost: set[int]) -> tuple[list[np.ndarray], Season | None]:
    """Seasons and their lines: those without a broken week, or all of them where these are not enough for lines."""
    clean = [weeks for season, weeks in before.items() if season not in lost]
    lines = _lines([one for one in clean if not np.isnan(one).all()])
    past = list(before.values())
    return (past, _lines([one for one in past if not np.isnan(one).all()])) if lines is None else (clean, lines)


def _place(day: date) -> tuple[int, int]:
    """Season (the year it begins in) and week of it, from 0; a week 53 counts with the week before."""
    year, week, _weekday = (day + timedelta(days=3)).isocalendar()
    week = min(week, WEEKS)
    return (year, week - FIRST_WEEK) if week >= FIRST_WEEK else (year - 1, week + WEEKS - FIRST_WEEK)


def _lines(past: list[np.ndarray]) -> Season | None:
    try:
        return moving_epidemic(np.array(past)) if len(past) > 1 else None
    except ValueError:
        return None


def _level(counts: np.ndarray, lines: Season | None) -> str:
    known = counts[~np.isnan(counts)]
    if lines is None or not len(known):
        return ""
    steps = ((lines.very_high, "very_high"), (lines.high, "high"), (lines.medium, "medium"), (lines.onset, "low"))
    return next((name for line, name in steps if known[-1] > line), "baseline")
