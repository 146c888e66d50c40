"""One drill: planned, running, evaluated line by line, confirmed; what came too late or not at all becomes findings."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from fangxian.core import drilling
from fangxian.core.clock import now
from fangxian.core.permissions import Permission, may, require
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.drills.lines import Line, lines_of
from fangxian.systems.drills import rules, scenarios, selectors, services
from fangxian.systems.drills.words import HELD, DrillState
from fangxian.workflows import drill as story

MOST_BYTES = 1 << 20


@guard.needs(Permission.DRILLS_READ)
@require_GET
def drill(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What it is, what came of it, what follows; lines of a drill still to be held are for who leads it."""
    found = selectors.drill(pk)
    writes = bool(may(request.user, Permission.DRILLS_WRITE, found.area_id))
    steps = selectors.steps(found) if found.state in HELD else []
    context = {
        "drill": found, "about": scenarios.every().get(found.scenario), "lines": lines_of(steps, found),
        "proposals": _proposals(found) if found.state == DrillState.EVALUATED else [],
        "findings": story.findings_of(found) if found.state == DrillState.CLOSED else [], "may_write": writes,
        "copy_until": _copy_until(found),
        "copy_is_there": bool(found.copied_at and not found.destroyed_at), "now": now(),
        "is_copy": drilling.current() is not None,
    }  # fmt: skip
    return render(request, "drills/drill.html", context)


@guard.needs(Permission.DRILLS_WRITE)
@require_POST
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """It does not take place, with the reason."""
    found = _own(request, pk)
    reason = request.POST.get("reason", "")
    guard.attempt(request, lambda: services.cancel(drill=found, by=request.user, reason=reason), _("Cancelled."))
    return redirect("drill", pk=pk)


@guard.needs(Permission.DRILLS_WRITE)
@require_POST
def take_in(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take in the sealed report of a copy."""
    found = _own(request, pk)
    sent = request.FILES.get("report")
    text = sent.read(MOST_BYTES).decode("utf-8", "replace") if sent else ""
    done = _("The report was taken in.")
    guard.attempt(request, lambda: story.evaluate(drill=found, by=request.user, text=text), done)
    return redirect("drill", pk=pk)


@guard.needs(Permission.DRILLS_WRITE)
@require_POST
def confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Confirm the evaluation with its conclusion; the chosen lines become findings in the words that were typed."""
    found = _own(request, pk)
    chosen = {step.pk: request.POST.get(f"words-{step.pk}", "").strip() for step in selectors.marked(found)
              if request.POST.get(f"finding-{step.pk}")}  # fmt: skip
    if chosen:
        require(request.user, Permission.INSPECTION_WRITE, found.area_id)
    conclusion = request.POST.get("conclusion", "")
    guard.attempt(
        request, lambda: story.confirm(drill=found, by=request.user, conclusion=conclusion, chosen=chosen),
        _("The evaluation is confirmed; what was chosen has become findings."),
    )  # fmt: skip
    return redirect("drill", pk=pk)


def _own(request: HttpRequest, pk: UUID) -> Any:
    found = selectors.drill(pk)
    require(request.user, Permission.DRILLS_WRITE, found.area_id)
    return found


def _copy_until(found: Any) -> datetime | None:
    """When the copy has to be gone."""
    if found.copied_at is None:
        return None
    return found.copied_at + rules.time_to_evaluate(rules.pack_of(found.area_id))


def _proposals(found: Any) -> list[tuple[Line, str]]:
    marked = selectors.marked(found)
    return list(zip(lines_of(marked, found), map(story.proposal, marked), strict=True))
