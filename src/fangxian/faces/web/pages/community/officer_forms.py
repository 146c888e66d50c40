"""What officers enter about reports and gatherings."""

from typing import Any

from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fangxian.core.clock import now
from fangxian.faces.web.registers import widgets
from fangxian.registers.forms import AreaField, MomentInput, RecordField
from fangxian.systems.community import tickets
from fangxian.systems.community.words import (
    CheckRoute,
    GatheringKind,
    GatheringMeasure,
    ReportKind,
    ReportWay,
)

TOLD = [(ReportWay.PHONE.value, ReportWay.PHONE.label), (ReportWay.DESK.value, ReportWay.DESK.label)]
#: what is usually looked at, where an officer writes nothing of their own
ORDERS = {
    ReportKind.UNDECLARED: _("Has somebody come from elsewhere? Enrol them at the door."),
    ReportKind.FEVER: _("Is somebody ill? Measure the temperature, enter it, and see that they get to a fever clinic."),
    ReportKind.GATHERING: _("Are people gathering? How many, for what, with which measures?"),
    ReportKind.SHOP: _("Are buyers registered, masks worn, codes and temperature checked?"),
    ReportKind.PLACE: _("Are entrance checks, ventilation and disinfection as they have to be?"),
    ReportKind.OTHER: _("See what is the matter."),
}


class DressedForm(forms.Form):
    """Area and record fields get their lookups."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        widgets.dress(self)


class TellForm(DressedForm):
    """A report a caller makes, entered by an officer."""

    ticket = forms.CharField(widget=forms.HiddenInput, max_length=tickets.TICKET_MOST)
    way = forms.ChoiceField(label=_("Told"), choices=TOLD)
    kind = forms.ChoiceField(label=_("About"), choices=ReportKind.choices)
    area = AreaField(label=_("Area"))
    place = forms.CharField(label=_("Where"), max_length=120)
    words = forms.CharField(label=_("In their words"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    phone = forms.CharField(label=_("Phone, if they want to be called"), required=False, max_length=20)


class SendForm(DressedForm):
    """Who looks where at what."""

    route = forms.ChoiceField(label=_("Who looks"), choices=CheckRoute.choices)
    area = AreaField(label=_("Cell or village"), required=False)
    person = RecordField(apps.get_model("people.person"), label=_("At whose door"), required=False)
    where = forms.CharField(label=_("Where"), max_length=120)
    order = forms.CharField(
        label=_("What to look at"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Your own words: what the informant wrote is not passed on, it could give them away."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("route") == CheckRoute.DOOR and not given.get("person"):
            raise ValidationError({"person": _("Say at whose door, or choose the grid worker of the cell.")})
        return given


class FoundForm(DressedForm):
    """A gathering nobody had given notice of."""

    area = AreaField(label=_("Area"))
    kind = forms.ChoiceField(label=_("Kind"), choices=GatheringKind.choices)
    name = forms.CharField(label=_("What it is"), max_length=80)
    place = forms.CharField(label=_("Place"), max_length=120)
    starts_at = forms.DateTimeField(label=_("Begins"), widget=MomentInput)
    ends_at = forms.DateTimeField(label=_("Ends"), widget=MomentInput)
    came = forms.IntegerField(label=_("Persons who came"), min_value=1)
    responsible = forms.CharField(label=_("Responsible person"), max_length=60)
    seen = forms.CharField(label=_("What was seen"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))

    def clean_starts_at(self) -> Any:
        if self.cleaned_data["starts_at"] > now():
            raise ValidationError(_("It has not begun yet."))
        return self.cleaned_data["starts_at"]


class LookForm(forms.Form):
    """What was seen on the day."""

    held = forms.ChoiceField(label=_("Was it held?"), choices=[("yes", _("Yes")), ("no", _("No"))])
    came = forms.IntegerField(
        label=_("Persons who came"),
        min_value=0,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    not_kept = forms.MultipleChoiceField(
        label=_("Measures not kept"), required=False, choices=GatheringMeasure.choices,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    seen = forms.CharField(label=_("What was seen"), required=False, max_length=400)

    def told(self) -> dict[str, Any]:
        """What the verb takes."""
        given = self.cleaned_data
        return {**given, "held": given["held"] == "yes", "came": given["came"] or 0}
