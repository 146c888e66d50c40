"""How many visits and persons each place had on each local day, over sealed segments and hot rows alike."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta

import pyarrow as pa

from fangxian.engines.tracing import Segment
from fangxian.engines.tracing.counting import PLACE_DAYS, place_days

from .calendar import Calendar

EPOCH = date(1970, 1, 1)


def number_of(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


def table_of(
    segments: Sequence[tuple[date, Segment]], hot: pa.Table, calendar: Calendar, days: Collection[date] | None = None
) -> pa.Table:
    """Schema PLACE_DAYS, ordered by day and place. hot: schema VISITS; days: all where None."""
    by_day: dict[date, list[Segment]] = {}
    for day, segment in segments:
        by_day.setdefault(day, []).append(segment)
    for day, rows in calendar.days_of(hot["entered_at"].to_numpy()).items():
        by_day.setdefault(day, []).append(Segment.of(hot.take(pa.array(rows))))
    wanted = sorted(day for day in by_day if days is None or day in days)
    return pa.concat_tables([PLACE_DAYS.empty_table(), *(_of_day(day, by_day[day]) for day in wanted)])


def midnights(days: Collection[date], calendar: Calendar) -> tuple[int, ...]:
    """UTC seconds at which each day from the first to the last begins, and the last one ends."""
    if not days:
        return ()
    first, last = min(days), max(days)
    return tuple(calendar.start(first + timedelta(days=step)) for step in range((last - first).days + 2))


def _of_day(day: date, segments: Sequence[Segment]) -> pa.Table:
    return place_days(number_of(day), [(one.by_place, one.by_person, one.counts()) for one in segments])
