"""Possible sources as the page tells them: how many cases were there, how many chance would bring, when at once."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from fangxian.faces.web.pages.trace_lines import MINUTE, Lane, Names, PlaceDay, axis, bars, moment


@dataclass
class Source:
    """One place, with the figures of the sentence that says why it is listed."""

    place: Any
    place_id: str
    cases: int
    expected: float
    llr: float
    peak: int
    peak_at: datetime | None
    best: date | None
    best_cases: int
    best_expected: float
    regulars: list[str]
    numbers: list[str]
    days: list[PlaceDay]


def told(names: Names) -> list[Source]:
    """The possible sources, the likeliest first; a place outside the officer's areas is told without its name."""
    stays = names.found["sources"].get("stays", [])
    places = names.found["sources"].get("places", [])
    return [_source(names, row, stays[number] if number < len(stays) else []) for number, row in enumerate(places)]


def _source(names: Names, row: dict[str, Any], stays: list[list[Any]]) -> Source:
    best = max(row["days"], key=lambda day: (day[1] - day[2], day[0]), default=None)
    return Source(
        names.places.get(UUID(row["place"])), row["place"], len(row["cases"]), row["expected"], row["llr"],
        row["peak"], moment(row["peak_at"]) if row["peak_at"] else None,
        date.fromisoformat(best[0]) if best else None, best[1] if best else 0, best[2] if best else 0.0,
        _numbers(names, row["regulars"]), _numbers(names, row["cases"]), _days(names, stays),
    )  # fmt: skip


def _numbers(names: Names, refs: list[str]) -> list[str]:
    return [names.windows[int(ref)]["number"] for ref in refs]


def _days(names: Names, stays: list[list[Any]]) -> list[PlaceDay]:
    by_day: dict[str, list[list[Any]]] = defaultdict(list)
    for row in stays:
        by_day[row[0]].append(row)
    return [_day(names, day, by_day[day]) for day in sorted(by_day)]


def _day(names: Names, day: str, rows: list[list[Any]]) -> PlaceDay:
    """One lane a case; several stays on a day are drawn as one bar from the first to the last."""
    spans = [(case, first, max(last, first + seconds), seconds) for _day, case, first, last, seconds, _stays in rows]
    first = min(first for _case, first, _last, _seconds in spans)
    begin, end, marks = axis(first, max(last for _case, _first, last, _seconds in spans))
    lanes = [
        Lane(names.windows[case]["number"], True, seconds // MINUTE, bars([(first, last)], begin, end))
        for case, first, last, seconds in sorted(spans, key=lambda span: span[1])
    ]
    return PlaceDay(date.fromisoformat(day), marks, lanes, 0)
