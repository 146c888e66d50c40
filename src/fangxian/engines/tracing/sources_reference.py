"""The definition of source tracing: slow, plain, meant to be read. Every other engine must give the same rows."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import NamedTuple

import pyarrow as pa

from fangxian.engines.tracing.reference import Case, Visit, counts, grouped, rows_of, table_of, visits_in
from fangxian.engines.tracing.sources_model import (
    DAY,
    PERCENT,
    SOURCE_CASES,
    SOURCE_DAYS,
    SOURCES,
    USUAL,
    PlaceDay,
    SourceRules,
    Sources,
    judged,
)
from fangxian.engines.tracing.store import VisitStore


class CaseStay(NamedTuple):
    """The time `[s, e)` a case was at a place inside its window, and the day the visit was entered on."""

    case_id: int
    place_id: int
    day: int
    s: int
    e: int


class Place(NamedTuple):
    """A listed place."""

    place_id: int
    cases: int
    expected: float
    llr: float
    best_day: int
    peak: int
    peak_at: int
    days: list[PlaceDay]


Pair = tuple[int, int]
"""A case and a place."""

Day = Callable[[int], int]
"""A moment to the number of its day."""


def sources(store: VisitStore, cases: pa.Table, rules: SourceRules) -> Sources:
    """Places the cases share beyond chance. cases: schema `CASES`, ordered by case_id (`checked_cases`)."""
    visits, windows, day = visits_in(store), rows_of(cases, Case), day_in(store, rules)
    everything = stays_of(visits, windows, day)
    usual = regulars(visits, windows, day, rules) & {(stay.case_id, stay.place_id) for stay in everything}
    found = listed([stay for stay in everything if (stay.case_id, stay.place_id) not in usual], visits, day, rules)
    return answer(found, everything, usual, rules)


def day_in(store: VisitStore, rules: SourceRules) -> Day:
    """Which day a moment is on."""
    if store.midnights:
        return lambda second: store.first_day + bisect_right(store.midnights, second) - 1
    return lambda second: (second + rules.zone_s) // DAY


def regulars(visits: list[Visit], cases: list[Case], day: Day, rules: SourceRules) -> set[Pair]:
    """The cases that are regulars of a place, over every day in the log."""
    if not rules.subtract_regulars:
        return set()
    days: dict[int, set[int]] = defaultdict(set)
    days_at: dict[Pair, set[int]] = defaultdict(set)
    for visit in visits:
        days[visit.person_id].add(day(visit.entered_at))
        days_at[visit.person_id, visit.place_id].add(day(visit.entered_at))
    return {
        (case.case_id, place)
        for case in cases
        for (person, place), there in days_at.items()
        if person == case.person_id
        and len(there) >= rules.regular_days
        and len(there) * PERCENT >= rules.regular_share * len(days[person])
    }


def stays_of(visits: list[Visit], cases: list[Case], day: Day) -> list[CaseStay]:
    """Where each case was inside its window, clipped to it."""
    return [
        CaseStay(
            case.case_id,
            visit.place_id,
            day(visit.entered_at),
            max(visit.entered_at, case.t0),
            min(visit.left_at, case.t1),
        )
        for case in cases
        for visit in visits
        if visit.person_id == case.person_id and visit.entered_at < case.t1 and visit.left_at > case.t0
    ]


def listed(stays: list[CaseStay], visits: list[Visit], day: Day, rules: SourceRules) -> list[Place]:
    """Every place that is a possible source, the likeliest first."""
    stays_on = Counter(stay.day for stay in stays)
    visits_on = Counter(day(visit.entered_at) for visit in visits)
    visits_at = Counter((visit.place_id, day(visit.entered_at)) for visit in visits)
    found = []
    for place, own in grouped(stays, lambda stay: stay.place_id).items():
        days = [
            PlaceDay(
                day, len({s.case_id for s in own if s.day == day}), visits_at[place, day], anywhere, visits_on[day]
            )
            for day, anywhere in sorted(stays_on.items())
        ]
        cases = len({stay.case_id for stay in own})
        row = Place(place, cases, *judged(cases, days), *peak_of(own), days)
        if counts(place, rules.places) and row.cases >= rules.k and row.peak >= rules.min_peak and row.llr > 0:
            found.append(row)
    return sorted(found, key=lambda row: (-row.llr, row.place_id))


def peak_of(stays: list[CaseStay]) -> tuple[int, int]:
    """The largest number of different cases at the same time, and the first second with so many."""
    moments = sorted({stay.s for stay in stays})
    present = {moment: len({stay.case_id for stay in stays if stay.s <= moment < stay.e}) for moment in moments}
    best = max(moments, key=lambda moment: (present[moment], -moment))
    return present[best], best


def answer(found: list[Place], stays: list[CaseStay], usual: set[Pair], rules: SourceRules) -> Sources:
    """The tables of the listed places."""
    chosen = found[: rules.limit]
    shared = Counter(place for _, place in usual)
    often = [(place, cases) for place, cases in shared.items() if cases >= rules.k and counts(place, rules.places)]
    often.sort(key=lambda row: (-row[1], row[0]))
    named = dict.fromkeys([row.place_id for row in chosen] + [place for place, _ in often])
    return Sources(
        places=table_of([place_row(row, shared) for row in chosen], SOURCES),
        days=table_of([row for place in chosen for row in day_rows(place)], SOURCE_DAYS),
        cases=table_of([row for place in named for row in case_rows(place, stays, usual)], SOURCE_CASES),
        usual=table_of(often, USUAL),
        found=len(found),
    )


def place_row(row: Place, shared: Counter[int]) -> tuple[float, ...]:
    """One row of `SOURCES`."""
    days = sum(day.cases > 0 for day in row.days)
    return (
        row.place_id, row.cases, shared[row.place_id], days, row.expected, row.llr, row.best_day, row.peak, row.peak_at
    )  # fmt: skip


def day_rows(row: Place) -> Iterable[tuple[float, ...]]:
    """The rows of `SOURCE_DAYS` of one place."""
    return [(row.place_id, d.day, d.cases, d.visits, d.expected, d.llr) for d in row.days if d.cases]


def case_rows(place: int, stays: list[CaseStay], usual: set[Pair]) -> Iterable[tuple[int, ...]]:
    """The rows of `SOURCE_CASES` of one place."""
    there = grouped((stay for stay in stays if stay.place_id == place), lambda stay: stay.case_id)
    return [
        (place, case, len(own), min(stay.s for stay in own), int((case, place) in usual))
        for case, own in sorted(there.items())
    ]
