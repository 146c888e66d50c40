"""A site's day on one board: three rooms with their queues, and the door where people are let in."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fangxian.core import scope
from fangxian.core.clock import now, today
from fangxian.core.permissions import Permission, may, require
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.immunization import common
from fangxian.systems.immunization import rules, selectors, services
from fangxian.systems.people import selectors as people
from fangxian.systems.people import services as people_services

MOST, SHOWN = 8, 60
WHY = "whoever holds somebody's paper or phone number may vaccinate them, wherever they live"


@guard.needs(Permission.IMMUNIZATION_READ)
@require_http_methods(["GET", "POST"])
def board(request: HttpRequest, pk) -> HttpResponse:
    """The rooms, the door, the day in numbers. Whom to look for is sent in the body, so that no number stands in an
    address."""
    site = selectors.site(pk)
    text = request.POST.get("q", "").strip()[:40]
    context = {
        **_rooms(site), "q": text, "found": _found(text) if text else [], "disease": common.disease_of(request),
        "means": [row for row in selectors.means_of(site) if row.missing],
        "may_write": bool(may(request.user, Permission.IMMUNIZATION_WRITE, site.area_id)),
    }  # fmt: skip
    return render(request, "immunization/site.html", context)


@guard.needs(Permission.IMMUNIZATION_READ)
@require_GET
def rooms(request: HttpRequest, pk) -> HttpResponse:
    """The rooms alone: the board asks for them again and again."""
    return render(request, "immunization/rooms.html", _rooms(selectors.site(pk)))


@guard.needs(Permission.IMMUNIZATION_WRITE)
@require_POST
def arrive(request: HttpRequest, pk) -> HttpResponse:
    """Somebody known or new comes in and gets a number; the next page is their registration."""
    site = selectors.site(pk)
    require(request.user, Permission.IMMUNIZATION_WRITE, site.area_id)
    made: list[Any] = []
    guard.attempt(request, lambda: made.append(_arrived(request, site)))
    return redirect("vaccination_visit", pk=made[0].pk) if made else redirect("vaccination_site", pk=site.pk)


def _rooms(site) -> dict[str, Any]:
    day = selectors.day_of(site, today())
    limit = rules.longest_wait(rules.general(site.area_id))
    rows = [
        {"room": room, "count": len(room.waiting), "people": [_waiting(one, limit) for one in room.waiting[:SHOWN]]}
        for room in day.rooms
    ]
    return {"site": site, "day": day, "rooms": rows, "now": now()}


def _waiting(visit, limit: timedelta) -> dict[str, Any]:
    """One person of a queue: minutes waited, and in the observation room minutes left (below zero: may go)."""
    waited = now() - visit.since
    left = None if visit.observed_until is None else visit.observed_until - now()
    minutes = timedelta(minutes=1)
    return {
        "visit": visit, "waited": int(waited / minutes), "left": None if left is None else -(-left // minutes),
        "is_long": left is None and waited > limit, "may_go": left is not None and left <= timedelta(0),
    }  # fmt: skip


def _found(text: str) -> list:
    """By a whole identity or phone number wherever they live; by the beginning of a name inside the scope."""
    with scope.everywhere(WHY):
        known = people.find_by_id_number(text)
        exact = [known] if known else people.find_by_phone(text)[:MOST]
    return exact or list(people.search(text)[:MOST])


def _arrived(request: HttpRequest, site) -> Any:
    disease = common.disease_of(request)
    name, number = (request.POST.get(key, "").strip() for key in ("name", "id_number"))
    if not request.POST.get("person") and not (name and number):
        raise ValidationError(_("Enter name and identity number, as they stand on the paper."))
    with scope.everywhere(WHY):
        known = _known(request.POST.get("person", ""), number)
    person = known or people_services.add_person(by=request.user, area=site.area, name=name, id_number=number)
    return services.arrive(by=request.user, site=site, person=person, disease=disease)


def _known(person_id: str, number: str):
    try:
        return people.person(person_id) if person_id else people.find_by_id_number(number)
    except (ValueError, people.Person.DoesNotExist, ValidationError) as error:
        raise ValidationError(_("Nobody is known by this number: enter the person first.")) from error
