"""The board: what is in force, what waits for a second person, what the rules suggest; and the public list."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from fangxian.core import diseases
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.permissions import Permission, may
from fangxian.faces.web import policies
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.figures import readable
from fangxian.faces.web.pages.risk_areas.mapping import TONES, collection
from fangxian.registers import site
from fangxian.systems.risk_areas import concerned, selectors
from fangxian.systems.risk_areas.matching import Zone
from fangxian.systems.risk_areas.words import Level
from fangxian.workflows.risk_areas import suggesting

AFFECTED, CASES = "risk_areas.affectedperson", "cases.case"


@guard.needs(Permission.RISK_AREAS_READ)
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Zones by level with how many people each concerns, proposals, suggestions, and the map."""
    zones = selectors.in_force()
    writes = bool(may(request.user, Permission.RISK_AREAS_WRITE))
    context = {
        "map": collection(zones), "groups": grouped(zones, _people(request.user, zones)), "count": len(zones),
        "proposals": selectors.proposals() if writes else [], "suggested": _suggested(request.user) if writes else [],
        "may_write": writes, "at": now(),
    }  # fmt: skip
    return render(request, "risk_areas/board.html", context)


@policies.public
@require_GET
def public(request: HttpRequest) -> HttpResponse:
    """The list of current risk areas for everybody: nothing of any person is read."""
    zones = selectors.in_force()
    context = {"map": collection(zones, linked=False), "groups": grouped(zones, {}), "count": len(zones), "at": now()}
    response = render(request, "risk_areas/public.html", context)
    response["Cache-Control"] = "public, max-age=60"
    return response


def grouped(zones: list[Zone], people: dict[Any, int]) -> list[dict[str, Any]]:
    """The zones by level, the gravest first, each with where it lies and how many it concerns (None: not told)."""
    where = names_of({code for zone in zones for code in (*zone.codes, zone.lies_in) if code})
    groups: dict[str, dict[str, Any]] = {}
    for zone in zones:
        group = groups.setdefault(
            zone.level, {"label": Level(zone.level).label, "tone": TONES.get(zone.level, "neutral"), "rows": []}
        )
        places = [where.get(code, code) for code in (zone.codes or (zone.lies_in,))]
        group["rows"].append({"zone": zone, "where": places, "people": people.get(zone.area_id),
                              "disease": disease_name(zone.disease)})  # fmt: skip
    return list(groups.values())


def names_of(codes: set[str]) -> dict[str, str]:
    """Codes of the tree in words, from the county down; foreign codes have none."""
    above = {part for code in codes for part in _levels(code)} | codes
    rows = Area.objects.in_bulk(above)
    space = "" if (get_language() or "").startswith("zh") else " "
    return {
        code: space.join(str(rows[part]) for part in _levels(code) if part in rows) for code in codes if code in rows
    }


def _levels(code: str) -> list[str]:
    """The county, township, village and cell of a code."""
    return [code[:length] for length in (6, 9, 12, 15) if length <= len(code)]


def disease_name(key: str) -> str:
    """A disease in the reader's language."""
    found = diseases.find(key)
    return found.name(get_language() or "") if found else key


def _people(officer, zones: list[Zone]) -> dict[Any, int]:
    """How many people each area concerns, of those the officer may know about."""
    if not readable(officer, AFFECTED):
        return {}
    with site.get(AFFECTED).scope(officer, "read"):
        found = concerned.counts_by_area(zone.area_id for zone in zones)
    return {zone.area_id: found.get(zone.area_id, 0) for zone in zones}


def _suggested(officer) -> list[suggesting.Suggested]:
    if not readable(officer, CASES):
        return []
    with site.get(CASES).scope(officer, "read"):
        return suggesting.zones_for_cases()
