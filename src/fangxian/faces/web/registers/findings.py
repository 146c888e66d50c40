"""What inspections found about a record: a tab, with a form to raise a finding on the spot."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from fangxian.core.permissions import Permission, require
from fangxian.faces.web.registers import access, tables
from fangxian.registers import site
from fangxian.registers.behaviours import Rectifiable
from fangxian.registers.forms import form_class
from fangxian.systems.inspection import selectors, services

FINDINGS = "inspection.finding"
ASKED = ("what", "basis", "severity", "role", "due_at")


def sees(request: HttpRequest) -> bool:
    """Whether the officer may read findings at all."""
    return bool(site.get(FINDINGS).may(request.user, "read"))


def tab(request: HttpRequest, register, found) -> dict:
    """What the tab shows: the findings, unsettled ones first, and the form for those who may raise one."""
    findings = site.get(FINDINGS)
    with findings.scope(request.user, "read"):
        shown = selectors.for_subject(register.slug, found.pk)
    shown.sort(key=lambda one: one.state not in selectors.UNSETTLED)
    may_raise = bool(findings.may(request.user, "write", found.area_id))
    return {"findings": shown, "finding_form": _form() if may_raise else None}


@access.requires("read", behaviour=Rectifiable)
@require_POST
def raise_finding(request: HttpRequest, register, pk) -> HttpResponse:
    """Enter what was found about this record; the task to mend it goes out at once."""
    found = register.get(pk)
    require(request.user, Permission.INSPECTION_WRITE, found.area_id)
    form = _form(request.POST)
    try:
        if not form.is_valid():
            raise ValidationError([f"{form[name].label}: {' '.join(why)}" for name, why in form.errors.items()])
        made = _raised(request, found, form.cleaned_data)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(reverse("register_record", args=[register.slug, found.pk]) + "?tab=findings")
    messages.success(request, _("The finding is entered and handed down."))
    return redirect(tables.url_of(made))


def _raised(request: HttpRequest, found, values: dict):
    given = {name: value for name, value in values.items() if value not in (None, "")}
    with site.get(FINDINGS).scope(request.user, "write"):
        return services.raise_finding(by=request.user, area=found.area, where=str(found)[:120], subject=found, **given)


def _form(given=None) -> forms.Form:
    """The register's own form without what the record already says."""
    form = form_class(site.get(FINDINGS))(given)
    for name in list(form.fields):
        if name not in ASKED:
            del form.fields[name]
    return form
