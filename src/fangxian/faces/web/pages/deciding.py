"""Two officers on one contact: proposing another end, agreeing to what is proposed, refusing it; each from the case."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from fangxian.core.permissions import Permission
from fangxian.faces.web.pages import guard
from fangxian.systems.cases import selectors as cases
from fangxian.systems.cases import services


class Act(StrEnum):
    """What may be done with a contact; the words of the addresses."""

    CONFIRM = "confirm"
    REFUSE = "refuse"
    REFUTE = "refute"
    DROP = "drop"
    RESTORE = "restore"


@dataclass(frozen=True)
class Deed:
    """An act: what does it, its title, what is said when it is done, what follows from it."""

    do: Callable[..., Any]
    title: Any
    done: Any
    after: Any
    reasoned: bool = True


AGREE = _("A second officer has to agree; until then what is in force stays.")
DEEDS = {
    Act.CONFIRM: Deed(
        services.confirm_contact, _("Agree to the proposal"), _("Agreed; the response runs again."),
        _("It is in force at once: the response plans or ends stay, tests and task."), reasoned=False,
    ),
    Act.REFUSE: Deed(
        services.refuse_proposal, _("Refuse the proposal"), _("Refused."),
        _("What was in force stays; what was only proposed does not come, unless a rule finds it."),
    ),
    Act.REFUTE: Deed(services.not_a_contact, _("This is no contact"), _("Proposed."), AGREE),
    Act.DROP: Deed(services.drop_contact, _("Follow the contact no longer"), _("Proposed."), AGREE),
    Act.RESTORE: Deed(services.restore_contact, _("Follow the contact again"), _("Proposed."), AGREE),
}  # fmt: skip


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Why"), min_length=4, max_length=200)


@guard.needs(Permission.CASES_WRITE)
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, pk, act: Act) -> HttpResponse:
    """Ask for the reason and do it; a refusal says why on the case's page."""
    contact, deed = cases.contact(pk), DEEDS[act]
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if not deed.reasoned:
        del form.fields["reason"]
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        guard.attempt(request, lambda: deed.do(by=request.user, contact=contact, **given), deed.done)
        return redirect(_to(contact))
    context = {"case": contact.case, "contact": contact, "deed": deed, "form": form}
    return render(request, "cases/decide.html", context, status=422 if form.is_bound else 200)


def _to(contact) -> str:
    """Back to the contacts of the case: those that still wait, while any does."""
    state = "&state=waiting" if cases.waiting_contacts(contact.case).exists() else ""
    return f"{reverse('case', args=[contact.case_id])}?tab=contacts{state}"
