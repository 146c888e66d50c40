"""One message: its text, its approvals, how far it got; the verbs its state allows; the text taken along."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from fangxian.core import scope
from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, may, require
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.publicity import counting
from fangxian.systems.publicity import reach, rules, selectors, services
from fangxian.workflows import travel_advice
from fangxian.workflows.publicity import trips

MOVES: dict[str, tuple[Callable[..., Any], str]] = {
    "submit": (services.submit, _("Submitted for approval.")),
    "approve": (services.approve, _("Approved.")),
    "send_back": (services.send_back, _("Sent back.")),
    "withdraw": (services.withdraw, _("Withdrawn.")),
    "correct": (services.correct, _("The new version is a draft: change it, then submit it.")),
}
WAYS = {"broadcast": "as_broadcast", "sms": "as_sms"}


@guard.needs(Permission.PUBLICITY_READ)
@require_GET
def message(request: HttpRequest, pk) -> HttpResponse:
    """One version, what may be done with it now, and how far it got."""
    counting.flush()
    found = selectors.message(pk)
    pack = rules.pack_of(found.area_id, found.disease)
    writes = bool(may(request.user, Permission.PUBLICITY_WRITE, found.area_id))
    context = {
        "message": found, "versions": selectors.versions(found.series), "reach": reach.reach_of(found),
        "moves": services.allowed(found) if writes else [], "writers": Officer.objects.filter(pk__in=found.writers),
        "is_writer": request.user.pk in found.writers, "is_first": request.user.pk == found.first_by_id,
        "writer_may_approve": rules.writer_may_approve_first(pack),
        "sms": _parts(found.text, rules.sms_characters(pack)),
        "standing": travel_advice.standing(found) if found.basis and found.is_in_force else None,
        "may_write": writes, "trips": _trips(request, found),
    }  # fmt: skip
    return render(request, "publicity/message.html", context)


@guard.needs(Permission.PUBLICITY_WRITE)
@require_POST
def act(request: HttpRequest, pk, turn: str) -> HttpResponse:
    """One step of a message; the reason it is refused for stands on the page."""
    found = selectors.message(pk)
    require(request.user, Permission.PUBLICITY_WRITE, found.area_id)
    verb, said = MOVES[turn]
    given = {"reason": request.POST.get("reason", "")} if turn in ("send_back", "withdraw") else {}
    given = {"change_note": request.POST.get("reason", "")} if turn == "correct" else given
    made: list[Any] = []
    done = guard.attempt(request, lambda: made.append(verb(message=found, by=request.user, **given)), said)
    if done and turn == "correct":
        return redirect("register_change", "publicity.message", made[0].pk)
    return redirect("message", pk)


@guard.needs(Permission.PUBLICITY_WRITE)
@require_POST
def take(request: HttpRequest, pk, way: str) -> HttpResponse:
    """The text as a file, to be read out or sent by somebody else; that it was taken is on record."""
    found = selectors.message(pk)
    require(request.user, Permission.PUBLICITY_WRITE, found.area_id)
    if not guard.attempt(request, lambda: services.take(message=found, by=request.user, channel=WAYS[way])):
        return redirect("message", pk)
    text = found.text if way == "sms" else f"{found.title}\n\n{found.text}"
    answer = HttpResponse(text + "\n", content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{way}-{found.series}-{found.number}.txt"'
    return answer


def _trips(request: HttpRequest, found: Any) -> list[trips.Trip]:
    """Trips begun against published advice, for whoever may read arrivals, in the scope of that right."""
    if not found.basis or not may(request.user, Permission.ARRIVALS_READ):
        return []
    with scope.of(request.user, Permission.ARRIVALS_READ):
        return trips.against(found)


def _parts(text: str, most: int) -> tuple[int, int]:
    """Characters of a short message, and of how many parts it is."""
    return len(text), -(-len(text) // most)
