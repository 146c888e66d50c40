"""Tables drawn in text, read into Arrow, and answers written back as text.

A time is `HH:MM` or `HH:MM:SS` of the first day, `+1 HH:MM` of the day after it. A length is `1h05m30s` or parts of it.
Persons and places are names; their numbers follow the alphabet, so that "the lowest id" is the first name.
"""

import re
from dataclasses import dataclass

import pyarrow as pa

from fangxian.engines.tracing import CASES, VISITS

FIRST_DAY = 1633392000
"""2021-10-05 00:00 UTC."""
DAY = 86400


def rows(drawing: str) -> list[dict[str, str]]:
    """The rows of a drawing: columns between bars, the first line names them."""
    names, *body = ([cell.strip() for cell in line.split("|")] for line in drawing.strip().splitlines())
    return [dict(zip(names, row, strict=True)) for row in body]


def head(drawing: str) -> list[str]:
    """The columns of a drawing."""
    return [cell.strip() for cell in drawing.strip().splitlines()[0].split("|")]


def moment(text: str) -> int:
    """Seconds since 1970 of a drawn time."""
    later, clock = text[1:].split() if text.startswith("+") else ("0", text)
    hours, minutes, *seconds = (int(part) for part in clock.split(":"))
    return FIRST_DAY + int(later) * DAY + hours * 3600 + minutes * 60 + sum(seconds)


def drawn_moment(second: int) -> str:
    """A time as it is drawn."""
    days, rest = divmod(second - FIRST_DAY, DAY)
    clock = f"{rest // 3600:02}:{rest // 60 % 60:02}" + (f":{rest % 60:02}" if rest % 60 else "")
    return f"+{days} {clock}" if days else clock


def length(text: str) -> int:
    """Seconds of a drawn length."""
    units = {"h": 3600, "m": 60, "s": 1}
    return sum(int(number) * units[unit] for number, unit in re.findall(r"(\d+)([hms])", text))


def drawn_length(seconds: int) -> str:
    """A length as it is drawn."""
    parts = {"h": seconds // 3600, "m": seconds // 60 % 60, "s": seconds % 60}
    return "".join(f"{number}{unit}" for unit, number in parts.items() if number) or "0"


@dataclass(frozen=True)
class Names:
    """Names of one drawing and their numbers."""

    persons: list[str]
    places: list[str]

    @classmethod
    def of(cls, visits: str, cases: str) -> "Names":
        drawn, windows = rows(visits), rows(cases)
        persons = {row["person"] for row in drawn} | {row["person"] for row in windows}
        return cls(sorted(persons), sorted({row["place"] for row in drawn}))

    def visits(self, drawing: str) -> pa.Table:
        return pa.table(
            [
                [self.persons.index(row["person"]) for row in rows(drawing)],
                [self.places.index(row["place"]) for row in rows(drawing)],
                [moment(row["from"]) for row in rows(drawing)],
                [moment(row["to"]) for row in rows(drawing)],
            ],
            schema=VISITS,
        )

    def cases(self, drawing: str) -> pa.Table:
        return pa.table(
            [
                [int(row["case"]) for row in rows(drawing)],
                [self.persons.index(row["person"]) for row in rows(drawing)],
                [moment(row["from"]) for row in rows(drawing)],
                [moment(row["to"]) for row in rows(drawing)],
            ],
            schema=CASES,
        )


def answer(table: pa.Table, names: Names) -> list[dict[str, str]]:
    """A table of answers as drawn rows, every column under its own name."""
    return [{name: _drawn(name, value, names) for name, value in row.items()} for row in table.to_pylist()]


def _drawn(column: str, value: float, names: Names) -> str:
    if isinstance(value, float):
        return f"{value:.2f}"
    if column in ("person_id", "via_id"):
        return names.persons[value]
    if column in ("place_id", "top_place_id"):
        return names.places[value]
    if column in ("day", "best_day"):
        return str(value - FIRST_DAY // DAY)
    if column in ("first_at", "last_at", "peak_at", "s", "e", "w_entered", "w_left"):
        return drawn_moment(value)
    return drawn_length(value) if column.endswith("_s") else str(value)
