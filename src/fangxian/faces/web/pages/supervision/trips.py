"""Inspection trips: planned along what is longest due, walked stop by stop, concluded."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fangxian.core.clock import today
from fangxian.core.permissions import Permission, may, require
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.supervision.board import area_of
from fangxian.faces.web.pages.supervision.routes import leader_of, leaders
from fangxian.systems.inspection import rules, selectors, services
from fangxian.systems.inspection.services import Answer
from fangxian.systems.inspection.words import ItemAnswer
from fangxian.workflows import rectification
from fangxian.workflows.rectifying import routes
from fangxian.workflows.rectifying.places import kind_label

SHOWN, MOST = 60, 30


@guard.needs(Permission.INSPECTION_WRITE)
@require_http_methods(["GET", "POST"])
def trips(request: HttpRequest) -> HttpResponse:
    """All trips, and the form that plans one along the key places that are longest due."""
    here = area_of(request.user)
    if request.method == "POST":
        planned: list[Any] = []
        if guard.attempt(request, lambda: planned.append(_plan(request, here)), _("The trip is planned.")):
            return redirect("trip", pk=planned[0].pk)
    pack = rules.pack_of(here.code)
    kinds = [(kind, kind_label(kind)) for kind in rules.cycles(pack)]
    context = {
        "trips": selectors.trips(here.code)[:SHOWN],
        "kinds": kinds,
        "today": today(),
        "area": here,
        "leaders": leaders(here),
    }
    return render(request, "supervision/trips.html", context)


@guard.needs(Permission.INSPECTION_READ)
@require_GET
def trip(request: HttpRequest, pk) -> HttpResponse:
    """One trip: its route, what was found at each stop."""
    found = selectors.trip(pk)
    sheets = selectors.sheets_of([found])
    findings = selectors.findings_of(sheets)
    names = {one.key: one.name for one in rules.checklists(rules.pack_of(found.area_id))}
    context = {
        "trip": found, "may_write": bool(may(request.user, Permission.INSPECTION_WRITE, found.area_id)),
        "stops": [(sheet, names.get(sheet.checklist, sheet.checklist), findings.get(sheet.pk, [])) for sheet in sheets],
        "left": sum(sheet.state == "PLANNED" for sheet in sheets),
        "is_over": found.state in ("DONE", "CANCELLED"), **_choices(request, found),
    }  # fmt: skip
    return render(request, "supervision/trip.html", context)


def _choices(request: HttpRequest, found: Any) -> dict[str, Any]:
    """What may be added to the route, and who may lead; nothing for a trip that is over."""
    if found.state in ("DONE", "CANCELLED") or not may(request.user, Permission.INSPECTION_WRITE, found.area_id):
        return {}
    asked = request.GET.get("find", "")
    offers = routes.offers(found.area, asked, rules.pack_of(found.area_id))
    return {"find": asked, "offers": offers, "leaders": leaders(found.area)}


@guard.needs(Permission.INSPECTION_WRITE)
@require_POST
def end(request: HttpRequest, pk) -> HttpResponse:
    """Conclude a trip, or cancel one that has not begun."""
    found, said = selectors.trip(pk), request.POST.get("reason", "")
    require(request.user, Permission.INSPECTION_WRITE, found.area_id)
    if request.POST.get("cancel"):
        guard.attempt(request, lambda: services.cancel_trip(trip=found, by=request.user, reason=said), _("Cancelled."))
    else:
        guard.attempt(request, lambda: services.end_trip(trip=found, by=request.user, conclusion=said), _("Concluded."))
    return redirect("trip", pk=found.pk)


@guard.needs(Permission.INSPECTION_READ)
@require_http_methods(["GET", "POST"])
def sheet(request: HttpRequest, pk) -> HttpResponse:
    """One stop: its list to be answered, or what was answered and found."""
    found = selectors.sheet(pk)
    errors: list[str] = []
    if request.method == "POST":
        require(request.user, Permission.INSPECTION_WRITE, found.area_id)
        try:
            _keep(request, found)
        except ValidationError as error:
            errors = error.messages
        else:
            return redirect("trip", pk=found.trip_id) if found.trip_id else redirect("sheet", pk=found.pk)
    asked = rules.checklist(rules.pack_of(found.area_id), found.checklist)
    context = {
        "sheet": found, "checklist": asked, "rows": rows_of(request, asked, found.answers), "errors": errors,
        "values": ItemAnswer.choices, "findings": selectors.findings_of([found]).get(found.pk, []),
        "may_write": found.state == "PLANNED" and bool(may(request.user, Permission.INSPECTION_WRITE, found.area_id)),
    }  # fmt: skip
    return render(request, "supervision/sheet.html", context, status=422 if errors else 200)


def answers_of(request: HttpRequest, asked: rules.Checklist) -> dict[str, Answer]:
    """What a form says to each item, with the photos put to it."""
    return {
        item.key: Answer(
            request.POST.get(item.key, ""), request.POST.get(f"{item.key}-seen", "").strip()[:150],
            tuple((str(file.name), file.read()) for file in request.FILES.getlist(f"{item.key}-photo")),
        )
        for item in asked.items
    }  # fmt: skip


def rows_of(request: HttpRequest, asked: rules.Checklist, stored: dict) -> list[tuple[rules.Item, str, str]]:
    """The items with what was answered or typed."""
    post = request.POST
    return [
        (item, post.get(item.key) or stored.get(item.key, {}).get("value", ""),
         post.get(f"{item.key}-seen") or stored.get(item.key, {}).get("seen", ""))
        for item in asked.items
    ]  # fmt: skip


def _keep(request: HttpRequest, found: Any) -> None:
    """Answer the stop, or leave it out with a reason."""
    if request.POST.get("skip"):
        services.leave_out(sheet=found, by=request.user, reason=request.POST.get("reason", ""))
        return
    asked = rules.checklist(rules.pack_of(found.area_id), found.checklist)
    done = rectification.visit(sheet=found, by=request.user, answers=answers_of(request, asked))
    told = _("Kept; %(n)s findings are handed down.") % {"n": len(done.findings)}
    guard.attempt(request, lambda: None, told)


def _plan(request: HttpRequest, here: Any) -> Any:
    post = request.POST
    if not post.get("name", "").strip():
        raise ValidationError(_("Give the trip a name."))
    on, most = parse_date(post.get("on", "")) or today(), post.get("most", "")
    return rectification.plan_route(
        by=request.user, area=here, name=post["name"].strip()[:80], on=on,
        leader=leader_of(here, post.get("leader", ""), request.user),
        kinds=tuple(post.getlist("kind")), team=post.get("team", "").strip()[:200],
        most=min(int(most), MOST) if most.isdigit() else rectification.MOST_STOPS,
        is_unannounced=bool(post.get("is_unannounced")),
    )  # fmt: skip
