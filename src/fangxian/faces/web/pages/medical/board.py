"""The board of medical care, and the page of one facility."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from fangxian.core.clock import now
from fangxian.core.permissions import Permission, may, require
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.figures import row_of
from fangxian.faces.web.pages.medical.lists import FEVER, SEEN_HOURS, TRANSFERS
from fangxian.systems.medical import rules, selectors, services
from fangxian.systems.medical.words import Discharged

SHOWN = 30


@guard.needs(Permission.MEDICAL_READ)
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Fever patients of a day with the exceptions first, who is on the way, beds, rounds that are due."""
    since = now() - timedelta(hours=SEEN_HOURS)
    visits = list(selectors.visits_since(since)[:SHOWN])
    ways, beds, due = list(selectors.open_referrals()[:SHOWN]), selectors.capacity(), selectors.rounds_due()
    context = {
        "figures": _figures(request.user, sum(row.free for row in beds), len(due)),
        "visits": _with_ways(visits), "ways": ways, "beds": beds, "due": due[:SHOWN], "now": now(),
        "hours": SEEN_HOURS, "may_write": bool(may(request.user, Permission.MEDICAL_WRITE)),
    }  # fmt: skip
    return render(request, "medical/board.html", context)


@guard.needs(Permission.MEDICAL_READ)
@require_GET
def facility(request: HttpRequest, pk) -> HttpResponse:
    """One facility: whom it saw lately, who lies there, its beds, its last round."""
    house = selectors.facility(pk)
    visits = list(selectors.visits_since(now() - timedelta(days=7), house)[:SHOWN])
    context = {
        "facility": house, "visits": _with_ways(visits), "patients": selectors.patients(house)[:200],
        "beds": [row for row in selectors.capacity() if row.facility == house],
        "rounds": selectors.rounds_of(house)[:5], "outcomes": Discharged.choices,
        "may_see_fever": rules.may_see_fever(house, rules.pack_of(house.area_id)),
        "may_write": bool(may(request.user, Permission.MEDICAL_WRITE, house.area_id)),
    }  # fmt: skip
    return render(request, "medical/facility.html", context)


@guard.needs(Permission.MEDICAL_WRITE)
@require_POST
def discharge(request: HttpRequest, pk) -> HttpResponse:
    """End a stay in a bed."""
    admission = selectors.admission(pk)
    require(request.user, Permission.MEDICAL_WRITE, admission.area_id)
    outcome = request.POST.get("outcome", "")
    guard.attempt(
        request, lambda: services.discharge(admission=admission, by=request.user, outcome=outcome), _("Discharged.")
    )
    return redirect("facility", pk=admission.facility_id)


def _with_ways(visits: list) -> list[tuple[Any, Any]]:
    """Each visit with the transfer that followed from it."""
    ways = selectors.referrals_of([visit.pk for visit in visits])
    return [(visit, ways.get(visit.pk)) for visit in visits]


def _figures(officer: Any, free: int, due: int) -> list[Any]:
    rows = row_of(
        officer,
        (FEVER, "fever_lately", _("Fever patients seen"), {}),
        (FEVER, "forbidden_lately", _("Seen where not allowed"), {"tone": "danger"}),
        (TRANSFERS, "under_way", _("Transfers under way"), {}),
    )
    return [
        *rows,
        {"label": _("Free beds"), "value": free, "url": reverse("register", args=["medical.beds"]),
         "tone": "danger" if free <= 0 else ""},
        {"label": _("Rounds due"), "value": due, "url": "#due"},
    ]  # fmt: skip
