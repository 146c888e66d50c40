"""Importing a table into a register, with an exact ledger.

Rows are cleaned by the register's form fields, known again by its key, and written in one transaction: through
`Register.write` one by one for a sheet of hundreds, set-based for tens of thousands. A row that cannot be taken is
named with field and reason, and stands in the repair sheet exactly as it came.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from fangxian.core.fields import EncryptedTextField
from fangxian.core.records import Source
from fangxian.registers import forms
from fangxian.registers.ledger import Ledger
from fangxian.registers.reading import ID_COLUMN, Reader, Row, by_field
from fangxian.registers.sheets import Table

ROW_BY_ROW = 500  # up to here every row takes the register's own write; beyond, one batch at a time
BATCH = 500


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
            _Import(register, ledger, by, source).run(Reader(register, table, ledger), progress)
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    return ledger


def template(register) -> list[str]:
    """Headings of an empty sheet, in the reader's language."""
    return [str(register.model._meta.get_field(name).verbose_name) for name in register.form]


class _Import:
    """One run: writes what the reader gives, batch by batch."""

    def __init__(self, register, ledger: Ledger, by, source: str):
        self.register, self.ledger, self.by, self.source = register, ledger, by, source

    def run(self, reader: Reader, progress: Callable[[int, int], None]) -> None:
        """Everything the reader can take."""
        batch: list[Row] = []
        for done, row in enumerate(reader.rows(), start=1):
            batch.append(row)
            if len(batch) == BATCH:
                self._write(batch)
                batch = []
                progress(done, self.ledger.rows)
        self._write(batch)
        progress(self.ledger.rows, self.ledger.rows)

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
        visible = self._visible(stored.values())
        new, known = [], []
        for row in batch:
            row.record = stored.get(row.key) if row.key else None
            if row.record is None:
                self._new(row, new)
            elif row.record.pk not in visible:
                self.ledger.reject(row.number, row.cells, {"": _("This record belongs to another area.")})
            elif self._differs(row):
                known.append(row)
            else:
                self.ledger.unchanged += 1
        return new, known

    def _new(self, row: Row, new: list[Row]) -> None:
        if row.key[:1] == (ID_COLUMN,):
            self.ledger.reject(row.number, row.cells, {ID_COLUMN: _("No record has this id.")})
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

    def _visible(self, stored: Iterable) -> set:
        """Ids of the stored records that lie inside the scope; one query a batch."""
        ids = [record.pk for record in stored]
        return set(self.register.rows().filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()

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
            self.ledger.reject(row.number, row.cells, by_field(error))
            return False
        return True

    def _insert_many(self, rows: list[Row]) -> None:
        """A whole batch at once; when the database refuses it, row by row, so that only the bad row is rejected."""
        try:
            with transaction.atomic():
                self.register.write_many(by=self.by, rows=[row.values for row in rows], source=self.source)
        except (IntegrityError, ValidationError):
            for row in rows:
                self._insert(row)
        else:
            self.ledger.inserted += len(rows)


def _uuids(texts: list[str]) -> list[str]:
    """Only texts that are ids; others find nothing and are rejected as unknown."""
    return [text for text in texts if len(text) == 36 and text.count("-") == 4]
