"""Reports up: filled in from the rows, sent with a few words; who below has reported and who has not.

An area reports to the one above it, a working group to the command of its area; whoever leads a group reports for it.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.permissions import Permission, Refused, may
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.directives.issue import area_of
from fangxian.faces.web.pages.directives.lists import line
from fangxian.systems.command import group_selectors
from fangxian.systems.directives import reporting, selectors, services
from fangxian.systems.directives.words import Period


@guard.needs(Permission.DIRECTIVES_READ)
@require_http_methods(["GET", "POST"])
def reports(request: HttpRequest) -> HttpResponse:
    """My report of the period that is over, as the rows say now; and the reports of units and groups below."""
    period = request.GET.get("period", "")
    period = period if period in Period.values else Period.REGULAR
    led = group_selectors.led_by(request.user)
    area, group = _whose(request, led)
    if request.method == "POST":
        said = request.POST.get("remarks", "")
        guard.attempt(
            request,
            lambda: services.report_up(by=request.user, area=area, group=group, period=period, remarks=said),
            _("Reported."),
        )
        return redirect(request.get_full_path())
    speaks = bool(may(request.user, Permission.DIRECTIVES_WRITE))
    return render(request, "directives/reports.html", {**_context(area, group, period), "led": led, "speaks": speaks})


def _whose(request: HttpRequest, led: list[Any]) -> tuple[Area, Any]:
    """The area and the group a report is of: the group asked for, the officer's own area, or the first group."""
    asked = request.GET.get("group")
    group = next((one for one in led if str(one.pk) == asked), None)
    if group is None and (asked or not may(request.user, Permission.DIRECTIVES_WRITE)):
        if asked or not led:
            raise Refused(str(_("Who speaks for an area or leads a working group reports up.")))
        group = led[0]
    return (group.area, group) if group else (area_of(request.user), None)


@guard.needs(Permission.DIRECTIVES_READ)
@require_GET
def report(request: HttpRequest, pk) -> HttpResponse:
    """One report as it was sent, and what the same figures say now where they have changed."""
    found = selectors.report(pk)
    span = reporting.Span(found.period, found.starts_at, found.ends_at, found.due_at)
    context = {
        "report": found, "lines": _lines(found.figures, span, found.area_id, found.group),
        "may_note": bool(may(request.user, Permission.DIRECTIVES_WRITE, found.to_area_id)) and not found.noted_at,
    }  # fmt: skip
    return render(request, "directives/report.html", context)


@guard.needs(Permission.DIRECTIVES_WRITE)
@require_POST
def note(request: HttpRequest, pk) -> HttpResponse:
    """The level above has read it."""
    found = selectors.report(pk)
    guard.attempt(request, lambda: services.note(report=found, by=request.user), _("Noted."))
    return redirect("directive_report", pk=pk)


def _context(area: Area, group: Any, period: str) -> dict[str, Any]:
    span = reporting.span_of(area, period)
    mine = selectors.reports_of(area, group)
    return {
        "area": area, "group": group, "span": span, "period": period, "periods": Period.choices, "now": now(),
        "lines": _lines(reporting.figures(area, span, group=group), span, area.code, group), "mine": mine,
        "sent": next((row for row in mine if (row.period, row.starts_at) == (period, span.starts_at)), None),
        **({} if group else _below(area, period, span)),
    }  # fmt: skip


def _below(area: Area, period: str, span: reporting.Span) -> dict[str, Any]:
    """Who reports to an area: the units below it and its own working groups, with what came."""
    units = services.units_below(area)
    theirs = reporting.span_of(units[0], period) if units else span
    sent = {*selectors.reports_to(area, theirs.starts_at, period), *selectors.reports_to(area, span.starts_at, period)}
    came = {(row.area_id, row.group_id): row for row in sent}
    groups = [one.group for one in group_selectors.groups_in(area.code) if one.group.area_id == area.code]
    rows = [{"unit": unit, "report": came.get((unit.code, None)), "due_at": theirs.due_at} for unit in units]
    rows += [{"unit": one, "report": came.get((area.code, one.pk)), "due_at": span.due_at} for one in groups]
    return {"below": rows, "missing": sum(row["report"] is None for row in rows)}


def _lines(figures: dict[str, int], span: reporting.Span, area: str, group: Any = None) -> list[dict[str, Any]]:
    known = reporting.REPORTED
    return [line(known[key], span, area, value, group) for key, value in figures.items() if key in known]
