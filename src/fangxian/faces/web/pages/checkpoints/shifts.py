"""A shift and its hand-over sheet (交接单): begun, signed by the leaving side, signed by the coming side, printed."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fangxian.core.permissions import Permission, may, require
from fangxian.faces.web.pages import guard
from fangxian.systems.checkpoints import figures, selectors, services
from fangxian.systems.checkpoints.words import ShiftState

EQUIPMENT = 8
"""Lines for equipment on the form."""


@guard.needs(Permission.CHECKPOINTS_READ)
@require_GET
def shift(request: HttpRequest, pk: Any) -> HttpResponse:
    """The shift with its figures; once it left, the sheet, fit to be printed."""
    found, sheet = selectors.shift(pk), selectors.sheet_of(pk)
    counts = sheet.counts if sheet else figures.of_shift(found)
    context = {
        "shift": found, "sheet": sheet, "counts": _counts(counts), "exceptions": selectors.exceptions(found.point_id),
        "lines": _known_equipment(found.point_id), "on": found.state == ShiftState.ON,
        "planned": found.state == ShiftState.PLANNED, "leaving": sheet is not None and sheet.taken_at is None,
        "own": sheet is not None and sheet.given_by_id == request.user.pk,
        "may_write": bool(may(request.user, Permission.CHECKPOINTS_WRITE, found.area_id)),
    }  # fmt: skip
    return render(request, "checkpoints/shift.html", context)


@guard.needs(Permission.CHECKPOINTS_WRITE)
@require_POST
def begin(request: HttpRequest, pk: Any) -> HttpResponse:
    """Go on duty where nobody hands over."""
    found = _mine(request, pk)
    guard.attempt(request, lambda: services.begin_shift(shift=found, by=request.user), _("The shift is on duty."))
    return redirect("point", found.point_id)


@guard.needs(Permission.CHECKPOINTS_WRITE)
@require_POST
def hand_over(request: HttpRequest, pk: Any) -> HttpResponse:
    """The leaving side signs."""
    found = _mine(request, pk)
    things, states = request.POST.getlist("thing"), request.POST.getlist("state")
    given = {"equipment": dict(zip(things, states, strict=False)), "note": request.POST.get("note", "")}
    guard.attempt(
        request, lambda: services.hand_over(shift=found, by=request.user, **given),
        _("Signed. Now somebody of the coming shift signs."),
    )  # fmt: skip
    return redirect("shift", found.pk)


@guard.needs(Permission.CHECKPOINTS_WRITE)
@require_POST
def take_over(request: HttpRequest, pk: Any) -> HttpResponse:
    """The coming side signs."""
    found = _mine(request, pk)
    sheet, note = selectors.sheet_of(found.pk), request.POST.get("objection", "")
    if sheet is not None:
        guard.attempt(
            request, lambda: services.take_over(sheet=sheet, by=request.user, objection=note),
            _("Taken over. Your shift is on duty."),
        )  # fmt: skip
    return redirect("shift", found.pk)


def _mine(request: HttpRequest, pk: Any) -> Any:
    found = selectors.shift(pk)
    require(request.user, Permission.CHECKPOINTS_WRITE, found.area_id)
    return found


def _counts(counts: dict[str, int]) -> list[tuple[str, int]]:
    """The figures with their names, in the order of the sheet."""
    names = {
        "passages": _("Passed"), "vehicles": _("Vehicles"), "on_foot": _("On foot"), "people": _("People"),
        "inwards": _("Inwards"), "exceptions": _("Stood out"), "turned_back": _("Turned back"),
        "referred": _("Referred"), "held": _("Held"), "open": _("Open exceptions"),
    }  # fmt: skip
    return [(label, counts.get(name, 0)) for name, label in names.items()]


def _known_equipment(point_id: Any) -> list[tuple[str, str]]:
    """What the last sheet listed, so that only what changed is entered; with free lines behind."""
    last = next((sheet.equipment for sheet in selectors.sheets(point_id, 1)), {})
    usual = last or {_("Thermometers"): "", _("Protective suits"): "", _("Disinfectant"): "", _("Radios"): ""}
    return [*usual.items(), *[("", "")] * max(1, EQUIPMENT - len(usual) - 3)]
