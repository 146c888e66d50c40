"""Proposing: a new area, another level, an end, a correction, a withdrawal; shapes are drawn on the map of the form."""

import json
from collections.abc import Callable
from enum import StrEnum
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from fangxian.core import diseases, policy
from fangxian.core.areas import Area, county_of
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, Refused, may, require
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.risk_areas.mapping import collection, outlines, towns
from fangxian.faces.web.registers import widgets
from fangxian.registers.forms import MomentInput
from fangxian.systems.risk_areas import rules, selectors, services, shapes
from fangxian.systems.risk_areas.words import Level
from fangxian.workflows.risk_areas import suggesting

HOME_DISEASE = "covid19"


class Act(StrEnum):
    """What may be proposed about a published version; the words of the addresses."""

    LEVEL = "level"
    LIFT = "lift"
    CORRECT = "correct"
    WITHDRAW = "withdraw"


class ShapeField(forms.CharField):
    """GeoJSON as text, drawn by hand or pasted; empty is no shape."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.Textarea({"rows": 3, "spellcheck": "false"}), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return json.dumps(value) if isinstance(value, dict) else value

    def clean(self, value: Any) -> Any:
        """The geometry; raises ValidationError with what is wrong with it."""
        text = super().clean(value)
        if not text:
            return None
        try:
            geojson = json.loads(text)
        except ValueError:
            raise ValidationError(_("This is not GeoJSON: draw the shape, or paste the whole text.")) from None
        shapes.read(geojson)
        return geojson.get("geometry", geojson)


class ProposalForm(forms.Form):
    """All that a publication says."""

    name = forms.CharField(label=_("Name"), min_length=2, max_length=120)
    level = forms.ChoiceField(label=_("Level"))
    disease = forms.ChoiceField(label=_("Disease"))
    from_at = forms.DateTimeField(label=_("In force from"), widget=MomentInput)
    until_at = forms.DateTimeField(label=_("In force until"), widget=MomentInput, required=False)
    codes = forms.CharField(
        label=_("Area codes"), max_length=600, required=False, widget=widgets.AreaCodes,
        help_text=_("National area codes wholly inside, of any length, with a space between."),
    )  # fmt: skip
    lies_in = forms.CharField(
        label=_("Lies in (code)"), max_length=24, required=False, widget=widgets.place(),
        help_text=_("For a shape or a building: the area around it."),
    )  # fmt: skip
    building = forms.CharField(
        label=_("Building or unit"), max_length=60, required=False,
        help_text=_("As addresses write it, such as 3号楼2单元; needs the area around it."),
    )  # fmt: skip
    shape = ShapeField(label=_("Shape"))
    issuer = forms.CharField(label=_("Published by"), max_length=120, required=False)
    document = forms.CharField(label=_("Source document"), max_length=200, required=False)
    reason = forms.CharField(label=_("Reason"), min_length=4, max_length=300)

    def __init__(self, *args: Any, area: Area, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["disease"].choices = [(one.key, one.name(_language())) for one in diseases.all_diseases()]
        self.fields["level"].choices = _levels(area, str((self.initial or {}).get("disease", HOME_DISEASE)))


class ReasonForm(forms.Form):
    """Why a publication is withdrawn."""

    reason = forms.CharField(label=_("Reason"), min_length=4, max_length=300)


class EndForm(ReasonForm):
    """From when an area is none any more."""

    field_order = ("from_at", "reason")
    from_at = forms.DateTimeField(label=_("From"), widget=MomentInput)


@guard.needs(Permission.RISK_AREAS_WRITE)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Propose an area; opened from a suggestion, its place, level and reason stand there already."""
    area = _home(request.user)
    form = ProposalForm(request.POST or None, area=area, initial=_suggested(request))
    if request.method == "POST" and form.is_valid():
        made = _propose(form, lambda given: services.propose(by=request.user, area=area, **given))
        if made is not None:
            return redirect(reverse("risk_version", args=[made.pk]))
    return _page(request, form, _("Propose a risk area"), None)


@guard.needs(Permission.RISK_AREAS_WRITE)
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, pk, act: Act) -> HttpResponse:
    """Propose another level, the end, a correction or the withdrawal of a published version."""
    found, deed = selectors.version(pk), DEEDS[act]
    require(request.user, Permission.RISK_AREAS_WRITE, found.area_id)
    form = deed.form(request, found)
    if request.method == "POST" and form.is_valid():
        made = _propose(form, lambda given: deed.do(found, request.user, given))
        if made is not None:
            return redirect(reverse("risk_version", args=[made.pk]))
    return _page(request, form, deed.title, found)


class Deed:
    """One act: its form, its title, what does it."""

    def __init__(self, form: Callable[..., forms.Form], title: Any, do: Callable[..., Any]) -> None:
        self.form, self.title, self.do = form, title, do


def _whole(request: HttpRequest, found: Any) -> forms.Form:
    told = {name: getattr(found, name) for name in ProposalForm.base_fields if name != "reason"}
    for name in ("from_at", "until_at"):
        told[name] = timezone.localtime(told[name]) if told[name] else None
    return ProposalForm(request.POST or None, area=found.area, initial=told)


def _other_level(request: HttpRequest, found: Any) -> forms.Form:
    form = _whole(request, found)
    form.initial |= {"from_at": timezone.localtime(now()), "until_at": None, "document": ""}
    if request.GET.get("to") in Level.values:
        form.initial["level"] = request.GET["to"]
    return form


def _end(request: HttpRequest, found: Any) -> forms.Form:
    return EndForm(request.POST or None, initial={"from_at": timezone.localtime(now())})


def _why(request: HttpRequest, found: Any) -> forms.Form:
    return ReasonForm(request.POST or None)


def _stepped(found: Any, by: Officer, given: dict[str, Any]) -> Any:
    zone, _pack = selectors.zone_at(found.risk_area_id, now())
    lowering = suggesting.may_be_lowered(zone) if zone else None
    kept = {"checklist": [check.as_json() for check in lowering.checks], "rule": lowering.step.rule} if lowering else {}
    given = {**given, "name": found.name, "disease": found.disease}
    return services.step(version=found, by=by, **kept, **given)


DEEDS = {
    Act.LEVEL: Deed(_other_level, _("Propose another level"), _stepped),
    Act.LIFT: Deed(
        _end, _("Propose to lift it"), lambda found, by, given: services.lift(version=found, by=by, **given)
    ),
    Act.CORRECT: Deed(
        _whole, _("Correct this publication"),
        lambda found, by, given: services.correct(
            version=found, by=by, **{**given, "name": found.name, "disease": found.disease}
        ),
    ),
    Act.WITHDRAW: Deed(
        _why, _("Withdraw this publication"), lambda found, by, given: services.withdraw(version=found, by=by, **given)
    ),
}  # fmt: skip


def _propose(form: forms.Form, do: Callable[[dict[str, Any]], Any]) -> Any:
    """Do it; a refusal stands in the form."""
    try:
        return do(dict(form.cleaned_data))
    except Refused as refused:
        form.add_error(None, str(refused))
    except ValidationError as error:
        known = getattr(error, "message_dict", None) or {}
        for name, told in known.items():
            form.add_error(name if name in form.fields else None, told)
        if not known:
            form.add_error(None, error)
    return None


def _page(request: HttpRequest, form: forms.Form, title: Any, found: Any | None) -> HttpResponse:
    draws = "shape" in form.fields
    context = {
        "form": form, "title": title, "version": found, "draws": draws,
        "around": {"type": "FeatureCollection", "features": [*outlines(), *towns()]} if draws else None,
        "zones": collection(selectors.in_force())["features"][len(outlines()):] if draws else None,
    }  # fmt: skip
    return render(request, "risk_areas/propose.html", context, status=422 if form.is_bound else 200)


def _home(officer: Officer) -> Area:
    """Who keeps the record: the county of the officer's post, else the widest area of it."""
    posts = list(officer.posts_with(Permission.RISK_AREAS_WRITE))
    widest: Area = min((post.area for post in posts), key=lambda one: len(one.code))
    county = county_of(widest.code)
    return county if county and may(officer, Permission.RISK_AREAS_WRITE, county.code) else widest


def _levels(area: Area, disease: str) -> list[tuple[str, Any]]:
    """The levels the pack knows today."""
    known = rules.words(policy.pack(disease=disease, area_code=area.code)).levels
    return [(level, Level(level).label) for level in known]


def _suggested(request: HttpRequest) -> dict[str, Any]:
    """What a link of the board fills in; each value is checked like a typed one."""
    asked = request.GET
    found = {name: asked[name] for name in ("name", "level", "codes", "disease", "reason") if asked.get(name)}
    return {"disease": HOME_DISEASE, "from_at": timezone.localtime(now()), **found}


def _language() -> str:
    return get_language() or ""
