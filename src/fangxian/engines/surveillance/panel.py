"""Counts by area, disease and period: what every method of early warning reads.

A day nobody reported is not a day without cases: it is missing (NaN), and stays missing through every sum.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Days = npt.NDArray[np.datetime64]


class Step(Enum):
    """Length of a period, in days."""

    DAY = 1
    WEEK = 7


class Count(NamedTuple):
    """Cases of one disease in one area on one day."""

    area: str
    disease: str
    on: date
    cases: int


@dataclass(frozen=True)
class Panel:
    """Many series over the same periods.

    areas, diseases  name of each series, S long
    begins           first day of each period, T long, ascending by `step`
    counts           S × T, cases; NaN where nobody reported
    populations      S × T, persons; None where they are not known
    step             length of a period

    Raises ValueError for shapes that do not fit, negative counts and periods that do not follow one another.
    """

    areas: tuple[str, ...]
    diseases: tuple[str, ...]
    begins: Days
    counts: Floats
    step: Step = Step.DAY
    populations: Floats | None = None

    def __post_init__(self) -> None:
        shape = (len(self.areas), len(self.begins))
        if len(self.diseases) != len(self.areas) or self.counts.shape != shape:
            raise ValueError("the counts of a panel have another shape than its series and periods")
        if self.populations is not None and self.populations.shape != shape:
            raise ValueError("the populations of a panel have another shape than its counts")
        if (self.counts < 0).any():
            raise ValueError("a count is negative")
        if (np.diff(self.begins) != np.timedelta64(self.step.value, "D")).any():
            raise ValueError("the periods of a panel do not follow one another")

    @classmethod
    def of(
        cls,
        rows: Iterable[Count],
        *,
        series: Iterable[tuple[str, str]],
        first: date,
        last: date,
        silent: Callable[[str, date], bool] = lambda _area, _day: False,
    ) -> "Panel":
        """A daily panel from rows in any order; rows of one cell are added.

        series  (area, disease) of each series: one without a row is a series of zeros, not an unknown one
        first, last  both included
        silent  whether an area reported nothing on a day: its cells are missing
        Raises ValueError for a row outside of the series or the days.
        """
        named = tuple(series)
        days = [first + timedelta(n) for n in range((last - first).days + 1)]
        number = {one: n for n, one in enumerate(named)}
        counts = np.zeros((len(named), len(days)))
        for row in rows:
            if (row.area, row.disease) not in number or not first <= row.on <= last:
                raise ValueError("a count lies outside of the panel")
            counts[number[row.area, row.disease], (row.on - first).days] += row.cases
        quiet = {area: np.array([silent(area, day) for day in days], dtype=bool) for area, _disease in named}
        for n, (area, _disease) in enumerate(named):
            counts[n, quiet[area]] = np.nan
        areas, diseases = tuple(area for area, _ in named), tuple(disease for _, disease in named)
        return cls(areas, diseases, np.array(days, dtype="datetime64[D]"), counts)

    def __len__(self) -> int:
        """Number of series."""
        return len(self.areas)

    @property
    def rates(self) -> Floats:
        """Cases per 100,000 persons and period, S × T; raises ValueError where populations are not known."""
        if self.populations is None:
            raise ValueError("a panel without populations has no rates")
        return self.counts / self.populations * 1e5

    def until(self, day: date) -> "Panel":
        """Only the periods that are over by the end of a day: what was known on it."""
        over = self.begins + np.timedelta64(self.step.value - 1, "D") <= np.datetime64(day)
        people = None if self.populations is None else self.populations[:, over]
        return replace(self, begins=self.begins[over], counts=self.counts[:, over], populations=people)

    def without(self, periods: Iterable[tuple[date, date]], *, rows: Bools | None = None) -> "Panel":
        """The same with broken times (both days included) taken as missing: a year no baseline should learn from.

        rows  S, the series it is missing in; None for all of them
        """
        ends = self.begins + np.timedelta64(self.step.value - 1, "D")
        broken = np.zeros(len(self.begins), dtype=bool)
        for first, last in periods:
            broken |= (self.begins <= np.datetime64(last)) & (ends >= np.datetime64(first))
        where = broken if rows is None else rows[:, None] & broken
        return replace(self, counts=np.where(where, np.nan, self.counts))

    def weekly(self) -> "Panel":
        """Whole weeks, Monday to Sunday; a week with a missing day is missing. Raises ValueError for a weekly panel."""
        if self.step is not Step.DAY:
            raise ValueError("only a daily panel has weeks to add up")
        weekday = (self.begins.astype(np.int64) + 3) % 7
        start = int(np.argmax(weekday == 0)) if (weekday == 0).any() else len(weekday)
        weeks = (len(weekday) - start) // 7
        kept = slice(start, start + weeks * 7)
        counts = self.counts[:, kept].reshape(len(self), weeks, 7).sum(axis=2)
        people = None if self.populations is None else self.populations[:, kept][:, ::7]
        return replace(self, begins=self.begins[kept][::7], counts=counts, step=Step.WEEK, populations=people)

    def ending_weeks(self) -> "Panel":
        """Weeks that end on the last day, the first days that fill none left out; a week with a missing day is missing.
        Of counts alone: populations are not kept."""
        weeks = len(self.begins) // Step.WEEK.value
        kept = slice(len(self.begins) - weeks * Step.WEEK.value, None)
        counts = self.counts[:, kept].reshape(len(self), weeks, Step.WEEK.value).sum(axis=2)
        begins = self.begins[kept][:: Step.WEEK.value]
        return replace(self, begins=begins, counts=counts, step=Step.WEEK, populations=None)

    def redrawn(self, areas: Mapping[str, str]) -> "Panel":
        """The same past in today's boundaries: areas that became one are added, in the order they first come.

        An area the mapping does not name stays itself. A sum with a missing part is missing.
        """
        names = [(areas.get(area, area), disease) for area, disease in zip(self.areas, self.diseases, strict=True)]
        kept = list(dict.fromkeys(names))
        into = np.zeros((len(kept), len(names)))
        into[[kept.index(name) for name in names], np.arange(len(names))] = 1
        people = None if self.populations is None else _added(into, self.populations)
        counts = _added(into, self.counts)
        return replace(
            self, areas=tuple(a for a, _ in kept), diseases=tuple(d for _, d in kept), counts=counts, populations=people
        )


def _added(into: Floats, values: Floats) -> Floats:
    """Sums of series; NaN where a part is missing (a product with zero would spread it to other series)."""
    gaps = into @ np.isnan(values)
    return np.where(gaps > 0, np.nan, into @ np.nan_to_num(values))
