"""A community: every criterion with its figure and its rows, the application, and what became of earlier ones."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from fangxian.core import scope
from fangxian.core.areas import Area
from fangxian.core.clock import now, today
from fangxian.core.permissions import Permission, may, require
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.readiness.lists import community_lines
from fangxian.systems.readiness import rules, selectors, services
from fangxian.workflows import epidemic_free

Act = Callable[[HttpRequest, Any], object]


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason", "").strip()


ACTS: dict[str, Act] = {
    "approve": lambda request, row: epidemic_free.approve(row=row, by=request.user),
    "refuse": lambda request, row: services.refuse(row=row, by=request.user, reason=_reason(request)),
    "ask": lambda request, row: services.ask_to_revoke(row=row, by=request.user, reason=_reason(request)),
    "revoke": lambda request, row: services.revoke(row=row, by=request.user),
}
DONE = {
    "approve": _("Granted. It stands on the public list."), "refuse": _("Not granted; the community sees why."),
    "ask": _("Asked. A second person has to agree."), "revoke": _("Revoked."),
}  # fmt: skip


@guard.needs(Permission.READINESS_READ)
@require_GET
def community(request: HttpRequest, code: str) -> HttpResponse:
    """One community, judged now."""
    here = _found(code)
    history = list(selectors.history(here.code)[:20])
    current = next((row for row in history if row.state in row.OPEN), None)
    verdicts = epidemic_free.judge_one(here.code)
    context = {
        "here": here, "lines": community_lines(request.user, here.code, verdicts), "history": history,
        "current": current, "missing": len(rules.broken(verdicts)), "at": now(),
        "last": history[0] if history else None, "can": _can(request.user, here, current, history, verdicts),
        "pack": rules.pack_of(here.code),
    }  # fmt: skip
    return render(request, "readiness/community.html", context)


@guard.needs(Permission.READINESS_WRITE)
@require_POST
def apply(request: HttpRequest, code: str) -> HttpResponse:
    """The community applies, on the evidence of this moment."""
    here = _found(code)
    require(request.user, Permission.READINESS_WRITE, here.code)
    guard.attempt(
        request, lambda: epidemic_free.apply(by=request.user, area=here, note=request.POST.get("note", "")[:200]),
        _("Applied. The township or the county decides."),
    )  # fmt: skip
    return redirect("community", code=here.code)


@guard.needs(Permission.READINESS_READ)
@require_GET
def application(request: HttpRequest, pk) -> HttpResponse:
    """An application is shown on the page of its community."""
    return redirect("community", code=selectors.application(pk).area_id)


@guard.needs(Permission.READINESS_WRITE)
@require_POST
def act(request: HttpRequest, pk, community_deed: str) -> HttpResponse:
    """One step; the verb says whether this officer may, and why not."""
    row = selectors.application(pk)
    require(request.user, Permission.READINESS_WRITE, row.area_id)
    guard.attempt(request, lambda: ACTS[community_deed](request, row), DONE[community_deed])
    return redirect("community", code=row.area_id)


def _found(code: str) -> Area:
    """The community inside the scope; any other area is none."""
    found = Area.objects.filter(code=code, kind__in=[Area.Kind.VILLAGE, Area.Kind.GRID_CELL]).first()
    if found is None or not scope.current().covers(found.code):
        raise Http404
    return found


def _can(officer: Any, here: Area, current: Any, history: list, verdicts: list) -> dict[str, bool]:
    """What this officer may do now, for the buttons; the verbs decide."""
    writes = bool(may(officer, Permission.READINESS_WRITE, here.code))
    waits = any(row.again_from and row.again_from > today() for row in history)
    state = current.state if current else ""
    above = writes and bool(here.parent_id) and bool(may(officer, Permission.READINESS_WRITE, here.code[:9]))
    return {
        "apply": writes and current is None and not waits and not rules.broken(verdicts),
        "decide": above and state == "APPLIED" and current.created_by_id != officer.pk,
        "ask": above and state == "GRANTED" and current.asked_by_id is None,
        "revoke": above and state == "GRANTED" and bool(current.asked_by_id) and current.asked_by_id != officer.pk,
    }  # fmt: skip
