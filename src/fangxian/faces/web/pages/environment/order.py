"""An order: what is to be done, its proof, its check, and who accepts it."""

from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from fangxian.core.permissions import Permission, may, require
from fangxian.faces.web.pages import guard
from fangxian.registers import attachments
from fangxian.systems.command import services as command
from fangxian.systems.command.transitions import Verb, allowed
from fangxian.systems.environment import rules, selectors, services
from fangxian.systems.environment.words import DISINFECTION, Lacking, Method, State


class ProofForm(forms.Form):
    """With what it was done, how strong, how long, how much."""

    agent = forms.CharField(label=_("Disinfectant"), max_length=60, required=False)
    mg_per_litre = forms.IntegerField(label=_("Strength (mg/L)"), min_value=1, required=False)
    minutes = forms.IntegerField(label=_("Contact time (min)"), min_value=1, required=False)
    square_metres = forms.IntegerField(label=_("Area treated (m²)"), min_value=1, required=False)
    method = forms.ChoiceField(label=_("Method"), choices=[("", "—"), *Method.choices], required=False)
    note = forms.CharField(label=_("What was done"), max_length=200, required=False)


@guard.needs(Permission.ENVIRONMENT_READ)
@require_GET
def order(request: HttpRequest, pk) -> HttpResponse:
    """What is asked, what was done, what is lacking."""
    return _page(request, selectors.order(pk), ProofForm())


@guard.needs(Permission.ENVIRONMENT_WRITE)
@require_POST
def proof(request: HttpRequest, pk) -> HttpResponse:
    """The proof with its photos, kept together or not at all; what was typed stays on the page."""
    found, form = _writable(request, pk), ProofForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, 422)
    given = {name: value for name, value in form.cleaned_data.items() if value not in ("", None)}
    if guard.attempt(request, lambda: _prove(request, found, given), _("The proof is kept. Somebody else accepts it.")):
        return redirect("environment_order", pk=found.pk)
    return _page(request, found, form, 422)


@guard.needs(Permission.ENVIRONMENT_WRITE)
@require_POST
def check(request: HttpRequest, pk) -> HttpResponse:
    """A sample taken after the work."""
    found = _writable(request, pk)
    barcode, spot = request.POST.get("barcode", "").strip()[:40], request.POST.get("spot", "").strip()[:120]
    guard.attempt(
        request,
        lambda: services.take(
            by=request.user, area=found.area, where=found.where, spot=spot, barcode=barcode, order=found,
            laboratory=request.POST.get("laboratory", "").strip()[:80],
        ),
        _("The sample is on its way; its result decides."),
    )  # fmt: skip
    return redirect("environment_order", pk=found.pk)


@guard.needs(Permission.ENVIRONMENT_WRITE)
@require_POST
def decide(request: HttpRequest, pk) -> HttpResponse:
    """Accept the work, or send it back with a reason."""
    found = _writable(request, pk)
    if request.POST.get("accept"):
        guard.attempt(request, lambda: services.accept(order=found, by=request.user), _("Accepted."))
    else:
        reason = request.POST.get("reason", "")
        guard.attempt(
            request, lambda: command.send_back(task=found.task, by=request.user, reason=reason), _("Sent back.")
        )
    return redirect("environment_order", pk=found.pk)


def _page(request: HttpRequest, found: Any, form: ProofForm, status: int = 200) -> HttpResponse:
    task, pack = found.task, rules.pack_of(found.area_id)
    can = {verb: bool(task and allowed(task, verb, request.user)) for verb in (Verb.FINISH, Verb.CHECK, Verb.SEND_BACK)}
    lacking = services.lacking(found) if found.state in (State.ORDERED, State.DONE) else []
    context: dict[str, Any] = {
        "order": found, "form": form, "lacking": [Lacking(one).label for one in lacking], "task": task,
        "asked": rules.strength(found.kind, pack), "needs_sample": rules.needs_sample(found.kind, pack),
        "needs_photo": rules.needs_photo(found.kind, pack), "is_disinfection": found.kind in DISINFECTION,
        "checks": selectors.checks_of(found), "files": list(attachments.of(found)),
        "may_write": bool(may(request.user, Permission.ENVIRONMENT_WRITE, found.area_id)), "can_do": can[Verb.FINISH],
        "can_accept": can[Verb.CHECK], "can_send_back": can[Verb.SEND_BACK],
    }  # fmt: skip
    return render(request, "environment/order.html", context, status=status)


def _prove(request: HttpRequest, found: Any, given: dict[str, Any]) -> None:
    with transaction.atomic():
        for upload in request.FILES.getlist("photo"):
            attachments.attach(found, name=upload.name, content=upload.read(), by=request.user)
        services.prove(order=found, by=request.user, **given)


def _writable(request: HttpRequest, pk) -> Any:
    found = selectors.order(pk)
    require(request.user, Permission.ENVIRONMENT_WRITE, found.area_id)
    return found
