"""Gatherings: what waits for a decision, what is coming, what was refused but held; one gathering with its decision."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fangxian.core.clock import now
from fangxian.core.permissions import Permission, may, require
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.community.officer_forms import FoundForm, LookForm
from fangxian.faces.web.registers import attachments
from fangxian.registers import site
from fangxian.systems.community import selectors, services
from fangxian.systems.community.transitions import GATHERING, allowed, may_decide
from fangxian.systems.community.words import ApprovalLevel, GatheringMeasure

SHOWN = 60
LABELS = {
    "approve": _("Approved."), "refuse": _("Refused."), "cancel": _("Given up."),
    "check": _("Entered; what broke the terms is a finding."),
}  # fmt: skip


@guard.needs(Permission.COMMUNITY_READ)
@require_GET
def gatherings(request: HttpRequest) -> HttpResponse:
    """The overview."""
    parts = [
        ("decide", _("Waiting for a decision"), list(selectors.undecided()[:SHOWN])),
        ("against", _("Held against the rules"), list(selectors.against_the_rules()[:SHOWN])),
        ("look", _("Over, and nobody has said what was seen"), list(selectors.unlooked()[:SHOWN])),
        ("coming", _("Coming"), list(selectors.coming()[:SHOWN])),
    ]
    context = {
        "parts": parts, "figures": [_figure(key, label, rows) for key, label, rows in parts], "now": now(),
        "may_write": bool(may(request.user, Permission.COMMUNITY_WRITE)),
    }  # fmt: skip
    return render(request, "community/gatherings.html", context)


@guard.needs(Permission.COMMUNITY_READ)
@require_GET
def gathering(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One gathering: what was told, who decides and by which rule, what was decided and seen."""
    found, register = selectors.gathering(pk), site.get("community.gathering")
    verdict, writes = services.judged(found), may(request.user, Permission.COMMUNITY_WRITE, found.area_id)
    context = {
        "gathering": found, "register": register, "now": now(), "measures": [item.label for item in verdict.measures],
        "licence": verdict.licence, "steps": _steps(found, request) if writes else [],
        "wait_for": "" if may_decide(found, request.user) else ApprovalLevel(found.level).label,
        "look": LookForm(initial={"came": found.expected}),
        "not_kept": [GatheringMeasure(item).label for item in found.not_kept],
        **attachments.tab(request, register, found),
    }  # fmt: skip
    return render(request, "community/gathering.html", context)


@guard.needs(Permission.COMMUNITY_WRITE)
@require_POST
def act(request: HttpRequest, pk: UUID, gathering_deed: str) -> HttpResponse:
    """Approve, refuse, give up, or enter what was seen; the reason of a refusal stands on the page."""
    found = selectors.gathering(pk)
    require(request.user, Permission.COMMUNITY_WRITE, found.area_id)
    guard.attempt(request, lambda: DEEDS[gathering_deed](request, found), str(LABELS[gathering_deed]))
    return redirect("gathering", pk)


@guard.needs(Permission.COMMUNITY_WRITE)
@require_http_methods(["GET", "POST"])
def found(request: HttpRequest) -> HttpResponse:
    """Enter a gathering nobody had given notice of."""
    form = FoundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        require(request.user, Permission.COMMUNITY_WRITE, form.cleaned_data["area"].code)
        try:
            made = services.found(by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return redirect("gathering", made.pk)
    return render(request, "community/found.html", {"form": form}, status=422 if form.errors else 200)


def _look(request: HttpRequest, found: Any) -> Any:
    form = LookForm(request.POST)
    if not form.is_valid():
        raise ValidationError([reason for reasons in form.errors.values() for reason in reasons])
    return services.look(gathering=found, by=request.user, **form.told())


DEEDS: dict[str, Callable[[HttpRequest, Any], Any]] = {
    "approve": lambda request, found: services.approve(
        gathering=found, by=request.user, conditions=request.POST.get("conditions", "")
    ),
    "refuse": lambda request, found: services.refuse(
        gathering=found, by=request.user, reason=request.POST.get("reason", "")
    ),
    "cancel": lambda request, found: services.cancel(
        gathering=found, by=request.user, reason=request.POST.get("reason", "")
    ),
    "check": _look,
}


def _steps(found: Any, request: HttpRequest) -> list[str]:
    """What may be done now, by this officer."""
    steps = [step for step in allowed(GATHERING, found) if step != "check" or found.starts_at <= now()]
    if found.level == ApprovalLevel.PROHIBITED and "approve" in steps:
        steps.remove("approve")
    return [step for step in steps if step not in ("approve", "refuse") or may_decide(found, request.user)]


def _figure(key: str, label: Any, rows: list[Any]) -> dict[str, Any]:
    tone = "danger" if rows and key == "against" else "warning" if rows and key in ("decide", "look") else ""
    return {"label": label, "value": len(rows), "url": f"{reverse('gatherings')}#part-{key}", "tone": tone}
