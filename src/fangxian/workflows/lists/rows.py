"""One row of a list as text and days: what it says of a person, and what in it cannot be read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_noop as _

from fangxian.engines.matching import readings
from fangxian.registers.tidy import tidy
from fangxian.systems.people import derived
from fangxian.systems.people.matching import Said
from fangxian.workflows.lists import reasons
from fangxian.workflows.lists.reasons import Reason

NAME, CELL = 60, 200
SEXES = {"男": "m", "男性": "m", "m": "m", "male": "m", "女": "f", "女性": "f", "f": "f", "female": "f"}
_DAY, _TEXT = forms.DateField(required=False), forms.CharField(required=False)


@dataclass
class Read:
    """A row that was read: number in the sheet, its cells as text, what it says, the area it names, what is wrong.

    problems: a reason for every cell that cannot be read; the row may still be matched by the others.
    """

    number: int
    cells: list[str]
    said: Said
    area: str = ""
    problems: list[Reason] = field(default_factory=list)

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in it."""
        return not any(self.cells)

    @property
    def says_who(self) -> bool:
        """Whether it says enough to look for anybody: a number, or a name with something beside it."""
        said = self.said
        return bool(said.number) or bool(said.name and (said.phone or said.address or said.birth))


def read(number: int, row: Sequence[Any], at: Mapping[str, int]) -> Read:
    """Read one row. `at`: part → index of its column."""
    values = {part: row[index] if index < len(row) else None for part, index in at.items()}
    made = Read(number, [_shown(cell) for cell in row], Said())
    texts = {part: _text(made, part, values.get(part)) for part in ("name", "id_number", "phone", "address", "sex")}
    made.said = Said(
        name=texts["name"][:NAME],
        number=texts["id_number"],
        phone=_phone(made, texts["phone"]),
        address=texts["address"],
        birth=_day(made, values.get("birth_date")),
        sex=SEXES.get(texts["sex"].casefold(), ""),
    )
    made.area = _text(made, "area", values.get("area"))
    _look_at_number(made)
    if not made.is_blank and not made.says_who:
        alone = _("A name alone names nobody: give a number, a phone, an address or a birth date.")
        made.problems.append(["name", alone])
    return made


def _look_at_number(made: Read) -> None:
    number = made.said.number
    if number and not readings(number) and derived.normal_number(number)[:-1].isdecimal():
        made.problems.append(["id_number", _("This is no identity number, whichever digit is taken to be wrong.")])
        made.said.number = ""


def _text(made: Read, part: str, cell: Any) -> str:
    try:
        return str(tidy(_TEXT, cell))
    except ValidationError as error:
        made.problems += reasons.of(part, error)
        return ""


def _phone(made: Read, written: str) -> str:
    if written and not derived.normal_phone(written):
        made.problems.append(["phone", _("This is no phone number.")])
        return ""
    return written


def _day(made: Read, cell: Any) -> date | None:
    try:
        return _DAY.clean(tidy(_DAY, cell)) if cell not in (None, "") else None
    except ValidationError as error:
        made.problems += reasons.of("birth_date", error)
        return None


def _shown(cell: Any) -> str:
    """A cell as it goes into the repair sheet."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()[:CELL]
