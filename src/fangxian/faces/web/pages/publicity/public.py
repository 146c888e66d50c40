"""The public pages: no account, no cookie, no script; in either language by the address alone.

What is shown is kept in memory for the pack's `public.cache_seconds`, and dropped at once when something is published.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.dispatch import receiver
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from fangxian.core import policy
from fangxian.core.areas import Area
from fangxian.core.clock import now, today
from fangxian.core.officers import Post
from fangxian.faces.web import policies
from fangxian.faces.web.accounts import CODES
from fangxian.faces.web.context import languages
from fangxian.faces.web.pages.publicity import counting
from fangxian.faces.web.pages.publicity.travelling import TravelForm
from fangxian.faces.web.pages.risk_areas.board import grouped
from fangxian.systems.arrivals import throttle
from fangxian.systems.publicity import announcements, reach, selectors
from fangxian.systems.risk_areas import announcements as risk_announcements
from fangxian.workflows import public_page, travel_advice
from fangxian.workflows.publicity import wording

KINDS = (Area.Kind.COUNTY, Area.Kind.ZONE, Area.Kind.TOWNSHIP)
MOST_KEPT = 512
DOOR = "travel"
_kept: dict[tuple[str, str], tuple[datetime, str]] = {}


@policies.public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The counties that work with this installation; the only one opens at once."""
    counties = served()
    if len(counties) == 1:
        return redirect(reverse("public_area", args=[counties[0].code]) + _query(request))
    return _answer(request, "public/home.html", {"counties": counties})


@policies.public
@require_safe
def area(request: HttpRequest, code: str) -> HttpResponse:
    """The page of a county or township."""
    found = Area.objects.filter(code=code, kind__in=KINDS).first()
    if found is None or not any(code.startswith(county.code) for county in served()):
        raise Http404
    counting.seen(f"area:{code}")
    return _answer(request, "public/area.html", lambda: _area_context(found), key=f"area:{code}")


@policies.public
@require_safe
def one_message(request: HttpRequest, series) -> HttpResponse:
    """One message by its own address, as it holds now; one that has ended says so."""
    try:
        found = selectors.public_message(series)
    except selectors.Message.DoesNotExist:
        return _answer(request, "public/ended.html", {}, status=410)
    counting.seen(reach.page_of(found))
    return _answer(request, "public/message.html", {"message": found, "area": found.area})


@policies.public
@require_safe
def travel(request: HttpRequest) -> HttpResponse:
    """What the rules say to a journey; asked by address, so that nothing is kept of who asked."""
    with override(language(request)):
        form = TravelForm(request.GET if "home" in request.GET else None)
        context: dict[str, Any] = {"form": form, "today": today()}
        status = 200
        if form.is_bound and form.is_valid():
            try:
                _knock(request)
            except throttle.TooMany:
                context, status = {"form": form, "too_many": True}, 429
            else:
                context |= {"journey": form.journey(), "answers": _answers(form), "to": form.place()}
        elif form.is_bound:
            status = 422
        response = _answer(request, "public/travel.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def served() -> list[Area]:
    """The counties and zones with officers on posts, by code."""
    codes = set(Post.objects.current().values_list("area_id", flat=True))
    counties = Area.objects.filter(kind__in=[Area.Kind.COUNTY, Area.Kind.ZONE]).order_by("code")
    return [county for county in counties if any(code.startswith(county.code) for code in codes)]


def language(request: HttpRequest) -> str:
    """The language the address names, else the one the browser asks for."""
    asked = request.GET.get("lang", "")
    return asked if asked in CODES else get_language() or "zh-hans"


@receiver([announcements.published, risk_announcements.published])
def forget(sender: Any, **_named: Any) -> None:
    """Something was published: every page is drawn anew. Other processes follow when their copies have run out."""
    _kept.clear()


def _area_context(area: Area) -> dict[str, Any]:
    page = public_page.page_of(area)
    return {
        "page": page, "area": area, "groups": grouped(page.zones, {}), "count": len(page.zones),
        "tables": [(table, wording.disease_name(table.disease)) for table in page.tables],
        "hides": any(table.hides for table in page.tables),
    }  # fmt: skip


def _answers(form: TravelForm) -> list[dict[str, Any]]:
    found = travel_advice.answer(form.journey())
    return [
        {"answer": one, "disease": wording.disease_name(one.disease), "said": wording.SAID[one.advice],
         "level": wording.level_name(one.why["level"]) if one.why.get("level") else ""}
        for one in found
    ]  # fmt: skip


def _answer(
    request: HttpRequest, template: str, context: Mapping[str, Any] | Callable[[], Mapping[str, Any]], *,
    key: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    """Draw a page, or answer with the copy that is kept. Drawn without the request: nothing of the visitor gets in."""
    said = language(request)
    seconds = int(policy.pack(disease="unknown").number("public.cache_seconds"))
    kept = _kept.get((key, said)) if key else None
    if kept and 0 <= (now() - kept[0]).total_seconds() < seconds:
        drawn = kept[1]
    else:
        drawn = _drawn(template, context, said, request.path)
        if key and len(_kept) < MOST_KEPT:
            _kept[key, said] = (now(), drawn)
    response = HttpResponse(drawn, status=status)
    response["Cache-Control"] = f"public, max-age={seconds}"
    return response


def _drawn(template: str, context: Mapping[str, Any] | Callable[[], Mapping[str, Any]], said: str, here: str) -> str:
    with override(said):
        told = context() if callable(context) else context
        shell = {"said": said, "languages": languages(), "here": here, "at": now(), "lang": f"?lang={said}"}
        return render_to_string(f"publicity/{template}", {**shell, **told})


def _query(request: HttpRequest) -> str:
    return f"?lang={language(request)}" if request.GET.get("lang") in CODES else ""


def _knock(request: HttpRequest) -> None:
    most = int(policy.pack(disease="unknown").number("public.questions_per_hour"))
    throttle.knock(DOOR, throttle.sender_of(request.META.get("REMOTE_ADDR", "")), most=most)
