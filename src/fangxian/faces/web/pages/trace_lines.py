"""What a trace found as its page shows it: people of the officer's areas, filtered; places with bars on a time axis."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils import timezone

from fangxian.core.clock import TIME, shown
from fangxian.registers import site
from fangxian.systems.cases import selectors as cases
from fangxian.systems.people import selectors as people
from fangxian.systems.screening import selectors as screening
from fangxian.workflows.trace_for_purpose import together

PEOPLE, PLACES, CONTACTS = "people.person", "screening.place", "cases.contact"
MINUTE, HOUR = 60, 3600
WIDE = 1000  # units of a bar's drawing
ROWS_DRAWN = 40
MARKS = 8
RINGS = ("CLOSE", "SECONDARY", "GENERAL", "NONE")


@dataclass
class Line:
    """One person, in sum and meeting by meeting; `known`: the ring as a contact that is already followed."""

    person: Any
    ring: str
    minutes: int
    first: datetime
    last: datetime
    known: str
    pieces: list[dict[str, Any]]
    via: Any = None
    paths: int = 0

    @property
    def cases(self) -> list[str]:
        """Numbers of the cases met."""
        return list(dict.fromkeys(piece["case"] for piece in self.pieces))

    @property
    def places(self) -> int:
        """At how many places."""
        return len({piece["place_id"] for piece in self.pieces})


@dataclass(frozen=True)
class Filters:
    """What narrows the list."""

    area: str = ""
    kind: str = ""
    ring: str = ""
    minutes: int = 0
    known: str = ""

    @classmethod
    def of(cls, given: QueryDict) -> "Filters":
        """As the address says."""
        minutes = given.get("minutes", "")
        area = given.get("area", "").strip() or given.get("area__text", "").split(" · ")[-1].strip()
        return cls(area if area.isdecimal() else "", given.get("kind", ""), given.get("ring", ""),
                   int(minutes) if minutes.isdecimal() else 0, given.get("known", ""))  # fmt: skip

    def admits(self, line: Line) -> bool:
        """Whether a line is shown."""
        return (
            line.person.area_id.startswith(self.area)
            and (not self.kind or any(piece["kind"] == self.kind for piece in line.pieces))
            and (not self.ring or line.ring == self.ring or (self.ring == "NONE" and not line.ring))
            and line.minutes >= self.minutes
            and (not self.known or (self.known == "yes") == bool(line.known))
        )


@dataclass
class Names:
    """Who and what a result names, as far as the officer may read it; the rest is counted, not named."""

    officer: Any
    request: Any
    found: dict[str, Any]
    people: dict[UUID, Any] = field(default_factory=dict)
    places: dict[UUID, Any] = field(default_factory=dict)
    known: dict[UUID, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        second = [row[name] for row in self.found["second"] for name in ("person", "via")]
        wanted = {UUID(pk) for pk in (*(row["person"] for row in self.found["people"]), *second)}
        wanted |= {UUID(one["person"]) for one in self.windows}
        sources = [place["place"] for place in self.found["sources"].get("places", [])]
        with site.get(PEOPLE).scope(self.officer, "read"):
            self.people = people.by_ids(wanted)
        with site.get(PLACES).scope(self.officer, "read"):
            self.places = screening.by_ids(UUID(pk) for pk in (*self.found["places"], *sources))
        with site.get(CONTACTS).scope(self.officer, "read"):
            self.known = cases.rings_known(one["case"] for one in self.windows)

    @property
    def windows(self) -> list[dict[str, Any]]:
        """The cases asked about."""
        return self.request.question["windows"]

    @property
    def unnamed(self) -> int:
        """How many of those who met a case are outside the officer's areas."""
        return sum(UUID(row["person"]) not in self.people for row in self.found["people"])

    def lines(self) -> list[Line]:
        """The people who met a case, nearest first."""
        return [self._line(row) for row in self.found["people"] if UUID(row["person"]) in self.people]

    def second(self) -> list[Line]:
        """Contacts of contacts, nearest first."""
        return [self._second(row) for row in self.found["second"] if UUID(row["person"]) in self.people]

    def _line(self, row: dict[str, Any]) -> Line:
        pieces = [self.piece(meeting) for meeting in row["meetings"]]
        person = UUID(row["person"])
        return Line(self.people[person], row["ring"], row["seconds"] // MINUTE, pieces[0]["starts"],
                    max(piece["ends"] for piece in pieces), self.known.get(person, ""), pieces)  # fmt: skip

    def _second(self, row: dict[str, Any]) -> Line:
        person = UUID(row["person"])
        return Line(self.people[person], "", row["seconds"] // MINUTE, moment(row["first"]), moment(row["last"]),
                    self.known.get(person, ""), [], self.people.get(UUID(row["via"])), row["paths"])  # fmt: skip

    def piece(self, meeting: list[int]) -> dict[str, Any]:
        """One meeting in words and times."""
        case, place, case_from, case_until, entered, left, overlap = meeting
        known = self.places.get(UUID(self.found["places"][place]))
        return {
            "case": self.windows[case]["number"], "case_index": case, "place_id": place, "place": known,
            "kind": known.kind if known else "", "case_from": case_from, "case_until": case_until,
            "entered": entered, "left": left, "starts": moment(entered), "ends": moment(left),
            "minutes": overlap // MINUTE,
        }  # fmt: skip


@dataclass
class Bar:
    """One stay on the axis: x and width of `WIDE`."""

    x: int
    width: int
    starts: datetime
    ends: datetime


@dataclass
class Lane:
    """Somebody's stays at a place on a day."""

    label: Any
    is_case: bool
    minutes: int
    bars: list[Bar]


@dataclass
class PlaceDay:
    """Who was at a place on a day, the cases first; `marks` stand on the axis."""

    day: date
    marks: list[tuple[int, str]]
    lanes: list[Lane]
    more: int


@dataclass
class PlaceBlock:
    """A place with its days."""

    place: Any
    persons: int
    days: list[PlaceDay]


def by_place(names: Names, lines: list[Line], limit: slice) -> tuple[list[PlaceBlock], int]:
    """Places of the shown meetings, the most persons first: the drawn ones, and how many there are."""
    found: dict[int, list[tuple[Line, dict[str, Any]]]] = defaultdict(list)
    for line in lines:
        for piece in line.pieces:
            found[piece["place_id"]].append((line, piece))
    ranked = sorted(found, key=lambda place: (-len({line.person.pk for line, _piece in found[place]}), place))
    return [_block(names, place, found[place]) for place in ranked[limit]], len(ranked)


def _block(names: Names, place: int, met: list[tuple[Line, dict[str, Any]]]) -> PlaceBlock:
    days: dict[date, list[tuple[Line, dict[str, Any]]]] = defaultdict(list)
    for line, piece in met:
        days[timezone.localdate(piece["starts"])].append((line, piece))
    return PlaceBlock(
        names.places.get(UUID(names.found["places"][place])), len({line.person.pk for line, _piece in met}),
        [_day(day, days[day]) for day in sorted(days)],
    )  # fmt: skip


def _day(day: date, met: list[tuple[Line, dict[str, Any]]]) -> PlaceDay:
    first = min(min(piece["entered"], piece["case_from"]) for _line, piece in met)
    begin, end, marks = axis(first, max(max(piece["left"], piece["case_until"]) for _line, piece in met))
    lanes: dict[Any, set[tuple[int, int]]] = defaultdict(set)
    labels, spans = {}, defaultdict(list)
    for line, piece in met:
        lanes[0, piece["case"]].add((piece["case_from"], piece["case_until"]))
        lanes[1, line.person.pk].add((piece["entered"], piece["left"]))
        labels[1, line.person.pk] = line.person
        spans[1, line.person.pk].append((max(piece["entered"], piece["case_from"]),
                                         min(piece["left"], piece["case_until"])))  # fmt: skip
    minutes = {key: together(spans[key], 0) // MINUTE for key in lanes}
    order = sorted(lanes, key=lambda key: (key[0], -minutes[key], str(key[1])))
    drawn = [
        Lane(labels.get(key, key[1]), key[0] == 0, minutes[key], bars(sorted(lanes[key]), begin, end))
        for key in order[:ROWS_DRAWN]
    ]
    return PlaceDay(day, marks, drawn, max(0, len(order) - ROWS_DRAWN))


def bars(stays: list[tuple[int, int]], begin: int, end: int) -> list[Bar]:
    """Stays as bars on an axis from `begin` to `end`; a very short one is still seen."""
    scale = WIDE / max(end - begin, 1)
    return [
        Bar(int((start - begin) * scale), max(4, int((until - start) * scale)), moment(start), moment(until))
        for start, until in stays
    ]


def axis(first: int, last: int) -> tuple[int, int, list[tuple[int, str]]]:
    """An axis that holds two moments: begin, end, and at most eight marks on whole hours, equally far apart."""
    begin = first // HOUR * HOUR
    step = max(1, -(-(last - begin) // (MARKS * HOUR))) * HOUR
    count = max(1, -(-(last - begin) // step))
    marks = [(WIDE * number // count, shown(moment(begin + number * step), TIME)) for number in range(count)]
    return begin, begin + count * step, marks


def moment(second: int) -> datetime:
    """A second of the engine as a moment."""
    return datetime.fromtimestamp(second, UTC)
