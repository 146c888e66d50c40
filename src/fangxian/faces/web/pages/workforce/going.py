"""Staff sent to the front line with the balance of each area, and field visits of leaders."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from fangxian.core.clock import now
from fangxian.core.permissions import Permission, may, require
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.workforce.common import area_of, parts_of
from fangxian.faces.web.registers import widgets
from fangxian.registers import site
from fangxian.registers.forms import AreaField
from fangxian.systems.workforce import rules, selectors, services
from fangxian.workflows import field_visit

SHOWN = 200
FINDING = "inspection.finding"


class GoingForm(django_forms.Form):
    """Who goes from where to where, from when until when, what for."""

    name = django_forms.CharField(label=_("Full name"), max_length=40)
    unit = django_forms.CharField(label=_("Unit"), max_length=80)
    from_area = AreaField(label=_("Comes from"), anywhere=True)
    to_area = AreaField(label=_("Goes to"), anywhere=True)
    where = django_forms.CharField(label=_("Where"), max_length=120)
    duty = django_forms.CharField(label=_("Duty there"), max_length=120)
    starts_at = django_forms.DateTimeField(label=_("From"))
    ends_at = django_forms.DateTimeField(label=_("Until"), required=False, help_text=_("Empty: until called back."))


class VisitForm(GoingForm):
    """The same for a visit that has been made, with what was found."""

    ends_at = django_forms.DateTimeField(label=_("Until"))
    found = django_forms.CharField(
        label=_("What was found"), max_length=200, min_length=4, required=False, widget=django_forms.Textarea,
        help_text=_("Becomes a finding of the place, with an owner and a time. Empty: nothing to mend."),
    )  # fmt: skip
    severity = django_forms.ChoiceField(label=_("Severity"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["severity"].choices = site.get(FINDING).model._meta.get_field("severity").choices


@guard.needs(Permission.WORKFORCE_READ)
@require_http_methods(["GET", "POST"])
def deployments(request: HttpRequest) -> HttpResponse:
    """Who is sent where now, the balance of the parts of the area, and the form that sends somebody."""
    here = area_of(request)
    form = _form(GoingForm, request, {"from_area": here.code, "starts_at": now()})
    if request.method == "POST" and form.is_valid() and _kept(request, form, services.send, _("They are sent down.")):
        return redirect(f"{reverse('deployments')}?area={here.code}")
    context = {
        "area": here, "form": form, "rows": selectors.deployed(here.code)[:SHOWN],
        "balances": selectors.balances(parts_of(here) or [here]),
        "reserve": rules.reserve_percent(rules.pack_of(here.code)),
        "may_write": bool(may(request.user, Permission.WORKFORCE_WRITE, here.code)), "now": now(),
    }  # fmt: skip
    return render(request, "workforce/deployments.html", context, status=422 if form.errors else 200)


@guard.needs(Permission.WORKFORCE_WRITE)
@require_POST
def call_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End a deployment now."""
    found = selectors.deployment(pk)
    codes = (found.area_id, found.from_area_id)
    here = next((code for code in codes if may(request.user, Permission.WORKFORCE_WRITE, code)), found.area_id)
    require(request.user, Permission.WORKFORCE_WRITE, here)
    guard.attempt(request, lambda: services.call_back(deployment=found, by=request.user), _("Called back."))
    return redirect("deployments")


@guard.needs(Permission.WORKFORCE_READ)
@require_http_methods(["GET", "POST"])
def visits(request: HttpRequest) -> HttpResponse:
    """Field visits of leaders: who has not been down for too long, what was found, and the form that logs one."""
    here = area_of(request)
    form = _form(
        VisitForm, request, {"from_area": here.code, "starts_at": now() - timedelta(hours=2), "ends_at": now()}
    )
    if (
        request.method == "POST"
        and form.is_valid()
        and _kept(request, form, field_visit.log, _("The visit is logged."))
    ):
        return redirect(f"{reverse('visits')}?area={here.code}")
    every = rules.between_visits(rules.pack_of(here.code))
    context = {
        "area": here, "form": form, "leaders": field_visit.standing(here.code)[:SHOWN], "every": every.days,
        "rows": selectors.visits(here.code, now() - field_visit.LOOK_BACK * every)[:SHOWN],
        "may_write": bool(may(request.user, Permission.WORKFORCE_WRITE, here.code)),
        "may_findings": bool(may(request.user, Permission.INSPECTION_READ)),
    }  # fmt: skip
    return render(request, "workforce/visits.html", context, status=422 if form.errors else 200)


def _form(kind: type[GoingForm], request: HttpRequest, initial: dict[str, Any]) -> Any:
    """The form as sent by whoever may write, or a fresh one."""
    if request.method == "POST":
        require(request.user, Permission.WORKFORCE_WRITE)
    return widgets.dress(kind(request.POST if request.method == "POST" else None, initial=initial))


def _kept(request: HttpRequest, form: Any, verb: Any, done: Any) -> bool:
    """Do it where the officer may write at one end; what is refused stands on the form."""
    given = dict(form.cleaned_data)
    ends = (given["to_area"].code, given["from_area"].code)
    here = next((code for code in ends if may(request.user, Permission.WORKFORCE_WRITE, code)), ends[0])
    require(request.user, Permission.WORKFORCE_WRITE, here)
    try:
        verb(by=request.user, area=given.pop("to_area"), **given)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return False
    return guard.attempt(request, lambda: None, done)
