"""The declaration itself."""

from functools import cached_property
from typing import Any, ClassVar

from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured
from django.db import models

from fangxian.core import records, scope
from fangxian.core.fields import BlindIndexField, EncryptedTextField
from fangxian.core.permissions import Decision, Permission, may
from fangxian.core.records import Record, Source
from fangxian.registers.collection import site
from fangxian.registers.columns import Column, column

RECORD_FIELDS = frozenset(field.name for field in Record._meta.local_fields)


class Register:
    """One ledger. Subclassing it with these names declares it; nothing else is needed.

    Change it in this order: an attribute; a method (`rows`, `write`, `clean_row`, `may`); a view of its own in a face.
    """

    #: the records
    model: ClassVar[type[Record]]
    #: shown in lists and exports: names, or `Column` where a name is not enough
    columns: ClassVar[tuple[str | Column, ...]]
    #: fields offered as filters (the area is always one)
    filters: ClassVar[tuple[str, ...]] = ()
    #: text fields searched by prefix
    search: ClassVar[tuple[str, ...]] = ()
    #: encrypted fields found by their full value
    search_exact: ClassVar[tuple[str, ...]] = ()
    #: fields of form, sheet and interface; empty means the register is read only
    form: ClassVar[tuple[str, ...]]
    #: fields by which a row of a sheet is known again
    key: ClassVar[tuple[str, ...]]
    #: prefix of its rights in core.permissions
    permission: ClassVar[str]
    #: order of the list; begins with the area so that the scope's index serves it
    ordering: ClassVar[tuple[str, ...]] = ("area_id", "pk")
    #: other words for a choice in sheets (lower case), by field: {"sex": {"m": "MALE", "男性": "MALE"}}
    synonyms: ClassVar[dict[str, dict[str, str]]] = {}
    #: long sheets too take `write` row by row, because rows depend on each other (a tube fills, a result contradicts)
    one_by_one: ClassVar[bool] = False
    #: what whoever imports a sheet has to know about its rows; stands beside the ledger of every import
    import_note: ClassVar[Any] = ""
    #: links whose record `write` makes when its key is not known yet; it gets the key as text
    makes: ClassVar[tuple[str, ...]] = ()
    #: icon in the menu
    icon: ClassVar[str] = "list"
    #: fields neither shown nor filtered nor entered, each with the reason
    exempt: ClassVar[dict[str, str]] = {}

    def __init_subclass__(cls) -> None:
        register = cls()
        register.check()
        site.add(register)

    # --- what is derived from the declaration ---

    @cached_property
    def slug(self) -> str:
        """`people.person`: key in addresses, commands and snapshots."""
        return self.model._meta.label_lower

    @property
    def title(self) -> str:
        """The register's name in the reader's language."""
        return str(self.model._meta.verbose_name_plural)

    @property
    def help(self) -> str:
        """What it is for, in the reader's language; the class's docstring is the message id."""
        from django.utils.translation import gettext

        return gettext((self.__doc__ or "").strip().splitlines()[0])

    @cached_property
    def shown(self) -> list[Column]:
        """The columns as objects."""
        return [column(item) for item in self.columns]

    @cached_property
    def secrets(self) -> list[str]:
        """Encrypted fields of the model: masked everywhere, unmasked one person at a time."""
        return [field.name for field in self.model._meta.fields if isinstance(field, EncryptedTextField)]

    @cached_property
    def related(self) -> list[str]:
        """Foreign keys the columns show."""
        return [item.name for item in self.shown if isinstance(item.field(self.model), models.ForeignKey)]

    @cached_property
    def fetched(self) -> list[str]:
        """What is fetched with a row so that showing it asks for nothing more: its links, and what names those."""
        needed = [f"{item.name}__{link}" for item in self.shown for link in item.needs]
        return ["area", *self.related, *needed]

    @property
    def read_only(self) -> bool:
        """Whether nobody writes here by hand."""
        return not self.form

    # --- rights ---

    def right(self, action: str) -> Permission | None:
        """The right an action needs; None when no such right exists, and then nobody may."""
        try:
            return Permission(f"{self.permission}.{action}")
        except ValueError:
            return None

    def may(self, officer, action: str, area_code: str | None = None) -> Decision:
        """Whether an officer may do one of read, write, import, export here."""
        right = self.right(action)
        if right is None or (self.read_only and action in ("write", "import")):
            return Decision(False, f"{self.slug} has no {action}")
        return may(officer, right, area_code)

    def may_attach(self, officer, record) -> Decision:
        """Whether an officer may put files to a record or take them away; by default who may write it."""
        return self.may(officer, "write", record.area_id)

    def scope(self, officer, action: str):
        """The scope of the officer's posts that carry the right, as a context manager."""
        return scope.of(officer, self.right(action))

    # --- reading and writing ---

    def rows(self) -> models.QuerySet:
        """Rows inside the scope in force."""
        return self.model.objects.all()

    def get(self, pk) -> Record:
        """One row inside the scope, with what the page shows of it; `DoesNotExist` for any other."""
        return self.rows().select_related(*self.fetched).get(pk=pk)

    def fields(self, made: dict[str, Any]) -> dict[str, Any]:
        """The form fields made of the model's; where those are not enough, others in their place."""
        return made

    def clean_row(self, values: dict[str, Any]) -> dict[str, Any]:
        """Checks across fields, the same for form, sheet and interface; may fill in derived values."""
        return values

    def write(self, *, by, values: dict, record=None, base_version: int | None = None, source: str = Source.WEB):
        """Every write of every face comes through here."""
        if record is None:
            return records.create(self.model, by=by, action=f"{self.slug}.created", source=source, **values)
        return records.change(record, by=by, action=f"{self.slug}.changed", base_version=base_version, **values)

    def write_many(self, *, by, rows: list[dict[str, Any]], source: str = Source.IMPORT) -> list[Record]:
        """Many new rows at once; where something follows from a row, the register's own set-based verb stands here."""
        made = [self.model(**values) for values in rows]
        return records.create_many(self.model, made, by=by, action=f"{self.slug}.imported", source=source)

    # --- the declaration is checked when it is made ---

    def check(self) -> None:
        """Refuse to guess: every name is a field, every required field is entered, nothing is forgotten."""
        for attribute in ("model", "columns", "form", "key", "permission"):
            if not hasattr(self, attribute):
                raise ImproperlyConfigured(f"{type(self).__name__} declares no {attribute}")
        names = [*self.filters, *self.search, *self.search_exact, *self.form, *self.key, *self.makes]
        names += [item.name for item in self.shown if item.value is None]
        for name in names:
            self._field(name)
        self._check_form()
        self._check_coverage()

    def _field(self, name: str) -> models.Field:
        try:
            return self.model._meta.get_field(name)
        except FieldDoesNotExist:
            raise ImproperlyConfigured(f"{type(self).__name__}: {self.model.__name__} has no field {name}") from None

    def _check_form(self) -> None:
        if not self.form:
            return
        required = {field.name for field in self._own_fields() if _is_required(field)} | {"area"}
        missing = required - set(self.form)
        if missing or not self.key:
            raise ImproperlyConfigured(f"{type(self).__name__}: the form lacks {sorted(missing)} or there is no key")

    def _check_coverage(self) -> None:
        used = {*self.form, *self.filters, *self.exempt, *(item.name for item in self.shown)}
        forgotten = {field.name for field in self._own_fields()} - used
        if forgotten:
            raise ImproperlyConfigured(f"{type(self).__name__} neither shows nor exempts {sorted(forgotten)}")

    def _own_fields(self) -> list[models.Field]:
        skipped = (BlindIndexField,)
        return [f for f in self.model._meta.fields if f.name not in RECORD_FIELDS and not isinstance(f, skipped)]


def _is_required(field: models.Field) -> bool:
    return field.editable and not field.blank and not field.has_default()
