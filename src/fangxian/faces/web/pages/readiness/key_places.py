"""The cycle of key places: how many of each kind are on record, how often they are visited, what is due where."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fangxian.core.areas import Area
from fangxian.core.clock import today
from fangxian.core.permissions import Permission, may, require
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.supervision.board import area_of
from fangxian.workflows import rectification
from fangxian.workflows.readiness import key_places

SHOWN = 40


@guard.needs(Permission.INSPECTION_READ)
@require_http_methods(["GET", "POST"])
def overview(request: HttpRequest) -> HttpResponse:
    """All kinds and townships; the form plans a trip along what is longest due in a township."""
    here = area_of(request.user)
    if request.method == "POST":
        require(request.user, Permission.INSPECTION_WRITE, request.POST.get("town", ""))
        planned: list = []
        if guard.attempt(request, lambda: planned.append(_plan(request)), _("The trip is planned.")):
            return redirect("trip", pk=planned[0].pk)
    found = key_places.register_of(here)
    context = {
        "here": here, "register": found, "more": len(found.due) > SHOWN,
        "due": [(one, found.routes.get((one.slug, one.pk))) for one in found.due[:SHOWN]],
        "may_plan": bool(may(request.user, Permission.INSPECTION_WRITE)), "mode_pack": None,
    }  # fmt: skip
    return render(request, "readiness/key_places.html", context)


def _plan(request: HttpRequest):
    town = Area.objects.get(code=request.POST.get("town", ""))
    name = _("Key places of %(town)s") % {"town": town}
    return rectification.plan_route(by=request.user, area=town, name=name[:80], leader=request.user, on=today())
