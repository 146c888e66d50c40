"""The declaration on a phone: no account, no captcha; counted by sender, refused when flooded, answered with a code.

The answer says nothing about anybody: neither whether a person is known nor what became of another declaration.
"""

from typing import Any

import segno
from django.core.exceptions import ValidationError
from django.forms import formset_factory
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from fangxian.core import policy, scope
from fangxian.core.areas import Area
from fangxian.core.ids import uuid7
from fangxian.faces.web import policies
from fangxian.faces.web.pages.resident.forms import TravellerForm, TripForm, most_travellers
from fangxian.systems.arrivals import declaring, selectors, throttle

WHY = "the public form writes a declaration into the area it names"
DOOR = "declare"
SHUT, UNPROCESSABLE = 429, 422
Travellers = formset_factory(TravellerForm, extra=1)


@policies.public
@never_cache
def declare(request: HttpRequest) -> HttpResponse:
    """The form, and what it sends. “One more traveller” adds a row and loses nothing that was typed."""
    if request.method != "POST":
        return _form(request, TripForm(initial={"id": uuid7()}), _travellers(None))
    trip, travellers = TripForm(request.POST), _travellers(request.POST)
    if "more" in request.POST:
        return _form(request, _unjudged(trip), travellers)
    if not (trip.is_valid() and travellers.is_valid()):
        return _form(request, trip, travellers, UNPROCESSABLE)
    try:
        made = _send(request, trip, travellers)
    except throttle.TooMany:
        return render(request, "resident/too_many.html", status=SHUT)
    except ValidationError as error:
        trip.add_error(None, " ".join(error.messages))
        return _form(request, trip, travellers, UNPROCESSABLE)
    request.session["declared"] = [*request.session.get("declared", [])[-4:], made.code]
    return redirect("declared", made.code)


@policies.public
@never_cache
@require_GET
def declared(request: HttpRequest, code: str) -> HttpResponse:
    """The confirmation: code, day, number of people; only on the phone that sent it."""
    if code not in request.session.get("declared", []):
        raise Http404
    with scope.everywhere(WHY):
        found = selectors.declaration(code)
    if found is None:
        raise Http404
    drawn = segno.make(code, error="m").svg_inline(scale=5, border=2, omitsize=True)
    return render(request, "resident/declared.html", {"declaration": found, "drawn": mark_safe(drawn)})  # noqa: S308  (segno's own drawing)


def _send(request: HttpRequest, trip: TripForm, travellers) -> Any:
    rules, given = policy.pack(disease="unknown"), trip.cleaned_data
    sender = throttle.sender_of(request.META.get("REMOTE_ADDR", ""))
    throttle.knock(
        DOOR, sender, most=int(rules.number("declaration.per_sender_hour")),
        most_of_all=int(rules.number("declaration.per_hour")),
    )  # fmt: skip
    stays = trip.stays()
    people = [dict(form.cleaned_data) for form in travellers if form.cleaned_data]
    with scope.everywhere(WHY):
        return declaring.declare(
            id=given["id"], area=Area.objects.get(code=given["area"]), phone=given["phone"],
            arrives_on=given["arrives_on"], persons=people, sender=sender, means=given["means"],
            carrier=given["carrier"].upper(), seat=given["seat"].upper(), address=given["address"], stays=stays,
            from_code=stays[0]["code"] if stays else "", from_name=given["place"],
        )  # fmt: skip


def _travellers(data):
    if data is None:
        return Travellers(prefix="who")
    given = data.copy()
    count = int(given.get("who-TOTAL_FORMS") or 1) if str(given.get("who-TOTAL_FORMS") or "").isdigit() else 1
    given["who-TOTAL_FORMS"] = min(count + ("more" in data), most_travellers())
    given["who-INITIAL_FORMS"] = 0
    return Travellers(given, prefix="who")


def _unjudged(trip: TripForm) -> TripForm:
    """What was typed so far, without errors for what is still to come."""
    return TripForm(initial={name: trip.data.get(name, "") for name in trip.fields})


def _form(request: HttpRequest, trip: TripForm, travellers, status: int = 200) -> HttpResponse:
    asked = "more" in request.POST
    context = {
        "trip": trip, "travellers": travellers, "count": len(travellers.forms), "most": most_travellers(),
        "title": _("Declare an arrival"), "judged": not asked,
    }  # fmt: skip
    return render(request, "resident/declare.html", context, status=status)
