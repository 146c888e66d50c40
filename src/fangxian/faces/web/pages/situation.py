"""The situation: the county board, and the curve of cases beside it. Every figure opens the rows it counts."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fangxian.core.permissions import Permission
from fangxian.faces.web.pages import board, guard, lists
from fangxian.faces.web.pages.figures import readable
from fangxian.faces.web.pages.reporting.assessments import standing
from fangxian.faces.web.registers import named
from fangxian.registers import site
from fangxian.systems.cases import selectors as cases

DAYS_SHOWN = 30


@guard.needs(Permission.SITUATION_READ)
@require_GET
def situation(request: HttpRequest) -> HttpResponse:
    """One page, one area; the areas below it are its rows."""
    area = board.area_of(request)
    context = {**board.context(request, area), "has_cases": _has_cases(request.user, area.code)}
    context["assessed"] = standing(request.user, area)
    return render(request, "situation/situation.html", context)


@guard.needs(Permission.SITUATION_READ)
@require_GET
def curve(request: HttpRequest) -> JsonResponse:
    """The curve, for the chart: drawn from the cases themselves, so the board does not wait for it."""
    return JsonResponse(_curve(request.user, board.area_of(request).code) or {})


def _has_cases(officer, area: str) -> bool:
    """Whether there is a case to draw; asks for one row."""
    if not readable(officer, lists.CASES):
        return False
    with site.get(lists.CASES).scope(officer, "read"):
        return named.rows(lists.CASES, "counting", "", area).order_by().exists()


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
