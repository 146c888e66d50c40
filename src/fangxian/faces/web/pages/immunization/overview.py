"""The county's vaccination: the day at the sites, coverage by village and group, events, what is missing."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from fangxian.core.areas import Area
from fangxian.core.clock import now, today
from fangxian.core.permissions import Permission, may
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.figures import row_of
from fangxian.faces.web.pages.immunization import common
from fangxian.faces.web.pages.immunization.lists import EVENTS, VISITS
from fangxian.systems.immunization import rules, selectors
from fangxian.systems.immunization.coverage import Line, Stand
from fangxian.workflows import coverage_count

SHOWN = 20
BELOW = {4: 6, 6: 9, 9: 12, 12: 15}
"""Digits of the areas one level further down."""


@guard.needs(Permission.IMMUNIZATION_READ)
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Whoever works at one site only lands there; everybody else sees the day, coverage and what is left to do."""
    sites = list(selectors.sites()[:100])
    if len(sites) == 1 and "area" not in request.GET and not may(request.user, Permission.SITUATION_READ):
        return redirect("vaccination_site", pk=sites[0].pk)
    disease, area = common.disease_of(request), common.area_of(request)
    pack = rules.pack_of(disease, area)
    queues = selectors.queues([site.pk for site in sites], today())
    counted = _counted(request, area, disease, pack)
    context = {
        "figures": _figures(request.user, disease), "sites": [(site, queues[site.pk]) for site in sites],
        "groups": common.group_names(rules.groups(pack)), "area": area,
        "counted": counted, "lines": _lines(counted.lines, disease) if counted else [],
        "area_name": Area.objects.filter(code=area).first(), "disease": disease, "now": now(),
        "events": list(selectors.open_events()[:SHOWN]), "means": list(selectors.means_missing()[:SHOWN]),
        "stand": Stand,
    }  # fmt: skip
    return render(request, "immunization/overview.html", context)


def _counted(request: HttpRequest, area: str, disease: str, pack) -> coverage_count.Counted | None:
    """Coverage below the area, for whoever may read people."""
    if not may(request.user, Permission.PEOPLE_READ):
        return None
    digits = BELOW.get(len(area), len(area) + 3)
    return coverage_count.of_area(area, disease, pack, digits=digits, by=request.user)


def _lines(lines: list[Line], disease: str) -> list[dict[str, Any]]:
    """The table of coverage, with the name of each area and where its figures lead."""
    names = {row.code: row for row in Area.objects.filter(code__in=[line.code for line in lines])}
    return [_line(line, names, disease, is_total=number == 0) for number, line in enumerate(lines)]


def _line(line: Line, names: dict[str, Area], disease: str, *, is_total: bool) -> dict[str, Any]:
    people = f"{reverse('vaccination_people')}?area={line.code}&disease={disease}"
    deeper = f"{reverse('immunization')}?area={line.code}&disease={disease}"
    return {
        "name": names.get(line.code, line.code), "code": line.code, "people": people, "is_total": is_total,
        "deeper": "" if is_total or len(line.code) not in BELOW else deeper,
        "groups": list(line.groups.items()),
    }  # fmt: skip


def _figures(officer: Any, disease: str) -> list[Any]:
    found = selectors.figures(disease)
    late = {"tone": "danger" if found["late"] else "", "note": _("reported too late: %(n)s") % {"n": found["late"]}}
    return [
        *row_of(
            officer,
            (VISITS, "came_today", _("Came today"), {"value": disease}),
            (VISITS, "given_today", _("Vaccinated today"), {"value": disease}),
            (VISITS, "observed", _("Being observed"), {"value": disease}),
            (EVENTS, "open", _("Open adverse events"), late),
        ),
        {"label": _("Doses left"), "value": found["left"], "url": reverse("vaccine_lots"),
         "note": _("expire soon: %(n)s") % {"n": found["expiring"]}},
    ]  # fmt: skip
