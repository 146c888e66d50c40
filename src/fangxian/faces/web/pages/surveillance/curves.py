"""One disease in one area: cases by onset with the nowcast, Rt, doubling time; and the seasons of weekly feeds."""

from collections import Counter
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from fangxian.core import diseases, scope
from fangxian.core.areas import Area
from fangxian.core.clock import today
from fangxian.core.permissions import Permission
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.surveillance import drawing, ruling
from fangxian.systems.cases import selectors as cases
from fangxian.systems.surveillance import selectors
from fangxian.systems.surveillance.subjects import name_of
from fangxian.workflows.warning.season import seasons
from fangxian.workflows.warning.situation import DAYS, LEAST, situation

LEVELS = {
    "baseline": (_("Outside the season"), "success"), "low": (_("In season, low"), "info"),
    "medium": (_("In season, medium"), "warning"), "high": (_("In season, high"), "danger"),
    "very_high": (_("In season, very high"), "danger"), "": (_("Too few seasons on record"), "neutral"),
}  # fmt: skip


@guard.needs(Permission.SURVEILLANCE_READ)
@require_GET
def curve(request: HttpRequest) -> HttpResponse:
    """Ten weeks by onset."""
    area, asked = _area(request), request.GET.get("disease", "")
    disease = asked if asked in diseases.KEYS else _most_told(area)
    told = situation(area.code, disease, today())
    rt = [value for value in told.rt if value == value]
    context = {
        "area": area, "disease": disease, "name": name_of(disease), "told": told,
        "choices": diseases.choices(request.LANGUAGE_CODE), "onsets": drawing.onset_curve(told),
        "rt_curve": drawing.rt_curve(told), "rt": rt[-1] if rt else None, "least": LEAST,
    }  # fmt: skip
    return render(request, "surveillance/curve.html", context)


@guard.needs(Permission.SURVEILLANCE_READ)
@require_GET
def season(request: HttpRequest) -> HttpResponse:
    """Every feed of weeks with its season and the lines of the seasons before."""
    area = _area(request)
    told = seasons(area.code, today() - timedelta(days=1))
    rows = [(one, drawing.season_curve(one), *LEVELS[one.level], name_of(one.feed.disease)) for one in told]
    return render(request, "surveillance/season.html", {"area": area, "rows": rows})


@guard.needs(Permission.SURVEILLANCE_READ)
@require_GET
def methods(request: HttpRequest) -> HttpResponse:
    """What each method does, in words, and how its signals have done here."""
    context = {"rows": selectors.track_record(), "rules": ruling.in_force(_area(request).code)}
    return render(request, "surveillance/methods.html", context)


def _most_told(area: Area) -> str:
    """The disease with the most cases that became known in the weeks the curve shows; COVID-19 where there are none."""
    counted: Counter[str] = Counter()
    for row in cases.known_by_day(today() - timedelta(days=DAYS), today(), area.code):
        counted[row.disease] += row.count
    return next((disease for disease, _number in counted.most_common(1)), "covid19")


def _area(request: HttpRequest) -> Area:
    code = request.GET.get("area")
    inside = scope.areas_in_scope()
    return inside.get(code=code) if code else request.user.posts_with(Permission.SURVEILLANCE_READ)[0].area
