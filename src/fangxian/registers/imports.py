"""Importing a table into a register, with an exact ledger.

Rows are cleaned by the register's form fields, known again by its key, and written in one transaction: through
`Register.write` one by one for a sheet of hundreds, set-based for tens of thousands. A row that cannot be taken is
named with field and reason, and stands in the repair sheet exactly as it came.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from fangxian.core import records
from fangxian.core.areas import Area
from fangxian.core.fields import EncryptedTextField, blind
from fangxian.core.identity import normalise
from fangxian.core.records import Source
from fangxian.registers import forms
from fangxian.registers.ledger import Ledger, Reject
from fangxian.registers.sheets import Table
from fangxian.registers.tidy import tidy

ROW_BY_ROW = 500  # up to here every row takes the register's own write; beyond, one batch at a time
BATCH = 500
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


class _DryRun(Exception):
    """Takes back a trial."""


def run(
    register,
    table: Table,
    *,
    by,
    source: str = Source.IMPORT,
    dry_run: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Ledger:
    """Import a table inside the scope in force. `dry_run` does everything and takes it back.

    Raises `ValidationError` when the table as a whole cannot be read (a required column is missing).
    """
    if register.read_only:
        raise ValidationError(_("Nothing is entered into “%(register)s” by hand.") % {"register": register.title})
    ledger = Ledger(rows=len(table.rows), headings=table.headings)
    try:
        with transaction.atomic():
            _Import(register, table, ledger, by, source, progress).run()
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    return ledger


def template(register) -> list[str]:
    """Headings of an empty sheet, in the reader's language."""
    return [str(register.model._meta.get_field(name).verbose_name) for name in register.form]


class _Import:
    """One run; holds what the steps share."""

    def __init__(self, register, table, ledger, by, source, progress):
        self.register, self.table, self.ledger = register, table, ledger
        self.by, self.source, self.progress = by, source, progress
        self.fields = forms.form_fields(register)
        self.columns = self._columns()
        self.areas: dict[str, Area] = {}
        self.seen: dict[tuple, Row] = {}

    def run(self) -> None:
        batch: list[Row] = []
        for done, row in enumerate(self._rows(), start=1):
            batch.append(row)
            if len(batch) == BATCH:
                self._write(batch)
                batch = []
                self.progress(done, self.ledger.rows)
        self._write(batch)
        self.progress(self.ledger.rows, self.ledger.rows)

    # --- headings ---

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

    # --- one row ---

    def _rows(self) -> Iterator[Row]:
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
                errors = _by_field(error)
        if errors:
            self._reject(number, cells, errors)
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
            self._reject(
                row.number, row.cells, {"": _("has the key of row %(row)s but says otherwise") % {"row": first.number}}
            )
        return False

    # --- a batch ---

    def _write(self, batch: list[Row]) -> None:
        new, known = self._split(batch)
        for row in known:
            self._update(row)
        if self.ledger.rows > ROW_BY_ROW and not self.register.one_by_one:
            self._insert_many(new)
        else:
            for row in new:
                self._insert(row)

    def _split(self, batch: list[Row]) -> tuple[list[Row], list[Row]]:
        """New rows, and rows whose record exists and differs; the unchanged are counted on the way."""
        stored = self._stored([row.key for row in batch if row.key])
        new, known = [], []
        for row in batch:
            row.record = stored.get(row.key) if row.key else None
            if row.record is None:
                self._new(row, new)
            elif not self._visible(row.record):
                self._reject(row.number, row.cells, {"": _("This record belongs to another area.")})
            elif self._differs(row):
                known.append(row)
            else:
                self.ledger.unchanged += 1
        return new, known

    def _new(self, row: Row, new: list[Row]) -> None:
        if row.key[:1] == (ID_COLUMN,):
            self._reject(row.number, row.cells, {ID_COLUMN: _("No record has this id.")})
        else:
            new.append(row)

    def _stored(self, keys: list[tuple]) -> dict[tuple, Any]:
        """Records already there, by key; also those outside the scope, which must not be entered twice."""
        model, found = self.register.model, {}
        ids = [key[1] for key in keys if key[0] == ID_COLUMN]
        if ids:
            found.update({(ID_COLUMN, str(r.pk)): r for r in model._base_manager.filter(pk__in=_uuids(ids))})
        natural = [key for key in keys if key[0] != ID_COLUMN]
        if natural:
            columns = [self._key_column(name) for name in self.register.key]
            wanted = {f"{columns[0]}__in": {key[0] for key in natural}}
            for record in model._base_manager.filter(**wanted):
                found[tuple(getattr(record, name) for name in columns)] = record
        return found

    def _key_column(self, name: str) -> str:
        model = self.register.model
        field_ = model._meta.get_field(name)
        if isinstance(field_, EncryptedTextField):
            return next(f.name for f in model._meta.fields if getattr(f, "of", None) == name)
        return field_.attname

    def _visible(self, record) -> bool:
        return self.register.rows().filter(pk=record.pk).exists()

    def _differs(self, row: Row) -> bool:
        entered = forms.changes(self.register, row.record, row.values)
        row.changes = {name: value for name, value in entered.items() if getattr(row.record, name) != value}
        return bool(row.changes)

    def _update(self, row: Row) -> None:
        if self._attempt(row, record=row.record, values=row.changes):
            self.ledger.updated += 1

    def _insert(self, row: Row) -> None:
        if self._attempt(row, record=None, values=row.values):
            self.ledger.inserted += 1

    def _attempt(self, row: Row, *, record, values: dict) -> bool:
        try:
            with transaction.atomic():
                self.register.write(by=self.by, values=values, record=record, source=self.source)
        except ValidationError as error:
            self._reject(row.number, row.cells, _by_field(error))
            return False
        return True

    def _insert_many(self, rows: list[Row]) -> None:
        """A whole batch at once; when the database refuses it, row by row, so that only the bad row is rejected."""
        action = f"{self.register.slug}.imported"
        made = [self.register.model(**row.values) for row in rows]
        try:
            with transaction.atomic():
                records.create_many(self.register.model, made, by=self.by, action=action, source=self.source)
        except (IntegrityError, ValidationError):
            for row in rows:
                self._insert(row)
        else:
            self.ledger.inserted += len(rows)

    def _reject(self, number: int, cells: list[Any], errors: dict[str, str]) -> None:
        self.ledger.rejects += [Reject(number, name, reason) for name, reason in errors.items()]
        self.ledger.repair.append(cells)


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


def _by_field(error: ValidationError) -> dict[str, str]:
    if hasattr(error, "error_dict"):
        return {name: " ".join(m for e in errors for m in e.messages) for name, errors in error.error_dict.items()}
    return {"": _reason(error)}


def _uuids(texts: list[str]) -> list[str]:
    """Only texts that are ids; others find nothing and are rejected as unknown."""
    return [text for text in texts if len(text) == 36 and text.count("-") == 4]
