"""A sample: what was found, what lies there, what followed."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from fangxian.core.permissions import Permission, may, require
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.figures import readable
from fangxian.registers import site
from fangxian.systems.environment import selectors, services
from fangxian.systems.environment.words import Result, Subject
from fangxian.workflows import environment_positive

LOTS = "goods.lot"


@guard.needs(Permission.ENVIRONMENT_SAMPLES_READ)
@require_GET
def sample(request: HttpRequest, pk) -> HttpResponse:
    """Its facts and result; for a positive one what lies there, the orders, and the report to copy."""
    found = selectors.sample(pk)
    context = {
        "sample": found, "orders": selectors.orders_for([found.pk]),
        "results": [choice for choice in Result.choices if choice[0] != Result.PENDING],
        "about": _about(request, found),
        "may_report": bool(may(request.user, Permission.ENVIRONMENT_SAMPLES_REPORT, found.area_id)),
        "may_trace": bool(may(request.user, Permission.TRACE_RUN, found.area_id)),
        "lying": None,
    }  # fmt: skip
    if found.result == Result.POSITIVE and readable(request.user, LOTS):
        with site.get(LOTS).scope(request.user, "read"):
            context |= {"lying": environment_positive.found_at(found), "report": environment_positive.report(found)}
    return render(request, "environment/sample.html", context)


def _about(request: HttpRequest, found) -> dict[str, Any] | None:
    """What was sampled, with the way there for whoever may read it."""
    if found.subject_kind not in Subject.values:
        return None
    label = Subject(found.subject_kind).label
    if not readable(request.user, found.subject_kind):
        return {"label": label}
    return {"label": label, "url": reverse("register_record", args=[found.subject_kind, found.subject_id])}


@guard.needs(Permission.ENVIRONMENT_SAMPLES_REPORT)
@require_POST
def result(request: HttpRequest, pk) -> HttpResponse:
    """Report a result; with a reason it corrects the one on record."""
    found = selectors.sample(pk)
    require(request.user, Permission.ENVIRONMENT_SAMPLES_REPORT, found.area_id)
    value, reason = request.POST.get("result", ""), request.POST.get("reason")
    if reason is None:
        laboratory = request.POST.get("laboratory", "").strip()[:80]
        guard.attempt(
            request, lambda: services.report(sample=found, by=request.user, result=value, laboratory=laboratory),
            _("The result is kept."),
        )  # fmt: skip
    else:
        guard.attempt(
            request, lambda: services.correct(sample=found, by=request.user, result=value, reason=reason),
            _("The result is corrected."),
        )  # fmt: skip
    return redirect("environment_sample", pk=found.pk)
