"""Two or more descriptions of a person side by side: masked, differences marked."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from fangxian.core.areas import Area
from fangxian.core.masking import mask
from fangxian.engines.matching import door
from fangxian.systems.people import derived, explaining

LABELS = {
    "name": _("Full name"), "sex": _("Sex"), "birth": _("Birth date"), "number": _("Identity number"),
    "phone": _("Phone"), "address": _("Address"), "area": _("Area"), "household": _("Household"),
}  # fmt: skip
MASKS = {"number": "id", "phone": "phone", "address": "address"}
SEXES = {"m": _("Male"), "f": _("Female")}


@dataclass
class Cell:
    """One value as it is shown; `differs` from the first column, where both say something."""

    text: str
    differs: bool = False


@dataclass
class Line:
    """One part of the person, a cell a column."""

    label: Any
    cells: list[Cell]


def person(found) -> dict[str, str]:
    """What is on record of a person, as plain text for comparing."""
    home = found.household
    return {
        "name": found.name, "sex": str(found.get_sex_display()) if found.sex != "UNKNOWN" else "",
        "birth": found.birth_date.isoformat() if found.birth_date else "", "number": found.id_number.reveal(),
        "phone": found.phone.reveal(),
        "address": found.address.reveal() or (home.address.reveal() if home else ""),
        "area": str(found.area), "household": home.number if home else "",
    }  # fmt: skip


def said(read) -> dict[str, str]:
    """What a row of a list says, as plain text for comparing."""
    one = read.said
    return {
        "name": one.name, "sex": str(SEXES.get(one.sex, "")), "birth": one.birth.isoformat() if one.birth else "",
        "number": one.number, "phone": one.phone, "address": one.address, "area": read.area, "household": "",
    }  # fmt: skip


def lines(described: list[dict[str, str]]) -> list[Line]:
    """Line by line, masked; what differs from the first description is marked."""
    found = []
    for part, label in LABELS.items():
        values = [one[part] for one in described]
        if any(values):
            first = _same(part, values[0])
            found.append(Line(label, [_cell(part, value, first) for value in values]))
    return found


def reasons(signs: list) -> list[explaining.Reason]:
    """Why, in the reader's language."""
    return explaining.reasons(signs)


def place(code: str) -> str:
    """The name of an area by its code, wherever it is: it names no person."""
    area = Area.objects.filter(code=code).first()
    return str(area or code)


def _cell(part: str, value: str, first: str) -> Cell:
    differs = bool(value) and bool(first) and _same(part, value) != first
    return Cell(mask(MASKS[part], value) if part in MASKS else value, differs)


def _same(part: str, value: str) -> str:
    """One spelling for comparing: a door is a door however it is written."""
    spelled = {"number": derived.normal_number, "phone": derived.normal_phone, "address": door}
    return spelled[part](value) or value if part in spelled and value else value
