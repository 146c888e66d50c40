"""A unit checks itself: township, village or department, with the lists the pack has for it.

A place checks itself on its own page (`places.py`); how a list is answered stands here for both.
"""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from fangxian.core.areas import Area
from fangxian.core.permissions import Permission, may
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.supervision.trips import answers_of, rows_of
from fangxian.systems.inspection import rules, selectors, services
from fangxian.systems.inspection.rules import Checklist
from fangxian.systems.inspection.services import Stop
from fangxian.systems.inspection.words import ItemAnswer
from fangxian.workflows.rectifying import routes

SHOWN = 10


@guard.needs(Permission.INSPECTION_SELF_CHECK)
@require_GET
def own_check(request: HttpRequest) -> HttpResponse:
    """The units one answers for, each with its lists and what it last found in itself."""
    units = [(unit, _lists(unit), selectors.checked_itself(unit)[:SHOWN]) for unit in _units(request.user)]
    may_read = bool(may(request.user, Permission.INSPECTION_READ))
    return render(request, "supervision/own_check.html", {"units": units, "may_read": may_read})


@guard.needs(Permission.INSPECTION_SELF_CHECK)
@require_http_methods(["GET", "POST"])
def own_sheet(request: HttpRequest, code: str, checklist: str) -> HttpResponse:
    """One list answered for one's own unit."""
    unit = next((one for one in _units(request.user) if one.code == code), None)
    asked = next((one for one in _lists(unit) if one.key == checklist), None) if unit else None
    if unit is None or asked is None:
        raise Http404
    stop = Stop(unit, unit.name, asked.key, unit=unit.name)
    return answering(request, asked, stop, back=reverse("own_check"), unit=unit)


def answering(request: HttpRequest, asked: Checklist, stop: Stop, *, back: str, **about: Any) -> HttpResponse:
    """The list of a self-check; posted, it is kept, or what is missing is said above what was answered."""
    errors: list[str] = []
    if request.method == "POST":
        try:
            services.check_oneself(by=request.user, stop=stop, answers=answers_of(request, asked))
        except ValidationError as error:
            errors = error.messages
        else:
            messages.success(request, _("The self-check is kept; what it found is handed down."))
            return redirect(back)
    context = {
        **about, "checklist": asked, "rows": rows_of(request, asked, {}), "values": ItemAnswer.choices,
        "errors": errors, "may_write": True,
    }  # fmt: skip
    return render(request, "supervision/sheet.html", context, status=422 if errors else 200)


def _units(officer: Any) -> list[Area]:
    """The areas of the officer's posts that carry the right, each once."""
    posts = officer.posts_with(Permission.INSPECTION_SELF_CHECK)
    return list({post.area_id: post.area for post in posts}.values())


def _lists(unit: Area) -> list[Checklist]:
    return routes.lists_for_unit(unit, rules.pack_of(unit.code))
