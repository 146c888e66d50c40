"""The guest's own page, opened with the code in the room: temperature, requests, how long still, by which rule."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from fangxian.core import scope
from fangxian.core.clock import today
from fangxian.core.permissions import Permission
from fangxian.core.records import Source
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.venue_codes import drawn
from fangxian.faces.web.policies import public
from fangxian.systems.quarantine import day, guest_links, selectors, services

WHY = "a guest sees and enters their own, by the signed link in the room"
SYMPTOMS = [("cough", _("Cough")), ("throat", _("Sore throat")), ("tired", _("Tired")), ("diarrhoea", _("Diarrhoea")),
            ("taste", _("No taste or smell")), ("breath", _("Short of breath"))]  # fmt: skip


class CheckForm(forms.Form):
    """Temperature and what one feels."""

    temperature = forms.DecimalField(
        label=_("Temperature (°C)"), min_value=Decimal(34), max_value=Decimal(43), max_digits=3, decimal_places=1,
        widget=forms.NumberInput({"inputmode": "decimal", "step": "0.1", "autocomplete": "off"}),
    )  # fmt: skip
    symptoms = forms.MultipleChoiceField(
        label=_("Do you feel any of this?"), choices=SYMPTOMS, required=False, widget=forms.CheckboxSelectMultiple
    )


class RequestForm(forms.Form):
    """What one needs."""

    category = forms.ChoiceField(label=_("What is it about?"), choices=day.CATEGORIES)
    text = forms.CharField(label=_("What do you need?"), max_length=300, widget=forms.Textarea({"rows": 2}))


@public
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, token: str) -> HttpResponse:
    """What the guest sees and enters. A link that is not ours, or of a stay that is over, opens nothing."""
    with scope.everywhere(WHY):
        try:
            stay = guest_links.stay_of(token)
        except guest_links.NoGuest:
            return render(request, "isolation/guest_gone.html", status=404)
        forms_ = {"check": CheckForm(), "request": RequestForm()}
        if request.method == "POST":
            what = "request" if request.POST.get("what") == "request" else "check"
            forms_[what] = {"check": CheckForm, "request": RequestForm}[what](request.POST)
            if forms_[what].is_valid() and guard.attempt(
                request, lambda: ACTS[what](stay, forms_[what].cleaned_data), THANKS[what]
            ):
                return redirect("guest_page", token)
        wrong = any(form.errors for form in forms_.values())
        return _private(render(request, "isolation/guest.html", _context(stay, forms_), status=422 if wrong else 200))


@guard.needs(Permission.QUARANTINE_WRITE)
@require_GET
def card(request: HttpRequest, pk) -> HttpResponse:
    """The card for the room, with the guest's code, to print."""
    stay = selectors.stay(pk)
    if stay.state != "IN" or stay.room_id is None:
        messages.error(request, _("The card is printed when the guest is in the room."))
        return redirect("isolation_stay", stay.pk)
    url = request.build_absolute_uri(reverse("guest_page", args=[guest_links.token(stay)]))
    return _private(render(request, "isolation/card.html", {"stay": stay, "code": drawn(url)}))


def _check(stay, said: dict[str, Any]) -> object:
    words = dict(SYMPTOMS)
    return services.record_check(
        by=None, person=stay.person, area=stay.area, day=today(), slot=day.slot_now(), pack=stay.pack, by_guest=True,
        temperature=said["temperature"], symptoms="、".join(str(words[key]) for key in said["symptoms"])[:120],
        source=Source.FIELD,
    )  # fmt: skip


def _ask(stay, said: dict[str, Any]) -> object:
    return services.ask(by=None, stay=stay, by_guest=True, source=Source.FIELD, **said)


ACTS = {"check": _check, "request": _ask}
THANKS = {"check": _("Thank you. The nurse sees your temperature now."), "request": _("Thank you. It is on its way.")}


def _context(stay, forms_: dict) -> dict[str, Any]:
    checks = selectors.checks_of([stay.person_id], since=stay.starts_on)[stay.person_id]
    done = any(check.day == today() and check.slot == day.slot_now() for check in checks)
    return {
        "stay": stay, "forms": forms_, "checks": checks[-6:][::-1], "done": done, "slot": day.slot_now(),
        "days": max(0, (stay.ends_on - today()).days), "requests": selectors.requests_of(stay),
        "restart": next(iter(selectors.restarts_of([stay.pk])[stay.pk]), None),
    }  # fmt: skip


def _private(answer: HttpResponse) -> HttpResponse:
    """Nobody keeps a copy, and the address goes nowhere."""
    answer["Cache-Control"], answer["Referrer-Policy"] = "no-store", "same-origin"
    return answer
