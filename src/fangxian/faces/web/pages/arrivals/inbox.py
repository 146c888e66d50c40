"""The inbox of declared travellers: who it may be, taken over with one tap, never twice."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from fangxian.core import scope
from fangxian.core.permissions import Permission, require
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.arrivals.listing import area_of
from fangxian.systems.arrivals import declaring, exceptions, selectors
from fangxian.systems.people import selectors as people
from fangxian.workflows.loop import notices

SHOWN = 40
GROUNDS = {
    "number": _("identity number"), "phone": _("phone"), "door": _("address"), "birth": _("birth date"),
    "name": _("name"),
}  # fmt: skip


@guard.needs(Permission.ARRIVALS_READ)
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """Declared travellers who wait, the next to come first, each with who it may be."""
    found = exceptions.inbox(area_of(request.user))
    rows = [(row, _possible(row)) for row in found[:SHOWN]]
    return render(request, "arrivals/inbox.html", {"rows": rows, "count": exceptions.bounded(found)})


@guard.needs(Permission.ARRIVALS_WRITE)
@require_POST
def take(request: HttpRequest, pk) -> HttpResponse:
    """Take over: as a person on record, or as somebody new."""
    found = selectors.declared_person(pk)
    require(request.user, Permission.ARRIVALS_WRITE, found.area_id)

    def act() -> None:
        chosen = request.POST.get("person")
        with scope.everywhere(notices.WHY):
            person = people.person(UUID(chosen)) if chosen else None
        notices.take(found, by=request.user, person=person)

    guard.attempt(request, act, str(_("Taken over: the arrival is expected and both areas see it.")))
    return redirect("arrivals_inbox")


@guard.needs(Permission.ARRIVALS_WRITE)
@require_POST
def refuse(request: HttpRequest, pk) -> HttpResponse:
    """Not ours, or no real declaration; with the reason."""
    found = selectors.declared_person(pk)
    require(request.user, Permission.ARRIVALS_WRITE, found.area_id)
    reason = request.POST.get("reason", "").strip()
    guard.attempt(request, lambda: declaring.refuse(declared=found, by=request.user, reason=reason), str(_("Refused.")))
    return redirect("arrivals_inbox")


def _possible(row: Any) -> list[tuple[notices.Possible, str]]:
    return [(one, str(GROUNDS.get(one.ground, one.ground))) for one in notices.possible(row)]
