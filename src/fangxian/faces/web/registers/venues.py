"""The place where people check in, beside the record of its house: a tab, and the acts that tie and untie them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fangxian.core.permissions import Permission, may, require
from fangxian.faces.web.registers import access
from fangxian.registers import site
from fangxian.registers.behaviours import Visited
from fangxian.workflows import venue_of_house

PLACES = "screening.place"


def is_for(request: HttpRequest, register: Any) -> bool:
    """Houses and places have the tab, for officers who may read places."""
    concerned = issubclass(register.model, Visited) or register.slug == PLACES
    return concerned and bool(site.get(PLACES).may(request.user, "read"))


def tab(request: HttpRequest, register: Any, found: Any) -> dict:
    """A place shows the house it follows; a house its place, or which places it may be."""
    if register.slug == PLACES:
        house = venue_of_house.house_of(found)
        return {"kept_in": site.get(found.kept_in) if house else None, "house": house}
    place = venue_of_house.place_of(found)
    may_tie = bool(may(request.user, Permission.SCREENING_WRITE, found.area_id))
    with site.get(PLACES).scope(request.user, "read"):
        offers = venue_of_house.offers(found) if may_tie else []
    return {"venue": place, "offers": offers, "may_tie": may_tie, "has_place": bool(found.venue_kind())}


@access.requires("read", behaviour=Visited)
@require_POST
def tie(request: HttpRequest, register: Any, pk: Any) -> HttpResponse:
    """Make a place of the house, say which place it is, or that it was not; the acts of `venue_of_house`."""
    house, act = register.get(pk), request.POST.get("act", "")
    require(request.user, Permission.SCREENING_WRITE, house.area_id)
    try:
        with site.get(PLACES).scope(request.user, "write"):
            said = _done(act, house, request)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, said)
    return redirect(reverse("register_record", args=[register.slug, house.pk]) + "?tab=venue")


def _done(act: str, house: Any, request: HttpRequest) -> str:
    if act == "open":
        place = venue_of_house.open_place(house, by=request.user)
        return _("The place was made with the code %(code)s; print it and hang it up.") % {"code": place.code}
    if act == "join":
        place = venue_of_house.join(house, _place(request), by=request.user)
        return _("The place %(code)s follows this record from now on.") % {"code": place.code}
    if act == "part":
        venue_of_house.part(house, by=request.user)
        return _("The two stand alone again.")
    raise Http404


def _place(request: HttpRequest) -> Any:
    """The place named in the form, within the officer's areas; another is as if it did not exist."""
    try:
        return site.get(PLACES).get(request.POST.get("place", "")).pk
    except (ValidationError, site.get(PLACES).model.DoesNotExist) as error:
        raise Http404 from error
