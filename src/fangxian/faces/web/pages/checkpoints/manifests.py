"""A manifest: everybody and everything aboard a run, what stands out first, what is decided."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fangxian.core.permissions import Permission, may, require
from fangxian.faces.web.pages import guard
from fangxian.systems.checkpoints import manifests, selectors
from fangxian.systems.checkpoints.words import Decision, GoodsAct
from fangxian.workflows import passage as story


@guard.needs(Permission.CHECKPOINTS_READ)
@require_GET
def manifest(request: HttpRequest, pk: Any) -> HttpResponse:
    """People and goods of a run."""
    found = selectors.manifest(pk)
    people, goods = selectors.passengers(found.pk), selectors.consignments(found.pk)
    context = {
        "manifest": found, "people": people, "goods": goods, "decisions": Decision.choices,
        "acts": [choice for choice in GoodsAct.choices if choice[0] != GoodsAct.WAITING],
        "striking": sum(bool(one.gravest) for one in people), "waiting": sum(one.judged_at is None for one in people),
        "striking_goods": sum(bool(one.gravest) for one in goods), "undecided": manifests.undecided(found),
        "may_write": bool(may(request.user, Permission.CHECKPOINTS_WRITE, found.area_id)) and not found.closed_at,
    }  # fmt: skip
    return render(request, "checkpoints/manifest.html", context)


@guard.needs(Permission.CHECKPOINTS_WRITE)
@require_POST
def match(request: HttpRequest, pk: Any) -> HttpResponse:
    """Ask the lists and the risk areas about everybody and everything aboard, now."""
    found = selectors.manifest(pk)
    require(request.user, Permission.CHECKPOINTS_WRITE, found.area_id)
    guard.attempt(request, lambda: story.match_manifest(found), _("The lists were asked."))
    return redirect("manifest", found.pk)


@guard.needs(Permission.CHECKPOINTS_WRITE)
@require_POST
def close(request: HttpRequest, pk: Any) -> HttpResponse:
    """The work on a run is done."""
    found = selectors.manifest(pk)
    require(request.user, Permission.CHECKPOINTS_WRITE, found.area_id)
    guard.attempt(request, lambda: manifests.close(manifest=found, by=request.user), _("The run is closed."))
    return redirect("manifest", found.pk)


@guard.needs(Permission.CHECKPOINTS_WRITE)
@require_POST
def decide(request: HttpRequest, pk: Any) -> HttpResponse:
    """What is done with somebody who gets off."""
    found = selectors.passenger(pk)
    require(request.user, Permission.CHECKPOINTS_WRITE, found.area_id)
    decision = request.POST.get("decision", "")
    guard.attempt(request, lambda: _decided(found, decision, request.user))
    return redirect("manifest", found.manifest_id)


@guard.needs(Permission.CHECKPOINTS_WRITE)
@require_POST
def treat(request: HttpRequest, pk: Any) -> HttpResponse:
    """What is done with goods."""
    found = selectors.consignment(pk)
    require(request.user, Permission.CHECKPOINTS_WRITE, found.area_id)
    given = {"act": request.POST.get("act", ""), "why": request.POST.get("why", "")}
    guard.attempt(request, lambda: manifests.treat(consignment=found, by=request.user, **given))
    return redirect("manifest", found.manifest_id)


def _decided(found: Any, decision: str, by: Any) -> Any:
    if decision not in Decision.values:
        raise ValidationError(_("Choose what is decided."))
    return manifests.decide(passenger=found, by=by, decision=decision)
