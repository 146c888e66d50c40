"""The products of a warning: formed from a card, delivered, responded to, fed back; each a page to be printed."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fangxian.core.areas import county_of
from fangxian.core.permissions import Permission, may, require
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.reporting.reports import handed_out
from fangxian.faces.web.pages.surveillance.steps import comes_next, trail
from fangxian.faces.web.registers import tables, widgets
from fangxian.registers.forms import AreaField
from fangxian.systems.surveillance import selectors, services
from fangxian.systems.surveillance.words import WarningKind
from fangxian.workflows.warning import papers, to_the_public
from fangxian.workflows.warning.telling import unusual

STEPS: dict[str, Callable[..., Any]] = {
    "deliver": lambda post: services.deliver,
    "respond": lambda post: lambda **named: services.respond(response=post.get("words", ""), **named),
    "feed_back": lambda post: lambda **named: services.feed_back(feedback=post.get("words", ""), **named),
    "withdraw": lambda post: lambda **named: services.withdraw(reason=post.get("words", ""), **named),
}
DONE = {
    "deliver": gettext_lazy("Delivered; the clock of the response runs."),
    "respond": gettext_lazy("The response is kept."),
    "feed_back": gettext_lazy("Fed back; the product is closed."), "withdraw": gettext_lazy("Withdrawn."),
}  # fmt: skip
TEXT = gettext_noop("%(what)s, %(where)s, since %(since)s.\n%(unusual)s\nWhat has to be done, by whom, until when:")
ADDRESSEES = {
    WarningKind.RISK_NOTICE: gettext_lazy("The public"),
    WarningKind.WARNING_NOTICE: gettext_lazy("Departments, townships, schools and medical institutions"),
    WarningKind.DECISION_PROPOSAL: gettext_lazy("The county government"),
}


class ProductForm(forms.Form):
    """Which product, to whom, in which words."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=WarningKind.choices)
    to_area = AreaField(label=gettext_lazy("Area of the receiver"), anywhere=True)
    addressee = forms.CharField(label=gettext_lazy("To"), max_length=80)
    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    text = forms.CharField(label=gettext_lazy("Text"), widget=forms.Textarea(attrs={"rows": 8}))


@guard.needs(Permission.SURVEILLANCE_WRITE)
@require_http_methods(["GET", "POST"])
def form(request: HttpRequest, pk) -> HttpResponse:
    """Form a product of a signal; the words are proposed from the card."""
    signal = selectors.signal(pk)
    require(request.user, Permission.SURVEILLANCE_WRITE, signal.area_id)
    kind = request.GET.get("kind", "")
    asked = widgets.dress(ProductForm(request.POST or None, initial=_proposed(signal, kind)))
    if request.method == "POST" and asked.is_valid():
        try:
            made = services.form(by=request.user, area=signal.area, signal=signal, **asked.cleaned_data)
        except ValidationError as error:
            asked.add_error(None, error.messages)
        else:
            return redirect("warning_product", pk=made.pk)
    return render(
        request,
        "surveillance/form.html",
        {"form": asked, "signal": signal, "kinds": WarningKind.choices, "kind": asked["kind"].value()},
        status=422 if asked.errors else 200,
    )


@guard.needs(Permission.SURVEILLANCE_READ)
@require_GET
def product(request: HttpRequest, pk) -> HttpResponse:
    """One product with its four steps."""
    found = selectors.product(pk)
    sides = {"respond": found.to_area_id}
    steps = [
        step for step in services.allowed(found)
        if may(request.user, Permission.SURVEILLANCE_WRITE, sides.get(step, found.area_id))
    ]  # fmt: skip
    reads = may(request.user, Permission.PUBLICITY_READ, found.to_area_id)
    message = to_the_public.message_of(found) if reads else None
    next_ = comes_next(found)
    context = {
        "product": found, "steps": steps, "message": message, "number": papers.numbered(found), "next": next_,
        "trail": trail(found), "signal_url": tables.opens(found.signal, request.user),
        "may_next": next_.who and may(request.user, Permission.SURVEILLANCE_WRITE, next_.who.pk),
    }  # fmt: skip
    return render(request, "surveillance/product.html", context)


@guard.needs(Permission.SURVEILLANCE_WRITE)
@require_POST
def act(request: HttpRequest, pk, product_step: str) -> HttpResponse:
    """One step; a refusal says why on the page."""
    found = selectors.product(pk)
    verb = STEPS[product_step](request.POST)
    guard.attempt(request, lambda: verb(product=found, by=request.user), DONE[product_step])
    return redirect("warning_product", pk=pk)


@guard.needs(Permission.SURVEILLANCE_READ)
@require_GET
def paper(request: HttpRequest, pk, product_form: str) -> HttpResponse:
    """The product as Word or PDF, in the reader's language or the one asked for."""
    found = selectors.product(pk)
    made: list[Any] = []
    asked = {"form": product_form, "language": request.GET.get("language", "")}
    guard.attempt(request, lambda: made.append(papers.paper(product=found, by=request.user, **asked)))
    return handed_out(made[0]) if made else redirect("warning_product", pk=pk)


def _proposed(signal: Any, kind: str) -> dict[str, Any]:
    """Words to begin with: the card in sentences."""
    kind = kind if kind in WarningKind.values else WarningKind.WARNING_NOTICE
    where = signal.where or str(signal.area)
    words = {"what": signal.title, "where": where, "since": signal.first_on.isoformat(), "unusual": unusual(signal)}
    return {
        "kind": kind, "to_area": (county_of(signal.area_id) or signal.area).pk,
        "addressee": ADDRESSEES[WarningKind(kind)],
        "title": _("%(what)s in %(where)s since %(since)s") % words,
        "text": _(TEXT) % words,
    }  # fmt: skip
