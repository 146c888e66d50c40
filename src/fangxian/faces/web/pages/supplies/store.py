"""The page of a store: what lies there; three fields take something in, issue it, write it off or count it."""

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from fangxian.core.permissions import Permission, may, require
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.supplies.menu import MOVEMENTS
from fangxian.faces.web.registers import widgets
from fangxian.systems.supplies import selectors, services
from fangxian.systems.supplies.words import SupplyItem, SupplyMove

SHOWN = 12
ENTERED = (SupplyMove.USED, SupplyMove.IN, SupplyMove.COUNTED, SupplyMove.WASTED, SupplyMove.OUT)


class MoveForm(django_forms.Form):
    """What, how many, and what happened; the rest only where it is needed."""

    item = django_forms.ChoiceField(label=_("Supply item"), choices=SupplyItem.choices)
    quantity = django_forms.IntegerField(label=_("Quantity"), min_value=0, max_value=10_000_000)
    kind = django_forms.ChoiceField(
        label=_("Kind of movement"),
        choices=[
            (kind.value, kind.label)
            for kind in (SupplyMove.USED, SupplyMove.IN, SupplyMove.COUNTED, SupplyMove.WASTED, SupplyMove.OUT)
        ],
    )
    lot = django_forms.CharField(label=_("Lot no."), max_length=40, required=False)
    expires_on = django_forms.DateField(
        label=_("Expires on"), required=False,
        widget=django_forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    note = django_forms.CharField(
        label=_("Note"), max_length=200, required=False, help_text=_("Needed for what is spoilt or lost.")
    )


@guard.needs(Permission.SUPPLIES_READ)
@require_GET
def store(request: HttpRequest, pk) -> HttpResponse:
    """One store: its lots, its last movements, the quick entry."""
    return _page(request, selectors.store(pk), MoveForm(initial={"item": request.GET.get("item", "")}))


@guard.needs(Permission.SUPPLIES_WRITE)
@require_POST
def move(request: HttpRequest, pk) -> HttpResponse:
    """One movement; a form that cannot be taken is shown again with the reason, and nothing typed is lost."""
    found = selectors.store(pk)
    require(request.user, Permission.SUPPLIES_WRITE, found.area_id)
    form = MoveForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    given = {name: value for name, value in form.cleaned_data.items() if value not in ("", None)}
    verb = VERBS[given.pop("kind")]
    if not guard.attempt(request, lambda: verb(by=request.user, store=found, **given), _("Kept.")):
        return _page(request, found, form, status=422)
    return redirect("supply_store", pk=found.pk)


def _use(**given: Any) -> Any:
    """Out of the lot that is named, else of what expires first."""
    given.pop("expires_on", None)
    return services.enter(**given) if "lot" in given else services.use(**given)


def _waste(**given: Any) -> Any:
    given.pop("expires_on", None)
    return services.waste(**{"note": "", **given})


VERBS: dict[str, Callable[..., Any]] = {
    SupplyMove.USED: lambda **given: _use(kind=SupplyMove.USED, **given),
    SupplyMove.OUT: lambda **given: _use(kind=SupplyMove.OUT, **given),
    SupplyMove.IN: services.receive,
    SupplyMove.COUNTED: services.count,
    SupplyMove.WASTED: _waste,
}


def _page(request: HttpRequest, found: Any, form: MoveForm, status: int = 200) -> HttpResponse:
    context = {
        "store": found, "lots": selectors.lots_of(found), "moves": selectors.movements_of(found)[:SHOWN],
        "all": f"{reverse('register', args=[MOVEMENTS])}?store={found.pk}", "more_open": form.is_bound,
        "form": widgets.dress(form), "may_write": bool(may(request.user, Permission.SUPPLIES_WRITE, found.area_id)),
    }  # fmt: skip
    return render(request, "supplies/store.html", context, status=status)
