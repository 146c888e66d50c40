"""Local days as half-open ranges of UTC seconds. A day belongs to the place's clock, a time to nobody's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

ONE_DAY = timedelta(days=1)
QUARTER_S = 900
"""Every zone's midnight falls on a quarter of an hour UTC."""


class Calendar:
    """Days of one time zone."""

    def __init__(self, zone: str) -> None:
        self.zone = ZoneInfo(zone)

    def start(self, day: date) -> int:
        """UTC second at which `day` begins."""
        return int(datetime.combine(day, time(), self.zone).timestamp())

    def bounds(self, day: date) -> tuple[int, int]:
        """The UTC seconds [begin, end) of a day."""
        return self.start(day), self.start(day + ONE_DAY)

    def day(self, second: int) -> date:
        """The local day of one UTC second."""
        return datetime.fromtimestamp(second, UTC).astimezone(self.zone).date()

    def between(self, first: int, last: int) -> Iterator[date]:
        """Every day from that of `first` to that of `last`, both included."""
        day, end = self.day(first), self.day(last)
        while day <= end:
            yield day
            day += ONE_DAY

    def days_of(self, seconds: NDArray[np.int32]) -> dict[date, NDArray[np.intp]]:
        """Row numbers by day, days in order; empty for no rows. A stray date decades away costs nothing."""
        slots, slot_of = np.unique(seconds // QUARTER_S, return_inverse=True)
        days = [self.day(int(slot) * QUARTER_S) for slot in slots]
        ordinals = np.array([day.toordinal() for day in days], dtype=np.int64)[slot_of]
        order = np.argsort(ordinals, kind="stable")
        found, first = np.unique(ordinals[order], return_index=True)
        groups = np.split(order, first[1:]) if len(found) else []
        return {date.fromordinal(int(day)): rows for day, rows in zip(found, groups, strict=True)}
