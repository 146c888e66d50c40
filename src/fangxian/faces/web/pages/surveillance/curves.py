"""One disease in one area: cases by onset with the nowcast, Rt, doubling time, what every method says; and seasons."""

from collections import Counter
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from fangxian.core import diseases, scope
from fangxian.core.areas import Area
from fangxian.core.clock import today
from fangxian.core.permissions import Permission
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.surveillance import drawing, opinions
from fangxian.systems.cases import selectors as cases
from fangxian.systems.surveillance import selectors
from fangxian.systems.surveillance.subjects import name_of
from fangxian.systems.surveillance.words import FeedChannel
from fangxian.workflows.warning import ruling
from fangxian.workflows.warning.season import Told, seasons
from fangxian.workflows.warning.situation import DAYS, LEAST, Situation, situation

LEVELS = {
    "baseline": (_("Outside the season"), "success"), "low": (_("In season, low"), "info"),
    "medium": (_("In season, medium"), "warning"), "high": (_("In season, high"), "danger"),
    "very_high": (_("In season, very high"), "danger"), "": (_("Too few seasons on record"), "neutral"),
}  # fmt: skip


@guard.needs(Permission.SURVEILLANCE_READ)
@require_GET
def curve(request: HttpRequest) -> HttpResponse:
    """Ten weeks by onset, and what every method says of the newest day or the one asked for."""
    area, asked = _area(request), request.GET.get("disease", "")
    disease = asked if asked in diseases.KEYS else _most_told(area)
    told = situation(area.code, disease, today())
    context = {
        "area": area, "disease": disease, "name": name_of(disease), "told": told,
        "choices": diseases.choices(request.LANGUAGE_CODE), "onsets": drawing.onset_curve(told),
        "rt_curve": drawing.rt_curve(told), "rt": _newest_rt(told), "least": LEAST,
        "others": opinions.table(area.code, disease, _day(request)),
    }  # fmt: skip
    return render(request, "surveillance/curve.html", context)


@guard.needs(Permission.SURVEILLANCE_READ)
@require_GET
def season(request: HttpRequest) -> HttpResponse:
    """Every weekly series with its season and the lines of the seasons before; and what is still too young for them."""
    area = _area(request)
    told = seasons(area.code, today() - timedelta(days=1))
    rows = [(one, drawing.season_curve(one), *LEVELS[one.level], _title(one)) for one in told if one.feed or one.lines]
    waiting = [(one, _title(one)) for one in told if not (one.feed or one.lines)]
    return render(request, "surveillance/season.html", {"area": area, "rows": rows, "waiting": waiting})


@guard.needs(Permission.SURVEILLANCE_READ)
@require_GET
def methods(request: HttpRequest) -> HttpResponse:
    """What each method does, in words, and how its signals have done here."""
    context = {"rows": selectors.track_record(), "rules": ruling.in_force(_area(request).code)}
    return render(request, "surveillance/methods.html", context)


def _newest_rt(told: Situation) -> dict[str, float | str] | None:
    """The newest estimate with its interval and what it comes to in words; None where there is none."""
    known = [number for number, value in enumerate(told.rt) if value == value]
    if not known:
        return None
    mean, low, high = (float(values[known[-1]]) for values in (told.rt, told.rt_low, told.rt_high))
    if low > 1:
        means = _("each case infects more than one: it grows")
    elif high < 1:
        means = _("each case infects less than one: it dies down")
    else:
        means = _("it may grow or die down: the interval holds one")
    return {"mean": mean, "low": low, "high": high, "means": str(means)}


def _title(told: Told) -> str:
    """What is counted: the disease, or the channel where there is none."""
    return name_of(told.disease) if told.disease else str(FeedChannel(told.channel).label)


def _day(request: HttpRequest) -> date:
    """The day asked for, yesterday at the latest: only a day that is over can be judged."""
    newest = today() - timedelta(days=1)
    try:
        return min(newest, date.fromisoformat(request.GET.get("on", "")))
    except ValueError:
        return newest


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
