"""The county board: every figure of an area, since yesterday, and by the areas below; each opens its rows.

The numbers are the counts that are kept (`systems/situation`), so a page of a million residents costs what a page of a
hundred does. What an officer may not open is not shown.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fangxian.core import scope
from fangxian.core.areas import Area, path
from fangxian.core.clock import today
from fangxian.core.permissions import Permission
from fangxian.faces.web.pages import figure_lists, guard
from fangxian.faces.web.pages.command.standing import Shown, shown
from fangxian.faces.web.registers import named
from fangxian.systems.situation import selectors
from fangxian.systems.situation.figures import GROUPS
from fangxian.systems.situation.selectors import Figure, Rows, Value
from fangxian.workflows import county_board

__all__ = ["Group", "Line", "board", "context", "difference", "figure_lists"]

OVERVIEW, ALL = "", "all"
CHIEF = ("cases", "cases_new", "contacts_open", "contacts_nowhere", "quarantine_waiting", "rooms_free", "tests_behind",
         "exceptions_open", "risk_areas_in_force", "directives_late", "tasks_late", "findings_late",
         "signals_open")  # fmt: skip
DAYS_OFFERED = 31


@dataclass(frozen=True)
class Line:
    """One figure: what it is called, its number, what opens it, and what it was the day before."""

    figure: Figure
    value: int | None
    url: str
    change: int | None
    why_url: str
    note: str = ""

    @property
    def tone(self) -> str:
        """Red where there is a reason to act."""
        return "danger" if self.figure.grave and self.value else ""


@dataclass(frozen=True)
class Group:
    """Figures under one heading."""

    key: str
    title: str
    lines: list[Line] = field(default_factory=list)


@guard.needs(Permission.SITUATION_READ)
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """The board alone, as it renews itself on the page."""
    return render(request, "situation/board.html", context(request, area_of(request)))


@guard.needs(Permission.SITUATION_READ)
@require_GET
def difference(request: HttpRequest) -> HttpResponse:
    """Why one figure is not what it was, each part with its rows."""
    area, day = area_of(request), _day(request)
    found = {figure.key: figure for figure in selectors.readable(request.user, area.code)}
    figure = found.get(request.GET.get("figure", ""))
    if figure is None:
        raise Area.DoesNotExist
    [one] = selectors.difference(area, day, day - timedelta(days=1), [figure])
    parts = [(part, _url(selectors.part_link(one, part))) for part in one.parts]
    shown_in = "situation/difference.html" if request.htmx else "situation/difference_page.html"
    found_context = {"area": area, "one": one, "parts": parts, "query": figure.query(selectors.span_of(day)),
                     "group": GROUPS[figure.group]}  # fmt: skip
    return render(request, shown_in, found_context)


def area_of(request: HttpRequest) -> Area:
    """The area asked for, inside the scope; at first that of the officer's own post."""
    code = request.GET.get("area")
    inside = scope.areas_in_scope().select_related("parent")
    return inside.get(code=code) if code else request.user.posts_with(Permission.SITUATION_READ)[0].area


def context(request: HttpRequest, area: Area) -> dict[str, object]:
    """What the board shows of an area."""
    day, now_shown = _day(request), county_board.ask(by=request.user)
    found = selectors.readable(request.user, area.code)
    children = list(scope.areas_in_scope().filter(parent=area).order_by("code"))
    here, *below = shown(request.user, [area, *children], area)
    columns, groups = _columns(found, request.GET.get("group", OVERVIEW)), _groups(found, area, day)
    return {
        "area": area, "here": here, "day": day, "is_today": day == today(), "standing": now_shown,
        "above": [up for up in path(area)[:-1] if scope.current().covers(up.code)], "days": _days(),
        "groups": groups, "is_kept": any(line.value is not None for group in groups for line in group.lines),
        "columns": columns, "children": _below(below, columns, request.GET, day, now_shown.at),
        "tabs": _tabs(found, request.GET),
        "again_url": f"{reverse('situation_board')}?{request.GET.urlencode()}",
    }  # fmt: skip


def _day(request: HttpRequest) -> date:
    """The day asked for: today, or one that is kept."""
    asked = request.GET.get("day")
    return min(named.day_of(asked), today()) if asked else today()


def _days() -> list[date]:
    return [today(), *(day for day in selectors.closed_days(DAYS_OFFERED) if day < today())]


def _groups(found: list[Figure], area: Area, day: date) -> list[Group]:
    """The figures an officer may open, by heading, with what they were the day before."""
    values = selectors.figures(area, day, found)
    before = {one.key: one.value for one in selectors.figures(area, day - timedelta(days=1), found)}
    groups = {key: Group(key, str(title)) for key, title in GROUPS.items()}
    for one in values:
        groups[one.figure.group].lines.append(_line(one, before[one.key], area, day))
    return [group for group in groups.values() if group.lines]


def _line(one: Value, before: int | None, area: Area, day: date) -> Line:
    change = None if one.value is None or before is None else one.value - before
    asked = QueryDict(mutable=True)
    asked.update({"figure": one.key, "area": area.code, "day": day.isoformat()})
    return Line(one.figure, one.value, _url(one.rows), change, f"{reverse('situation_difference')}?{asked.urlencode()}",
                _note(one))  # fmt: skip


def _note(one: Value) -> str:
    """A share of another figure, or so many a number of residents."""
    if one.share is not None:
        whole = selectors.get(one.figure.share_of).name
        return _("%(percent)s %% of “%(whole)s”") % {"percent": number_format(100 * one.share, 1), "whole": whole}
    if one.per is not None:
        people = number_format(one.figure.per, 0, force_grouping=True)
        return _("%(number)s per %(people)s residents") % {"number": number_format(one.per, 1), "people": people}
    return ""


def _columns(found: list[Figure], group: str) -> list[Figure]:
    """The figures of the table by area: those that matter most, those of one heading, or all."""
    if group == ALL:
        return found
    if group in GROUPS:
        return [figure for figure in found if figure.group == group]
    by_key = {figure.key: figure for figure in found}
    return [by_key[key] for key in CHIEF if key in by_key]


def _tabs(found: list[Figure], asked: QueryDict) -> list[tuple[str, str, bool]]:
    """Label, address and whether it is shown, of each set of columns."""
    here = asked.get("group", OVERVIEW)
    labels = {OVERVIEW: _("Overview")}
    labels |= {key: str(title) for key, title in GROUPS.items() if any(one.group == key for one in found)}
    tabs = []
    for key, label in {**labels, ALL: _("Everything")}.items():
        tabs.append((label, f"{_page(asked, group=key)}#by-area", key == here))
    return tabs


def _page(asked: QueryDict, **changes: str) -> str:
    """The address of the page as it is asked for, but for these."""
    query = asked.copy()
    for name, value in changes.items():
        query[name] = value
    return f"{reverse('situation')}?{query.urlencode()}"


def _below(below: list[Shown], columns: list[Figure], asked: QueryDict, day: date, at: datetime | None) -> list[dict]:
    """One row an area below, one cell a figure; one query for all of it."""
    numbers = selectors.table([one.area for one in below], day, columns)
    return [
        {"area": one.area, "shown": one, "url": _page(asked, area=one.area.code),
         "cells": [(figure, numbers[one.area.code].get(figure.key, 0),
                    _url(selectors.rows_link(figure, one.area.code, day, at))) for figure in columns]}
        for one in below if one.area.code in numbers
    ]  # fmt: skip


def _url(rows: Rows | None) -> str:
    return named.url(rows.slug, rows.list, rows.value, rows.area) if rows else ""
