"""Whom an area concerns, as lines of a page: name masked, where responsible, because of what, with the evidence."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from fangxian.core.officers import Officer
from fangxian.core.permissions import may
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
    rule: str
    evidence: list[dict[str, Any]] = field(default_factory=list)
    why: str = ""


def lines_of_rows(officer: Officer, rows: Iterable[Any], limit: int) -> list[Line]:
    """Stored rows as lines, those inside the officer's areas only."""
    inside = (row for row in rows if _reaches(officer, row.area_id))
    return [_line(row, row.person, row.evidence, row.ended_why) for row, _n in zip(inside, range(limit), strict=False)]


def lines_of_concerns(officer: Officer, pairs: Iterable[tuple[Any, Any]], limit: int) -> list[Line]:
    """What a look found, as lines; nothing of it is stored."""
    inside = ((one, person) for one, person in pairs if person is not None and _reaches(officer, person.area_id))
    return [_line(one, person, one.rows, "") for (one, person), _n in zip(inside, range(limit), strict=False)]


def _reaches(officer: Officer, area_code: str) -> bool:
    right = site.get(AFFECTED).right("read")
    return right is not None and bool(may(officer, right, area_code))


def _line(one: Any, person: Any, evidence: list[dict[str, Any]], why: str) -> Line:
    kinds = dict(Because.choices)
    return Line(
        name=person.name, url=reverse("register_record", args=["people.person", person.pk]),
        area=person.area, level=str(Level(one.level).label), tone=TONES.get(one.level, "neutral"),
        because=str(kinds[one.because]), first_on=one.first_on, last_on=one.last_on, rule=one.rule,
        evidence=[{**piece, "said": kinds.get(piece["kind"], piece["kind"])} for piece in evidence], why=why,
    )  # fmt: skip
