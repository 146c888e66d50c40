"""What is asked of a resident: as little as somebody needs to go and look, to call, to decide."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from fangxian.core import policy
from fangxian.core.areas import Area, code_range
from fangxian.core.clock import now
from fangxian.faces.web.pages.resident.forms import townships
from fangxian.registers.forms import MomentInput
from fangxian.systems.community import tickets
from fangxian.systems.community.words import GatheringKind, GatheringMeasure, ReportKind, VolunteerSkill, VolunteerTime
from fangxian.systems.people import derived

PHONE = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})
COMMON = ("ticket", "website", "area", "village")


def villages(township: str) -> list[tuple[str, str]]:
    """The villages of a township, for a select; only the empty choice for what is no township."""
    low, high = code_range(township)
    rows = (
        Area.objects.filter(kind=Area.Kind.VILLAGE, code__gte=low, code__lt=high).order_by("code") if township else []
    )
    return [("", "—"), *((area.code, str(area)) for area in rows)]


class ResidentForm(forms.Form):
    """A ticket, a field only machines fill, and where: the township, and the village once one is known."""

    ticket = forms.CharField(widget=forms.HiddenInput, max_length=tickets.TICKET_MOST)
    website = forms.CharField(required=False, label=_("Leave this empty"), max_length=200)
    area = forms.ChoiceField(
        label=_("Township or sub-district"), choices=lazy(townships, list),
        widget=forms.Select(attrs={"hx-get": "/r/villages/", "hx-target": "#villages", "hx-trigger": "change"}),
    )  # fmt: skip
    village = forms.ChoiceField(label=_("Village or community"), required=False, choices=[("", "—")])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        township = str(self.data.get("area", "") or self.initial.get("area", ""))
        self.fields["village"].choices = villages(township if township.isalnum() else "")

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            self.add_error(None, _("This could not be taken."))
        return ""

    def clean_phone(self) -> str:
        phone = self.cleaned_data.get("phone", "")
        try:
            return derived.complete({"phone": phone})["phone"] if phone else ""
        except ValidationError as error:
            raise ValidationError(error.messages) from error

    def place_area(self) -> Area:
        """The finest area that was chosen."""
        return Area.objects.get(code=self.cleaned_data["village"] or self.cleaned_data["area"])

    def told(self) -> dict[str, Any]:
        """What a verb takes of it."""
        return {name: value for name, value in self.cleaned_data.items() if name not in COMMON}


class Photos(forms.ClearableFileInput):
    """Several photos at once."""

    allow_multiple_selected = True

    def value_from_datadict(self, data, files, name):
        return files.getlist(name) if hasattr(files, "getlist") else []


class PhotosField(forms.Field):
    """As many photos as the pack takes; each is looked at when it is kept."""

    widget = Photos(attrs={"accept": "image/jpeg,image/png", "multiple": True})

    def clean(self, value: Iterable[Any] | None) -> list[Any]:
        found = list(value or [])
        most = int(policy.pack(disease="unknown").number("community.report.photos"))
        if len(found) > most:
            raise ValidationError(_("At most %(most)s photos.") % {"most": most})
        return found


class ReportForm(ResidentForm):
    """What somebody saw."""

    kind = forms.ChoiceField(
        label=_("What do you want to report?"), choices=ReportKind.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("What did you see?"), min_length=5, max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What happens, since when, how many people. Only what you know."),
    )  # fmt: skip
    place = forms.CharField(
        label=_("Where exactly?"), max_length=120, help_text=_("Street and number, shop, compound.")
    )
    photos = PhotosField(label=_("Photos, if you like"), required=False)
    phone = forms.CharField(
        label=_("Your phone, if you want to be called"), required=False, max_length=20, widget=PHONE,
        help_text=_("Leave it empty to stay anonymous. Nobody you report ever learns it."),
    )  # fmt: skip


class HelperForm(ResidentForm):
    """Somebody who wants to help."""

    name = forms.CharField(label=_("Full name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    phone = forms.CharField(label=_("Phone"), max_length=20, widget=PHONE)
    skill = forms.ChoiceField(label=_("Can do"), choices=VolunteerSkill.choices)
    second_skill = forms.ChoiceField(
        label=_("Can also do"), required=False, choices=[("", "—"), *VolunteerSkill.choices]
    )
    available = forms.ChoiceField(label=_("Has time"), choices=VolunteerTime.choices)


class NoticeForm(ResidentForm):
    """A gathering."""

    kind = forms.ChoiceField(label=_("Kind"), choices=GatheringKind.choices)
    name = forms.CharField(label=_("What it is"), max_length=80)
    place = forms.CharField(label=_("Place"), max_length=120)
    starts_at = forms.DateTimeField(label=_("Begins"), widget=MomentInput)
    ends_at = forms.DateTimeField(label=_("Ends"), widget=MomentInput)
    expected = forms.IntegerField(
        label=_("Persons expected"),
        min_value=1,
        max_value=1_000_000,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    coming_from = forms.CharField(
        label=_("Guests from elsewhere"), required=False, max_length=120,
        help_text=_("From which cities or counties; empty for none."),
    )  # fmt: skip
    measures = forms.MultipleChoiceField(
        label=_("Measures taken"), required=False, choices=GatheringMeasure.choices, widget=forms.CheckboxSelectMultiple
    )
    responsible = forms.CharField(label=_("Responsible person"), max_length=60)
    phone = forms.CharField(label=_("Phone"), max_length=20, widget=PHONE)

    def clean_measures(self) -> str:
        return "、".join(str(GatheringMeasure(value).label) for value in self.cleaned_data["measures"])[:400]

    def clean_starts_at(self) -> datetime:
        if self.cleaned_data["starts_at"] <= now():
            raise ValidationError(_("Choose a time that is yet to come."))
        return self.cleaned_data["starts_at"]


class CodeForm(forms.Form):
    """The code of something told before."""

    code = forms.CharField(
        label=_("Your code"), min_length=tickets.LENGTH, max_length=24,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
