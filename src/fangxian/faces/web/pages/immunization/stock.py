"""The fridge of a site: what is there, and one form for each movement."""

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from fangxian.core.permissions import Permission, may, require
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.immunization import common
from fangxian.systems.immunization import rules, selectors, services
from fangxian.systems.immunization.words import Waste

SHOWN = 40


class ReceiveForm(django_forms.Form):
    """Doses that come in, as the delivery paper says."""

    vaccine = django_forms.ChoiceField(label=_("Vaccine"))
    number = django_forms.CharField(label=_("Lot no."), max_length=40)
    expires_on = django_forms.DateField(
        label=_("Expires on"), widget=django_forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    doses = django_forms.IntegerField(label=_("Doses"), min_value=1, max_value=100_000)
    doses_per_vial = django_forms.IntegerField(label=_("Doses a vial"), min_value=1, max_value=50, initial=1)
    maker = django_forms.CharField(label=_("Maker"), max_length=60, required=False)
    paper = django_forms.CharField(label=_("Paper"), max_length=60, required=False)

    def __init__(self, *args: Any, site: Any, disease: str, **named: Any):
        super().__init__(*args, **named)
        self.fields["vaccine"].choices = common.vaccine_names(disease, site.area_id)


@guard.needs(Permission.IMMUNIZATION_READ)
@require_GET
def fridge(request: HttpRequest, pk) -> HttpResponse:
    """What is there, what expires first first; the latest movements."""
    return _page(request, selectors.site(pk))


@guard.needs(Permission.IMMUNIZATION_WRITE)
@require_POST
def receive(request: HttpRequest, pk) -> HttpResponse:
    """Doses come in; a form that cannot be taken is shown again with the reason."""
    site = selectors.site(pk)
    require(request.user, Permission.IMMUNIZATION_WRITE, site.area_id)
    disease = common.disease_of(request)
    form = ReceiveForm(request.POST, site=site, disease=disease)
    if not form.is_valid():
        return _page(request, site, form, status=422)
    given = form.cleaned_data
    take = lambda: services.receive(by=request.user, site=site, disease=disease, **given)  # noqa: E731
    if not guard.attempt(request, take, _("The doses are in the fridge.")):
        return _page(request, site, form, status=422)
    return redirect("vaccine_stock", pk=site.pk)


@guard.needs(Permission.IMMUNIZATION_WRITE)
@require_POST
def close_day(request: HttpRequest, pk) -> HttpResponse:
    """What is left in open vials is wasted."""
    site = selectors.site(pk)
    require(request.user, Permission.IMMUNIZATION_WRITE, site.area_id)
    guard.attempt(request, lambda: services.close_day(by=request.user, site=site), _("The open vials are empty."))
    return redirect("vaccine_stock", pk=site.pk)


@guard.needs(Permission.IMMUNIZATION_WRITE)
@require_POST
def move(request: HttpRequest, pk, movement: str) -> HttpResponse:
    """One movement of one lot."""
    lot = selectors.lot(pk)
    require(request.user, Permission.IMMUNIZATION_WRITE, lot.area_id)
    guard.attempt(request, lambda: MOVES[movement](request, lot), _("Kept."))
    return redirect("vaccine_stock", pk=lot.site_id)


def _page(request: HttpRequest, site: Any, form: ReceiveForm | None = None, status: int = 200) -> HttpResponse:
    disease = common.disease_of(request)
    context = {
        "site": site, "lots": list(selectors.lots_of(site)), "moves": selectors.movements_of(site)[:SHOWN],
        "form": form or ReceiveForm(site=site, disease=disease), "soon": rules.expiring(site.area_id),
        "wastes": [(key, label) for key, label in Waste.choices if key != Waste.ENTERED_WRONGLY],
        "others": [other for other in selectors.sites() if other.pk != site.pk], "disease": disease,
        "may_write": bool(may(request.user, Permission.IMMUNIZATION_WRITE, site.area_id)),
    }  # fmt: skip
    return render(request, "immunization/stock.html", context, status=status)


def _doses(request: HttpRequest) -> int:
    text = request.POST.get("doses", "")
    return int(text) if text.isdecimal() and len(text) < 7 else 0


def _waste(request: HttpRequest, lot: Any) -> None:
    services.waste(by=request.user, lot=lot, doses=_doses(request), reason=request.POST.get("reason", ""),
                   note=request.POST.get("note", "")[:200])  # fmt: skip


def _hand_over(request: HttpRequest, lot: Any) -> None:
    services.hand_over(by=request.user, lot=lot, to=selectors.site(request.POST.get("to", "") or lot.site_id),
                       doses=_doses(request))  # fmt: skip


def _paper(request: HttpRequest) -> str:
    return request.POST.get("paper", "")[:60]


MOVES: dict[str, Callable[[HttpRequest, Any], Any]] = {
    "open": lambda request, lot: services.open_vial(by=request.user, lot=lot),
    "waste": _waste,
    "send-back": lambda request, lot: services.send_back(by=request.user, lot=lot, doses=_doses(request),
                                                         paper=_paper(request)),
    "destroy": lambda request, lot: services.destroy(by=request.user, lot=lot, doses=_doses(request),
                                                     paper=_paper(request)),
    "hand-over": _hand_over,
}  # fmt: skip
