"""Types of a register's rows, derived from its declaration: the document is exact and nothing is written twice."""

from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Literal
from uuid import UUID

from django.db import models
from django.utils.translation import override
from ninja import Schema
from pydantic import ConfigDict, Field, create_model

from fangxian.core.areas import Area
from fangxian.core.fields import EncryptedTextField
from fangxian.core.records import Record
from fangxian.registers.columns import Column

SIMPLE: tuple[tuple[type[models.Field], Any], ...] = (
    (models.BooleanField, bool),
    (models.DateTimeField, datetime),
    (models.DateField, date),
    (models.UUIDField, UUID),
    (models.IntegerField, int),
    (models.FloatField, float),
    (models.DecimalField, Decimal),
    (models.JSONField, Any),
)


class Strict(Schema):
    """A body with a field nobody declared is refused."""

    model_config = ConfigDict(extra="forbid")


@cache
def row_out(register) -> type[Schema]:
    """One row as it is answered: stored values, personal ones masked, other records by id and by name."""
    fields: dict[str, Any] = {"id": (UUID, ...), "version": (int, ...)}
    for name in _shown(register):
        fields[name] = _out(register, name)
    fields["labels"] = (dict[str, str], Field(description="Names of the areas, records and choices in this row."))
    fields["created_at"], fields["changed_at"] = (datetime, ...), (datetime, ...)
    return create_model(f"{_stem(register)}Row", __base__=Schema, **fields)


@cache
def page_out(register) -> type[Schema]:
    """One page of a list. `more`: there are more than `count`."""
    rows = (list[row_out(register)], ...)
    fields = {"rows": rows, "page": (int, ...), "pages": (int, ...), "count": (int, ...), "more": (bool, ...)}
    return create_model(f"{_stem(register)}Page", __base__=Schema, **fields)


@cache
def row_in(register) -> type[Strict]:
    """A new row: the fields of the register's form, and nothing else. `id` may be made by the device."""
    fields: dict[str, Any] = {"id": (UUID | None, Field(None, description="Made by the caller, for safe repetition."))}
    for name in register.form:
        fields[name] = _in(register, name, partial=False)
    return create_model(f"{_stem(register)}New", __base__=Strict, **fields)


@cache
def row_change(register) -> type[Strict]:
    """Some fields of a row, and the version the caller looked at."""
    fields: dict[str, Any] = {"base_version": (int, Field(ge=1))}
    for name in register.form:
        fields[name] = _in(register, name, partial=True)
    return create_model(f"{_stem(register)}Change", __base__=Strict, **fields)


@cache
def query_in(register) -> type[Schema]:
    """What a list may be asked: search, area, order, page, and the register's filters (days as a range)."""
    fields: dict[str, Any] = {
        "q": (str, Field("", max_length=80, description="Beginning of a text field, or a whole number or phone.")),
        "area": (str, Field("", max_length=24, description="This area and all below it.")),
        "order": (str, Field("", max_length=40)),
        "page": (int, Field(1, ge=1, le=400)),
    }
    for name in register.filters:
        is_day = isinstance(register.model._meta.get_field(name), models.DateField)
        for part in (f"{name}_after", f"{name}_before") if is_day else (name,):
            fields[part] = (str, Field("", max_length=80))
    return create_model(f"{_stem(register)}Query", __base__=Schema, **fields)


def shown_row(register, row: Record) -> dict[str, Any]:
    """One row as `row_out` describes it."""
    found: dict[str, Any] = {"id": row.pk, "version": row.version, "labels": {}}
    for name in _shown(register):
        found[name] = _value(register, row, name, found["labels"])
    return {**found, "created_at": row.created_at, "changed_at": row.changed_at}


@cache
def _shown(register) -> tuple[str, ...]:
    """What a row shows: the columns of the list and the fields of the form."""
    names = [item.name for item in register.shown] + list(register.form)
    return tuple(dict.fromkeys(["area", *names]))


def _stem(register) -> str:
    return "".join(part.capitalize() for part in register.model._meta.label.replace(".", "_").split("_"))


def _column(register, name: str) -> Column | None:
    return next((item for item in register.shown if item.name == name), None)


def _field(register, name: str) -> models.Field | None:
    column = _column(register, name)
    return None if column and column.value else register.model._meta.get_field(name)


def _out(register, name: str) -> tuple[Any, Any]:
    field = _field(register, name)
    if field is None:
        return Any, Field(None)
    kind = str if isinstance(field, EncryptedTextField) else _kind(field)
    return (kind | None if kind is not Any else Any), Field(None, description=_described(field))


def _in(register, name: str, *, partial: bool) -> tuple[Any, Any]:
    field = register.model._meta.get_field(name)
    kind, required = _kind(field), not (field.blank or field.has_default() or field.null or partial)
    limit = {"max_length": field.max_length} if kind is str and field.max_length else {}
    if required:
        return kind, Field(description=_described(field), **limit)
    return (kind | None if kind is not Any else Any), Field(None, description=_described(field), **limit)


def _kind(field: models.Field) -> Any:
    if field.choices:
        return Literal[tuple(value for value, _label in field.flatchoices if value != "")]  # type: ignore[misc]
    if isinstance(field, models.ForeignKey):
        return UUID if issubclass(field.related_model, Record) else int if field.related_model is not Area else str
    return next((kind for classes, kind in SIMPLE if isinstance(field, classes)), str)


def _described(field: models.Field) -> str:
    with override("en"):
        masked = " (masked in answers)" if isinstance(field, EncryptedTextField) else ""
        code = " (code)" if getattr(field, "related_model", None) is Area else ""
        return f"{field.verbose_name}{masked}{code}"


def _value(register, row: Record, name: str, labels: dict[str, str]) -> Any:
    field = _field(register, name)
    if field is None:
        value = _column(register, name).value(row)
        return value if isinstance(value, str | int | float | bool | date | UUID | None) else str(value)
    if isinstance(field, models.ForeignKey):
        if getattr(row, field.attname) is not None and name in ("area", *register.related):
            labels[name] = str(getattr(row, name))
        return getattr(row, field.attname)
    value = getattr(row, name)
    if field.choices and value not in (None, ""):
        labels[name] = str(getattr(row, f"get_{name}_display")())
    if isinstance(field, EncryptedTextField):
        return str(value)
    return None if field.choices and value == "" else value
