"""The ledgers of medical care."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fangxian.core.records import Source
from fangxian.registers import Column, Register
from fangxian.systems.medical import services
from fangxian.systems.medical.models import (
    Admission,
    Beds,
    ControlAnswer,
    ControlRound,
    Facility,
    FeverVisit,
    Referral,
)


def _where_it_lies(values: dict[str, Any]) -> dict[str, Any]:
    """The values without the area, which is the facility's; one typed otherwise is refused, not overlooked."""
    area = values.pop("area", None)
    if area is not None and area.pk != values["facility"].area_id:
        raise ValidationError({"area": _("The facility lies in another area: choose that one.")})
    return values


class FacilityRegister(Register):
    """Where the ill are seen, from the village clinic to the designated hospital."""

    model = Facility
    columns = ("name", "kind", "area", "head", "phone", "closed_on")
    filters = ("kind",)
    search = ("name",)
    form = ("area", "name", "kind", "address", "head", "phone", "latitude", "longitude", "closed_on")
    key = ("area", "name")
    permission = "medical"
    icon = "building-hospital"
    exempt = {"venue_id": "a tab shows the place that follows the record"}


class BedsRegister(Register):
    """How many beds of each kind a facility can open; who lies in them follows from the admissions."""

    model = Beds
    columns = ("facility", "kind", "count", "note", "area")
    filters = ("kind",)
    form = ("area", "facility", "kind", "count", "note")
    key = ("facility", "kind")
    permission = "medical"
    icon = "bed"


class FeverVisitRegister(Register):
    """Fever patients seen anywhere: what followed, and whether they were seen where it is allowed."""

    model = FeverVisit
    columns = (
        "visited_at", "facility", "person", "temperature", "symptoms", "outcome", "is_fever", "is_forbidden", "area",
        "home_area", "rule",
    )  # fmt: skip
    filters = ("is_forbidden", "is_fever", "outcome", "visited_at")
    form = ("area", "facility", "person", "visited_at", "temperature", "symptoms", "came_from", "outcome")
    key = ("person", "visited_at")
    ordering = ("area_id", "-visited_at", "pk")
    permission = "medical"
    icon = "temperature-plus"
    one_by_one = True  # each row is judged by the rules, and work follows from it
    exempt = {"pack": "stands on the record's page with its history"}

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """Seen once: a visit is never changed into another one."""
        if record is None:
            return services.record_visit(by=by, source=source, **_where_it_lies(values))
        return super().write(by=by, values=values, record=record, base_version=base_version, source=source)


class AdmissionRegister(Register):
    """Who lies in which bed, from when until when."""

    model = Admission
    columns = ("facility", "person", "bed", "diagnosis", "admitted_at", "discharged_at", "outcome", "area", "home_area")
    filters = ("bed", "outcome", "admitted_at")
    form = ("area", "facility", "person", "bed", "admitted_at", "diagnosis")
    key = ("person", "admitted_at")
    ordering = ("area_id", "-admitted_at", "pk")
    permission = "medical"
    icon = "bed-flat"
    one_by_one = True  # the last bed is given once

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """Admitting takes a free bed; the rest of the row may be corrected."""
        if record is None:
            return services.admit(by=by, source=source, **_where_it_lies(values))
        kept = {name: value for name, value in values.items() if name in ("admitted_at", "diagnosis")}
        return super().write(by=by, values=kept, record=record, base_version=base_version, source=source)


class ReferralRegister(Register):
    """Patients on their way from one facility to another, agreed by both."""

    model = Referral
    columns = (
        "person", "from_facility", "to_facility", "kind", "state", "due_at", "requested_at", "departed_at",
        "arrived_at", "area", "to_area", "reason", "answer",
    )  # fmt: skip
    filters = ("state", "kind", "requested_at")
    form = ()  # asked for, agreed and driven on their own page
    key = ("person", "requested_at")
    permission = "medical"
    icon = "ambulance"
    exempt = {
        "bed": "stands on the transfer's page", "sent_by": "stands on the transfer's page",
        "taken_by": "stands on the transfer's page", "vehicle": "stands on the transfer's page",
        "subject_id": "leads to the visit, shown there", "pack": "stands with its history",
    }  # fmt: skip


class ControlRoundRegister(Register):
    """Rounds of infection control: where, when, how much was not fulfilled."""

    model = ControlRound
    columns = ("facility", "done_at", "asked", "missed", "area", "note")
    filters = ("done_at",)
    form = ()  # a round is answered item by item on its own page
    key = ("facility", "done_at")
    ordering = ("area_id", "-done_at", "pk")
    permission = "medical"
    icon = "clipboard-check"
    exempt = {"pack": "stands with its history"}


class ControlAnswerRegister(Register):
    """Every answer of every round; the items not fulfilled are findings as well."""

    model = ControlAnswer
    columns = (Column("control_round", sort="", needs=("facility",)), "item", "value", "seen", "area")
    filters = ("value", "item")
    form = ()
    key = ("control_round", "item")
    permission = "medical"
    icon = "list-check"
