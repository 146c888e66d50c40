"""Key places: when they are due, who of the four parties is missing; and the page of one of them."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fangxian.core.permissions import Permission, may, require
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.supervision.board import area_of
from fangxian.faces.web.pages.supervision.own import answering
from fangxian.registers import site
from fangxian.registers.behaviours import Rectifiable
from fangxian.systems.inspection import rules, selectors, services
from fangxian.systems.inspection.services import Stop
from fangxian.systems.inspection.words import Duty
from fangxian.workflows.rectifying.places import KeyPlace, key_places, parties_of, place_of, sheets_at

SHOWN = 60
PARTIES = ("locality", "department", "unit", "individual", "phone")


@guard.needs(Permission.INSPECTION_READ)
@require_GET
def key_places_page(request: HttpRequest) -> HttpResponse:
    """The key places of the area: all, those due, those with a gap."""
    here = area_of(request.user)
    every = key_places(here.code, rules.pack_of(here.code))
    shown = request.GET.get("show", "due")
    chosen = {"due": [one for one in every if one.is_due], "gaps": [one for one in every if one.gaps], "all": every}
    tabs = [("due", _("Due for a visit"), len(chosen["due"])),
            ("gaps", _("Four parties incomplete"), len(chosen["gaps"])),
            ("all", _("All key places"), len(every))]  # fmt: skip
    shown = shown if shown in chosen else "due"
    context = {"tabs": tabs, "shown": shown, "places": chosen[shown][:SHOWN], "more": len(chosen[shown]) > SHOWN}
    return render(request, "supervision/places.html", context)


@guard.needs(Permission.INSPECTION_READ)
@require_GET
def place(request: HttpRequest, ledger: str, pk: UUID) -> HttpResponse:
    """One place: its four parties a duty, its visits, its findings."""
    row = _row(ledger, pk)
    pack = rules.pack_of(row.area_id)
    found = place_of(row, pack)
    context = {
        "place": found, "duties": parties_of(row, pack), "all_duties": Duty.choices,
        "sheets": list(sheets_at(row)[:20]), "findings": selectors.for_subject(ledger, pk)[:30],
        "checklists": rules.checklists_for(pack, found.kind),
        "may_write": bool(may(request.user, Permission.INSPECTION_WRITE, found.area.code)),
        "may_self_check": bool(may(request.user, Permission.INSPECTION_SELF_CHECK, found.area.code)),
    }  # fmt: skip
    return render(request, "supervision/place.html", context)


@guard.needs(Permission.INSPECTION_WRITE)
@require_POST
def name_parties(request: HttpRequest, ledger: str, pk: UUID) -> HttpResponse:
    """Say who answers for a duty here."""
    found, duty = _found(ledger, pk), request.POST.get("duty", "")
    require(request.user, Permission.INSPECTION_WRITE, found.area.code)
    given = {name: request.POST[name].strip() for name in PARTIES if request.POST.get(name, "").strip()}
    guard.attempt(
        request,
        lambda: services.name_parties(by=request.user, area=found.area, where=found.name[:120], duty=duty,
                                      about=(ledger, pk), **given),
        _("Kept."),
    )  # fmt: skip
    return redirect("key_place", ledger=ledger, pk=pk)


@guard.needs(Permission.INSPECTION_SELF_CHECK)
@require_http_methods(["GET", "POST"])
def self_check(request: HttpRequest, ledger: str, pk: UUID, checklist: str) -> HttpResponse:
    """A self-check with one of the lists that fit the place."""
    found = _found(ledger, pk)
    require(request.user, Permission.INSPECTION_SELF_CHECK, found.area.code)
    pack = rules.pack_of(found.area.code)
    asked = next((one for one in rules.checklists_for(pack, found.kind) if one.key == checklist), None)
    if asked is None:
        raise Http404
    stop = Stop(found.area, found.name, asked.key, (ledger, pk))
    return answering(request, asked, stop, back=reverse("key_place", args=[ledger, pk]), place=found)


def _found(ledger: str, pk: UUID) -> KeyPlace:
    row = _row(ledger, pk)
    return place_of(row, rules.pack_of(row.area_id))


def _row(ledger: str, pk: UUID) -> Any:
    """The place inside the scope; a register of anything else is no place."""
    if ledger not in site or not issubclass(site.get(ledger).model, Rectifiable):
        raise Http404
    return site.get(ledger).get(pk)
