"""The people behind a figure of a round, by name; and why somebody is missing or need not come."""

from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from fangxian.core.areas import Area
from fangxian.core.permissions import Permission, may, require
from fangxian.faces.web.pages import guard
from fangxian.systems.testing import coverage, groups, selectors, services
from fangxian.systems.testing.coverage import State
from fangxian.systems.testing.rounds import EXCUSES

A_PAGE = 100


@guard.needs(Permission.TESTING_READ)
@require_GET
def listing(request: HttpRequest, pk) -> HttpResponse:
    """Everybody who stands in one place: `state`, `area` and `group` narrow it."""
    test_round = selectors.test_round(pk)
    require(request.user, Permission.PEOPLE_READ)
    asked = _asked(request)
    rows = coverage.members(test_round, **asked)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    reasons = coverage.RoundMember.Reason
    context = {
        "round": test_round, "page": page, "asked": urlencode({k: v for k, v in asked.items() if v is not None}),
        "state": State(asked["state"]), "states": State.choices, "area": asked["area"], "group": asked["group"],
        "area_name": Area.objects.filter(code=asked["area"]).first(),
        "group_names": groups.names(test_round.area_id),
        "may_mark": test_round.state == "OPEN" and bool(may(request.user, Permission.ROUNDS_RUN)),
        "excuses": [(one.value, one.label) for one in reasons if one in EXCUSES],
        "explanations": [(one.value, one.label) for one in reasons if one not in EXCUSES],
        "labels": dict(reasons.choices),
    }  # fmt: skip
    return render(request, "rounds/people.html", context)


@guard.needs(Permission.ROUNDS_RUN)
@require_POST
def mark(request: HttpRequest, pk) -> HttpResponse:
    """Excuse the chosen people, or say why they are missing; "" takes an excuse back."""
    test_round = selectors.test_round(pk)
    require(request.user, Permission.ROUNDS_RUN, test_round.area_id)
    guard.attempt(request, lambda: _mark(request, test_round), _("Kept."))
    return redirect(f"{reverse('round_people', args=[test_round.pk])}?{request.POST.get('back', '')}")


def _mark(request: HttpRequest, test_round) -> None:
    people = [UUID(value) for value in request.POST.getlist("person") if _is_uuid(value)]
    if not people:
        raise ValidationError(_("Choose somebody first."))
    reason = request.POST.get("reason", "")
    given = {"by": request.user, "test_round": test_round, "person_ids": people}
    if not reason:
        services.unexcuse(**given)
    elif reason in EXCUSES:
        services.excuse(**given, reason=reason)
    else:
        services.explain(**given, reason=reason)


def _asked(request: HttpRequest) -> dict:
    state = request.GET.get("state", "")
    found = int(state) if state.isdigit() and int(state) in State.values else State.MISSING
    return {"area": request.GET.get("area", "")[:24], "state": found, "group": request.GET.get("group")}


def _is_uuid(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True
