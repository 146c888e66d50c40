"""One record: its facts, the tasks about it, its history, what hangs on it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from fangxian.core import audit
from fangxian.core.permissions import Permission, may
from fangxian.faces.web.registers import (
    access,
    attachments,
    findings,
    following,
    responsibility,
    tables,
    values,
    venues,
)
from fangxian.registers import Column, site
from fangxian.registers.behaviours import Attached, Followed, Rectifiable
from fangxian.systems.command import selectors as command

RELATED_SHOWN = 10
HISTORY_SHOWN = 100


@access.requires("read")
@require_GET
def record(request: HttpRequest, register, pk) -> HttpResponse:
    """The record's page with one tab open; the tab has an address of its own."""
    found = register.get(pk)
    tabs = [one for one in TABS if one.is_for(request, register)]
    tab = next((one for one in tabs if one.key == request.GET.get("tab")), tabs[0])
    context = {
        "register": register,
        "record": found,
        "tab": tab,
        "tabs": tabs,
        "own_page": reverse(tables.PAGES[register.slug], args=[found.pk]) if register.slug in tables.PAGES else "",
        "buttons": [made for way in tables.WAYS[register.slug] if (made := way(request.user, found))],
        "may_write": bool(register.may(request.user, "write", found.area_id)),
        "may_unmask": bool(register.secrets) and bool(may(request.user, Permission.PEOPLE_UNMASK, found.area_id)),
        **tab.load(request, register, found),
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
        return {"tasks": command.for_subject(register.slug, found.pk)}


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


def _is(behaviour: type[models.Model]) -> Callable[[HttpRequest, Any], bool]:
    """For records whose model has the behaviour."""
    return lambda request, register: issubclass(register.model, behaviour)


@dataclass(frozen=True)
class Tab:
    """One tab: its template is `registers/<key>.html`; `is_for` says whose records have it and who sees it."""

    key: str
    label: Any
    icon: str
    load: Callable[[HttpRequest, Any, Any], dict]
    is_for: Callable[[HttpRequest, Any], bool] = lambda request, register: True

    @property
    def template(self) -> str:
        """What draws it."""
        return f"registers/{self.key}.html"


TABS = (
    Tab("facts", _("Facts"), "file-text", facts),
    Tab("following", _("Daily checks"), "temperature", following.tab,
        lambda request, register: issubclass(register.model, Followed) and following.sees(request)),
    Tab("findings", _("Findings"), "alert-triangle", findings.tab,
        lambda request, register: issubclass(register.model, Rectifiable) and findings.sees(request)),
    Tab("venue", _("Place of check-ins"), "qrcode", venues.tab, venues.is_for),
    Tab("responsibility", _("Responsibility and visits"), "users-group", responsibility.tab, responsibility.is_for),
    Tab("tasks", _("Tasks"), "checklist", _tasks, lambda request, register: _sees_tasks(request)),
    Tab("files", _("Files"), "paperclip", attachments.tab, _is(Attached)),
    Tab("related", _("What hangs on it"), "sitemap", _related),
    Tab("history", _("History"), "history", _history),
)  # fmt: skip
