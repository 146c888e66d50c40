"""The sites of an area with their rooms and reserve, and the status board of one."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from fangxian.core.areas import Area
from fangxian.core.permissions import Permission, may, require
from fangxian.faces.web.pages import guard
from fangxian.systems.quarantine import day, selectors
from fangxian.workflows.isolation import waiting

READ = Permission.QUARANTINE_READ
STATUSES = {
    "FEVER": (_("Fever"), "danger", "temperature-plus"),
    "SYMPTOMS": (_("Symptoms"), "danger", "stethoscope"),
    "UNSEEN": (_("Not seen"), "warning", "eye-off"),
    "MISSED": (_("Check missing"), "warning", "clock-exclamation"),
    "REQUEST": (_("Request open"), "info", "message-question"),
    "IN_USE": (_("In, all well"), "success", "user-check"),
    "PROMISED": (_("Booked"), "info", "calendar-event"),
    "CLEANING": (_("Being disinfected"), "warning", "spray"),
    "OUT_OF_USE": (_("Out of use"), "neutral", "ban"),
    "READY": (_("Free"), "neutral", "door"),
    "OTHER": (_("No guest room"), "neutral", "home-cog"),
}
"""Word, tone and icon of each status of the board."""


@guard.needs(READ)
@require_GET
def sites(request: HttpRequest) -> HttpResponse:
    """Every site in reach with its rooms, the reserve against the rule, and openings that run."""
    areas = top_areas(request)
    counted = [(area, selectors.occupancy(area.pk)) for area in areas]
    reserves = [
        day.reserve(area, people=area.population or 0, occupancy=found) for area, found in counted if area.population
    ]
    context = {
        "counted": [(area, found, selectors.sites_in(area.pk).exclude(kind="QUARANTINE")) for area, found in counted],
        "writes": {area.pk for area in areas if may(request.user, Permission.QUARANTINE_WRITE, area.pk)},
        "reserves": reserves, "openings": [row for area in areas for row in day.openings(area.pk)],
    }  # fmt: skip
    return render(request, "isolation/sites.html", context)


@guard.needs(Permission.QUARANTINE_WRITE)
@require_POST
def book_waiting(request: HttpRequest, code: str) -> HttpResponse:
    """Give the free rooms to whoever waits for one in an area; says how many found one."""
    require(request.user, Permission.QUARANTINE_WRITE, code)
    area = Area.objects.get(pk=code)

    def act() -> None:
        done = waiting.book_waiting(by=request.user, area=area)
        found = len(done.stays) - len(done.waiting)
        messages.info(request, _("%(found)s got a room, %(still)s wait on.")
                      % {"found": found, "still": len(done.waiting)})  # fmt: skip

    guard.attempt(request, act)
    return redirect("isolation")


@guard.needs(READ)
@require_GET
def board(request: HttpRequest, pk) -> HttpResponse:
    """The rooms of a site by zone and floor: who is in until when, and what is the matter."""
    site = selectors.site(pk)
    cells = day.board(site)
    wanted = request.GET.get("status", "")
    shown = [cell for cell in cells if not wanted or wanted == cell.status or wanted in cell.marks]
    context = {
        "site": site, "zones": _zones(shown), "figures": day.figures(site, cells), "wanted": wanted,
        "counts": _counts(cells), "gaps": day.gaps(site), "slot": day.slot_now(),
    }  # fmt: skip
    return render(request, "isolation/board.html", context)


def top_areas(request: HttpRequest) -> list[Area]:
    """The areas of the officer's posts that read quarantine."""
    return list({post.area_id: post.area for post in request.user.posts_with(READ)}.values())


def dressed(cell: day.Cell) -> dict[str, Any]:
    """A cell with the words of its status; one that has several says all of them."""
    words = [STATUSES[mark] for mark in cell.marks] if cell.guests else [STATUSES[cell.status]]
    return {"cell": cell, "words": words or [STATUSES["IN_USE"]], "tone": STATUSES[cell.status][1]}


def _zones(cells: list[day.Cell]) -> list[dict[str, Any]]:
    """Cells by zone, and in it by floor, as one walks: clean first."""
    order = list(day.ZONES)
    found = sorted(cells, key=lambda cell: (order.index(cell.room.zone), cell.room.storey.zfill(4), cell.room.number))
    return [
        {
            "zone": zone, "label": day.ZONES[zone],
            "floors": [
                (floor, [dressed(cell) for cell in rooms])
                for floor, rooms in groupby(list(group), key=lambda cell: cell.room.storey)
            ],
        }
        for zone, group in groupby(found, key=lambda cell: cell.room.zone)
    ]  # fmt: skip


def _counts(cells: list[day.Cell]) -> list[dict[str, Any]]:
    """How many rooms each status has, for the filter; those nobody has are left out."""
    found: dict[str, int] = {}
    for cell in cells:
        for status in {cell.status, *cell.marks}:
            found[status] = found.get(status, 0) + 1
    return [
        {"status": key, "label": label, "tone": tone, "icon": icon, "count": found[key]}
        for key, (label, tone, icon) in STATUSES.items()
        if key in found
    ]
