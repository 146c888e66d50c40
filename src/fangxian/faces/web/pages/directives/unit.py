"""One directive at one unit: read, receive, deploy, answer with photos; check, send back. Made for a phone first."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from fangxian.core import audit
from fangxian.core.clock import now
from fangxian.core.permissions import Permission
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.directives.lists import cells, lasting
from fangxian.faces.web.registers import attachments
from fangxian.registers import site
from fangxian.systems.directives import selectors, services
from fangxian.systems.directives.transitions import Verb, verbs
from fangxian.systems.directives.words import Outcome

ALL = "all"
ROW = ("handed", "not_received", "late", "not_answered", "answered", "done")
DONE = {
    "receive": _("Received."), "deploy": _("Deployed."), "answer": _("Answered."), "check": _("Checked."),
    "look-again": _("Looked at again: it is still so."), "send-back": _("Sent back to the unit."),
    "withdraw": _("Taken off this unit."),
}  # fmt: skip


@guard.needs(Permission.DIRECTIVES_READ)
@require_GET
def unit(request: HttpRequest, pk) -> HttpResponse:
    """What it says, where it stands here and below, and what can be done now."""
    found, register = selectors.handing(pk), site.get("directives.handing")
    below = selectors.tree(found.directive, found)
    context = {
        "left": lasting(found.due_at - now()), "goal_left": lasting(found.directive.left),
        "register": register, **attachments.tab(request, register, found), "handing": found, "now": now(),
        "directive": found.directive, "verbs": [str(verb) for verb in verbs(found, request.user)],
        "branches": [_row(found, branch) for branch in below], "outcomes": Outcome.choices, "steps": _steps(found),
        "open_below": sum(branch.handing.state in branch.handing.OPEN for branch in below),
        "takers": _takers(found, request.user),
        "history": audit.history(found).select_related("officer").order_by("-seq")[:30],
    }  # fmt: skip
    return render(request, "directives/unit.html", context)


@guard.needs(Permission.DIRECTIVES_WRITE)
@require_POST
def act(request: HttpRequest, pk, unit_deed: str) -> HttpResponse:
    """One step; the reason it is refused for stands on the page."""
    found = selectors.handing(pk)
    done = guard.attempt(request, lambda: DEEDS[unit_deed](request, found), DONE[unit_deed])
    if done and request.POST.get("next") == "board":
        return redirect("directives")
    return redirect("directive_unit", pk=pk)


def _said(request: HttpRequest, name: str = "text") -> str:
    return request.POST.get(name, "").strip()


def _answer(request: HttpRequest, found: Any) -> Any:
    files = [(file.name or "photo.jpg", file.read()) for file in request.FILES.getlist("evidence")]
    return services.answer(
        handing=found, by=request.user, answer=_said(request), outcome=_said(request, "outcome") or Outcome.DONE,
        evidence=files, shortfall=_said(request, "shortfall"),
    )  # fmt: skip


def _takers(found: Any, officer: Any) -> list[Any]:
    """Units below that may still be given it by hand: it went to this level only, or units were added since."""
    return services.without(found) if found.group_id is None and Verb.DEPLOY in verbs(found, officer) else []


def _chosen(request: HttpRequest, found: Any) -> list[Any] | None:
    """The units it is handed on to; None for as far as the directive itself says."""
    codes = set(request.POST.getlist("to"))
    takers = services.without(found) if codes else []
    return [area for area in takers if ALL in codes or area.code in codes] or None


DEEDS: dict[str, Callable[[HttpRequest, Any], Any]] = {
    "receive": lambda request, found: services.receive(
        handing=found, by=request.user, leader=_said(request, "leader"), deputy=_said(request, "deputy")
    ),
    "deploy": lambda request, found: services.deploy(
        handing=found, by=request.user, deployment=_said(request), to=_chosen(request, found)
    ),
    "answer": _answer,
    "check": lambda request, found: services.check(handing=found, by=request.user),
    "look-again": lambda request, found: services.look_again(handing=found, by=request.user),
    "send-back": lambda request, found: services.send_back(handing=found, by=request.user, reason=_said(request)),
    "withdraw": lambda request, found: services.withdraw_unit(handing=found, by=request.user, reason=_said(request)),
}


def _row(found: Any, branch: selectors.Branch) -> dict[str, Any]:
    has_below = branch.below["handed"] > 0
    area = branch.handing.area_id
    return {"branch": branch, "cells": cells(branch.below, ROW, found.directive_id, area) if has_below else []}


def _steps(found: Any) -> list[dict[str, Any]]:
    """Each hand-over with its time, by whom, and how long it took."""
    rows = [
        (_("Handed down"), found.handed_at, None, None),
        (_("Received"), found.received_at, found.received_by, "handed_at"),
        (_("Deployed"), found.deployed_at, found.deployed_by, "received_at"),
        (_("Answered"), found.answered_at, found.answered_by, "received_at"),
        (_("To be done again"), found.returned_at, None, None),
        (_("Checked"), found.checked_at, found.checked_by, "answered_at"),
        (_("Looked at again"), found.looked_again_at, None, None),
    ]  # fmt: skip
    began = {since: getattr(found, since) for _label, _at, _by, since in rows if since}
    return [
        {"label": label, "at": at, "by": by, "took": lasting(at - began[since]) if began.get(since) else ""}
        for label, at, by, since in rows if at
    ]  # fmt: skip
