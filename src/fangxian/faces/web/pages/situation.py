"""The situation: cases, contacts, tasks, rooms, tests of an area. Every figure is the count of a list and opens it."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from fangxian.core import scope
from fangxian.core.areas import Area, path
from fangxian.core.clock import today
from fangxian.core.permissions import Permission
from fangxian.faces.web.pages import guard, lists
from fangxian.faces.web.pages.command.standing import Shown, shown
from fangxian.faces.web.pages.figures import Figure, by_child, readable, row_of
from fangxian.faces.web.registers import named
from fangxian.registers import site
from fangxian.systems.cases import selectors as cases

DAYS_SHOWN = 30
TASK_COLUMNS = (("open", gettext_lazy("Tasks open"), ""), ("overdue", gettext_lazy("Overdue"), "danger"),
                ("finished", gettext_lazy("Done"), "success"))  # fmt: skip


@guard.needs(Permission.SITUATION_READ)
@require_GET
def situation(request: HttpRequest) -> HttpResponse:
    """One page, one area; the areas below it are its rows."""
    area = _area(request)
    children = list(scope.areas_in_scope().filter(parent=area).order_by("code"))
    here, *below = shown(request.user, [area, *children], area)
    context = {
        "area": area,
        "here": here,
        "figures": _figures(request.user, area.code),
        "rooms": _rooms(request.user, area.code),
        "tests": _tests(request.user, area.code),
        "rings": _rings(request.user, area.code),
        "above": [up for up in path(area)[:-1] if scope.current().covers(up.code)],
        "children": _children(request.user, below),
        "curve": _curve(request.user, area.code),
    }
    return render(request, "situation/situation.html", context)


def _area(request: HttpRequest) -> Area:
    """The area asked for, inside the scope; at first that of the officer's own post."""
    code = request.GET.get("area")
    inside = scope.areas_in_scope().select_related("parent")
    return inside.get(code=code) if code else request.user.posts_with(Permission.SITUATION_READ)[0].area


def _figures(officer, area: str) -> list[Figure]:
    since = lists.yesterday()
    return row_of(
        officer,
        (lists.CASES, "counting", _("Cases"), {"area": area, "tone": "danger"}),
        (lists.CASES, "since", _("New since yesterday"), {"area": area, "value": since, "tone": "danger"}),
        (lists.CONTACTS, "active", _("Contacts being followed"), {"area": area}),
        (lists.TASKS, "open", _("Tasks open"), {"area": area}),
        (lists.TASKS, "overdue", _("Tasks overdue"), {"area": area, "tone": "danger"}),
        (lists.STAYS, "waiting", _("Waiting for a room"), {"area": area, "tone": "danger"}),
    )


def _rooms(officer, area: str) -> list[Figure]:
    return row_of(
        officer,
        (lists.ROOMS, "guest", _("Rooms"), {"area": area}),
        (lists.ROOMS, "in_use", _("In use"), {"area": area, "tone": "warning"}),
        (lists.ROOMS, "promised", _("Promised"), {"area": area}),
        (lists.ROOMS, "not_ready", _("Not ready"), {"area": area}),
        (lists.ROOMS, "free", _("Free"), {"area": area, "tone": "success"}),
    )


def _tests(officer, area: str) -> list[Figure]:
    day = {"value": today().isoformat(), "area": area}
    return row_of(
        officer,
        (lists.DUTIES, "due_on", _("Due today"), day),
        (lists.DUTIES, "done_on", _("Done"), {**day, "tone": "success"}),
        (lists.DUTIES, "missing_on", _("Not yet"), {**day, "tone": "warning"}),
        (lists.DUTIES, "behind", _("Behind"), {"area": area, "tone": "danger"}),
    )


def _rings(officer, area: str) -> list[tuple[str, list[Figure]]]:
    """Contacts by ring and state."""
    states = (("active", _("Followed"), ""), ("converted", _("Became cases"), "danger"), ("dropped", _("Dropped"), ""))
    return [
        (str(ring.label), found)
        for ring in (site.get(lists.CONTACTS).model.Ring if readable(officer, lists.CONTACTS) else ())
        if (found := row_of(officer, *((lists.CONTACTS, key, label, {"value": ring.value, "area": area, "tone": tone})
                                       for key, label, tone in states)))
    ]  # fmt: skip


def _children(officer, below: list[Shown]) -> list[dict]:
    """One row an area below: mode, streak, cases, contacts, tasks by state; one query a column."""
    children = [one.area for one in below]
    asked = [(lists.CASES, "counting", _("Cases"), "danger"), (lists.CONTACTS, "active", _("Contacts"), "")]
    asked += [(lists.TASKS, key, label, tone) for key, label, tone in TASK_COLUMNS]
    asked = [column for column in asked if readable(officer, column[0])]
    counts = [(slug, key, label, tone, by_child(officer, slug, key, children)) for slug, key, label, tone in asked]
    return [
        {"area": one.area, "shown": one,
         "cells": [(label, found[one.area.code], named.url(slug, key, area=one.area.code), tone)
                   for slug, key, label, tone, found in counts]}
        for one in below
    ]  # fmt: skip


def _curve(officer, area: str) -> dict | None:
    """Cases by day, for the chart; each bar opens the cases of its day."""
    if not readable(officer, lists.CASES):
        return None
    with site.get(lists.CASES).scope(officer, "read"):
        found = {day.day: day for day in cases.curve(area)}
    if not found:
        return None
    last = max(found)
    first = max(min(found), last - timedelta(days=DAYS_SHOWN - 1))
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    urls = [named.url(lists.CASES, "of_day", day.isoformat(), area) for day in days]
    onset = [found[day].onset if day in found else 0 for day in days]
    sampled = [found[day].sampled if day in found else 0 for day in days]
    by_onset = {"name": _("By onset"), "data": onset, "tone": "danger", "urls": urls}
    silent = {"name": _("Without symptoms, by first positive sample"), "data": sampled, "tone": "warning", "urls": urls}
    return {"kind": "bar", "stacked": True, "days": [f"{day:%m-%d}" for day in days], "series": [by_onset, silent]}
