"""Statements of subsidies by month: drawn up, agreed to by two, every figure with its days and shifts."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from fangxian.core.permissions import Permission, may, require
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.workforce.board import row_url
from fangxian.faces.web.pages.workforce.common import area_of, month_of
from fangxian.systems.workforce import rules, selectors, services
from fangxian.systems.workforce.words import FrontlineWork, StatementState
from fangxian.workflows import frontline_care

SHOWN = 300


@guard.needs(Permission.WORKFORCE_READ)
@require_GET
def statements(request: HttpRequest) -> HttpResponse:
    """The statements of an area and month, those that wait for an agreement first."""
    here, month = area_of(request), month_of(request)
    rows = list(selectors.statements(here.code, month)[:SHOWN])
    order = {StatementState.SEEN: 0, StatementState.DRAWN: 1, StatementState.APPROVED: 2}
    rows.sort(key=lambda row: order[StatementState(row.state)])
    context = {
        "area": here, "month": month, "rows": rows, "total": sum(row.total for row in rows),
        "approved": sum(row.total for row in rows if row.state == StatementState.APPROVED),
        "waiting": sum(row.state != StatementState.APPROVED for row in rows),
        "export": reverse("register", args=["workforce.subsidystatement"]),
        "may_write": bool(may(request.user, Permission.WORKFORCE_WRITE, here.code)),
    }  # fmt: skip
    return render(request, "workforce/statements.html", context)


@guard.needs(Permission.WORKFORCE_WRITE)
@require_POST
def draw(request: HttpRequest) -> HttpResponse:
    """Draw the statements of a month up, or anew where nobody has agreed yet."""
    here, month = area_of(request, Permission.WORKFORCE_WRITE), month_of(request)
    made: list[Any] = []
    if guard.attempt(request, lambda: made.extend(frontline_care.draw_up(by=request.user, area=here, month=month))):
        told = ngettext("%(n)s statement is drawn up.", "%(n)s statements are drawn up.", len(made))
        messages.success(request, told % {"n": len(made)})
    return redirect(f"{reverse('statements')}?area={here.code}&month={month:%Y-%m}")


@guard.needs(Permission.WORKFORCE_READ)
@require_GET
def statement(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One statement: its lines, the days and shifts behind each, who agreed."""
    found = selectors.statement(pk)
    return render(request, "workforce/statement.html", _told(found, request.user, leads=True))


@guard.signed_in
@require_GET
def my_statement(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The same of one's own, wherever it was drawn up."""
    found = selectors.own_statement(request.user, pk)
    return render(request, "workforce/statement.html", _told(found, request.user, leads=False) | {"own": True})


@guard.needs(Permission.WORKFORCE_WRITE)
@require_POST
def agree(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Agree to a statement; or draw it up anew when shifts have changed since."""
    found = selectors.statement(pk)
    require(request.user, Permission.WORKFORCE_WRITE, found.area_id)
    if request.POST.get("again"):
        guard.attempt(request, lambda: frontline_care.draw_again(statement=found, by=request.user), _("Drawn up anew."))
    else:
        guard.attempt(request, lambda: frontline_care.agree(statement=found, by=request.user), _("Agreed."))
    return redirect("statement", pk=found.pk)


def _told(found: Any, reader: Any, *, leads: bool) -> dict[str, Any]:
    """What the page of a statement shows; `leads`: whoever leads may open the rows behind it and agree."""
    changed = not services.fits(found, frontline_care.lines_of(found))
    is_open = found.state != StatementState.APPROVED
    writes = leads and found.officer_id != reader.pk and bool(may(reader, Permission.WORKFORCE_WRITE, found.area_id))
    lines = [
        {**line, "name": rules.category_name(found.area_id, line["category"], found.month),
         "amount": line["days"] * Decimal(line["yuan"])}
        for line in found.lines
    ]  # fmt: skip
    return {
        "statement": found, "changed": changed, "lines": lines,
        "days": [_day(found, one, leads) for one in frontline_care.evidence(found)],
        "may_agree": writes and is_open and not changed and found.first_by_id != reader.pk,
        "may_redraw": writes and is_open and changed,
    }  # fmt: skip


def _day(found: Any, one: Any, leads: bool) -> dict[str, Any]:
    return {
        "day": one.day, "name": rules.category_name(found.area_id, one.rate.category, one.day), "yuan": one.rate.yuan,
        "hours": one.hours,
        "shifts": [{"span": span, "kind": FrontlineWork(span.kind).label, "url": row_url(span) if leads else ""}
                   for span in one.spans],
    }  # fmt: skip
