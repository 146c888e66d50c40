"""Exports: what a list selects, streamed by key, importable again, with neither identity numbers nor live formulas."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from fangxian.core import audit
from fangxian.core.areas import Area
from fangxian.registers import listing, sheets
from fangxian.registers.listing import Query

CHUNK = 1000


def headings(register) -> list[str]:
    """The record's id, its area's name, the form's fields but the personal ones, the version."""
    names = [str(register.model._meta.get_field(name).verbose_name) for name in fields(register)]
    return ["id", *names, _("Area name"), _("Version")]


def fields(register) -> list[str]:
    """The fields an export carries: those of the form, without encrypted ones; a read-only register's columns."""
    names = register.form or [item.name for item in register.shown if item.value is None]
    return [name for name in names if name not in register.secrets]


def rows(register, query: Query) -> Iterator[list[Any]]:
    """The selected rows, in the order of their ids, a thousand at a time."""
    names = fields(register)
    last = None
    while True:
        found = listing.select(register, query).select_related("area").order_by("pk")
        chunk = list(found.filter(pk__gt=last)[:CHUNK] if last else found[:CHUNK])
        for row in chunk:
            yield [
                str(row.pk),
                *(_cell(getattr(row, _stored(row, name))) for name in names),
                str(row.area),
                row.version,
            ]
        if len(chunk) < CHUNK:
            return
        last = chunk[-1].pk


def csv(register, query: Query, *, by) -> Iterator[str]:
    """The export as CSV text, piece by piece; logged."""
    _log(register, query, by, "csv")
    return sheets.write_csv(headings(register), rows(register, query))


def xlsx(register, query: Query, *, by) -> bytes:
    """The export as a workbook; logged."""
    _log(register, query, by, "xlsx")
    return sheets.write_xlsx(headings(register), rows(register, query))


def _log(register, query: Query, by, form: str) -> None:
    asked = {"area": query.area, "filters": query.filters, "searched": bool(query.search)}
    with audit.act(f"{register.slug}.exported", by=by, detail={"form": form, **asked}):
        pass


def _stored(row: Model, name: str) -> str:
    return row._meta.get_field(name).attname


def _cell(value: Any) -> Any:
    return value.code if isinstance(value, Area) else "" if value is None else value
