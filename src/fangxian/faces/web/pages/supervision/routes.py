"""A trip's route by hand: add a place, order the stops, leave one out, and who leads."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from fangxian.core.areas import Area
from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, require
from fangxian.faces.web.pages import guard
from fangxian.systems.command import mode_selectors
from fangxian.systems.inspection import rules, selectors, services
from fangxian.workflows.rectifying import routes


def leaders(area: Area) -> list[Officer]:
    """Who may lead a trip here."""
    return mode_selectors.reaching(area, Permission.INSPECTION_WRITE)


def leader_of(area: Area, given: str, otherwise: Officer) -> Officer:
    """The officer chosen to lead; ValidationError for one who may not."""
    if not given:
        return otherwise
    found = next((one for one in leaders(area) if str(one.pk) == given), None)
    if found is None:
        raise ValidationError(_("This officer does not inspect here."))
    return found


@guard.needs(Permission.INSPECTION_WRITE)
@require_POST
def add(request: HttpRequest, pk) -> HttpResponse:
    """One more place at the end of the route."""
    trip = _trip(request, pk)
    if ":" not in request.POST.get("place", ""):
        raise Http404
    guard.attempt(request, lambda: _add(request, trip), _("Added to the route."))
    return redirect("trip", pk=trip.pk)


@guard.needs(Permission.INSPECTION_WRITE)
@require_POST
def lead(request: HttpRequest, pk) -> HttpResponse:
    """Somebody else leads."""
    trip, given = _trip(request, pk), request.POST.get("leader", "")
    guard.attempt(
        request,
        lambda: services.lead_trip(trip=trip, by=request.user, leader=leader_of(trip.area, given, trip.leader)),
        _("Kept."),
    )  # fmt: skip
    return redirect("trip", pk=trip.pk)


@guard.needs(Permission.INSPECTION_WRITE)
@require_POST
def move(request: HttpRequest, pk) -> HttpResponse:
    """A stop one place earlier, or leave it out with a reason."""
    sheet = selectors.sheet(pk)
    if sheet.trip is None:
        raise Http404
    require(request.user, Permission.INSPECTION_WRITE, sheet.trip.area_id)
    if request.POST.get("drop"):
        reason = request.POST.get("reason", "")
        guard.attempt(request, lambda: services.leave_out(sheet=sheet, by=request.user, reason=reason), _("Left out."))
    else:
        guard.attempt(request, lambda: services.move_up(sheet=sheet, by=request.user))
    return redirect("trip", pk=sheet.trip_id)


def _add(request: HttpRequest, trip: Any) -> None:
    said, pack = request.POST, rules.pack_of(trip.area_id)
    stop = routes.stop_for(said["place"], said.get("checklist", ""), area=trip.area, pack=pack)
    services.add_stop(trip=trip, by=request.user, stop=stop)


def _trip(request: HttpRequest, pk) -> Any:
    trip = selectors.trip(pk)
    require(request.user, Permission.INSPECTION_WRITE, trip.area_id)
    return trip
