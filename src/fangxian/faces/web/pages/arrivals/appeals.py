"""Answering an appeal: one officer proposes, another decides."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from fangxian.core import audit
from fangxian.core.permissions import Permission, require
from fangxian.faces.web.pages import guard
from fangxian.systems.arrivals import appealing, selectors
from fangxian.workflows.loop import appeals as story
from fangxian.workflows.loop import own_page


class AnswerForm(forms.Form):
    """The proposed answer."""

    decision = forms.ChoiceField(
        label=_("Decision on the appeal"), choices=[(state.value, state.label) for state in appealing.DECISIONS],
        widget=forms.RadioSelect,
    )  # fmt: skip
    answer = forms.CharField(label=_("Answer, as the resident reads it"), widget=forms.Textarea(attrs={"rows": 4}))


@guard.needs(Permission.ARRIVALS_READ)
@require_GET
def appeal(request: HttpRequest, pk) -> HttpResponse:
    """One appeal with the plan it is about; reading its text is on record."""
    found = selectors.appeal(pk)
    with audit.act("arrivals.appeal.read", by=request.user, area=found.area, target=found):
        text = found.text.reveal()
    context = {"appeal": found, "text": text, "rule": own_page.rule_of(found.loop), "form": AnswerForm()}
    return render(request, "arrivals/appeal.html", context)


@guard.needs(Permission.ARRIVALS_WRITE)
@require_POST
def propose(request: HttpRequest, pk) -> HttpResponse:
    """Propose an answer."""
    found, form = _mine(request, pk), AnswerForm(request.POST)
    if form.is_valid():
        guard.attempt(
            request, lambda: appealing.propose(appeal=found, by=request.user, **form.cleaned_data),
            str(_("Proposed. A second person decides.")),
        )  # fmt: skip
    return redirect("appeal", found.pk)


@guard.needs(Permission.ARRIVALS_WRITE)
@require_POST
def decide(request: HttpRequest, pk) -> HttpResponse:
    """Agree with the proposed answer; a granted appeal ends the plan."""
    found = _mine(request, pk)
    guard.attempt(request, lambda: story.decide(appeal=found, by=request.user), str(_("The answer is given.")))
    return redirect("appeal", found.pk)


@guard.needs(Permission.ARRIVALS_WRITE)
@require_POST
def send_back(request: HttpRequest, pk) -> HttpResponse:
    """Do not agree: look at it again."""
    found, reason = _mine(request, pk), request.POST.get("reason", "").strip()
    guard.attempt(request, lambda: appealing.send_back(appeal=found, by=request.user, reason=reason))
    return redirect("appeal", found.pk)


def _mine(request: HttpRequest, pk) -> Any:
    found = selectors.appeal(pk)
    require(request.user, Permission.ARRIVALS_WRITE, found.area_id)
    return found
