"""Source tracing from two lookups, in NumPy: whatever keeps the visits only has to find the rows.

An engine looks up the cases' own visits (some dozens a case) and counts the visits to some places by day; everything
between is small and is done here. `sources_reference.py` says the same in plain words and shares nothing of it but the
ratio itself.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from fangxian.engines.tracing.fold import runs
from fangxian.engines.tracing.kernel import expand
from fangxian.engines.tracing.model import Int64Array, Places
from fangxian.engines.tracing.sources_model import (
    PERCENT,
    SOURCE_CASES,
    SOURCE_DAYS,
    SOURCES,
    USUAL,
    Counted,
    Days,
    LooksUp,
    PlaceDay,
    SourceRules,
    Sources,
    judged,
)
from fangxian.engines.tracing.store import VisitStore

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Stays:
    """Stays as arrays of one length: number of the case, place, day of entry, the clipped time, of a regular or not."""

    case: Int64Array
    place: Int64Array
    day: Int64Array
    s: Int64Array
    e: Int64Array
    regular: Bools

    def __getitem__(self, kept: Bools | Int64Array) -> "_Stays":
        return _Stays(*(getattr(self, name)[kept] for name in self.__slots__))


class _Found(NamedTuple):
    """A possible source."""

    place: int
    cases: int
    peak: int
    peak_at: int
    days: list[PlaceDay]
    expected: float
    llr: float
    best_day: int


def sources(engine: LooksUp, store: VisitStore, cases: pa.Table, rules: SourceRules) -> Sources:
    """The answer (see `sources_model.py`). cases: schema `CASES`, ordered by case_id (`checked_cases`)."""
    days = Days.of(store, rules)
    own = engine.visits_of(store, np.unique(cases["person_id"].to_numpy()))
    everything = _stays(own, cases, days, rules)
    stays = everything[~everything.regular]
    shared = _shared(stays, rules)
    peaks = _peaks(stays[np.isin(stays.place, list(shared))])
    chosen = [place for place in shared if peaks[place][0] >= rules.min_peak]
    seen = _place_days(chosen, stays, _counted(engine, store, chosen, days))
    found = [_found(place, shared[place], peaks[place], seen[place]) for place in chosen]
    listed = sorted((one for one in found if one.llr > 0), key=lambda one: (-one.llr, one.place))
    return _answer(listed, everything, cases["case_id"].to_numpy(), rules)


def _found(place: int, cases: int, peak: tuple[int, int], days: list[PlaceDay]) -> _Found:
    expected, beyond, best_day = judged(cases, days)
    return _Found(place, cases, *peak, days, expected, beyond, best_day)


def _counted(engine: LooksUp, store: VisitStore, places: Sequence[int], days: Days) -> Counted:
    """Visits to the places, and to all, by day: kept by the store, or counted now."""
    wanted = np.array(places, dtype=np.int32)
    if store.place_days is None:
        return engine.visits_by_day(store, wanted, days)
    kept = store.place_days.select(["place_id", "day", "visits"])
    chosen = np.isin(kept["place_id"].to_numpy(), wanted)
    return Counted(kept.filter(pa.array(chosen)), kept.group_by("day").aggregate([("visits", "sum")]))


def _stays(own: pa.Table, cases: pa.Table, days: Days, rules: SourceRules) -> _Stays:
    """Where each case was inside its window, and whether it is a regular there."""
    person, place, entered, left = (column.to_numpy().astype(np.int64) for column in own.columns)
    day = days.number(entered)
    regular = _regular(person, place, day, rules)
    order = person.argsort(kind="stable")
    wanted, t0, t1 = (cases[name].to_numpy() for name in ("person_id", "t0", "t1"))
    low, high = (person[order].searchsorted(wanted, side) for side in ("left", "right"))
    case, row = expand(low, high)
    row = order[row]
    kept = (entered[row] < t1[case]) & (left[row] > t0[case])
    case, row = case[kept], row[kept]
    s, e = np.maximum(entered[row], t0[case]), np.minimum(left[row], t1[case])
    return _Stays(case, place[row], day[row], s, e, regular[row])


def _regular(person: Int64Array, place: Int64Array, day: Int64Array, rules: SourceRules) -> Bools:
    """Whether each visit is of a regular of its place, shape (visits,)."""
    if not rules.subtract_regulars:
        return np.zeros(len(person), dtype=bool)
    who, there = _codes(person), _codes(person, place)
    days, days_there = _distinct(who, day)[who], _distinct(there, day)[there]
    enough: Bools = (days_there >= rules.regular_days) & (days_there * PERCENT >= rules.regular_share * days)
    return enough


def _codes(*columns: Int64Array) -> Int64Array:
    """A number a distinct row of the columns, in their order, shape (rows,)."""
    codes = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        found, number = np.unique(column, return_inverse=True)
        codes = np.unique(codes * len(found) + number, return_inverse=True)[1]
    return codes


def _distinct(code: Int64Array, what: Int64Array) -> Int64Array:
    """How many different values each code has, shape (codes,)."""
    first = np.unique(_codes(code, what), return_index=True)[1]
    return np.bincount(code[first])


def _shared(stays: _Stays, rules: SourceRules) -> dict[int, int]:
    """Places that may be listed and have enough cases, with the number of these."""
    place, number = np.unique(stays.place, return_inverse=True)
    cases = _distinct(number, stays.case) if len(place) else place
    enough = cases >= rules.k
    return {
        where: many
        for where, many in zip(place[enough].tolist(), cases[enough].tolist(), strict=True)
        if _counts(where, rules.places)
    }


def _counts(place: int, places: Places) -> bool:
    return (places.include is None or place in places.include) and place not in places.exclude


def _peaks(stays: _Stays) -> dict[int, tuple[int, int]]:
    """The largest number of different cases at each place at once, and the first second with so many (sweep line).

    Who leaves goes before who comes in the same second: stays are half open.
    """
    if not len(stays.place):
        return {}
    place, s, e = _merged(stays)
    where, time = np.concatenate([place, place]), np.concatenate([s, e])
    change = np.repeat([1, -1], len(place))
    order = np.lexsort((change, time, where))
    where, time, present = where[order], time[order], change[order].cumsum()
    starts = runs(where)
    most = np.maximum.reduceat(present, starts)
    reached = present == np.repeat(most, np.diff(starts, append=len(where)))
    first = np.minimum.reduceat(np.where(reached, np.arange(len(where)), len(where)), starts)
    return dict(zip(where[starts].tolist(), zip(most.tolist(), time[first].tolist(), strict=True), strict=True))


def _merged(stays: _Stays) -> tuple[Int64Array, Int64Array, Int64Array]:
    """Place, begin and end of each time a case was at a place: its overlapping stays there as one."""
    order = np.lexsort((stays.s, stays.case, stays.place))
    stays = stays[order]
    pair = _codes(stays.place, stays.case)
    latest = np.maximum.accumulate((pair << 32) + stays.e)
    begins = np.ones(len(pair), dtype=bool)
    begins[1:] = (pair[1:] << 32) + stays.s[1:] > latest[:-1]
    first = begins.nonzero()[0]
    last = np.append(first[1:], len(pair)) - 1
    return stays.place[first], stays.s[first], latest[last] - (pair[last] << 32)


def _place_days(places: Sequence[int], stays: _Stays, counted: Counted) -> dict[int, list[PlaceDay]]:
    """What there was and what chance would bring, of each place on every day with stays anywhere."""
    at, everywhere, cases = _added(counted.places), _added(counted.days), _cases_on(stays)
    anywhere = sorted(Counter(stays.day.tolist()).items())
    return {
        place: [PlaceDay(day, cases[place, day], at[place, day], here, everywhere[(day,)]) for day, here in anywhere]
        for place in places
    }


def _added(table: pa.Table) -> Counter[tuple[int, ...]]:
    """Visits by the other columns."""
    sums: Counter[tuple[int, ...]] = Counter()
    *keys, visits = (column.to_pylist() for column in table.columns)
    for *key, number in zip(*keys, visits, strict=True):
        sums[tuple(key)] += number
    return sums


def _cases_on(stays: _Stays) -> Counter[tuple[int, int]]:
    """Different cases by place and day."""
    first = np.unique(_codes(stays.place, stays.day, stays.case), return_index=True)[1]
    return Counter(zip(stays.place[first].tolist(), stays.day[first].tolist(), strict=True))


def _answer(found: list[_Found], stays: _Stays, case_ids: Int64Array, rules: SourceRules) -> Sources:
    """The tables of the listed places, cut."""
    listed = found[: rules.limit]
    rows = _case_rows(stays)
    shared = Counter(place for place, *_, regular in rows if regular)
    often = [(place, cases) for place, cases in shared.items() if cases >= rules.k and _counts(place, rules.places)]
    often.sort(key=lambda row: (-row[1], row[0]))
    rank = {place: number for number, place in enumerate(dict.fromkeys([*(one.place for one in listed), *dict(often)]))}
    named = sorted((row for row in rows if row[0] in rank), key=lambda row: rank[row[0]])
    return Sources(
        places=_table([_place_row(one, shared) for one in listed], SOURCES),
        days=_table([row for one in listed for row in _day_rows(one)], SOURCE_DAYS),
        cases=_table([(place, int(case_ids[case]), *rest) for place, case, *rest in named], SOURCE_CASES),
        usual=_table(often, USUAL),
        found=len(found),
    )


def _case_rows(stays: _Stays) -> list[tuple[int, ...]]:
    """Place, number of the case, stays, the first second and whether it is a regular, by place and case."""
    if not len(stays.place):
        return []
    order = np.lexsort((stays.s, stays.case, stays.place))
    stays = stays[order]
    first = runs(_codes(stays.place, stays.case))
    visits = np.diff(first, append=len(stays.place))
    columns = (stays.place[first], stays.case[first], visits, stays.s[first], stays.regular[first].astype(int))
    return list(zip(*(column.tolist() for column in columns), strict=True))


def _place_row(one: _Found, shared: Counter[int]) -> tuple[float, ...]:
    days = sum(day.cases > 0 for day in one.days)
    return (one.place, one.cases, shared[one.place], days, one.expected, one.llr, one.best_day, one.peak, one.peak_at)


def _day_rows(one: _Found) -> list[tuple[float, ...]]:
    return [(one.place, day.day, day.cases, day.visits, day.expected, day.llr) for day in one.days if day.cases]


def _table(rows: Sequence[tuple[float, ...]], kind: pa.Schema) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(kind)
    return pa.table([pa.array(column, wanted) for column, wanted in zip(columns, kind.types, strict=True)], schema=kind)
