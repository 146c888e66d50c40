"""Reports up: filled in from the rows, sent with a few words; who below has reported and who has not."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.permissions import Permission, may
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.directives.issue import area_of
from fangxian.faces.web.pages.directives.lists import line
from fangxian.systems.directives import reporting, selectors, services
from fangxian.systems.directives.words import Period


@guard.needs(Permission.DIRECTIVES_WRITE)
@require_http_methods(["GET", "POST"])
def reports(request: HttpRequest) -> HttpResponse:
    """My report of the period that is over, as the rows say now; and the reports of the units below."""
    period = request.GET.get("period", "")
    period = period if period in Period.values else Period.REGULAR
    area = area_of(request.user)
    if request.method == "POST":
        said = request.POST.get("remarks", "")
        sent = guard.attempt(
            request, lambda: services.report_up(by=request.user, area=area, period=period, remarks=said), _("Reported.")
        )
        return redirect("directive_reports") if sent else redirect(request.get_full_path())
    return render(request, "directives/reports.html", _context(area, period))


@guard.needs(Permission.DIRECTIVES_READ)
@require_GET
def report(request: HttpRequest, pk) -> HttpResponse:
    """One report as it was sent, and what the same figures say now where they have changed."""
    found = selectors.report(pk)
    span = reporting.Span(found.period, found.starts_at, found.ends_at, found.due_at)
    context = {
        "report": found, "lines": _lines(found.figures, span, found.area_id),
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


def _context(area: Area, period: str) -> dict[str, Any]:
    span = reporting.span_of(area, period)
    below = services.units_below(area)
    theirs = reporting.span_of(below[0], period) if below else span
    came: dict[str, Any] = {row.area_id: row for row in selectors.reports_to(area, theirs.starts_at, period)}
    mine = selectors.reports_of(area)
    return {
        "area": area, "span": span, "period": period, "periods": Period.choices, "now": now(),
        "lines": _lines(reporting.figures(area, span), span, area.code), "mine": mine, "theirs": theirs,
        "sent": next((row for row in mine if (row.period, row.starts_at) == (period, span.starts_at)), None),
        "below": [{"area": unit, "report": came.get(unit.code)} for unit in below],
        "missing": sum(unit.code not in came for unit in below),
    }  # fmt: skip


def _lines(figures: dict[str, int], span: reporting.Span, area: str) -> list[dict[str, Any]]:
    known = reporting.REPORTED
    return [line(known[key], span, area, value) for key, value in figures.items() if key in known]
