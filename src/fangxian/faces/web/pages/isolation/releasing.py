"""Who may leave a site today, with every reason; and which room somebody may have, with every reason against it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from fangxian.core.areas import county_of
from fangxian.core.clock import today
from fangxian.core.permissions import Permission, require
from fangxian.faces.web.pages import guard
from fangxian.systems.quarantine import selectors, services
from fangxian.workflows import isolation_release

READ, WRITE = Permission.QUARANTINE_READ, Permission.QUARANTINE_WRITE
AHEAD_DAYS = 3
MOST_ROOMS = 300


@guard.needs(READ)
@require_http_methods(["GET", "POST"])
def release_list(request: HttpRequest, pk) -> HttpResponse:
    """Everybody in a site by the day of leaving: who may go now, who may not and why."""
    site = selectors.site(pk)
    lines = isolation_release.release_list(selectors.guests_of([site.pk]))
    if request.method == "POST":
        require(request.user, WRITE, site.area_id)
        chosen = [line.stay for line in lines if str(line.stay.pk) in request.POST.getlist("stay")]
        said = _("Released, each with a proof: %(n)s.")
        guard.attempt(
            request, lambda: isolation_release.release(by=request.user, stays=chosen), said % {"n": len(chosen)}
        )
        return redirect("site_release", site.pk)
    lines.sort(key=lambda line: (not line.ok, line.stay.ends_on, line.stay.room.number))
    near = [line for line in lines if (line.stay.ends_on - today()).days <= AHEAD_DAYS or line.restarts]
    context = {"site": site, "lines": near, "later": len(lines) - len(near), "ready": sum(line.ok for line in lines)}
    return render(request, "isolation/release.html", context)


@guard.needs(READ)
@require_http_methods(["GET", "POST"])
def room(request: HttpRequest, pk) -> HttpResponse:
    """Rooms for one stay: each with what speaks against it."""
    stay = selectors.stay(pk)
    county = county_of(stay.area_id) or stay.area
    rooms = list(selectors.rooms_near(county.pk)[:MOST_ROOMS])
    if request.method == "POST":
        require(request.user, WRITE)
        chosen = next((one for one in rooms if str(one.pk) == request.POST.get("room")), None)
        if chosen and guard.attempt(
            request, lambda: services.place(stay=stay, room=chosen, by=request.user), _("The room is given.")
        ):
            return redirect("site_board", chosen.site_id)
        return redirect("stay_room", stay.pk)
    choices = services.choices(stay, rooms)
    free = [choice for choice in choices if not choice.refusals]
    refused = [choice for choice in choices if choice.refusals]
    return render(request, "isolation/room.html", {"stay": stay, "free": free, "refused": refused})
