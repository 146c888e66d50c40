"""One row of a case list: what its cells say, and the person, the case and the exposure this makes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fangxian.systems.cases.services import ExposureRow
from fangxian.workflows.linelists import cells
from fangxian.workflows.linelists.sources import setting

NOTE = 200
#: called with (part of the row, reason) for what is possible but odd
Doubt = Callable[[str, str], None]


@dataclass
class Row:
    """One row as it was read: its number in the sheet, the case's id, and what its cells say, by part."""

    number: int
    id: str
    said: dict[str, Any]


_READERS: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("onset", "sampled", "diagnosed", "reported", "ended", "exposed_from", "exposed_until"), cells.day),
    "age": cells.age,
    "sex": cells.sex,
    "outcome": cells.outcome,
    "died": cells.died,
}


def read(number: int, case_id: str, values: dict[str, Any], unread: Doubt) -> Row:
    """Read a row's cells, given by part. A cell nobody can read is reported and says nothing."""
    said = {}
    for part, cell in values.items():
        try:
            said[part] = _READERS.get(part, cells.text)(cell)
        except ValidationError as error:
            unread(part, " ".join(error.messages))
            said[part] = None
    return Row(number, case_id, said)


def person(row: Row) -> dict[str, Any]:
    """What the list says of the person. A masked name says nothing; the case's number stands in its place."""
    name, sex = row.said.get("name"), row.said.get("sex")
    said = {"name": name[:60]} if name and name.strip("*＊xX ") else {}
    return {**said, "sex": sex} if sex else said


def case(row: Row) -> dict[str, Any]:
    """What the list says of the case, by the names of our fields. A diagnosis is the laboratory's confirmation."""
    said = row.said
    confirmed = cells.midnight(said.get("diagnosed"))
    outcome, ended = _ending(said)
    symptoms = said.get("symptoms")
    values = {
        "age": said.get("age"),
        "onset_on": said.get("onset"),
        "symptomatic": cells.symptomatic(symptoms),
        "note": symptoms or "",
        "sampled_at": cells.midnight(said.get("sampled")),
        "laboratory_at": confirmed,
        "positive_at": confirmed,
        "reported_at": cells.midnight(said.get("reported")),
        "outcome": outcome,
        "outcome_on": ended,
    }
    return {name: value for name, value in values.items() if value is not None}


def _ending(said: dict[str, Any]) -> tuple[str | None, Any]:
    """How and when it ended: a day of death says both."""
    died = said.get("died")
    if died:
        return "DECEASED", (said.get("ended") if died is True else died)
    return said.get("outcome"), said.get("ended")


def exposure(row: Row, number: str, doubt: Doubt) -> ExposureRow | None:
    """When, where and how the list thinks the case was infected; None when it says nothing of it.

    `number` is the case's number. An end before the beginning is left out; both this and an exposure that begins on
    or after the day of onset are doubts.
    """
    said = row.said
    start, end = said.get("exposed_from"), said.get("exposed_until")
    words, place = said.get("source"), said.get("place")
    if not any((start, end, words, place)):
        return None
    if start and end and end < start:
        doubt("exposed_until", _("Exposure ends before it begins."))
        end = None
    if start and said.get("onset") and start >= said["onset"]:
        doubt("exposed_from", _("Exposed on or after the day of onset."))
    return ExposureRow(
        number=number,
        kind=setting(words or place),
        starts_at=cells.midnight(start),
        ends_at=cells.midnight(end),
        place_name=(place or "")[:80],
        note=(words or "")[:NOTE],
    )
