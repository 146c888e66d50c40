"""Tracing in the words of the workflows: persons and places by uuid, aware times, plain dataclasses.

The engines know numbers and seconds only; this is the one place where both are translated.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pyarrow as pa

from fangxian.engines import tracing as engine
from fangxian.engines.tracing import Places, VisitStore
from fangxian.warehouse import aliases, visit_log
from fangxian.warehouse.answers import (
    Contact,
    Explanation,
    Exposed,
    Meeting,
    SecondContact,
    SecondDegree,
    SourceDay,
    SourcePlace,
    Window,
)
from fangxian.warehouse.visits import VisitLog

__all__ = [
    "Contact",
    "Explanation",
    "Exposed",
    "Meeting",
    "SecondContact",
    "SecondDegree",
    "SourceDay",
    "SourcePlace",
    "Tracer",
    "Window",
]

EPOCH = date(1970, 1, 1)
HUB_ROWS = 1000
"""Visits met in one stay from which a second degree says nothing of any of them."""
Names = dict[str, Mapping[int, Any]]
TIMES = {"first_at", "last_at", "s", "e", "w_entered", "w_left"}


class Tracer:
    """Traces over one visit log. Every call reads the log as it is at that moment, hot rows included.

    With `snapshot` the calls of one tracer share what the first one opened: one answer from one moment, and today's
    rows are read once.

    Over the installation's own log, persons who were entered twice and merged are asked for under every id they have
    had and answered as one (`warehouse.aliases`); `sources` alone asks only for the entry that stands, because it
    counts cases. A log that is handed over knows nothing of merges.
    """

    def __init__(self, log: VisitLog | None = None, *, engine: engine.Engine = "auto", snapshot: bool = False) -> None:
        self.merges = log is None
        self.log = log or visit_log()
        self.engine = engine
        self.snapshot = snapshot
        self._opened: tuple[set[date], VisitStore] | None = None
        self._whole: VisitStore | None = None

    def trace(
        self,
        windows: Sequence[Window],
        *,
        lag: int = 0,
        min_overlap: int = 0,
        without_places: Iterable[UUID] = (),
        max_place_rows: int | None = None,
    ) -> list[Contact]:
        """Everyone who met the cases. lag, min_overlap: seconds; see `engines.tracing.Parameters`."""
        windows = self._asked(windows)
        cases, refs, store = self._question(windows, lag)
        found = engine.trace(
            store,
            cases,
            lag=lag,
            min_overlap=min_overlap,
            places=self._places(without_places),
            max_place_rows=max_place_rows,
            engine=self.engine,
        )
        names: Names = {"case_id": refs, "person_id": self._persons(found), "top_place_id": self._place_names(found)}
        rows = [Contact(*row) for row in _rows(found, names)]
        return aliases.one_contact(rows, windows) if self.merges else rows

    def evidence(
        self,
        windows: Sequence[Window],
        *,
        lag: int = 0,
        min_overlap: int = 0,
        without_places: Iterable[UUID] = (),
        max_place_rows: int | None = None,
    ) -> list[Meeting]:
        """Every meeting behind the contacts that `trace` finds for the same arguments."""
        windows = self._asked(windows)
        cases, refs, store = self._question(windows, lag)
        found = engine.evidence(
            store,
            cases,
            lag=lag,
            min_overlap=min_overlap,
            places=self._places(without_places),
            max_place_rows=max_place_rows,
            engine=self.engine,
        )
        names: Names = {"case_id": refs, "person_id": self._persons(found), "place_id": self._place_names(found)}
        rows = [Meeting(*row) for row in _rows(found, names)]
        return aliases.one_person(rows, windows) if self.merges else rows

    def meetings(self, window: Window, person: UUID, *, lag: int = 0) -> list[Meeting]:
        """The meetings between one case and one person, as they happened."""
        return [meeting for meeting in self.evidence([window], lag=lag) if meeting.person == person]

    def exposed_at(
        self, place: UUID, t0: datetime, t1: datetime, *, lag: int = 0, min_overlap: int = 0
    ) -> list[Exposed]:
        """Who was at a place in [t0, t1), or came within `lag` seconds after it."""
        begin, end = _second(t0), _second(t1)
        store = self._store(begin, end + lag)
        number = self.log.hot.dictionary.number("place", place)
        if number is None:
            return []
        found = engine.exposed_at(store, number, begin, end, lag=lag, min_overlap=min_overlap, engine=self.engine)
        rows = [Exposed(*row) for row in _rows(found, {"person_id": self._persons(found)})]
        return aliases.one_exposed(rows) if self.merges else rows

    def second_degree(
        self,
        windows: Sequence[Window],
        *,
        expand_min_overlap: int,
        limit: int,
        latent: int = 0,
        lag: int = 0,
        without_places: Iterable[UUID] = (),
        max_place_rows: int | None = HUB_ROWS,
    ) -> SecondDegree:
        """Contacts, and case by case the best `limit` contacts of those met for `expand_min_overlap` seconds.

        Stays that met more than `max_place_rows` visits count in neither degree: through a station a case reaches half
        a city. For the contacts themselves ask `trace`, which leaves nobody out.
        """
        windows = self._asked(windows)
        cases, refs, store = self._question(windows, lag)
        chain = engine.trace_chain(
            store,
            cases,
            expand_min_overlap=expand_min_overlap,
            limit=limit,
            latent=latent,
            lag=lag,
            places=self._places(without_places),
            max_place_rows=max_place_rows,
            engine=self.engine,
        )
        first, second = chain.first, chain.second
        of_first: Names = {"case_id": refs, "person_id": self._persons(first), "top_place_id": self._place_names(first)}
        of_second: Names = {
            "case_id": refs,
            "person_id": self._persons(second),
            "via_id": self._names("person", second["via_id"]),
        }
        cut: dict[str, int] = defaultdict(int)
        for case, number in zip(chain.counts["case_id"].to_pylist(), chain.counts["cut"].to_pylist(), strict=True):
            cut[refs[case]] += number
        near = [Contact(*row) for row in _rows(first, of_first)]
        beyond = [SecondContact(*row) for row in _rows(second, of_second)]
        if self.merges:
            near, beyond = aliases.one_contact(near, windows), aliases.beyond(beyond, near, windows)
        return SecondDegree(near, beyond, dict(cut))

    def sources(
        self,
        windows: Sequence[Window],
        *,
        k: int = 3,
        min_peak: int = 2,
        subtract_regulars: bool = True,
        limit: int = 50,
        without_places: Iterable[UUID] = (),
    ) -> list[SourcePlace]:
        """Places where at least `k` of the cases were beyond chance, the likeliest source first.

        windows: when each case may have been infected. Every day of the log is read, to tell a case's usual places.
        """
        if not windows:
            return []
        store = self._whole_store()
        cases, refs = self._known(windows)
        found = engine.sources(
            store,
            cases,
            k=k,
            min_peak=min_peak,
            subtract_regulars=subtract_regulars,
            places=self._places(without_places),
            limit=limit,
            engine=self.engine,
        )
        return _source_places(found, refs, self._names("place", found.cases["place_id"]))

    def explain(
        self,
        windows: Sequence[Window],
        *,
        question: engine.Question = "trace",
        lag: int = 0,
        without_places: Iterable[UUID] = (),
        max_place_rows: int | None = None,
        expand_min_overlap: int = 900,
        latent: int = 0,
    ) -> Explanation:
        """What `trace`, `second_degree` ("trace_chain") or `sources` reads for these windows: it is run and counted."""
        cases, _, store = self._question(windows, lag)
        if question == "sources" and windows:
            store = self._whole_store()
        told = engine.explain(
            store,
            cases,
            question=question,
            lag=lag,
            places=self._places(without_places),
            max_place_rows=max_place_rows,
            expand_min_overlap=expand_min_overlap,
            latent=latent,
            engine=self.engine,
        )
        parts = (told.rows, told.segments, told.files, told.rows_touched, told.bytes_touched)
        return Explanation(question, told.engine, told.why, cases.num_rows, *parts)

    def _asked(self, windows: Sequence[Window]) -> Sequence[Window]:
        """The windows under every id their persons have had."""
        return aliases.every_id(windows) if self.merges else windows

    def _question(self, windows: Sequence[Window], lag: int) -> tuple[pa.Table, dict[int, str], VisitStore]:
        """The cases as the engine wants them, their refs, and the days their windows touch.

        The store comes first: opening it gives numbers to whom nobody has asked for yet.
        """
        if not windows:
            return _cases([]), {}, VisitStore()
        store = self._store(min(_second(one.t0) for one in windows), max(_second(one.t1) for one in windows) + 86400)
        return *self._known(windows), store

    def _known(self, windows: Sequence[Window]) -> tuple[pa.Table, dict[int, str]]:
        """The windows of persons the log knows, numbered, and their refs."""
        numbers = self.log.hot.dictionary.numbers("person", (window.person for window in windows))
        rows = [
            (case, numbers[window.person], _second(window.t0), _second(window.t1))
            for case, window in enumerate(windows)
            if window.person in numbers
        ]
        return _cases(rows), {case: windows[case].ref for case, *_ in rows}

    def _whole_store(self) -> VisitStore:
        """Every day of the log with its counts."""
        if not (self._whole and self.snapshot):
            self._whole = self.log.open_store(with_place_days=True)
        return self._whole

    def _store(self, begin: int, end: int) -> VisitStore:
        days = self.log.days_around(begin, end)
        if self._opened and self.snapshot and days <= self._opened[0]:
            return self._opened[1]
        self._opened = (days, self.log.open_store(days))
        return self._opened[1]

    def _places(self, without: Iterable[UUID]) -> Places:
        return Places.without(self.log.hot.dictionary.numbers("place", without).values())

    def _names(self, kind: Any, column: pa.ChunkedArray) -> dict[int, UUID]:
        return self.log.hot.dictionary.uuids(kind, column.unique().to_pylist())

    def _persons(self, table: pa.Table) -> dict[int, UUID]:
        return self._names("person", table["person_id"])

    def _place_names(self, table: pa.Table) -> dict[int, UUID]:
        column = "top_place_id" if "top_place_id" in table.column_names else "place_id"
        return self._names("place", table[column])


def _source_places(found: engine.Sources, refs: Mapping[int, str], places: Mapping[int, UUID]) -> list[SourcePlace]:
    """The listed places, and after them those that are only usual ones; a place without a name is left out."""
    days: dict[int, list[SourceDay]] = defaultdict(list)
    for place, number, cases, visits, expected, _ in _values(found.days):
        days[place].append(SourceDay(EPOCH + timedelta(days=number), cases, expected, visits))
    who: dict[tuple[int, int], list[str]] = defaultdict(list)
    for place, case, _, _, regular in _values(found.cases):
        who[place, regular].append(refs[case])
    beyond = {
        place: (expected, llr, peak, datetime.fromtimestamp(peak_at, UTC))
        for place, _, _, _, expected, llr, _, peak, peak_at in _values(found.places)
    }
    listed = [
        SourcePlace(places[place], tuple(who[place, 0]), *facts, tuple(days[place]), tuple(who[place, 1]))
        for place, facts in beyond.items()
        if place in places
    ]
    usual = [
        SourcePlace(places[place], (), 0.0, 0.0, 0, None, (), tuple(who[place, 1]))
        for place, _ in _values(found.usual)
        if place in places and place not in beyond
    ]
    return listed + usual


def _values(table: pa.Table) -> Iterator[tuple[Any, ...]]:
    return zip(*(column.to_pylist() for column in table.columns), strict=True)


def _cases(rows: list[tuple[int, int, int, int]]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(engine.CASES)
    arrays = [pa.array(column, kind) for column, kind in zip(columns, engine.CASES.types, strict=True)]
    return pa.table(arrays, schema=engine.CASES)


def _rows(table: pa.Table, names: Mapping[str, Mapping[int, Any]]) -> Iterator[tuple[Any, ...]]:
    """Rows with numbers replaced by names and seconds by times; a person erased meanwhile has no name and no row."""
    columns = []
    for name in table.column_names:
        values = table[name].to_pylist()
        if name in names:
            values = [names[name].get(value) for value in values]
        elif name in TIMES:
            values = [datetime.fromtimestamp(value, UTC) for value in values]
        columns.append(values)
    return (row for row in zip(*columns, strict=True) if None not in row)


def _second(moment: datetime) -> int:
    if moment.tzinfo is None:
        raise ValueError("a trace needs aware times")
    return int(moment.timestamp())
