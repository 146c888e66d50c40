"""The page of a result: whose tube it is, what else was found in it, and the decision of two persons."""

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from fangxian.core.permissions import Permission, may, require
from fangxian.faces.web.pages import guard, lists
from fangxian.faces.web.pages.figures import readable
from fangxian.registers import site
from fangxian.systems.testing import selectors, services
from fangxian.workflows.response.report import disease_name

OPINIONS = [("IN_FORCE", _("It is right: put it in force")), ("REJECTED", _("It is wrong: reject it"))]


class OpinionForm(django_forms.Form):
    """What one person thinks of a held result."""

    opinion = django_forms.ChoiceField(label=_("My opinion"), choices=OPINIONS, widget=django_forms.RadioSelect)
    reason = django_forms.CharField(label=_("Why"), max_length=200, required=False)


class CorrectionForm(django_forms.Form):
    """What the laboratory should have said."""

    value = django_forms.ChoiceField(label=_("Result"))
    reason = django_forms.CharField(label=_("Why"), min_length=2, max_length=200)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["value"].choices = site.get(lists.RESULTS).model.Value.choices


@guard.needs(Permission.TESTING_READ)
@require_GET
def result(request: HttpRequest, pk) -> HttpResponse:
    """One result with its tube, its rivals and what may be done."""
    found = selectors.result(pk)
    rivals = [other for other in selectors.results_of([found.tube]) if other.pk != found.pk]
    held, stands = found.state == "HELD", found.state in ("HELD", "IN_FORCE")
    context = {
        "result": found,
        "disease": disease_name(found.disease),
        "samples": selectors.samples_in(found.tube),
        "sees_people": readable(request.user, "people.person"),
        "rivals": rivals,
        "opinion_form": OpinionForm() if held and _may(request, Permission.TESTING_RESOLVE, found) else None,
        "correction_form": CorrectionForm() if stands and _may(request, Permission.TESTING_WRITE, found) else None,
        "opinion": dict(OPINIONS).get(found.first_opinion, ""),
    }  # fmt: skip
    return render(request, "cases/result.html", context)


def _may(request: HttpRequest, right: Permission, found) -> bool:
    return bool(may(request.user, right, found.area_id))


@guard.needs(Permission.TESTING_RESOLVE)
@require_POST
def decide(request: HttpRequest, pk) -> HttpResponse:
    """One opinion; the second person who agrees decides."""
    found = selectors.result(pk)
    given = {"opinion": request.POST.get("opinion", ""), "reason": request.POST.get("reason", "")[:200]}
    guard.attempt(request, lambda: services.decide(found, by=request.user, **given), _("Your opinion is kept."))
    return redirect("result", found.pk)


@guard.needs(Permission.TESTING_WRITE)
@require_POST
def correct(request: HttpRequest, pk) -> HttpResponse:
    """The laboratory corrects itself: the old result is withdrawn, the new one names it."""
    found = selectors.result(pk)
    require(request.user, Permission.TESTING_WRITE, found.area_id)
    given = {"value": request.POST.get("value", ""), "reason": request.POST.get("reason", "").strip()[:200]}
    guard.attempt(request, lambda: services.correct(found, by=request.user, **given), _("Corrected."))
    return redirect("result", found.pk)


@guard.needs(Permission.TESTING_WRITE)
@require_POST
def withdraw(request: HttpRequest, pk) -> HttpResponse:
    """The laboratory takes a result back; what followed from it is planned anew."""
    found = selectors.result(pk)
    require(request.user, Permission.TESTING_WRITE, found.area_id)
    reason = request.POST.get("reason", "").strip()[:200]
    guard.attempt(request, lambda: services.withdraw(found, by=request.user, reason=reason), _("Withdrawn."))
    return redirect("result", found.pk)
