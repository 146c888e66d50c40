"""The calendar of drills: who owes one, what is planned, what came of those held; and the scenarios to choose from."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from fangxian.core.clock import now
from fangxian.core.permissions import Permission, may
from fangxian.faces.web.pages import guard
from fangxian.systems.drills import rules, scenarios, selectors

STATES = {
    "OVERDUE": ("danger", _("Overdue")), "OPEN": ("warning", _("To be planned")),
    "COMING": ("info", _("Drill on the calendar")), "DONE": ("success", _("Drill held")),
}  # fmt: skip
SHOWN, RECENT = 60, 20


@guard.needs(Permission.DRILLS_READ)
@require_GET
def calendar(request: HttpRequest) -> HttpResponse:
    """Who owes a drill, overdue first; the latest drills; copies that are still there."""
    owed = selectors.owed()
    context = {
        "figures": _figures(owed), "owed": [(one, *STATES[one.state]) for one in owed[:SHOWN]],
        "more": max(len(owed) - SHOWN, 0), "drills": selectors.recent(RECENT), "copies": selectors.copies(),
        "scenarios": list(scenarios.every().values()), "now": now(),
        "may_write": bool(may(request.user, Permission.DRILLS_WRITE)),
    }  # fmt: skip
    return render(request, "drills/calendar.html", context)


@guard.needs(Permission.DRILLS_READ)
@require_GET
def scenario(request: HttpRequest, scenario: str) -> HttpResponse:
    """What a scenario plays in and asks for: for whoever plans drills; players are to be surprised."""
    if not may(request.user, Permission.DRILLS_WRITE):
        raise Http404
    try:
        found = scenarios.get(scenario)
    except LookupError as error:
        raise Http404 from error
    posts = request.user.current_posts
    pack = rules.policy.pack(disease=found.disease, area_code=posts[0].area_id if posts else "")
    reactions = [(one, rules.allowed(pack, one.clock)) for one in found.reactions]
    return render(request, "drills/scenario.html", {"scenario": found, "reactions": reactions, "pack": pack})


def _figures(owed: list[selectors.Owed]) -> list[dict[str, Any]]:
    year, states = selectors.counts(), [one.state for one in owed]
    lines, drills = reverse("register", args=["drills.drillstep"]), reverse("register", args=["drills.drill"])
    return [
        {"label": _("Areas overdue"), "value": states.count("OVERDUE"), "url": "#owed",
         "tone": "danger" if "OVERDUE" in states else ""},
        {"label": _("Still owed in this period"), "url": "#owed",
         "value": states.count("OPEN") + states.count("COMING")},
        {"label": _("Drills held this year"), "value": year["held"], "url": drills},
        {"label": _("Reactions in time this year"), "value": year["in_time"], "url": f"{lines}?outcome=IN_TIME"},
    ]  # fmt: skip
