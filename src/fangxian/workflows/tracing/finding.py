"""Asking the engine: who met the cases, who met those, where could it have begun. Numbers and ids, no names."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from time import perf_counter
from typing import Any, Literal
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_noop

from fangxian.core.policy import Pack
from fangxian.systems.cases.models import TraceRequest
from fangxian.systems.screening import selectors as screening
from fangxian.warehouse.tracing import Meeting, SecondContact, SourcePlace, Tracer, Window
from fangxian.workflows.response import rings
from fangxian.workflows.response.evidence import VISIT, Evidence
from fangxian.workflows.response.window import midnight

DRAWN = 20  # possible sources whose stays are kept for the drawing
Purpose = TraceRequest.Purpose
Progress = Callable[[int, int, str], None]
STEPS = (
    gettext_noop("Looking for people who met the cases"),
    gettext_noop("Ranking them, and putting each into a ring"),
    gettext_noop("Looking for contacts of contacts"),
    gettext_noop("Looking for places the cases share"),
)


@dataclass
class Search:
    """One search: what is asked, and what was found so far.

    people      the nearest persons, by the time with any case: {"person", "ring", "rule", "seconds", "meetings":
                [[case, place, case_from, case_until, entered, left, overlap]]}; case and place are positions in the
                lists of the question's windows and of `places`; times are seconds since 1970
    among       meetings of the cases with each other: [case, other case, …as above]
    second      contacts of contacts: {"person", "via", "cases", "paths", "seconds", "first", "last"}; cut: how
                many more were found, by case
    sources     {"places": places that several cases share beyond chance, the likeliest first, "stays": for each of the
                first of them who of the cases was there when}
    """

    question: dict[str, Any]
    purpose: str
    packs: list[Pack]
    tracer: Tracer
    places: list[str] = field(default_factory=list)
    people: list[dict[str, Any]] = field(default_factory=list)
    among: list[list[Any]] = field(default_factory=list)
    second: list[dict[str, Any]] = field(default_factory=list)
    cut: dict[str, int] = field(default_factory=dict)
    sources: dict[str, Any] = field(default_factory=dict)
    explain: dict[str, Any] = field(default_factory=dict)
    found: set[UUID] = field(default_factory=set)
    _place: dict[UUID, int] = field(default_factory=dict)

    @property
    def windows(self) -> list[Window]:
        """The cases' windows; a window's name is its position."""
        return [
            Window(str(number), UUID(one["person"]), _moment(one["from"]), _moment(one["until"]))
            for number, one in enumerate(self.question["windows"])
        ]

    @property
    def limits(self) -> dict[str, Any]:
        """What every question to the engine shares."""
        return {"lag": self.question["lag"], "max_place_rows": self.question["most_rows"]}

    @property
    def without(self) -> list[UUID]:
        """Places left out."""
        return [UUID(place) for place in self.question["without"]]

    def place(self, place: UUID) -> int:
        """The position of a place among those found."""
        if place not in self._place:
            self._place[place] = len(self.places)
            self.places.append(str(place))
        return self._place[place]

    def result(self) -> dict[str, Any]:
        """As it is kept."""
        kept = ("places", "people", "among", "second", "cut", "sources", "explain")
        return {name: getattr(self, name) for name in kept}

    def summary(self) -> dict[str, Any]:
        """Counts a second person decides by; nobody is named."""
        counts: dict[str, int] = defaultdict(int)
        for row in self.people:
            counts[row["ring"]] += 1
        return {
            "rings": dict(counts), "kept": len(self.people), "second": len(self.second), "cut": sum(self.cut.values()),
            "places": len({one[1] for row in self.people for one in row["meetings"]}),
            "meetings": sum(len(row["meetings"]) for row in self.people),
            "sources": len(self.sources.get("places", [])), "explain": self.explain,
        }  # fmt: skip


def search(question: dict[str, Any], purpose: str, packs: list[Pack], tracer: Tracer, progress: Progress) -> Search:
    """Answer a planned question. packs: of the cases, in the order of the windows."""
    run = Search(question, purpose, packs, tracer)
    started = perf_counter()
    for number, (step, message) in enumerate(zip((_meet, _rank, _second, _sources), STEPS, strict=True)):
        progress(number, len(STEPS), message)
        step(run)
    run.explain = _explain(run, perf_counter() - started)
    progress(len(STEPS), len(STEPS), STEPS[-1])
    return run


def _meet(run: Search) -> None:
    """Everyone who met a case. The source alone asks for nobody's name, unless it is asked for at named places."""
    only = {UUID(place) for place in run.question["only"]}
    if run.purpose == Purpose.FIND_SOURCE and not only:
        return
    cases = {window.person: number for number, window in enumerate(run.windows)}
    by_person: dict[UUID, list[Meeting]] = defaultdict(list)
    found = run.tracer.evidence(
        run.windows, min_overlap=run.question["least"], without_places=run.without, **run.limits
    )
    for meeting in found:
        if only and meeting.place not in only:
            continue
        if meeting.person in cases:
            run.among.append([cases[meeting.person], *_row(run, meeting)])
        else:
            by_person[meeting.person].append(meeting)
    run.found = set(by_person)
    nearest = sorted(by_person, key=lambda person: (-_seconds(by_person[person]), person))
    run.people = [
        {"person": str(person), "seconds": _seconds(by_person[person]),
         "meetings": sorted((_row(run, meeting) for meeting in by_person[person]), key=lambda row: row[4])}
        for person in nearest[: run.question["most"]]
    ]  # fmt: skip


def _rank(run: Search) -> None:
    """Each person's ring by the pack of each case met, the nearest of them; from the visits alone."""
    order = {ring: number for number, ring in enumerate(("CLOSE", "SECONDARY", "GENERAL", ""))}
    best: dict[str, tuple[str, str]] = {}
    for case, pack in enumerate(run.packs):
        for row in rings.classify(list(_evidence(run, case)), pack):
            known = best.get(str(row.person_id), ("", ""))
            if order[row.ring] < order[known[0]]:
                best[str(row.person_id)] = (row.ring, row.rule)
    for row in run.people:
        row["ring"], row["rule"] = best.get(row["person"], ("", ""))


def _second(run: Search) -> None:
    """Contacts of contacts, ranked and cut; who met a case himself stands in the first list."""
    if not run.question["second"] or not run.people:
        return
    degree = run.tracer.second_degree(
        run.windows, expand_min_overlap=run.question["second_least"], limit=run.question["second_limit"],
        without_places=[*run.without, *screening.hubs()], **run.limits,
    )  # fmt: skip
    cases = {window.person for window in run.windows}
    kept = [row for row in degree.second if row.person not in run.found and row.person not in cases]
    kept.sort(key=lambda row: (-row.score_s, row.person, row.case_ref))
    best: dict[UUID, dict[str, Any]] = {}
    for row in kept:
        best.setdefault(row.person, _second_row(row))["cases"].append(int(row.case_ref))
    run.second = list(best.values())[: run.question["most"]]
    run.cut = {ref: number for ref, number in degree.cut.items() if number}
    run.found |= {row.person for row in kept}


def _sources(run: Search) -> None:
    """Places that enough cases share beyond chance."""
    windows = run.windows
    if len(windows) >= run.question["min_cases"]:
        found = run.tracer.sources(
            windows, k=run.question["min_cases"], limit=run.question["max_places"], without_places=run.without
        )
        stays = [_stays(run, place) for place in found[:DRAWN]]
        run.sources = {"places": [_plain(asdict(place)) for place in found], "stays": stays}


def _explain(run: Search, seconds: float) -> dict[str, Any]:
    """What the question read: the engine's own count, the days of the windows, and how long all of it took."""
    question: Literal["trace", "trace_chain", "sources"] = "trace"
    if run.question["second"]:
        question = "trace_chain"
    elif run.sources and run.purpose == Purpose.FIND_SOURCE:
        question = "sources"
    told = run.tracer.explain(run.windows, question=question, lag=run.question["lag"], without_places=run.without,
                              max_place_rows=run.question["most_rows"],
                              expand_min_overlap=run.question["second_least"])  # fmt: skip
    days = {day for one in run.windows for day in _days(one)}
    return {**_plain(asdict(told)), "days": len(days), "ms": round(seconds * 1000, 1)}


def _days(window: Window) -> Iterable[date]:
    first, last = timezone.localdate(window.t0), timezone.localdate(window.t1 - timedelta(seconds=1))
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def _stays(run: Search, source: SourcePlace) -> list[list[Any]]:
    """Which case was at a place on which of its days: [day, case, first_at, last_at, seconds, stays]; cases only."""
    cases = {window.person: number for number, window in enumerate(run.windows)}
    rows = []
    for day in source.days:
        begin = midnight(day.date)
        found = run.tracer.exposed_at(source.place, begin, begin + timedelta(days=1))
        rows += [
            [day.date.isoformat(), cases[one.person], int(one.first_at.timestamp()), int(one.last_at.timestamp()),
             one.overlap_s, one.meetings]
            for one in found
            if one.person in cases
        ]  # fmt: skip
    return rows


def _evidence(run: Search, case: int) -> Iterable[Evidence]:
    for row in run.people:
        for met, place, _from, _until, entered, left, overlap in row["meetings"]:
            if met == case:
                yield Evidence(UUID(row["person"]), VISIT, place_id=UUID(run.places[place]), overlap_s=overlap,
                               starts_at=_moment(entered), ends_at=_moment(left))  # fmt: skip


def _row(run: Search, meeting: Meeting) -> list[int]:
    times = (meeting.case_from, meeting.case_until, meeting.entered_at, meeting.left_at)
    seconds = [int(moment.timestamp()) for moment in times]
    return [int(meeting.case_ref), run.place(meeting.place), *seconds, meeting.overlap_s]


def _second_row(row: SecondContact) -> dict[str, Any]:
    """The strongest path to a person; of which cases, is added."""
    return {"person": str(row.person), "via": str(row.via), "cases": [], "paths": row.paths,
            "seconds": row.score_s, "first": int(row.first_at.timestamp()),
            "last": int(row.last_at.timestamp())}  # fmt: skip


def together(spans: Iterable[tuple[Any, Any]], none: Any) -> Any:
    """How long all spans together are; time with two cases at once counts once. none: the length of no span."""
    total, until = none, None
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        begin = start if until is None else max(start, until)
        if begin < end:
            total, until = total + (end - begin), end
    return total


def _seconds(meetings: list[Meeting]) -> int:
    spans = ((max(one.entered_at, one.case_from), min(one.left_at, one.case_until)) for one in meetings)
    return int(together(spans, timedelta(0)).total_seconds())


def _moment(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)


def _plain(value: Any) -> Any:
    """As JSON keeps it: ids as text, times as seconds."""
    if isinstance(value, dict):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(inner) for inner in value]
    if isinstance(value, datetime):
        return int(value.timestamp())
    return value if isinstance(value, int | float | bool | None) else str(value)
