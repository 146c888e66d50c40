"""Rows as a page draws them: every cell with its text, its kind and where it leads."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.urls import reverse

from fangxian.core import scope
from fangxian.core.permissions import Permission, may
from fangxian.faces.web.registers import vocabularies
from fangxian.registers import Column, listing, site

TONES = {
    "danger": {"POSITIVE", "CONFIRMED", "CONFIRMED_NO_SYMPTOMS", "CONFIRMED_UNKNOWN_SYMPTOMS", "NO_ROOM", "DECEASED",
               "NOT_EXECUTABLE", "CONVERTED", "HELD", "CLOSE", "HIGH", "LOST", "MISSED", "UNCOOPERATIVE",
               "CRITICAL", "IMPOSSIBLE"},
    "warning": {"SUSPECT", "PROBABLE", "SECONDARY", "INDETERMINATE", "PENDING", "DUE", "CLEANING", "OUT_OF_USE",
                "UNAVAILABLE", "CLUSTER", "UNCONFIRMED", "PROPOSED",
               "OPEN", "MAJOR"},
    "info": {"IN_PROGRESS", "BOOKED", "IN", "FOLLOW_UP", "SHIPPED", "ACTIVE", "EVENT", "SIGNAL",
               "RECTIFIED"},
    "success": {"DONE", "CHECKED", "NEGATIVE", "RECOVERED", "RELEASED", "COMPLETED", "READY", "COOPERATIVE",
                "RECEIVED",
               "CLOSED"},
}  # fmt: skip
TONE_OF = {value: tone for tone, values in TONES.items() for value in values}

SHORT = 18  # characters

# Registers whose records have a page of their own (pages/ adds them): slug → name of the address.
PAGES: dict[str, str] = {}

Way = Callable[[Any, Any], tuple[str, Any, str] | None]
"""Address, words and icon for an officer and a record; None for whoever may not go there."""

# What else may be done from a record's page (pages/ adds it): slug → ways on.
WAYS: defaultdict[str, list[Way]] = defaultdict(list)


def way(right: Permission, name: str, words: Any, icon: str) -> Way:
    """To the address of this name, which takes the record, for whoever has the right where the record is."""
    return lambda officer, record: (
        (reverse(name, args=[record.pk]), words, icon) if may(officer, right, record.area_id) else None
    )


@dataclass(frozen=True)
class Cell:
    """One cell: `kind` as the column says; `tone` makes it a badge; `url` a link."""

    label: str
    value: Any
    kind: str = "text"
    tone: str = ""
    url: str = ""

    @property
    def css(self) -> str:
        """Classes of the table cell: numbers to the right; a phone leaves empty ones out."""
        classes = {"number": "fx-number", "date": "fx-date", "time": "fx-date"}
        short = "fx-date" if 0 < len(str(self.value)) <= SHORT else ""  # 410883-2022-00003 stays on one line
        return classes.get(self.kind, short) + (" fx-blank" if self.value in ("", None) else "")


@dataclass(frozen=True)
class Heading:
    """One heading: `order` is what the address must say to sort by it, `sorted_` how it is sorted now."""

    label: str
    kind: str
    order: str = ""
    sorted_: str = ""


@dataclass(frozen=True)
class Row:
    """One row and its cells."""

    record: Any
    url: str
    cells: list[Cell]


def headings(register, order: str) -> list[Heading]:
    """The columns' headings."""
    made = []
    for column in register.shown:
        turned = f"-{column.name}" if order == column.name else column.name
        state = "asc" if order == column.name else "desc" if order == f"-{column.name}" else ""
        kind = column.kind(register.model)
        made.append(Heading(column.heading(register.model), kind, turned if column.sort else "", state))
    return made


def rows(register, records: list, officer) -> list[Row]:
    """The records as rows; the first cell leads to the record."""
    reaches = readable(register, officer)
    return [Row(record, url_of(record), _cells(register, record, reaches)) for record in records]


def url_of(record: models.Model) -> str:
    """The page of a record: its own where it has one, else the register's."""
    slug = record._meta.label_lower
    if slug in PAGES:
        return reverse(PAGES[slug], args=[record.pk])
    return reverse("register_record", args=[slug, record.pk])


def opens(record: models.Model | None, officer) -> str:
    """The page of a record where the officer may open it, else nothing: the right, and one of the record's areas."""
    register = site.of(type(record)) if record is not None else None
    if register is None or not register.may(officer, "read"):
        return ""
    return url_of(record) if _is_inside(record, scope.of_officer(officer, register.right("read"))) else ""


def _is_inside(record: models.Model, reach: scope.Scope) -> bool:
    codes = (getattr(record, f"{field}_id") for field in record.scope_fields)
    return any(code and reach.covers(code) for code in codes)


def cell(register, column, record, *, is_first: bool = False, reach: scope.Scope | None = None) -> Cell:
    """One cell of one record; another record it names is a link where `reach`, the reader's scope there, covers it."""
    kind, value = column.kind(register.model), column.shown(record)
    if kind in ("date", "time"):
        value = getattr(record, column.name)
    value = vocabularies.named(column.name, value)
    tone = TONE_OF.get(str(getattr(record, column.name, "")), "") if kind == "choice" else ""
    url = url_of(record) if is_first else url_of(value) if reach and _leads(value, reach) else ""
    return Cell(column.heading(register.model), value, kind, tone, url)


def _cells(register, record, readable: dict[str, scope.Scope]) -> list[Cell]:
    return [
        cell(register, column, record, is_first=not index, reach=readable.get(column.name))
        for index, column in enumerate(register.shown)
    ]


def readable(register, officer) -> dict[str, scope.Scope]:
    """Columns that name a record whose register the officer may open, each with the scope of that right."""
    found = {}
    for name in {*register.form, *register.filters, *(column.name for column in register.shown)}:
        field = Column(name).field(register.model)
        target = site.of(field.related_model) if isinstance(field, models.ForeignKey) else None
        if target is not None and target.may(officer, "read"):
            found[name] = scope.of_officer(officer, target.right("read"))
    return found


def _leads(value: Any, reach: scope.Scope) -> bool:
    return isinstance(value, models.Model) and site.of(type(value)) is not None and _is_inside(value, reach)


class Pager:
    """A page of a list in the words of the shell's pagination."""

    def __init__(self, page: listing.Page):
        self.number, self.total = page.number, None if page.more else page.count
        self.has_previous, self.has_next = page.previous is not None, page.next is not None
        self.first = (page.number - 1) * listing.PAGE_SIZE + 1 if page.rows else 0
        self.last = (page.number - 1) * listing.PAGE_SIZE + len(page.rows)


def address(request: HttpRequest, **changes: str) -> str:
    """The current parameters with some changed, for links that keep the rest."""
    given = request.GET.copy()
    for name, value in changes.items():
        given[name] = value
    return given.urlencode()
