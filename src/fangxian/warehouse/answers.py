"""What a trace is asked and what it answers, in the words of the workflows: uuids, aware times, plain dataclasses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Window:
    """The infectious window [t0, t1) of one case; `ref` is the caller's own name for it."""

    ref: str
    person: UUID
    t0: datetime
    t1: datetime


@dataclass(frozen=True, slots=True)
class Contact:
    """A person who met a case; times are aware UTC, `lag_meetings` came after the case had left."""

    case_ref: str
    person: UUID
    meetings: int
    overlap_s: int
    lag_meetings: int
    first_at: datetime
    last_at: datetime
    places: int
    top_place: UUID


@dataclass(frozen=True, slots=True)
class Meeting:
    """The evidence: one stay of the case [case_from, case_until) and one stay of the contact at the same place."""

    case_ref: str
    person: UUID
    place: UUID
    case_from: datetime
    case_until: datetime
    entered_at: datetime
    left_at: datetime
    overlap_s: int


@dataclass(frozen=True, slots=True)
class Exposed:
    """A person who was at a place in a time span, or came within the lag after it."""

    person: UUID
    meetings: int
    overlap_s: int
    lag_meetings: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class SecondContact:
    """A contact of a contact: `via` is the strongest path to it, `score_s` the seconds of the weaker links."""

    case_ref: str
    via: UUID
    person: UUID
    paths: int
    score_s: int
    meetings: int
    overlap_s: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class SecondDegree:
    """Both degrees; `cut` second-degree persons were found but are beyond the limit."""

    first: list[Contact]
    second: list[SecondContact]
    cut: dict[str, int]


class SourceDay(NamedTuple):
    """A day at a possible source: cases there, the stays that chance would have brought, visits of everybody."""

    date: date
    cases: int
    expected: float
    visits: int


@dataclass(frozen=True, slots=True)
class SourcePlace:
    """A place that several cases share beyond chance (`engines.tracing.sources_model` has the definition).

    cases, regulars: refs of the cases who were there, and of those whose usual place it is and who do not count.
    expected: stays that chance would have brought over all days. llr: how far beyond chance the cases are.
    peak: cases there in the same second, `peak_at` the first such second. days: those with cases, in order.

    A place that is nothing but the usual one of several cases comes last, with its regulars and no cases: an outbreak
    at a workplace is one of its regulars.
    """

    place: UUID
    cases: tuple[str, ...]
    expected: float
    llr: float
    peak: int
    peak_at: datetime | None
    days: tuple[SourceDay, ...]
    regulars: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a question reads: the engine that answers and why ("named", "only files", "many cases", "segments").

    cases: persons of the windows who are in the log. visits: in the days opened. segments, files: opened (a segment is
    a day, or what came late of one). rows_touched, bytes_touched: read.
    """

    question: str
    engine: str
    why: str
    cases: int
    visits: int
    segments: int
    files: int
    rows_touched: int
    bytes_touched: int
