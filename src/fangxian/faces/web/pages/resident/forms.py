"""What is asked of a traveller and of a resident: as little as the rules need, in words for everybody."""

from datetime import timedelta
from typing import Any

from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from fangxian.core import policy
from fangxian.core.areas import Area
from fangxian.core.clock import today
from fangxian.core.officers import Post
from fangxian.faces.web.pages.resident import places
from fangxian.systems.arrivals.words import Means
from fangxian.systems.people import derived

CARRIED = {"RESIDENT", "PERMIT", "FOREIGN", "PASSPORT"}
PAPERS = [choice for choice in apps.get_model("people.person").IdType.choices if choice[0] in CARRIED]
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def townships() -> list[tuple[str, list[tuple[str, str]]]]:
    """Where one may say one is going: the townships of the counties that work with this installation, by county."""
    codes = set(Post.objects.current().values_list("area_id", flat=True))
    counties = Area.objects.filter(kind__in=[Area.Kind.COUNTY, Area.Kind.ZONE]).order_by("code")
    served = [county for county in counties if any(code.startswith(county.code) for code in codes)]
    found = []
    for county in served:
        low, high = county.range
        inside = Area.objects.filter(kind=Area.Kind.TOWNSHIP, code__gte=low, code__lt=high).order_by("code")
        found.append((str(county), [(area.code, str(area)) for area in inside]))
    return [("", [("", "—")]), *found]


class TripForm(forms.Form):
    """The journey, told once for the whole family."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    website = forms.CharField(required=False, label=_("Leave this empty"), max_length=200)  # only machines fill it
    arrives_on = forms.DateField(label=_("Day of arrival"), widget=DAY)
    means = forms.ChoiceField(label=_("Means of travel"), choices=Means.choices, initial=Means.TRAIN)
    carrier = forms.CharField(
        label=_("Train, flight or plate"), required=False, max_length=20,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip
    seat = forms.CharField(label=_("Seat"), required=False, max_length=12)
    province = forms.ChoiceField(label=_("You come from"), choices=lazy(places.choices, list))
    place = forms.CharField(
        label=_("City, county and street"), max_length=100, help_text=_("Where you stayed last, as exactly as you can.")
    )
    since = forms.DateField(label=_("There since"), required=False, widget=DAY)
    province2 = forms.ChoiceField(label=_("Before that"), choices=lazy(places.choices, list), required=False)
    place2 = forms.CharField(label=_("City, county and street"), required=False, max_length=100)
    since2 = forms.DateField(label=_("There since"), required=False, widget=DAY)
    area = forms.ChoiceField(label=_("You are going to"), choices=lazy(townships, list))
    address = forms.CharField(label=_("Village, street, door"), max_length=120)
    phone = forms.CharField(
        label=_("Phone"), max_length=20, widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})
    )

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            self.add_error(None, _("This declaration could not be taken."))
        return ""

    def clean_phone(self) -> str:
        try:
            return derived.complete({"phone": self.cleaned_data["phone"]})["phone"]
        except ValidationError as error:
            raise ValidationError(error.messages) from error

    def clean_arrives_on(self):
        day, ahead = self.cleaned_data["arrives_on"], _number("declaration.ahead_days")
        if not today() - timedelta(days=_number("arrival.stay_window_days")) <= day <= today() + timedelta(days=ahead):
            raise ValidationError(_("Choose a day within the next %(days)s days.") % {"days": ahead})
        return day

    def stays(self) -> list[dict[str, str]]:
        """The places before, the last one first, as the declared traveller keeps them."""
        given, until = self.cleaned_data, self.cleaned_data["arrives_on"]
        window = timedelta(days=_number("arrival.stay_window_days"))
        found = []
        for suffix in ("", "2"):
            province, place = given.get(f"province{suffix}"), given.get(f"place{suffix}") or ""
            if not province:
                continue
            first = min(given.get(f"since{suffix}") or given["arrives_on"] - window, until)
            found.append({"code": places.code_of(province, place), "name": place, "from": str(first),
                          "until": str(until)})  # fmt: skip
            until = first
        return found


class TravellerForm(forms.Form):
    """One traveller."""

    name = forms.CharField(label=_("Full name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    id_type = forms.ChoiceField(label=_("Kind of identity paper"), choices=PAPERS)
    id_number = forms.CharField(
        label=_("Identity number"), max_length=24,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if {"name", "id_type", "id_number"} <= given.keys():
            done = derived.complete({name: given[name] for name in ("name", "id_type", "id_number")})
            given |= {name: done[name] for name in ("name", "id_type", "id_number") if name in done}
        return given


class CodeForm(forms.Form):
    """The digits that open a personal link."""

    code = forms.CharField(
        label=_("Digits"), min_length=4, max_length=8,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}),
    )  # fmt: skip


class TemperatureForm(forms.Form):
    """Morning's or evening's temperature."""

    temperature = forms.DecimalField(
        label=_("Temperature (°C)"), min_value=34, max_value=43, max_digits=3, decimal_places=1,
        widget=forms.NumberInput(attrs={"step": "0.1", "inputmode": "decimal"}),
    )  # fmt: skip
    symptoms = forms.CharField(label=_("Symptoms, if any"), required=False, max_length=120)


class AppealForm(forms.Form):
    """What is wrong with the plan."""

    loop = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("What is wrong"), min_length=5, max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )


def most_travellers() -> int:
    """How many people one declaration takes."""
    return _number("declaration.people")


def _number(key: str) -> int:
    return int(policy.pack(disease="unknown").number(key))
