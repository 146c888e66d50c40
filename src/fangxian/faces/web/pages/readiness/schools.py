"""Schools: the board of schools and blockers, and one school with what stands in its way and what may be done."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fangxian.core.clock import now, today
from fangxian.core.permissions import Permission, may, require
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.readiness.board import area_of
from fangxian.faces.web.pages.readiness.lists import school_lines
from fangxian.systems.readiness import selectors, services
from fangxian.systems.screening import selectors as places
from fangxian.workflows import school_opening

STAGES = 4
Act = Callable[[HttpRequest, Any], object]
ACTS: dict[str, Act] = {
    "propose": lambda request, one: school_opening.propose(opening=one, by=request.user),
    "open": lambda request, one: school_opening.open_(opening=one, by=request.user),
    "change": lambda request, one: _change(request, one),
}
DONE = {"propose": _("Proposed. A second person opens the school."), "open": _("The school is open."),
        "change": _("Kept.")}  # fmt: skip


@guard.needs(Permission.READINESS_READ)
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Every school of the area by what blocks it; those with the fewest blockers last."""
    here = area_of(request.user)
    found = school_opening.board(here.code, request.GET.get("term", ""))
    shown = request.GET.get("show", "prepared")
    prepared = [row for row in found.rows if row.opening]
    blocked = [row for row in prepared if row.blockers]
    open_ = [row for row in prepared if row.opening.state == "OPEN"]
    chosen = {"prepared": prepared, "blocked": blocked, "open": open_,
              "unprepared": [row for row in found.rows if not row.opening]}  # fmt: skip
    shown = shown if shown in chosen else "prepared"
    labels = {"prepared": _("Prepared"), "blocked": _("Blocked"), "open": _("School open"),
              "unprepared": _("Nothing prepared")}  # fmt: skip
    context = {
        "here": here, "board": found, "rows": sorted(chosen[shown], key=lambda row: -len(row.blockers))[:200],
        "tabs": [(key, label, len(chosen[key])) for key, label in labels.items()], "shown": shown,
        "heads": [(one, sum(not row.verdicts[place].met for row in chosen[shown]))
                  for place, one in enumerate(found.requirements)],
        "terms": selectors.terms(here.code), "at": now(),
    }  # fmt: skip
    return render(request, "readiness/schools.html", context)


@guard.needs(Permission.READINESS_READ)
@require_http_methods(["GET", "POST"])
def school(request: HttpRequest, pk) -> HttpResponse:
    """One school: what is asked, what stands in the way, who returns when; or the form that prepares a term."""
    place = places.place(pk)
    if request.method == "POST":
        require(request.user, Permission.READINESS_WRITE, place.area_id)
        guard.attempt(request, lambda: _prepare(request, place), _("Prepared. What is missing stands below."))
        return redirect("school", pk=place.pk)
    openings = [one for one in selectors.openings(place.area_id) if one.place_id == place.pk]
    current = openings[0] if openings else None
    verdicts = school_opening.judge(place.area_id, {place.pk: current})[place.pk]
    context = {
        "place": place, "current": current, "earlier": openings[1:], "at": now(),
        "lines": school_lines(request.user, place.pk, current, verdicts),
        "blockers": sum(not one.met for one in verdicts),
        "back": school_opening.grades_back(current) if current else [],
        "can": _can(request.user, place, current, verdicts), "today": today(), "stages": _stage_rows(current),
    }  # fmt: skip
    return render(request, "readiness/school.html", context)


@guard.needs(Permission.READINESS_READ)
@require_GET
def opening(request: HttpRequest, pk) -> HttpResponse:
    """A term is shown on the page of its school."""
    return redirect("school", pk=selectors.opening(pk).place_id)


@guard.needs(Permission.READINESS_WRITE)
@require_POST
def act(request: HttpRequest, pk, opening_deed: str) -> HttpResponse:
    """One step; the verb says whether this officer may, and why not."""
    found = selectors.opening(pk)
    require(request.user, Permission.READINESS_WRITE, found.area_id)
    guard.attempt(request, lambda: ACTS[opening_deed](request, found), DONE[opening_deed])
    return redirect("school", pk=found.place_id)


def _prepare(request: HttpRequest, place: Any) -> object:
    return school_opening.plan(
        by=request.user, place=place, term=request.POST.get("term", "").strip()[:12], **_values(request)
    )


def _change(request: HttpRequest, one: Any) -> object:
    return services.change_opening(opening=one, by=request.user, **_values(request))


def _values(request: HttpRequest) -> dict[str, Any]:
    """What a form says of a term; raises ValidationError for a day that is none."""
    post = request.POST
    opens_on = parse_date(post.get("opens_on", "") or "-")
    pairs = list(zip(post.getlist("grades"), post.getlist("stage_on"), strict=False))
    stages = [{"grades": grades, "on": day} for grades, day in pairs if grades.strip()]
    if opens_on is None or any(parse_date(one["on"] or "-") is None for one in stages):
        raise ValidationError(_("Give every day as a date."))
    named = {"commissioner": post.get("commissioner", "").strip()[:40]}
    if post.get("commissioner_phone", "").strip():
        named["commissioner_phone"] = post["commissioner_phone"].strip()[:20]
    return {"opens_on": opens_on, "stages": stages, **named}


def _stage_rows(current: Any) -> list[dict[str, str]]:
    """The turns of a plan with empty lines below them."""
    known = list(current.stages) if current else []
    return [*known, *({"grades": "", "on": ""} for _line in range(max(1, STAGES - len(known))))]


def _can(officer: Any, place: Any, current: Any, verdicts: list) -> dict[str, bool]:
    """What this officer may do now, for the buttons; the verbs decide."""
    writes, state = bool(may(officer, Permission.READINESS_WRITE, place.area_id)), current.state if current else ""
    ready = all(one.met for one in verdicts)
    return {
        "write": writes, "propose": writes and ready and state in ("PLANNED", "CLOSED"),
        "open": writes and ready and state == "PROPOSED" and current.proposed_by_id != officer.pk,
    }  # fmt: skip
