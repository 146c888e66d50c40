"""The definition of a trace: slow, plain, meant to be read. Every other engine must give the same rows."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeVar

import pyarrow as pa

from fangxian.engines.tracing.model import CONTACTS, EXPOSED, MEETING_ORDER, MEETINGS, Parameters, Places
from fangxian.engines.tracing.store import VisitStore


class Visit(NamedTuple):
    """One stay `[entered_at, left_at)` of one person at one place, in UTC seconds."""

    person_id: int
    place_id: int
    entered_at: int
    left_at: int


class Case(NamedTuple):
    """A person with an infectious window `[t0, t1)`, in UTC seconds."""

    case_id: int
    person_id: int
    t0: int
    t1: int


class Stay(NamedTuple):
    """The time `[s, e)` a case was at a place inside its window."""

    case_id: int
    person_id: int
    place_id: int
    s: int
    e: int


class Meeting(NamedTuple):
    """A stay of the case and a visit of another person that met."""

    case_id: int
    person_id: int
    place_id: int
    s: int
    e: int
    w_entered: int
    w_left: int
    overlap_s: int

    @property
    def began_at(self) -> int:
        return max(self.w_entered, self.s)


def trace(store: VisitStore, cases: pa.Table, parameters: Parameters) -> pa.Table:
    """Contacts of the cases (schema `CONTACTS`), ordered by case_id and person_id."""
    found = meetings_of(visits_in(store), rows_of(cases, Case), parameters)
    pairs = grouped(found, lambda meeting: (meeting.case_id, meeting.person_id))
    rows = [(*pair, *sums(meetings), *where(meetings)) for pair, meetings in sorted(pairs.items())]
    return table_of(rows, CONTACTS)


def evidence(store: VisitStore, cases: pa.Table, parameters: Parameters) -> pa.Table:
    """Every meeting behind the rows of `trace` (schema `MEETINGS`), ordered by `MEETING_ORDER`."""
    found = meetings_of(visits_in(store), rows_of(cases, Case), parameters)
    return table_of(found, MEETINGS).sort_by(MEETING_ORDER)


def exposed(store: VisitStore, place_id: int, t0: int, t1: int, parameters: Parameters) -> pa.Table:
    """Persons who were at the place in `[t0, t1)` or arrived within the lag after it (schema `EXPOSED`)."""
    nobody = Stay(case_id=0, person_id=-1, place_id=place_id, s=t0, e=t1)
    found = enough(without_hubs(meet([nobody], visits_in(store), parameters), parameters), parameters)
    persons = grouped(found, lambda meeting: meeting.person_id)
    return table_of([(person, *sums(meetings)) for person, meetings in sorted(persons.items())], EXPOSED)


def meetings_of(visits: list[Visit], cases: list[Case], parameters: Parameters) -> list[Meeting]:
    """All meetings that count, step by step."""
    stays = stays_of(visits, cases, parameters.places)
    return enough(without_hubs(meet(stays, visits, parameters), parameters), parameters)


def stays_of(visits: list[Visit], cases: list[Case], places: Places) -> list[Stay]:
    """Where each case was inside its window, clipped to it."""
    of_person = grouped(visits, lambda visit: visit.person_id)
    return [
        Stay(case.case_id, case.person_id, visit.place_id, max(visit.entered_at, case.t0), min(visit.left_at, case.t1))
        for case in cases
        for visit in of_person.get(case.person_id, [])
        if visit.entered_at < case.t1 and visit.left_at > case.t0 and counts(visit.place_id, places)
    ]


def counts(place_id: int, places: Places) -> bool:
    """Whether meetings at this place are asked for."""
    return (places.include is None or place_id in places.include) and place_id not in places.exclude


def meet(stays: list[Stay], visits: list[Visit], parameters: Parameters) -> list[Meeting]:
    """Each stay with each visit of another person to the same place at the same time, or within the lag after it."""
    at_place = grouped(visits, lambda visit: visit.place_id)
    return [
        Meeting(stay.case_id, w.person_id, stay.place_id, stay.s, stay.e, w.entered_at, w.left_at, overlap(stay, w))
        for stay in stays
        for w in at_place.get(stay.place_id, [])
        if w.person_id != stay.person_id
        and w.entered_at < stay.e + parameters.lag
        and w.left_at > stay.s
        and w.entered_at > stay.s - parameters.max_stay
    ]


def overlap(stay: Stay, visit: Visit) -> int:
    """Seconds both were there."""
    return max(0, min(visit.left_at, stay.e) - max(visit.entered_at, stay.s))


def without_hubs(meetings: list[Meeting], parameters: Parameters) -> list[Meeting]:
    """Leave out the stays that met more visits than `max_place_rows`."""
    if parameters.max_place_rows is None:
        return meetings
    crowd = Counter((m.case_id, m.place_id, m.s, m.e) for m in meetings)
    return [m for m in meetings if crowd[m.case_id, m.place_id, m.s, m.e] <= parameters.max_place_rows]


def enough(meetings: list[Meeting], parameters: Parameters) -> list[Meeting]:
    """Leave out the contacts that spent less than `min_overlap` seconds with the case in total."""
    total: Counter[tuple[int, int]] = Counter()
    for m in meetings:
        total[m.case_id, m.person_id] += m.overlap_s
    return [m for m in meetings if total[m.case_id, m.person_id] >= parameters.min_overlap]


def sums(meetings: list[Meeting]) -> tuple[int, int, int, int, int]:
    """meetings, overlap_s, lag_meetings, first_at, last_at of one contact."""
    seconds = sum(m.overlap_s for m in meetings)
    only_lag = sum(m.overlap_s == 0 for m in meetings)
    began = [m.began_at for m in meetings]
    return len(meetings), seconds, only_lag, min(began), max(began)


def where(meetings: list[Meeting]) -> tuple[int, int]:
    """places and top_place_id of one contact."""
    seconds: Counter[int] = Counter()
    for m in meetings:
        seconds[m.place_id] += m.overlap_s
    return len(seconds), min(seconds, key=lambda place: (-seconds[place], place))


Key = TypeVar("Key")
Item = TypeVar("Item")
Row = TypeVar("Row", bound=NamedTuple)


def grouped(items: Iterable[Item], key: Callable[[Item], Key]) -> dict[Key, list[Item]]:
    """The items by their key, in the order they came."""
    groups: dict[Key, list[Item]] = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return groups


def visits_in(store: VisitStore) -> list[Visit]:
    """Every visit of the store's segments and hot rows."""
    return [row for segment in store.all_segments() for row in rows_of(segment.table(), Visit)]


def rows_of(table: pa.Table, kind: type[Row]) -> list[Row]:
    """The rows of a table as named tuples of the same fields."""
    columns = [table[name].to_pylist() for name in kind._fields]
    return [kind(*values) for values in zip(*columns, strict=True)]


def table_of(rows: Iterable[tuple[float, ...]], schema: pa.Schema) -> pa.Table:
    """Rows as a table, also when there are none."""
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    return pa.table([pa.array(column, kind) for column, kind in zip(columns, schema.types, strict=True)], schema=schema)
