"""The clerk's till: what is sold, to whom, how they are; one page, no step, for a thumb and for a keyboard.

A buyer who was here before is found in one field and chosen by one tap: the numbers of the earlier receipt are taken
over on the server and are never shown in full.
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from fangxian.core.clock import now, today
from fangxian.core.ids import uuid7
from fangxian.core.permissions import Permission, require
from fangxian.faces.web.pages import guard
from fangxian.systems.pharmacies import baskets, rules, selectors, services, tills
from fangxian.systems.pharmacies.words import Drug, ForWhom, Stage
from fangxian.workflows import drug_sale_signal

SYMPTOMS = (gettext_lazy("Fever"), gettext_lazy("Cough"), gettext_lazy("Sore throat"), gettext_lazy("Tiredness"))
TAKEN_OVER = ("name", "id_number", "phone", "address")
MOST = 99


class TillForm(forms.Form):
    """The buyer's side of a sale; nothing of it is asked where the ladder asks for nothing."""

    id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    buyer = forms.UUIDField(required=False)
    name = forms.CharField(label=gettext_lazy("Full name"), max_length=60, required=False)
    id_number = forms.CharField(label=gettext_lazy("Identity number"), max_length=40, required=False)
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=30, required=False)
    address = forms.CharField(label=gettext_lazy("Address"), max_length=120, required=False)
    temperature = forms.DecimalField(
        label=gettext_lazy("Temperature (°C)"), max_digits=3, decimal_places=1, min_value=34, max_value=43,
        required=False,
    )  # fmt: skip
    symptoms = forms.CharField(label=gettext_lazy("Symptoms"), max_length=60, required=False)
    came_from = forms.CharField(label=gettext_lazy("Came from"), max_length=60, required=False)
    for_whom = forms.ChoiceField(label=gettext_lazy("For whom"), choices=ForWhom.choices, required=False)
    for_name = forms.CharField(label=gettext_lazy("Name of who takes it"), max_length=60, required=False)
    receipt = forms.CharField(label=gettext_lazy("Receipt"), max_length=40, required=False)


@guard.needs(Permission.PHARMACIES_WRITE)
@require_http_methods(["GET", "POST"])
def till(request: HttpRequest, pk) -> HttpResponse:
    """Ring up a sale; what the ladder forbids is refused here, and nothing typed is lost."""
    pharmacy = selectors.pharmacy(pk)
    require(request.user, Permission.PHARMACIES_WRITE, pharmacy.area_id)
    form = TillForm(request.POST if request.method == "POST" else None)
    errors: list[str] = []
    if request.method == "POST":
        sale, errors = _rung_up(request, pharmacy, form)
        if sale is not None:
            _say(request, sale)
            return redirect("till", pk=pharmacy.pk)
    shown = _page(request, pharmacy, form, errors)
    return render(request, "pharmacies/till.html", shown, status=422 if errors else 200)


@guard.needs(Permission.PHARMACIES_WRITE)
@require_GET
def buyers(request: HttpRequest, pk) -> HttpResponse:
    """Earlier buyers of this pharmacy that the one field means, masked, to be chosen by a tap."""
    pharmacy = selectors.pharmacy(pk)
    term = request.GET.get("who", "").strip()
    found = selectors.earlier_buyers(pharmacy, term) if len(term) > 1 or not term.isascii() else []
    return render(request, "pharmacies/buyers.html", {"buyers": found, "term": term})


def _rung_up(request: HttpRequest, pharmacy: Any, form: TillForm) -> tuple[Any, list[str]]:
    if not form.is_valid():
        return None, [f"{form.fields[name].label}: {' '.join(found)}" for name, found in form.errors.items()]
    values = {name: value for name, value in form.cleaned_data.items() if value not in ("", None)}
    values = _of_earlier(pharmacy, values)
    told = [*request.POST.getlist("symptom"), values.pop("symptoms", "")]
    values["symptoms"] = " ".join(filter(None, told))[:120]
    try:
        return services.sell(by=request.user, pharmacy=pharmacy, items=_basket(request, pharmacy), **values), []
    except ValidationError as error:
        return None, error.messages


def _of_earlier(pharmacy: Any, values: dict[str, Any]) -> dict[str, Any]:
    """With the name and numbers of the earlier receipt that was chosen; what was typed anew goes before it."""
    chosen = values.pop("buyer", None)
    earlier = selectors.sale_at(pharmacy, chosen) if chosen else None
    if earlier is None:
        return values
    known = {name: getattr(earlier, name) for name in TAKEN_OVER}
    plain = {name: value.reveal() if hasattr(value, "reveal") else value for name, value in known.items()}
    return {**{name: value for name, value in plain.items() if value}, **values}


def _basket(request: HttpRequest, pharmacy: Any) -> str:
    """What the product buttons counted, as the text of a basket."""
    counts: dict[str, int] = {}
    for product in tills.watched_products(pharmacy):
        typed = request.POST.get(f"q-{product.pk}", "").strip()
        if typed.isdecimal() and 0 < int(typed) <= MOST:
            counts[product.code] = int(typed)
    return baskets.written(counts)


def _say(request: HttpRequest, sale: Any) -> None:
    """What was kept, how long it took where the page has counted, and where a buyer with fever goes."""
    seconds = request.POST.get("seconds", "")
    took = _(" · %(seconds)s s") % {"seconds": int(seconds)} if seconds.isdecimal() else ""
    messages.success(request, _("Sold. Receipt %(receipt)s") % {"receipt": sale.receipt} + took)
    if sale.is_fever:
        where = drug_sale_signal.clinics(sale.area_id)
        said = _("Fever: send the buyer to a fever clinic, masked and not by bus: %(to)s") % {"to": where}
        messages.warning(request, said)


def _page(request: HttpRequest, pharmacy: Any, form: TillForm, errors: list[str]) -> dict[str, Any]:
    pack = rules.pack_of(pharmacy.area_id, now())
    steps = rules.ladder(pack)
    posted = request.POST
    products = [
        (product, steps.get(product.drug, Stage.FREE), posted.get(f"q-{product.pk}", ""))
        for product in tills.watched_products(pharmacy)
    ]
    return {
        "pharmacy": pharmacy, "form": form, "errors": errors, "fresh": posted.get("id") or uuid7(),
        "groups": [(label, drug, steps.get(drug, Stage.FREE), [row for row in products if row[0].drug == drug])
                   for drug, label in Drug.choices if any(row[0].drug == drug for row in products)],
        "symptoms": [(str(word), str(word) in posted.getlist("symptom")) for word in SYMPTOMS],
        "for_whom": ForWhom.choices, "threshold": rules.threshold(pack),
        "asks_name": Stage.REAL_NAME in steps.values(), "stages": dict(Stage.choices),
        "last": selectors.sales_of(pharmacy, today())[:5],
        "calls": selectors.open_calls(pharmacy).count(),
        "others": [one for one in selectors.mine(request.user) if one != pharmacy],
    }  # fmt: skip
