"""What is asked about a journey: where from, where to, from when until when; nothing about who."""

from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from fangxian.core import policy
from fangxian.core.clock import today
from fangxian.faces.web.pages.resident import places
from fangxian.faces.web.pages.resident.forms import DAY, townships
from fangxian.workflows.travel_advice import Journey


class TravelForm(forms.Form):
    """A journey from home to a place and back."""

    home = forms.ChoiceField(label=_("You live in"), choices=lazy(townships, list))
    province = forms.ChoiceField(label=_("You are going to"), choices=lazy(places.choices, list))
    place_name = forms.CharField(
        label=_("City, county and street"), required=False, max_length=100,
        help_text=_("As exactly as you can: a risk area may be one street only."),
    )  # fmt: skip
    leaves_on = forms.DateField(label=_("You leave on"), widget=DAY)
    returns_on = forms.DateField(label=_("You come back on"), widget=DAY)

    def clean(self):
        """The days are in order and not too far ahead to say anything."""
        given = super().clean()
        leaves, returns = given.get("leaves_on"), given.get("returns_on")
        if leaves and returns and returns < leaves:
            raise ValidationError({"returns_on": _("You come back before you leave.")})
        ahead = int(policy.pack(disease="unknown").number("travel.ask_ahead_days"))
        if returns and returns > today() + timedelta(days=ahead):
            raise ValidationError({"returns_on": _("Ask again nearer the day: rules and risk areas change.")})
        return given

    def journey(self) -> Journey:
        """The question, with the code the place means."""
        given = self.cleaned_data
        code = places.code_of(given["province"], given["place_name"])
        return Journey(given["home"], code, self.place(), given["leaves_on"], given["returns_on"])

    def place(self) -> str:
        """The place as the resident wrote it, after its province."""
        province = dict(places.choices()).get(self.cleaned_data["province"], "")
        return f"{province} {self.cleaned_data['place_name']}".strip()
