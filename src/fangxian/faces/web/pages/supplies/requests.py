"""Requests for supplies: ask for several items at once; then the chain, with a button for whoever is next."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fangxian.core import scope
from fangxian.core.clock import now
from fangxian.core.permissions import Permission, require
from fangxian.faces.web.pages import guard
from fangxian.systems.command import selectors as tasks
from fangxian.systems.supplies import selectors, services
from fangxian.systems.supplies.transitions import allowed
from fangxian.systems.supplies.words import SupplyItem, unit_of

DONE = {
    "agree": _("Agreed."), "refuse": _("Turned down."), "cancel": _("Taken back."), "dispatch": _("Dispatched."),
    "receive": _("Taken in."), "settle": _("Closed."),
}  # fmt: skip


@guard.needs(Permission.SUPPLIES_WRITE)
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, pk) -> HttpResponse:
    """Ask another store: which one, how many of each, what for. What cannot be asked is said on the page."""
    asking = selectors.store(pk)
    require(request.user, Permission.SUPPLIES_WRITE, asking.area_id)
    if request.method == "POST" and (made := _asked(request, asking)):
        return redirect("supply_request", pk=made.pk)
    first = request.GET.get("item", "")
    names = sorted(SupplyItem.choices, key=lambda one: one[0] != first)
    context = {
        "store": asking, "givers": selectors.givers(asking), "given": request.POST,
        "items": [(key, label, unit_of(key), request.POST.get(key, "")) for key, label in names],
    }  # fmt: skip
    return render(request, "supplies/ask.html", context, status=422 if request.method == "POST" else 200)


@guard.needs(Permission.SUPPLIES_READ)
@require_GET
def chain(request: HttpRequest, pk) -> HttpResponse:
    """One request: who agreed when, what was sent and came, and what may be done now."""
    found = selectors.request(pk)
    with scope.everywhere("a request shows what moved by it on both its sides"):
        moves = selectors.moves_by(found)
    context = {
        "request_": found, "lines": list(found.lines.order_by("item")), "moves": moves, "now": now(),
        "verbs": allowed(found, request.user),  # type: ignore[arg-type]
        "tasks": tasks.for_subject(found._meta.label_lower, found.pk), "steps": _steps(found),
    }  # fmt: skip
    return render(request, "supplies/request.html", context)


@guard.needs(Permission.SUPPLIES_WRITE)
@require_POST
def act(request: HttpRequest, pk, supply_step: str) -> HttpResponse:
    """One step of a request; the reason it is refused for stands on the page. Who may take it says the request."""
    found = selectors.request(pk)
    guard.attempt(request, lambda: STEPS[supply_step](request, found), DONE[supply_step])
    return redirect("supply_request", pk=pk)


def _asked(request: HttpRequest, asking: Any) -> Any:
    made: list[Any] = []

    def send() -> None:
        giving = selectors.giver(asking, request.POST.get("from_store", ""))
        made.append(services.ask(by=request.user, to_store=asking, from_store=giving, items=_amounts(request),
                                 reason=request.POST.get("reason", "")[:200]))  # type: ignore[arg-type] # fmt: skip

    guard.attempt(request, send, _("The request is on its way; both sides have a task."))
    return made[0] if made else None


def _amounts(request: HttpRequest) -> dict[str, int]:
    """The figures of a form by item; fields that were left empty say nothing."""
    given = {key: request.POST.get(key, "").strip() for key in SupplyItem.values}
    return {key: int(text) for key, text in given.items() if text.isdecimal() and len(text) < 9}


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason", "")[:200]


def _steps(found: Any) -> list[tuple[Any, Any, Any]]:
    """The chain: what, when, by whom."""
    return [
        (_("Requested at"), found.asked_at, found.created_by),
        (_("Agreed by the asking side"), found.leader_at, found.leader_by),
        (_("Agreed by the giving side"), found.keeper_at, found.keeper_by),
        (_("Dispatched at"), found.sent_at, found.carrier),
        (_("Received at"), found.received_at, ""),
        (_("Request closed at"), found.closed_at, found.answer),
    ]


STEPS: dict[str, Callable[[HttpRequest, Any], Any]] = {
    "agree": lambda request, one: services.agree(request=one, by=request.user, items=_amounts(request)),
    "refuse": lambda request, one: services.refuse(request=one, by=request.user, reason=_reason(request)),
    "cancel": lambda request, one: services.cancel(request=one, by=request.user, reason=_reason(request)),
    "dispatch": lambda request, one: services.dispatch(
        request=one, by=request.user, items=_amounts(request), carrier=request.POST.get("carrier", "")
    ),
    "receive": lambda request, one: services.take_in(request=one, by=request.user, items=_amounts(request)),
    "settle": lambda request, one: services.settle(request=one, by=request.user, reason=_reason(request)),
}
