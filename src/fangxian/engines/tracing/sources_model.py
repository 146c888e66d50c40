"""Where did they catch it: places that several cases share beyond chance, ranked, with the cases named.

The definition (`sources_reference.py` is its plainest form, every engine gives the same rows):

    own       every visit in the log of the cases' persons
    day       of a visit: the local day it was entered on, days since 1970-01-01 (see `Days`)
    regular   a case with a stay there is one where its person was on at least `regular_days` different days, and on at
              least `regular_share` percent of the days that person was anywhere: a workplace, a school, a home
    stays     own visits that overlap the case's window [t0, t1), clipped to it; a regular's at that place do not count
    peak      the largest number of different cases with a stay at the place in one and the same second
    expected  of a place and day: stays of the day x visits to the place that day / all visits of that day
    llr       of n observed against e expected: n ln(n / e) - (n - e) where n > e, else 0 (Poisson log-likelihood ratio)

A place observes the different cases that had a stay there. It is scanned day by day and over all days with stays
together (its expected number is then the sum over those days); its llr is the greatest of these, so that a dinner and
a market of two weeks both come out on top. Listed are places with at least `k` cases, a peak of at least `min_peak`
and an llr above 0, greatest llr first, of equals the lowest id.
"""

import math
from dataclasses import dataclass, field
from typing import Final, NamedTuple, Protocol, runtime_checkable

import numpy as np
import pyarrow as pa

from fangxian.engines.tracing.model import Int32Array, Int64Array, Places, schema, type_int32, type_int64
from fangxian.engines.tracing.store import VisitStore

DAY: Final = 86400
PERCENT: Final = 100

SOURCES: Final = schema(
    place_id=type_int32,
    cases=type_int32,
    regulars=type_int32,
    days=type_int32,
    expected=pa.float64(),
    llr=pa.float64(),
    best_day=type_int32,
    peak=type_int32,
    peak_at=type_int32,
)
"""One row a place, the likeliest source first."""

SOURCE_COLUMNS: Final = {
    "place_id": "the place",
    "cases": "different cases with a stay there, without its regulars",
    "regulars": "cases whose usual place it is; their stays there do not count",
    "days": "days on which these cases were there",
    "expected": "how many stays chance would bring there on the days the cases were anywhere",
    "llr": "how far beyond chance: the greatest log-likelihood ratio of its days, and of all its days together",
    "best_day": "the day with the greatest ratio; of equal ones the first",
    "peak": "the largest number of cases there in the same second",
    "peak_at": "the first second with so many",
}
"""What each column of `SOURCES` means, in its order; the manual prints it."""

SOURCE_DAYS: Final = schema(
    place_id=type_int32, day=type_int32, cases=type_int32, visits=type_int32, expected=pa.float64(), llr=pa.float64()
)
"""One row a listed place and day with cases, in the order of the places, then of the days. visits: of everybody."""

SOURCE_CASES: Final = schema(
    place_id=type_int32, case_id=type_int64, visits=type_int32, first_at=type_int32, regular=pa.int8()
)
"""Who they are: one row a place and case, in the order of the places, then of case_id.

visits: stays of the case there inside its window. first_at: the first second of the first one. regular: 1 for a case
whose usual place it is (its stays do not count), else 0. The places of `Sources.usual` come after the listed ones.
"""

USUAL: Final = schema(place_id=type_int32, regulars=type_int32)
"""Places that at least `k` cases share as their usual one, most cases first, of equals the lowest id.

What subtracting regulars hides must be seen: an outbreak at a workplace is one of its regulars.
"""


@dataclass(frozen=True, slots=True)
class SourceRules:
    """When a place is a possible source, and who is a regular of it.

    k: different cases a place needs. min_peak: cases there at the same time.
    subtract_regulars: whether a regular's stays at that place are left out; else nobody is a regular.
    regular_days: different days, and regular_share: percent of the person's own visit days, that make a regular.
    places: places that may be listed; all of them count for what chance would bring.
    zone_s: seconds east of UTC of the clock whose midnight begins a day, for a store that names no midnights.
    limit: places listed at most; None lists all.

    Raises ValueError for k, min_peak, regular_days or limit below one, and a share that is no percentage.
    """

    k: int = 3
    min_peak: int = 2
    subtract_regulars: bool = True
    regular_days: int = 3
    regular_share: int = 40
    places: Places = field(default_factory=Places)
    zone_s: int = 0
    limit: int | None = None

    def __post_init__(self) -> None:
        least = min(self.k, self.min_peak, self.regular_days, 1 if self.limit is None else self.limit)
        if least < 1:
            raise ValueError("sources: k, min_peak, regular_days and limit are 1 or more")
        if not 0 <= self.regular_share <= PERCENT:
            raise ValueError("sources: regular_share is a percentage")
        if abs(self.zone_s) > DAY:
            raise ValueError("sources: zone_s is less than a day")


@dataclass(frozen=True, slots=True)
class Sources:
    """The answer. places: `SOURCES`. days: `SOURCE_DAYS`. cases: `SOURCE_CASES`. usual: `USUAL`.

    found: places there were before `limit` cut them.
    """

    places: pa.Table
    days: pa.Table
    cases: pa.Table
    usual: pa.Table
    found: int


@dataclass(frozen=True, slots=True)
class Days:
    """Which day a moment is on: by the store's midnights where it names them, else by a fixed distance from UTC.

    midnights: seconds, rising, the first of day number `first_day`. zone_s: seconds east of UTC, without midnights.
    """

    midnights: Int64Array
    first_day: int
    zone_s: int

    @classmethod
    def of(cls, store: VisitStore, rules: SourceRules) -> "Days":
        return cls(np.array(store.midnights, dtype=np.int64), store.first_day, rules.zone_s)

    def number(self, seconds: Int64Array) -> Int64Array:
        """Days since 1970-01-01 of some moments."""
        if not len(self.midnights):
            return (seconds + self.zone_s) // DAY
        return self.midnights.searchsorted(seconds, "right") - 1 + self.first_day

    def begin(self, numbers: Int64Array) -> Int64Array:
        """The first second of some days; outside the midnights the earliest or the latest moment there is."""
        if not len(self.midnights):
            return numbers * DAY - self.zone_s
        edges = np.concatenate([[np.iinfo(np.int32).min], self.midnights, [np.iinfo(np.int32).max]])
        begin: Int64Array = edges[np.clip(numbers - self.first_day + 1, 0, len(edges) - 1)]
        return begin


AT: Final = schema(place_id=type_int32, day=type_int32, visits=type_int32)
"""Visits to a place on a day."""

EVERYWHERE: Final = schema(day=type_int32, visits=type_int64)
"""Visits to all places on a day."""


class Counted(NamedTuple):
    """Visits of everybody by day. Rows of the same key add up.

    places: schema `AT`, of the places asked for. days: schema `EVERYWHERE`.
    """

    places: pa.Table
    days: pa.Table


@runtime_checkable
class LooksUp(Protocol):
    """What an engine does for source tracing; everything between is done in `sources_count`.

    visits_of: every visit of some persons (schema `VISITS`), in any order. persons: shape (persons,), ascending.
    visits_by_day: asked only where the store has no `place_days`. places: shape (places,), ascending.
    """

    def visits_of(self, store: VisitStore, persons: Int32Array) -> pa.Table: ...
    def visits_by_day(self, store: VisitStore, places: Int32Array, days: Days) -> Counted: ...


class PlaceDay(NamedTuple):
    """What was observed of a place on one day, and what chance would bring.

    cases: different cases. visits: of everybody at the place. stays: of all cases anywhere. all_visits: of everybody.
    """

    day: int
    cases: int
    visits: int
    stays: int
    all_visits: int

    @property
    def expected(self) -> float:
        """Stays that chance would bring here. Counts that were kept apart never make it less than one visit."""
        visits = max(self.visits, self.cases)
        return self.stays * visits / max(self.all_visits, self.stays, visits)

    @property
    def llr(self) -> float:
        """How far the cases of the day are beyond chance."""
        return llr(self.cases, self.expected)


def llr(observed: int, expected: float) -> float:
    """Poisson log-likelihood ratio of a count against a lower expected one; 0 where it is not lower.

    The statistic of Kulldorff's scan for a rare event (Communications in Statistics, 1997). expected: above 0 wherever
    something was observed.
    """
    return observed * math.log(observed / expected) - (observed - expected) if observed > expected else 0.0


def judged(cases: int, days: list[PlaceDay]) -> tuple[float, float, int]:
    """expected, llr and best day of a place. cases: different ones over all days. days: every day with stays anywhere.

    Raises ValueError without days: then there is no case either.
    """
    expected = math.fsum(day.expected for day in days)
    best = max(days, key=lambda day: (day.llr, -day.day))
    return expected, max(best.llr, llr(cases, expected)), best.day
