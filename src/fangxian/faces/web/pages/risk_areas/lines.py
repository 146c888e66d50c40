"""Whom an area concerns, as lines of a page: name masked, where responsible, because of what, with the evidence."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.urls import reverse

from fangxian.core.officers import Officer
from fangxian.core.permissions import may
from fangxian.faces.web.pages.risk_areas.board import names_of
from fangxian.faces.web.pages.risk_areas.mapping import TONES
from fangxian.registers import site
from fangxian.systems.risk_areas.words import Because, Level

AFFECTED = "risk_areas.affectedperson"


@dataclass(frozen=True)
class Line:
    """One person of a list."""

    name: str
    url: str
    area: Any
    level: str
    tone: str
    because: str
    first_on: Any
    last_on: Any
    evidence: list[dict[str, Any]] = field(default_factory=list)
    why: str = ""


def lines_of_rows(officer: Officer, rows: Iterable[Any], limit: int) -> list[Line]:
    """Stored rows as lines, those inside the officer's areas only."""
    inside = (row for row in rows if _reaches(officer, row.area_id))
    return _lines([(row, row.person, row.evidence, row.ended_why) for row in islice(inside, limit)])


def lines_of_concerns(officer: Officer, pairs: Iterable[tuple[Any, Any]], limit: int) -> list[Line]:
    """What a look found, as lines; nothing of it is stored."""
    inside = ((one, person) for one, person in pairs if person is not None and _reaches(officer, person.area_id))
    return _lines([(one, person, one.rows, "") for one, person in islice(inside, limit)])


def _reaches(officer: Officer, area_code: str) -> bool:
    right = site.get(AFFECTED).right("read")
    return right is not None and bool(may(officer, right, area_code))


def _lines(found: list[tuple[Any, Any, list[dict[str, Any]], str]]) -> list[Line]:
    """Lines of (concern, person, evidence, why it ended); areas of the evidence by name where there is one."""
    where = names_of({piece["code"] for _one, _person, evidence, _why in found for piece in evidence if piece["code"]})
    return [_line(*one, where) for one in found]


def _line(one: Any, person: Any, evidence: list[dict[str, Any]], why: str, where: dict[str, str]) -> Line:
    kinds = dict(Because.choices)
    return Line(
        name=person.name, url=reverse("register_record", args=["people.person", person.pk]),
        area=person.area, level=str(Level(one.level).label), tone=TONES.get(one.level, "neutral"),
        because=str(kinds[one.because]), first_on=one.first_on, last_on=one.last_on,
        why=why,
        evidence=[
            {**piece, "said": kinds.get(piece["kind"], piece["kind"]), "where": where.get(piece["code"], piece["code"])}
            for piece in evidence
        ],
    )  # fmt: skip
