"""The season by the moving epidemic method: has it begun, and how strong is it.

Feeds of weeks tell theirs. What the registers hold anyway is not entered again: the weeks of the diseases the pack
names come from their cases, those of the fever clinics from their patients. Only weeks that are over are judged.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from fangxian.core import diseases, policy
from fangxian.core.policy.files import ANY_DISEASE
from fangxian.engines.surveillance import Panel
from fangxian.engines.surveillance.moving_epidemic import LEAST, Season, moving_epidemic
from fangxian.systems.surveillance.models import Feed
from fangxian.systems.surveillance.words import FeedChannel
from fangxian.warehouse import daily_counts, panels

WEEKS = 52
KNOWN = 0.5
"""Share of its weeks a past season must have told to be one."""


class Year(NamedTuple):
    """The year of a disease: the ISO week its season begins in, and how many weeks from there on count."""

    first_week: int
    weeks: int


@dataclass(frozen=True)
class Told:
    """One series and its season.

    feed     the feed it was typed into; None where it is counted from a register
    disease  a disease, or "" for fever patients and feeds without one
    channel  a FeedChannel
    days     first day of each week of the season under way, n long
    counts   n long, NaN where nothing was said
    lines    from the seasons before; None with fewer than two
    seasons  how many seasons before had cases and are on record by half of their weeks
    level    where the newest week stands: baseline, low, medium, high, very_high; "" without lines
    """

    feed: Feed | None
    disease: str
    channel: str
    days: list[date]
    counts: np.ndarray
    lines: Season | None
    seasons: int
    level: str


def seasons(area_code: str, as_of: date) -> list[Told]:
    """Every weekly series of an area with its season under way, the typed ones first; inside the scope in force."""
    typed = [
        _told(
            feed,
            feed.disease,
            feed.channel,
            panel,
            panels.unbroken(feed, panel, as_of),
            _year(feed.disease, area_code, as_of),
        )
        for feed, panel in panels.weekly_feeds(area_code, as_of, broken=True)
    ]
    counted = [
        _told(
            None,
            disease,
            channel,
            panel,
            panels.learned_from(area_code, channel, panel, as_of),
            _year(disease, area_code, as_of),
        )
        for disease, channel, panel in _counted(area_code, as_of)
    ]
    return [*typed, *counted]


def _counted(area_code: str, as_of: date) -> Iterator[tuple[str, str, Panel]]:
    """Disease, channel and weeks of what the registers count: Monday to Sunday, the newest one over by the day."""
    pack = policy.pack(disease=ANY_DISEASE, area_code=area_code, on=as_of)
    first = as_of - timedelta(days=int(pack.number("warning.history_days")) - 1)
    for disease in pack.items("warning.season_diseases"):
        days = daily_counts.case_days(area_code, disease, first, as_of)
        yield disease, FeedChannel.CASES, days.weekly()
    yield "", FeedChannel.FEVER_CLINIC, daily_counts.fever_days(area_code, first, as_of).weekly()


def _year(disease: str, area_code: str, as_of: date) -> Year:
    """The year of a disease as its pack says, or the usual one."""
    named = disease if disease in diseases.KEYS else ANY_DISEASE
    said = policy.pack(disease=named, area_code=area_code, on=as_of).table("warning.season")
    return Year(int(said["first_week"]), int(said["weeks"]))


def _told(feed: Feed | None, disease: str, channel: str, panel: Panel, learned: Panel, year: Year) -> Told:
    days, counts = panel.begins.astype("datetime64[D]").tolist(), panel.counts[0]
    by_season: dict[int, np.ndarray] = {}
    for day, count in zip(days, counts, strict=True):
        season, week = _place(day, year)
        by_season.setdefault(season, np.full(WEEKS, np.nan))[week] = count
    now = max(by_season)
    lost = {_place(days[at], year)[0] for at in np.flatnonzero(np.isnan(learned.counts[0]) & ~np.isnan(counts))}
    before = {season: weeks[: year.weeks] for season, weeks in sorted(by_season.items()) if season < now}
    past, lines = _learned(before, lost)
    current = [(day, count) for day, count in zip(days, counts, strict=True) if _place(day, year)[0] == now]
    shown = np.array([count for _day, count in current], dtype=np.float64)
    begun = [day for day, _count in current]
    return Told(feed, disease, str(channel), begun, shown, lines, len(past), _level(shown, lines))


def _learned(before: dict[int, np.ndarray], lost: set[int]) -> tuple[list[np.ndarray], Season | None]:
    """Seasons and their lines: those without a broken week, or all of them where these are not enough for lines. One
    that is hardly on record, or in which nobody fell ill, is none."""
    told = {season: one for season, one in before.items() if (~np.isnan(one)).mean() >= KNOWN and np.nansum(one) > 0}
    clean = [one for season, one in told.items() if season not in lost]
    lines = _lines(clean)
    return (list(told.values()), _lines(list(told.values()))) if lines is None else (clean, lines)


def _place(day: date, year: Year) -> tuple[int, int]:
    """Season (the year it begins in) and week of it, from 0; a week 53 counts with the week before."""
    named, week, _weekday = (day + timedelta(days=3)).isocalendar()
    week, first = min(week, WEEKS), year.first_week
    return (named, week - first) if week >= first else (named - 1, week + WEEKS - first)


def _lines(past: list[np.ndarray]) -> Season | None:
    try:
        return moving_epidemic(np.array(past)) if len(past) >= LEAST else None
    except ValueError:
        return None


def _level(counts: np.ndarray, lines: Season | None) -> str:
    known = counts[~np.isnan(counts)]
    if lines is None or not len(known):
        return ""
    steps = ((lines.very_high, "very_high"), (lines.high, "high"), (lines.medium, "medium"), (lines.onset, "low"))
    return next((name for line, name in steps if known[-1] > line), "baseline")
