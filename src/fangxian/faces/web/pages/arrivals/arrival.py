"""The page of an arrival, the page of a loop, and what may be done there."""

from typing import Any

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from fangxian.core import scope
from fangxian.core.clock import now
from fangxian.core.permissions import Permission, may, require
from fangxian.faces.web.pages import guard
from fangxian.systems.arrivals import appealing, residents, selectors, services
from fangxian.systems.arrivals.transitions import verbs
from fangxian.systems.command import selectors as command
from fangxian.workflows import closed_loop
from fangxian.workflows.loop import chasing, own_page

LABELS = {
    "land": _("Has landed"), "check": _("Checked at the landing"), "receive": _("Received at home"),
    "not_come": _("Did not come"),
}  # fmt: skip
ACTS = {
    "land": lambda request, found: services.land(by=request.user, arrival=found),
    "check": lambda request, found: services.check(
        by=request.user, arrival=found, tested_at=now() if request.POST.get("tested") else None
    ),
    "receive": lambda request, found: services.receive(by=request.user, arrival=found),
    "not_come": lambda request, found: services.not_come(
        by=request.user, arrival=found, note=request.POST.get("text", "").strip()
    ),
}


@guard.needs(Permission.ARRIVALS_READ)
@require_GET
def arrival(request: HttpRequest, pk) -> HttpResponse:
    """One arrival: from where, judged how, pushed to whom, and its closed loop."""
    found = selectors.arrival(pk)
    loop = selectors.loop_of(found.pk)
    writes = bool(may(request.user, Permission.ARRIVALS_WRITE))
    context = {
        "arrival": found, "stays": selectors.stays_of([found.pk])[found.pk], "loop": loop,
        "verbs": [(verb, LABELS[verb]) for verb in verbs(found)] if writes else [],
        "tasks": command.for_subject(chasing.ARRIVAL, found.pk), "now": now(), **(_loop(request, loop) if loop else {}),
    }  # fmt: skip
    return render(request, "arrivals/arrival.html", context)


@guard.needs(Permission.ARRIVALS_WRITE)
@require_POST
def act(request: HttpRequest, pk, verb: str) -> HttpResponse:
    """One step of an arrival; what follows from it follows at once, so that the next page shows it."""
    found = selectors.arrival(pk)
    if verb in ACTS and guard.attempt(request, lambda: ACTS[verb](request, found), str(LABELS[verb])):
        closed_loop.on_arrival(arrival_id=found.pk, by=request.user)
    return redirect("arrival", found.pk)


@guard.needs(Permission.ARRIVALS_READ)
@require_GET
def loop(request: HttpRequest, pk) -> HttpResponse:
    """One closed loop: the chain drawn, completeness, appeal, tasks."""
    found = selectors.loop(pk)
    because = selectors.by_ids([found.subject_id])
    context = {"loop": found, "arrival_id": because[0].pk if because else None, **_loop(request, found)}
    return render(request, "arrivals/loop.html", context)


@guard.needs(Permission.ARRIVALS_WRITE)
@never_cache
@require_POST
def link(request: HttpRequest, pk) -> HttpResponse:
    """A personal link for the person, shown once: to read out, to print, to photograph."""
    found = selectors.loop(pk)
    require(request.user, Permission.ARRIVALS_WRITE, found.area_id)
    made = residents.issue(person=found.person, by=request.user)
    address = request.build_absolute_uri(reverse("own", args=[made.token]))
    drawn = mark_safe(segno.make(address, error="m").svg_inline(scale=4, border=2, omitsize=True))  # noqa: S308  (segno's own drawing)
    context = {"loop": found, "issued": made, "address": address, "drawn": drawn}
    return render(request, "arrivals/link.html", context)


def _loop(request: HttpRequest, found: Any) -> dict:
    with scope.everywhere("the page of a loop shows its own rule, tests and tasks"):
        fresh = closed_loop.refresh(found)
        own = own_page.own_of(fresh)
        tasks = command.for_subject(chasing.LOOP, found.pk)
    writes = may(request.user, Permission.ARRIVALS_WRITE, found.area_id)
    appeals = appealing.of_loops([found.pk])[found.pk]
    return {"loop": fresh, "own": own, "loop_tasks": tasks, "appeals": appeals, "may_write": bool(writes)}
