"""People, goods and environment around a case or an event (人物同防); each part only for whoever may read it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from fangxian.core import scope
from fangxian.core.permissions import Permission, may, require
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.environment import entering
from fangxian.faces.web.pages.environment.lists import SAMPLES
from fangxian.faces.web.pages.figures import Figure, readable
from fangxian.registers import site
from fangxian.systems.cases import selectors as cases
from fangxian.workflows.surroundings import case as surroundings

LOTS = "goods.lot"
MOST_CASES = 500


def shown(officer, found: list, contacts_url: str) -> dict[str, Any]:
    """What a page shows around cases: figures that open their rows, and the rows."""
    with scope.of(officer, Permission.CASES_READ):
        places, contacts = surroundings.places_of(found), cases.contact_totals(found)
    numbers = {case.person_id: case for case in found}
    met, environment = surroundings.GoodsMet(), surroundings.Environment([], [])
    if readable(officer, LOTS):
        with site.get(LOTS).scope(officer, "read"):
            met = surroundings.goods_met(found, places)
    if readable(officer, SAMPLES):
        with site.get(SAMPLES).scope(officer, "read"):
            environment = surroundings.environment(found, places, met.places)
    return {
        "met": met, "environment": environment, "sees_goods": readable(officer, LOTS),
        "sees_environment": readable(officer, SAMPLES), "work": [(row, numbers[row.person_id]) for row in met.work],
        "people": [(case, contacts.get(case.pk, 0)) for case in found],
        "figures": _figures(sum(contacts.values()), met, environment, contacts_url),
        "may_disinfect": len(found) == 1 and bool(may(officer, Permission.ENVIRONMENT_WRITE, found[0].area_id)),
    }  # fmt: skip


def of_case(request: HttpRequest, found: Any, tasks: Any) -> dict[str, Any]:
    """The tab of a case."""
    return {"around": shown(request.user, [found], "?tab=contacts") | {"sample_url": entering.url(request.user, found)}}


def of_event(request: HttpRequest, event: Any) -> dict[str, Any]:
    """The tab of an event: its first cases, and what was near any of them."""
    found = cases.of_event(event, MOST_CASES + 1)
    seen = shown(request.user, found[:MOST_CASES], "#people")
    return {"around": {**seen, "cut": len(found) > MOST_CASES, "may_disinfect": False}}


@guard.needs(Permission.ENVIRONMENT_WRITE)
@require_POST
def disinfect(request: HttpRequest, pk) -> HttpResponse:
    """Order the final disinfection of the home and the places of a case, as far as the officer's area reaches."""
    found = cases.case(pk)
    require(request.user, Permission.ENVIRONMENT_WRITE, found.area_id)
    guard.attempt(
        request, lambda: surroundings.order_for(found, by=request.user),
        _("Disinfection is ordered; what was ordered before stays."),
    )  # fmt: skip
    return redirect(reverse("case", args=[found.pk]) + "?tab=around")


def _figures(people: int, met, environment, contacts_url: str) -> list[Figure]:
    positive = sum(sample.result == "POSITIVE" for sample in environment.samples)
    held = sum(row.lot.is_held for row in met.lots)
    waiting = sum(one.state != "ACCEPTED" for one in environment.orders)
    return [
        Figure(str(_("Contacts")), people, contacts_url),
        Figure(str(_("Lots of goods met")), len(met.lots), "#goods", "danger" if held else "",
               str(_("held: %(n)s") % {"n": held})),
        Figure(str(_("Samples of the environment")), len(environment.samples), "#samples",
               "danger" if positive else "", str(_("positive: %(n)s") % {"n": positive})),
        Figure(str(_("Orders for the environment")), len(environment.orders), "#orders",
               "warning" if waiting else "", str(_("not accepted yet: %(n)s") % {"n": waiting})),
    ]  # fmt: skip
