"""Reading a table for a register: which column is which field, and each row cleaned, known by its key, or rejected."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _

from fangxian.core.areas import Area
from fangxian.core.fields import EncryptedTextField, blind
from fangxian.core.identity import normalise
from fangxian.registers import forms
from fangxian.registers.ledger import Ledger, Reject
from fangxian.registers.sheets import Table
from fangxian.registers.tidy import tidy

ID_COLUMN = "id"


@dataclass
class Row:
    """A cleaned row on its way: number in the sheet, cells as they came, values, the record it is known as."""

    number: int
    cells: list[Any]
    values: dict[str, Any]
    key: tuple
    record: Any = None
    changes: dict[str, Any] = field(default_factory=dict)


class Reader:
    """Reads one table; what it cannot take goes into the ledger."""

    def __init__(self, register, table: Table, ledger: Ledger):
        self.register, self.table, self.ledger = register, table, ledger
        self.fields = forms.form_fields(register)
        self.columns = self._columns()
        self.areas: dict[str, Area] = {}
        self.seen: dict[tuple, Row] = {}

    def rows(self) -> Iterator[Row]:
        """The rows that can be taken, in their order; blank, rejected and repeated ones are counted on the way."""
        for number, cells in self.table.numbered():
            if not any(str(cell).strip() for cell in cells if cell is not None):
                self.ledger.blank += 1
                continue
            row = self._clean(number, cells)
            if row is not None and self._is_first(row):
                yield row

    def _clean(self, number: int, cells: list[Any]) -> Row | None:
        values, errors = {}, {}
        for index, name in self.columns.items():
            cell = cells[index] if index < len(cells) else None
            if name == ID_COLUMN:
                values[ID_COLUMN] = str(cell or "").strip()
                continue
            try:
                values[name] = self._value(name, cell)
            except ValidationError as error:
                errors[name] = _reason(error)
        if not errors:
            try:
                values = self._across(values)
            except ValidationError as error:
                errors = by_field(error)
        if errors:
            self.ledger.reject(number, cells, errors)
            return None
        return Row(number, cells, values, self._key(values))

    def _value(self, name: str, cell: Any) -> Any:
        made = tidy(self.fields[name], cell, self.register.synonyms.get(name, {}))
        if name == "area" and made in self.areas:
            return self.areas[made]
        value = self.fields[name].clean(made)
        if name == "area":
            self.areas[made] = value
        return value

    def _across(self, values: dict) -> dict:
        own_id = values.pop(ID_COLUMN, "")
        cleaned = self.register.clean_row(forms.without_silence(self.register, values))
        return {**cleaned, ID_COLUMN: own_id} if own_id else cleaned

    def _key(self, values: dict) -> tuple:
        """By what the row is known again; a row without any key is always new."""
        if values.get(ID_COLUMN):
            return (ID_COLUMN, values.pop(ID_COLUMN))
        parts = tuple(self._key_part(name, values.get(name)) for name in self.register.key)
        return parts if any(parts) else ()

    def _key_part(self, name: str, value: Any) -> Any:
        model = self.register.model
        if isinstance(model._meta.get_field(name), EncryptedTextField):
            return blind(model, name, value)
        return getattr(value, "pk", value)

    def _is_first(self, row: Row) -> bool:
        """A second row with the same key is a duplicate when it says the same, a contradiction when it does not."""
        first = self.seen.setdefault(row.key, row) if row.key else row
        if first is row:
            return True
        note = _("the same as row %(row)s") % {"row": first.number}
        if first.values == row.values:
            self.ledger.duplicate += 1
            self.ledger.duplicates.append(Reject(row.number, "", note))
        else:
            why = _("has the key of row %(row)s but says otherwise") % {"row": first.number}
            self.ledger.reject(row.number, row.cells, {"": why})
        return False

    def _columns(self) -> dict[int, str]:
        """Which column is which field; unknown headings are reported, missing required ones refuse the table."""
        names = _headings(self.register)
        columns = {}
        for index, heading in enumerate(self.table.headings):
            name = names.get(_bare(heading))
            if name:
                columns[index] = name
            elif heading and _bare(heading) not in _bare_ignored():
                self.ledger.ignored_columns.append(heading)
        present = set(columns.values())
        missing = [name for name, field_ in self.fields.items() if field_.required and name not in present]
        if missing and ID_COLUMN not in present:
            labels = ", ".join(str(self.fields[name].label) for name in missing)
            raise ValidationError(_("These columns are missing: %(columns)s") % {"columns": labels})
        return columns


def _headings(register) -> dict[str, str]:
    """Every way a heading may be written: field name, label in either language, `id`."""
    names = {ID_COLUMN: ID_COLUMN}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            for name in register.form:
                names[_bare(name)] = name
                names[_bare(str(register.model._meta.get_field(name).verbose_name))] = name
    return names


def _bare_ignored() -> set[str]:
    """Columns our own exports add for people, which an import need not read."""
    ignored = set()
    for language in ("en", "zh-hans"):
        with translation.override(language):
            ignored |= {_bare(_("Version")), _bare(_("Area name")), _bare(_("Reason for rejection"))}
    return ignored


def _bare(heading: str) -> str:
    return normalise(heading).replace(" ", "").replace("_", "").rstrip("*:：").casefold()


def _reason(error: ValidationError) -> str:
    return " ".join(str(message) for message in error.messages)


def by_field(error: ValidationError) -> dict[str, str]:
    if hasattr(error, "error_dict"):
        return {name: " ".join(m for e in errors for m in e.messages) for name, errors in error.error_dict.items()}
    return {"": _reason(error)}
