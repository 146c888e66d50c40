"""Counts by day as arrays, and their sums over those who report: who is silent has not counted zero.

A cell says two things of a day: what was counted, NaN where nobody knows, and whether anybody there reports at all.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from fangxian.engines.surveillance import Panel

UNKNOWN = float("nan")
SMALL = 0.01
"""So that whoever usually has nothing still counts as somebody."""
Key = tuple[str, str]
"""Area and subject."""


@dataclass(frozen=True)
class Days:
    """The days of a panel, first and last included."""

    first: date
    last: date

    def __len__(self) -> int:
        return (self.last - self.first).days + 1

    def at(self, day: date) -> int:
        """Position of a day; negative before the first one."""
        return (day - self.first).days

    @property
    def begins(self) -> np.ndarray:
        """Every day, T long."""
        return np.datetime64(self.first) + np.arange(len(self))


@dataclass(frozen=True)
class Cell:
    """What is known of one area and subject, or of one who reports.

    counts  T, NaN where nobody knows
    there   T, whether anybody reports: before the first word and after the last there is nobody
    """

    counts: np.ndarray
    there: np.ndarray

    @classmethod
    def of(cls, said: dict[date, float], days: Days, *, since: date | None = None, until: date | None = None) -> "Cell":
        """What was said, day by day; unknown on every other day from the first word (or `since`) to the end (`until`,
        excluded)."""
        counts, at = np.full(len(days), UNKNOWN), np.arange(len(days))
        for day, number in said.items():
            counts[days.at(day)] = number
        begin = days.at(since or min(said))
        return cls(counts, (at >= begin) & (at < (len(days) if until is None else days.at(until))))


Cells = dict[Key, Cell]
Parts = list[tuple[str, str, Cell]]
"""Area, subject and what one of those who report has said."""
Levels = Callable[[str], Iterable[str]]
"""The areas a count of an area is added up to."""


def counted(rows: Iterable[tuple[str, str, date, float]], days: Days, levels: Levels) -> Cells:
    """Rows (area, subject, day, number) that are only written when there is one: a day without a row is a zero, from
    the first row of all on."""
    sums: dict[Key, np.ndarray] = defaultdict(lambda: np.zeros(len(days)))
    begin = len(days)
    for area, subject, day, number in rows:
        at = days.at(day)
        begin = min(begin, at)
        for code in levels(area):
            sums[code, subject][at] += number
    there = np.arange(len(days)) >= begin
    return {key: Cell(numbers, there) for key, numbers in sums.items()}


def whole(parts: Parts, levels: Levels) -> Cells:
    """Sums over those who report. Who is silent on a day is taken to have had their usual share of that day's sum, as
    long as those who spoke usually have half of it or more; else the day is unknown."""
    there: dict[Key, list[Cell]] = defaultdict(list)
    for area, subject, cell in parts:
        for code in levels(area):
            there[code, subject].append(cell)
    return {key: _summed(cells) for key, cells in there.items()}


def _summed(cells: list[Cell]) -> Cell:
    """One cell out of those of everybody who reports."""
    counts, there = np.array([cell.counts for cell in cells]), np.array([cell.there for cell in cells])
    spoke = there & ~np.isnan(counts)
    numbers = np.where(spoke, counts, 0.0)
    usual = (numbers.sum(axis=1) / (spoke.sum(axis=1) + 1) + SMALL)[:, None]
    known, all_of_it = (usual * spoke).sum(axis=0), (usual * there).sum(axis=0)
    enough = (known > 0) & (2 * known >= all_of_it)
    filled = np.rint(numbers.sum(axis=0) * all_of_it / np.where(enough, known, 1.0))
    return Cell(np.where(enough, filled, UNKNOWN), there.any(axis=0))


def merged(known: Cells, more: Cells) -> Cells:
    """Both added up, cell by cell; a day only one of them knows of is that one's."""
    both = {key: _added(known[key], more[key]) for key in known.keys() & more.keys()}
    return {**known, **more, **both}


def _added(one: Cell, other: Cell) -> Cell:
    numbers = [np.where(cell.there, cell.counts, 0.0) for cell in (one, other)]
    return Cell(numbers[0] + numbers[1], one.there | other.there)


def panel_of(cells: Cells, days: Days) -> Panel:
    """A daily panel; where nobody reports, nobody knows."""
    series = sorted(cells)
    counts = np.array([np.where(cells[key].there, cells[key].counts, UNKNOWN) for key in series])
    return Panel(tuple(area for area, _ in series), tuple(subject for _, subject in series), days.begins, counts)


def months_of(said: dict[date, float]) -> tuple[list[date], np.ndarray]:
    """The begin of each month from the first figure to the last, and its number; NaN where nothing was said."""
    by_month = {day.replace(day=1): number for day, number in said.items()}
    begins = [min(by_month)]
    while begins[-1] < max(by_month):
        begins.append((begins[-1] + timedelta(days=32)).replace(day=1))
    return begins, np.array([by_month.get(one, UNKNOWN) for one in begins], dtype=np.float64)
