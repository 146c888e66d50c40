"""Accountability: decided by one, appealed by who answers, heard by another."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from fangxian.core.clock import now
from fangxian.core.permissions import Permission, may
from fangxian.faces.web.pages import guard
from fangxian.systems.command import transitions
from fangxian.systems.inspection import selectors, services
from fangxian.systems.inspection.words import Measure

OUTCOMES = (("UPHELD", _("Upheld")), ("CHANGED", _("Changed to another measure")), ("REVOKED", _("Revoked")))
ACTS: dict[str, Callable[[Any, Any, str, str], object]] = {
    "decide": lambda one, by, reason, measure: services.decide(account=one, by=by, decision=reason, measure=measure),
    "drop": lambda one, by, reason, measure: services.drop(account=one, by=by, reason=reason),
    "appeal": lambda one, by, reason, measure: services.appeal(account=one, by=by, appeal=reason),
}
DONE = {
    "decide": _("Decided; it may be appealed."), "drop": _("Not pursued."),
    "appeal": _("Appealed; somebody else hears it."), "hear": _("The appeal was heard."),
}  # fmt: skip
WORDS = (*ACTS, "hear")


@guard.needs(Permission.INSPECTION_READ)
@require_GET
def account(request: HttpRequest, pk) -> HttpResponse:
    """One accountability with its record, decision and appeal."""
    found = selectors.account(pk)
    context = {"account": found, "finding": found.finding, "can": _can(request.user, found),
               "measures": Measure.choices, "outcomes": OUTCOMES}  # fmt: skip
    return render(request, "supervision/account.html", context)


@guard.needs(Permission.INSPECTION_READ)
@require_POST
def act(request: HttpRequest, pk, account_deed: str) -> HttpResponse:
    """One step; the verb says whether this officer may, and why not."""
    found = selectors.account(pk)
    reason, measure = request.POST.get("reason", "").strip(), request.POST.get("measure", "")
    measure = measure if measure in Measure.values else ""
    if account_deed == "hear":
        outcome = request.POST.get("outcome", "")
        guard.attempt(
            request,
            lambda: services.hear(account=found, by=request.user, outcome=outcome, reason=reason, measure=measure),
            DONE["hear"],
        )
    else:
        guard.attempt(request, lambda: ACTS[account_deed](found, request.user, reason, measure), DONE[account_deed])
    return redirect("account", pk=found.pk)


def _can(officer: Any, found: Any) -> dict[str, bool]:
    decides = bool(may(officer, Permission.INSPECTION_DECIDE, found.area_id))
    known = {found.created_by_id, found.decided_by_id, found.appealed_by_id, found.officer_id}
    answers = officer.pk == found.officer_id or transitions.is_holder(found.finding.task, officer)
    in_time = found.appeal_until is not None and now() <= found.appeal_until
    return {
        "decide": decides and found.state == "PROPOSED" and officer.pk not in known,
        "hear": decides and found.state == "APPEALED" and officer.pk not in known,
        "appeal": found.state == "IN_FORCE" and answers and in_time,
    }
