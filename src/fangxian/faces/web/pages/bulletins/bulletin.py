"""One bulletin: the measures it proposes beside its text; confirm, correct, reject, take back, hand down."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.apps import apps
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fangxian.core.permissions import Permission, may, require
from fangxian.engines.bulletins import requirements
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.bulletins import marking
from fangxian.faces.web.registers import widgets
from fangxian.systems.bulletins import selectors, services
from fangxian.workflows import bulletin_to_directives as story

LISTED = 200
REFUSED = _("Measure %(number)s (%(text)s) was not handed down: %(reason)s")
MOVES: dict[str, Callable[..., Any]] = {
    "confirm": services.confirm, "reject": services.reject, "undo": story.take_back, "hand_down": story.hand_down,
}  # fmt: skip


class CorrectForm(forms.ModelForm):
    """A measure in better words."""

    class Meta:
        model = apps.get_model("bulletins.measure")
        fields = services.CORRECTABLE
        widgets = {
            "text": forms.Textarea(attrs={"rows": 3}),
            "due": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }


class HeadForm(forms.ModelForm):
    """What a bulletin says of itself, said better by a person."""

    class Meta:
        model = apps.get_model("bulletins.bulletin")
        fields = ("title", "dated", "place", "issuer")
        widgets = {"dated": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}


@guard.needs(Permission.BULLETINS_READ)
@require_GET
def bulletin(request: HttpRequest, pk) -> HttpResponse:
    """The measures on the left, the article with its marks on the right."""
    found = selectors.bulletin(pk)
    measures = selectors.measures_of(found)
    context = {
        **_shared(request, found, measures), "measures": measures, "stretches": marking.stretches(found, measures),
        "counted": marking.counted(found), "listed": marking.listed(found, LISTED), "most": LISTED,
    }  # fmt: skip
    return render(request, "bulletins/bulletin.html", context)


@guard.needs(Permission.BULLETINS_WRITE)
@require_POST
def act(request: HttpRequest, pk, choice: str) -> HttpResponse:
    """One decision about one measure; with htmx only its card comes back."""
    found = selectors.measure(pk)
    require(request.user, Permission.BULLETINS_WRITE, found.area_id)
    guard.attempt(request, lambda: MOVES[choice](measure=found, by=request.user))
    return _answer(request, found)


@guard.needs(Permission.BULLETINS_WRITE)
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, pk) -> HttpResponse:
    """Say a measure in better words."""
    found = selectors.measure(pk)
    require(request.user, Permission.BULLETINS_WRITE, found.area_id)
    form = widgets.dress(CorrectForm(request.POST or None, instance=found))
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in services.CORRECTABLE}
        fresh = selectors.measure(pk)
        try:
            services.correct(measure=fresh, by=request.user, **said)
        except forms.ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect(_page(found))
    words = " · ".join(sorted(found.requirements.split()))
    context = {"form": form, "measure": found, "source": _source(found), "words": words}
    return render(request, "bulletins/correct.html", context, status=422 if form.errors else 200)


@guard.needs(Permission.BULLETINS_WRITE)
@require_http_methods(["GET", "POST"])
def head(request: HttpRequest, pk) -> HttpResponse:
    """Correct title, date, place and issuing body; what a person said is no longer unsure."""
    found = _writable(request, pk)
    form = widgets.dress(HeadForm(request.POST or None, instance=selectors.bulletin(pk)))
    if request.method == "POST" and form.is_valid():
        services.correct_head(bulletin=found, by=request.user, **form.cleaned_data)
        return redirect("bulletin", pk)
    return render(request, "bulletins/head.html", {"form": form, "bulletin": found}, status=422 if form.errors else 200)


@guard.needs(Permission.BULLETINS_WRITE)
@require_POST
def confirm_rest(request: HttpRequest, pk) -> HttpResponse:
    """Confirm everything to be done that is still open."""
    found = _writable(request, pk)
    count = services.confirm_rest(bulletin=found, by=request.user)
    said = ngettext("%(count)s measure confirmed.", "%(count)s measures confirmed.", count) % {"count": count}
    guard.attempt(request, lambda: None, said)
    return redirect("bulletin", pk)


@guard.needs(Permission.BULLETINS_WRITE)
@require_POST
def hand_down_all(request: HttpRequest, pk) -> HttpResponse:
    """Make directives of everything that is confirmed; what is refused is named, and the page opens there."""
    found = _writable(request, pk)
    done = story.hand_down_all(bulletin=found, by=request.user)
    if done.made:
        said = ngettext("%(count)s measure was handed down.", "%(count)s measures were handed down.", len(done.made))
        messages.success(request, said % {"count": len(done.made)})
    if done.passed:
        numbers = "、".join(str(measure.number) for measure in done.passed)
        told = _("Measures whose day had passed were handed down with the time of the operating mode: %(numbers)s")
        messages.warning(request, told % {"numbers": numbers})
    for measure, reason in done.refused:
        messages.error(request, REFUSED % {"number": measure.number, "text": measure.text[:40], "reason": reason})
    return redirect(_page(done.refused[0][0]) if done.refused else reverse("bulletin", args=[pk]))


def _writable(request: HttpRequest, pk) -> Any:
    found = selectors.bulletin(pk)
    require(request.user, Permission.BULLETINS_WRITE, found.area_id)
    return found


def _answer(request: HttpRequest, measure: Any) -> HttpResponse:
    if not request.htmx:
        return redirect(_page(measure))
    current = selectors.measure(measure.pk)
    shared = _shared(request, current.bulletin, selectors.measures_of(current.bulletin))
    return render(request, "bulletins/answer.html", {**shared, "measure": current})


def _page(measure: Any) -> str:
    return f"{reverse('bulletin', args=[measure.bulletin_id])}#measure-{measure.number}"


def _shared(request: HttpRequest, found: Any, measures: list[Any]) -> dict[str, Any]:
    """What card and page both need."""
    return {
        "bulletin": found, "counts": selectors.counts(measures), "systems": requirements.by_id(),
        "may_write": bool(may(request.user, Permission.BULLETINS_WRITE, found.area_id)),
        "may_hand_down": bool(may(request.user, Permission.DIRECTIVES_WRITE, found.area_id)),
    }  # fmt: skip


def _source(measure: Any) -> str:
    return measure.bulletin.text[measure.start : measure.end]
