"""What is typed on the pages of letters."""

from django import forms
from django.utils.translation import gettext_lazy as _

from fangxian.core.diseases import choices as diseases
from fangxian.registers import site
from fangxian.registers.forms import AreaField, MomentInput

ACTIONS = (("FIND", _("Find and check the identity")), ("ISOLATE", _("Quarantine")), ("TEST", _("Test")),
           ("MONITOR", _("Monitor health")), ("REPLY", _("Reply")))  # fmt: skip


class ListForm(forms.Form):
    """A list of people we ask others about."""

    area = AreaField(label=_("Our command"))
    disease = forms.ChoiceField(label=_("Disease"))
    reason = forms.CharField(label=_("Why we ask"), min_length=4, max_length=300)
    actions = forms.MultipleChoiceField(
        label=_("Asked for"), choices=ACTIONS, widget=forms.CheckboxSelectMultiple, initial=["FIND", "MONITOR", "REPLY"]
    )
    file = forms.FileField(
        label=_("List"), help_text=_("xlsx, xls, ods or csv; columns in any order, titles above them are fine."),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["disease"].choices = diseases("en" if _is_english() else "zh-hans")


class ReceivedForm(ListForm):
    """A letter of others that came on paper or as a file."""

    sender = forms.CharField(
        label=_("Asking command"), max_length=80, help_text=_("The command that asks, as it calls itself.")
    )
    their_number = forms.CharField(label=_("Their number"), max_length=60)
    due_at = forms.DateTimeField(label=_("Answer until"), required=False, widget=MomentInput,
                                 help_text=_("Empty: what the rules in force say."))  # fmt: skip
    field_order = ("area", "sender", "their_number", "disease", "reason", "actions", "due_at", "file")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = _("Why they ask")


class ReceiverForm(forms.Form):
    """Whom people or a draft go to."""

    code = forms.CharField(label=_("Code"), max_length=24, required=False, help_text=_("Division code, if known."))
    name = forms.CharField(label=_("Receiver"), max_length=80, required=False)
    contact = forms.CharField(label=_("How to reach them"), max_length=200, required=False)


class ResultForm(forms.Form):
    """What became of one person, typed because it came by phone or on paper."""

    result = forms.ChoiceField(label=_("Result of the search"))
    isolated_since = forms.DateTimeField(label=_("Quarantined since"), required=False, widget=MomentInput)
    tested_at = forms.DateTimeField(label=_("Tested at"), required=False, widget=MomentInput)
    test_result = forms.ChoiceField(
        label=_("Test result"), required=False,
        choices=[("", "–"), ("NEGATIVE", _("Negative")), ("POSITIVE", _("Positive"))],
    )  # fmt: skip
    monitored_since = forms.DateField(
        label=_("Monitored since"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    moved_to = forms.CharField(label=_("Passed on to"), max_length=80, required=False)
    result_note = forms.CharField(label=_("Remark"), max_length=200, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["result"].choices = site.get("letters.letteritem").model._meta.get_field("result").choices


class CorrectionForm(forms.Form):
    """What else is said of one person of a letter; phone and address left empty stay as they are."""

    phone = forms.CharField(label=_("Phone"), max_length=20, required=False)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)
    last_contact_at = forms.DateTimeField(label=_("Last contact"), required=False, widget=MomentInput)

    def __init__(self, *args, item, **kwargs):
        at = item.last_contact_at and item.last_contact_at.replace(second=0, microsecond=0)
        super().__init__(*args, initial={"note": item.note, "last_contact_at": at}, **kwargs)
        for name in ("phone", "address"):
            self.fields[name].help_text = _("Now: %(value)s. Empty: as it is.") % {"value": getattr(item, name) or "–"}

    @property
    def said(self) -> dict:
        """Only what was changed."""
        return {name: self.cleaned_data[name] for name in self.changed_data}


class PeerForm(forms.Form):
    """A partner as its officers give it to us."""

    area = AreaField(label=_("Our command"))
    name = forms.CharField(label=_("Name"), max_length=80)
    code = forms.CharField(label=_("Answers for the area (code)"), max_length=24)
    url = forms.CharField(label=_("Address"), max_length=200, help_text=_("https://host, without a path"))
    public_key = forms.CharField(label=_("Public key"), max_length=64)


def _is_english() -> bool:
    from django.utils.translation import get_language

    return (get_language() or "").startswith("en")
