"""A point of entry: today's figures, exceptions first, the shift; a passage with its reasons; a vehicle's memory."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fangxian.core.clock import today
from fangxian.core.permissions import Permission, may, require
from fangxian.faces.web.pages import guard
from fangxian.systems.checkpoints import figures, judging, selectors, services
from fangxian.systems.checkpoints.words import Direction


@guard.needs(Permission.CHECKPOINTS_READ)
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Every point with its day: what passed, what is open, who stands there."""
    rows = selectors.board(selectors.points())
    rows.sort(key=lambda row: (not row["is_open"], -row["open"]))
    return render(request, "checkpoints/board.html", {"rows": rows, "manifests": selectors.manifests()})


@guard.needs(Permission.CHECKPOINTS_READ)
@require_GET
def point(request: HttpRequest, pk: Any) -> HttpResponse:
    """One point: exceptions first."""
    found = selectors.point(pk)
    counts = figures.by_point([found.pk], selectors.midnight()).get(found.pk, {})
    context = {
        "point": found, "figures": _figures(found.pk, counts), "exceptions": selectors.exceptions(found.pk),
        "latest": selectors.latest(found.pk), "shift": selectors.on_duty(found.pk),
        "planned": selectors.planned(found.pk), "sheets": selectors.sheets(found.pk),
        "manifests": selectors.manifests(found.pk), "is_open": found.is_open(today()),
        "may_write": bool(may(request.user, Permission.CHECKPOINTS_WRITE, found.area_id)),
    }  # fmt: skip
    return render(request, "checkpoints/point.html", context)


@guard.needs(Permission.CHECKPOINTS_READ)
@require_GET
def passage(request: HttpRequest, pk: Any) -> HttpResponse:
    """One passage: what was looked at, why it stands out and by what that was found, what was decided."""
    found = selectors.passage(pk)
    context = {
        "passage": found, "people": selectors.travellers_of([found.pk])[found.pk],
        "departs": judging.departs(found.decision, found.advised), "outwards": found.direction == Direction.OUT,
        "may_write": bool(may(request.user, Permission.CHECKPOINTS_WRITE, found.area_id)),
    }  # fmt: skip
    return render(request, "checkpoints/passage.html", context)


@guard.needs(Permission.CHECKPOINTS_WRITE)
@require_POST
def settle(request: HttpRequest, pk: Any) -> HttpResponse:
    """Say what became of an exception."""
    found = selectors.passage(pk)
    require(request.user, Permission.CHECKPOINTS_WRITE, found.area_id)
    outcome = request.POST.get("outcome", "")
    guard.attempt(request, lambda: services.settle(passage=found, by=request.user, outcome=outcome), _("Settled."))
    return redirect("point", found.point_id)


@guard.needs(Permission.CHECKPOINTS_READ)
@require_GET
def vehicle(request: HttpRequest, pk: Any) -> HttpResponse:
    """What is remembered of a vehicle, and its last passages."""
    found = selectors.vehicle(pk)
    plate = found.plate.reveal()
    sought = selectors.sought([plate], [found.area_id]).get(plate, [])
    context = {"vehicle": found, "passages": selectors.passages_of(found.pk), "sought": sought}
    return render(request, "checkpoints/vehicle.html", context)


def _figures(point_id: Any, counts: dict[str, int]) -> list[dict[str, Any]]:
    """Today's figures, each with the rows behind it."""
    day = f"{today():%Y-%m-%d}"
    rows = f"{reverse('register', args=['checkpoints.passage'])}?point={point_id}&passed_at_after={day}"
    shown = (
        (_("Passed"), "passages", ""), (_("People"), "people", ""), (_("Inwards"), "inwards", "&direction=IN"),
        (_("Referred"), "referred", "&decision=REFERRED"),
        (_("Turned back"), "turned_back", "&decision=TURNED_BACK"),
        (_("Held"), "held", "&decision=HELD"),
    )  # fmt: skip
    return [{"label": label, "value": counts.get(name, 0), "url": rows + more} for label, name, more in shown]
