"""Patient transfers: ask for one, agree, send, take in, or say why not."""

from collections.abc import Callable

from django import forms as django_forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fangxian.core.permissions import Permission, may, require
from fangxian.faces.web.pages import guard
from fangxian.faces.web.registers import widgets
from fangxian.registers.forms import RecordField
from fangxian.systems.medical import selectors, services
from fangxian.systems.medical.transitions import allowed
from fangxian.systems.medical.words import Bed, Way

STEPS: dict[str, Callable] = {
    "approve": lambda post: services.approve,
    "reject": lambda post: lambda **named: services.reject(reason=post.get("reason", ""), **named),
    "depart": lambda post: lambda **named: services.depart(vehicle=post.get("vehicle", "")[:20], **named),
    "arrive": lambda post: services.arrive,
    "cancel": lambda post: lambda **named: services.cancel(reason=post.get("reason", ""), **named),
}
DONE = {
    "approve": _("Agreed."), "reject": _("Refused."), "depart": _("On the way."), "arrive": _("Arrived."),
    "cancel": _("Taken back."),
}  # fmt: skip


class AskForm(django_forms.Form):
    """Who, from where to where, into which bed, why."""

    person = RecordField(apps.get_model("people.person"))
    from_facility = RecordField(apps.get_model("medical.facility"))
    to_facility = RecordField(apps.get_model("medical.facility"))
    bed = django_forms.ChoiceField(label=_("Bed"), choices=Bed.choices, initial=Bed.ISOLATION)
    reason = django_forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, label in (
            ("person", _("Person")),
            ("from_facility", _("Sending facility")),
            ("to_facility", _("Receiving facility")),
        ):
            self.fields[name].label = label


@guard.needs(Permission.MEDICAL_WRITE)
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask another facility to take a patient."""
    form = widgets.dress(AskForm(request.POST or None, initial=request.GET.dict()))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        require(request.user, Permission.MEDICAL_WRITE, given["from_facility"].area_id)
        try:
            asked = services.refer(by=request.user, **given)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return redirect("referral", pk=asked.pk)
    return render(request, "medical/ask.html", {"form": form}, status=422 if form.errors else 200)


@guard.needs(Permission.MEDICAL_READ)
@require_GET
def referral(request: HttpRequest, pk) -> HttpResponse:
    """One transfer: both sides, the clock, what may be done now."""
    found = selectors.referral(pk)
    ends = (found.from_facility.area_id, found.to_facility.area_id)
    speaks = any(may(request.user, Permission.MEDICAL_WRITE, code) for code in ends)
    steps = [step for step in allowed(found) if step != "reject" or found.kind != Way.FEVER]
    return render(request, "medical/referral.html", {"referral": found, "steps": steps if speaks else []})


@guard.needs(Permission.MEDICAL_WRITE)
@require_POST
def act(request: HttpRequest, pk, move: str) -> HttpResponse:
    """One step of a transfer; the reason it is refused for stands on the page."""
    found = selectors.referral(pk)
    verb = STEPS[move](request.POST)
    guard.attempt(request, lambda: verb(referral=found, by=request.user), DONE[move])
    return redirect("referral", pk=pk)
