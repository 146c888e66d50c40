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
MOST_SLOTS = 96 * 60


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
        if not len(seconds):
            return {}
        if self.day(int(seconds.min())) == self.day(int(seconds.max())):
            return {self.day(int(seconds[0])): np.arange(len(seconds))}
        ordinals = self._ordinals(seconds // QUARTER_S)
        order = np.argsort(ordinals, kind="stable")
        found, first = np.unique(ordinals[order], return_index=True)
        groups = np.split(order, first[1:])
        return {date.fromordinal(int(day)): rows for day, rows in zip(found, groups, strict=True)}

    def _ordinals(self, slots: NDArray[np.int32]) -> NDArray[np.int32]:
        """The day of each quarter of an hour, as a number: looked up where they lie close together."""
        first, last = int(slots.min()), int(slots.max())
        if last - first > MOST_SLOTS:
            found, slot_of = np.unique(slots, return_inverse=True)
            return self._days(found)[slot_of]
        return self._days(np.arange(first, last + 1))[slots - first]

    def _days(self, slots: NDArray[np.integer]) -> NDArray[np.int32]:
        return np.array([self.day(int(slot) * QUARTER_S).toordinal() for slot in slots], dtype=np.int32)
