"""One record: its facts, the tasks about it, its history, what hangs on it."""

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from fangxian.core import audit
from fangxian.core.permissions import Permission, may
from fangxian.faces.web.registers import access, tables, values
from fangxian.registers import Column, site
from fangxian.systems.command import selectors as command

TABS = {
    "facts": (_("Facts"), "file-text"),
    "tasks": (_("Tasks"), "checklist"),
    "related": (_("What hangs on it"), "sitemap"),
    "history": (_("History"), "history"),
}
RELATED_SHOWN = 10
HISTORY_SHOWN = 100


@access.requires("read")
@require_GET
def record(request: HttpRequest, register, pk) -> HttpResponse:
    """The record's page with one tab open; the tab has an address of its own."""
    found = register.get(pk)
    tab = request.GET.get("tab", "facts")
    tab = tab if tab in TABS else "facts"
    context = {
        "register": register,
        "record": found,
        "tab": tab,
        "tabs": [(key, label, icon) for key, (label, icon) in TABS.items() if key != "tasks" or _sees_tasks(request)],
        "own_page": reverse(tables.PAGES[register.slug], args=[found.pk]) if register.slug in tables.PAGES else "",
        "may_write": bool(register.may(request.user, "write", found.area_id)),
        "may_unmask": bool(register.secrets) and bool(may(request.user, Permission.PEOPLE_UNMASK, found.area_id)),
        **LOADERS[tab](request, register, found),
    }
    return render(request, "registers/record.html", context)


def facts(request: HttpRequest, register, found) -> dict:
    """Every field that is entered or shown, in the declared order."""
    shown = {column.name: column for column in register.shown}
    names = dict.fromkeys([*register.form, *shown, *register.filters])
    columns = [shown.get(name) or Column(name) for name in names if name not in register.secrets]
    reaches = tables.readable(register, request.user)
    cells = [tables.cell(register, column, found, reach=reaches.get(column.name)) for column in columns]
    return {"cells": cells, "secrets": secret_cells(register, found)}


def secret_cells(register, found) -> list[tuple[str, str]]:
    """The personal values as anybody sees them: masked."""
    field = register.model._meta.get_field
    return [(str(field(name).verbose_name), str(getattr(found, name))) for name in register.secrets]


def _tasks(request: HttpRequest, register, found) -> dict:
    with site.get("command.task").scope(request.user, "read"):
        return {"tasks": command.for_subject(register.slug, found.pk)} if _sees_tasks(request) else {"tasks": []}


def _history(request: HttpRequest, register, found) -> dict:
    entries = list(audit.history(found).select_related("officer").order_by("-seq")[:HISTORY_SHOWN])
    return {"entries": list(zip(entries, _changes(register, entries), strict=True))}


def _related(request: HttpRequest, register, found) -> dict:
    """Other registers' rows that point here, ten of each; the rest behind a link where there is such a filter."""
    parts = []
    for other in site:
        for field in _pointing(other, register.model):
            if other.may(request.user, "read"):
                parts.append(_part(request, other, field, found))
    return {"parts": [part for part in parts if part["rows"]]}


def _part(request: HttpRequest, other, field: models.ForeignKey, found) -> dict:
    with other.scope(request.user, "read"):
        records = other.rows().filter(**{field.name: found}).select_related(*other.fetched)
        shown = list(records.order_by("-pk")[: RELATED_SHOWN + 1])
        rows = tables.rows(other, shown[:RELATED_SHOWN], request.user)
    url = f"{reverse('register', args=[other.slug])}?{field.name}={found.pk}" if field.name in other.filters else ""
    return {"register": other, "field": field, "headings": tables.headings(other, ""), "rows": rows, "url": url,
            "more": len(shown) > RELATED_SHOWN}  # fmt: skip


def _pointing(other, model: type[models.Model]) -> list[models.ForeignKey]:
    fields = (field for field in other.model._meta.fields if isinstance(field, models.ForeignKey))
    return [field for field in fields if field.related_model is model]


def _sees_tasks(request: HttpRequest) -> bool:
    return bool(may(request.user, Permission.COMMAND_READ))


def _changes(register, entries: list[audit.AuditEntry]) -> list[list[tuple[str, str, str]]]:
    """What each act changed: field, before, after, in words. A first entry has no before."""
    given = [(entry.detail.get("from", {}), entry.detail.get("to", entry.detail.get("set", {}))) for entry in entries]
    words = values.Words(register, [side for pair in given for side in pair])
    return [
        [
            (words.label(name), words.of(name, before.get(name, "")), words.of(name, value))
            for name, value in after.items()
            if words.is_telling(name)
        ]
        for before, after in given
    ]


LOADERS = {"facts": facts, "tasks": _tasks, "history": _history, "related": _related}
