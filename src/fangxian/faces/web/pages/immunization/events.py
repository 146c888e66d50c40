"""One adverse event: its clocks, its stages, what is near it; each step has its form."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from fangxian.core.clock import now
from fangxian.core.permissions import Permission, may, require
from fangxian.faces.web.pages import guard
from fangxian.systems.immunization import selectors, services


@guard.needs(Permission.IMMUNIZATION_READ)
@require_GET
def event(request: HttpRequest, pk) -> HttpResponse:
    """What happened after which dose, by when what is owed, and events like it."""
    found = selectors.event(pk)
    near = [row for row in selectors.cluster_of(found) if row.pk != found.pk]
    names = services.AEFI
    context = {
        "event": found, "dose": found.dose, "near": near, "now": now(), "serious": names.Serious.choices,
        "outcomes": names.Outcome.choices, "classifications": names.Classification.choices,
        "causalities": names.Causality.choices, "clocks": _clocks(found),
        "may_write": found.stage != "FINAL" and bool(may(request.user, Permission.IMMUNIZATION_WRITE, found.area_id)),
    }  # fmt: skip
    return render(request, "immunization/event.html", context)


@guard.needs(Permission.IMMUNIZATION_WRITE)
@require_POST
def act(request: HttpRequest, pk, stage: str) -> HttpResponse:
    """One step of an event."""
    found = selectors.event(pk)
    require(request.user, Permission.IMMUNIZATION_WRITE, found.area_id)
    guard.attempt(request, lambda: STEPS[stage](request, found), _("Kept."))
    return redirect("aefi", pk=pk)


def _clocks(found: Any) -> list[dict[str, Any]]:
    """The three clocks: what, by when, done when, late or not."""
    rows = (
        (_("Reported up"), found.report_due_at, found.reported_at),
        (_("Investigated"), found.investigate_due_at, found.investigated_at),
        (_("Concluded"), found.conclude_due_at, found.concluded_at),
    )
    return [
        {"label": label, "due": due, "done": done, "is_late": due is not None and (done or now()) > due}
        for label, due, done in rows
    ]


def _grade(request: HttpRequest, found: Any) -> None:
    reason = request.POST.get("serious_reason", "")
    services.grade(event=found, by=request.user, severity="SERIOUS" if reason else "NON_SERIOUS", serious_reason=reason)


def _investigate(request: HttpRequest, found: Any) -> None:
    services.investigate(event=found, by=request.user, findings=request.POST.get("findings", ""),
                         outcome=_outcome(request))  # fmt: skip


def _conclude(request: HttpRequest, found: Any) -> None:
    services.conclude(
        event=found, by=request.user, classification=request.POST.get("classification", ""),
        causality=request.POST.get("causality", ""), outcome=_outcome(request) or found.outcome,
    )  # fmt: skip


def _outcome(request: HttpRequest) -> str:
    asked = request.POST.get("outcome", "")
    return asked if asked in services.AEFI.Outcome.values else ""


STEPS: dict[str, Callable[[HttpRequest, Any], Any]] = {
    "report-up": lambda request, found: services.report_up(event=found, by=request.user),
    "grade": _grade,
    "investigate": _investigate,
    "conclude": _conclude,
}
