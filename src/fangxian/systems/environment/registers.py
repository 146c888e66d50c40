"""The ledgers of the environment."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fangxian.core.records import Source
from fangxian.core.reporting import WRITTEN
from fangxian.registers import Register, site
from fangxian.registers.forms import find_record
from fangxian.systems.environment import services
from fangxian.systems.environment.models import EnvironmentOrder, EnvironmentSample, MonitoringPoint
from fangxian.systems.environment.words import Result, Subject

SETTINGS = {
    "场所": "VENUE", "货物": "GOODS", "冷库": "GOODS", "房间": "ROOM", "车辆": "VEHICLE", "污水": "SEWAGE",
    "村庄": "VILLAGE", "住所": "HOME",
}  # fmt: skip
WORKS = {
    "预防性消毒": "PREVENTIVE", "随时消毒": "ONGOING", "终末消毒": "FINAL", "垃圾": "RUBBISH", "饮水": "WATER",
    "改厕": "TOILETS", "四害": "VECTORS",
}  # fmt: skip
RESULTS = {**WRITTEN, "可疑": "UNCLEAR"}
ABOUT = ("subject_kind", "subject_id")


class MonitoringPointRegister(Register):
    """Places that are sampled again and again, above all for sewage; a day without a sample shows as a gap."""

    model = MonitoringPoint
    columns = ("name", "kind", "every_days", "people_served", "opened_on", "closed_on", "area")
    filters = ("kind",)
    search = ("name",)
    form = ("area", "name", "kind", "every_days", "people_served", "opened_on", "closed_on")
    key = ("area", "name")
    permission = "environment"
    icon = "droplet-search"
    synonyms = {"kind": SETTINGS}


class EnvironmentSampleRegister(Register):
    """Samples of places, goods, rooms, vehicles, sewage and villages, and what the laboratory found."""

    model = EnvironmentSample
    columns = (
        "sampled_at", "where", "spot", "kind", "why", "barcode", "result", "due_at", "reported_at", "laboratory",
        "correction", "sampled_by", "point", "order", "area",
    )  # fmt: skip
    filters = ("result", "kind", "why", "sampled_at")
    search = ("where", "barcode")
    form = (
        "area", "subject_kind", "subject_id", "kind", "where", "spot", "point", "why", "barcode", "sampled_at",
        "sampled_by", "laboratory", "result",
    )  # fmt: skip
    key = ("barcode",)
    ordering = ("area_id", "-sampled_at", "pk")
    permission = "environment_samples"
    icon = "test-pipe"
    synonyms = {"kind": SETTINGS, "result": RESULTS}
    import_note = _(
        "The laboratory's file: export the samples without a result, fill in the result, and bring it back. A result "
        "on record is never overwritten."
    )
    one_by_one = True  # when the result is due follows from the pack
    exempt = {
        "because_kind": "what it was taken for; the page of the sample leads there",
        "because_id": "what it was taken for; the page of the sample leads there",
        "pack": "stands on the page of the sample",
    }

    def fields(self, made):
        """What was sampled: one of the kinds, and its number, name or id."""
        named = forms.CharField(
            label=_("Which one"), max_length=80, required=False,
            help_text=_("Its number, name or id. A positive sample then reaches what lies there and who works there."),
        )  # fmt: skip
        kinds = forms.ChoiceField(label=_("What was sampled"), choices=[("", "—"), *Subject.choices], required=False)
        return made | {"subject_kind": kinds, "subject_id": named}

    def clean_row(self, values):
        """The thing that was sampled, found inside the areas of whoever enters it."""
        kind, text = values.get("subject_kind"), values.get("subject_id")
        if bool(kind) != bool(text):
            raise ValidationError({"subject_id" if kind else "subject_kind": _("Say what was sampled, and which one.")})
        if not kind:
            return values | ({"subject_id": None} if "subject_id" in values else {})
        try:
            return values | {"subject_id": find_record(site.get(kind).model, text).pk}
        except ValidationError as error:
            raise ValidationError({"subject_id": error.messages}) from error

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """Samples are entered, and what was found is reported, with all that follows from it."""
        result = values.get("result", Result.PENDING)
        label = {name: value for name, value in values.items() if name != "result" and (value or name not in ABOUT)}
        if record is None:
            record = services.take(by=by, source=source, **label)
        elif label:
            record = services.change(sample=record, by=by, base_version=base_version, **label)
        if result == record.result or (result == Result.PENDING and "result" not in values):
            return record
        return services.report(sample=record, by=by, result=result)


class EnvironmentOrderRegister(Register):
    """Disinfection and improvements: ordered, done with proof, checked by a sample, accepted by somebody else."""

    model = EnvironmentOrder
    columns = (
        "where", "spot", "kind", "setting", "state", "due_at", "role", "ordered_on", "round", "agent", "mg_per_litre",
        "minutes", "square_metres", "method", "note", "done_at", "done_by", "accepted_at", "accepted_by",
        "times_sent_back", "area",
    )  # fmt: skip
    filters = ("state", "kind", "setting", "round", "ordered_on")
    search = ("where",)
    form = ("area", "kind", "setting", "where", "spot", "ordered_on", "role", "due_at")
    key = ("area", "kind", "where", "ordered_on")
    ordering = ("area_id", "-ordered_on", "pk")
    permission = "environment"
    icon = "spray"
    synonyms = {"kind": WORKS, "setting": SETTINGS}
    one_by_one = True  # each row hands a task down
    exempt = {
        "subject_kind": "what it is about; the page of the order leads there",
        "subject_id": "what it is about; the page of the order leads there",
        "because_kind": "why it was ordered; the page of the order leads there",
        "because_id": "why it was ordered; the page of the order leads there",
        "rule": "stands on the page of the order", "pack": "stands with the rule",
        "task": "the tab with its tasks leads there",
    }  # fmt: skip

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """Ordering hands the task down; what was done is reported on the page of the order."""
        if record is None:
            return services.order(by=by, source=source, **values)
        return services.change_order(order=record, by=by, base_version=base_version, **values)
