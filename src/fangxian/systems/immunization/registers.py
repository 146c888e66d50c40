"""The ledgers of immunization."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fangxian.core.records import Source
from fangxian.registers import Column, Register
from fangxian.systems.immunization import services
from fangxian.systems.immunization.models import (
    Aefi,
    Dose,
    Refusal,
    SiteMeans,
    StockMovement,
    VaccinationSite,
    VaccineLot,
    Visit,
)


class SiteRegister(Register):
    """Where people are vaccinated."""

    model = VaccinationSite
    columns = ("name", "kind", "area", "head", "place", "closed_on")
    filters = ("kind",)
    search = ("name",)
    form = ("area", "name", "kind", "head", "place", "closed_on")
    key = ("area", "name")
    permission = "immunization"
    icon = "building-community"
    exempt = {"venue_id": "a tab shows the place that follows the record"}


class MeansRegister(Register):
    """Staff, material and money a site needs, and what is there."""

    model = SiteMeans
    columns = ("site", "item", "needed", "there", Column("missing", _("Missing"), sort="", value=lambda r: r.missing),
               "area", "note")  # fmt: skip
    filters = ("item",)
    form = ("area", "site", "item", "needed", "there", "note")
    key = ("site", "item")
    permission = "immunization"
    icon = "checklist"


class LotRegister(Register):
    """Vaccine in the fridges: what came in, was given, wasted, sent away, and is left."""

    model = VaccineLot
    columns = (
        "site", "vaccine", "number", "expires_on", "received", "used", "wasted", "gone", "sealed", "opened",
        "recalled_at", "area",
    )  # fmt: skip
    filters = ("expires_on",)
    search = ("number",)
    form = ()  # doses come in, go out and are given on the page of the fridge
    key = ("site", "number")
    permission = "immunization"
    icon = "fridge"
    exempt = {
        "disease": "follows from the vaccine", "maker": "stands on the page of the fridge",
        "doses_per_vial": "stands on the page of the fridge", "opened_at": "stands on the page of the fridge",
        "recall_reason": "stands on the page of the lot",
    }  # fmt: skip


class MovementRegister(Register):
    """Every movement of doses; those given stand among the doses."""

    model = StockMovement
    columns = ("moved_at", "lot", "kind", "doses", "reason", "other_site", "paper", "note", "area")
    filters = ("kind", "reason", "moved_at")
    form = ()
    key = ("lot", "moved_at")
    ordering = ("area_id", "-moved_at", "pk")
    permission = "immunization"
    icon = "arrows-exchange"


class VisitRegister(Register):
    """Visits to vaccination sites: what was answered, when each station was passed."""

    model = Visit
    columns = (
        "day", "number", "site", "person", "state", "outcome", "reason", "vaccine", "dose_number", "arrived_at",
        "registered_at", "vaccinated_at", "left_at", "area", "home_area", "guardian",
    )  # fmt: skip
    filters = ("day", "state", "outcome")
    form = ()  # a visit is lived through station by station
    key = ("site", "day", "number")
    ordering = ("area_id", "-day", "number", "pk")
    permission = "immunization"
    icon = "clipboard-heart"
    exempt = {
        "disease": "follows from the site's day", "observed_until": "stands on the visit's page",
        "condition": "stands on the visit's page", "from_on": "stands on the visit's page",
        "consent": "stands on the visit's page", "note": "stands on the visit's page",
        "pack": "stands with its history",
    }  # fmt: skip


class DoseRegister(Register):
    """Doses, given here or entered from papers and sheets; the place in the course follows from all of a person."""

    model = Dose
    columns = (
        "given_on", "person", "disease", "vaccine", "number", "role", "completes", "lot_number", "where", "body_site",
        "state", "area", "home_area",
    )  # fmt: skip
    filters = ("given_on", "role", "completes", "state", "number")
    search = ("lot_number",)
    form = ("area", "person", "disease", "given_on", "lot_number", "vaccine", "where", "body_site")
    key = ("person", "disease", "given_on")
    ordering = ("area_id", "-given_on", "pk")
    permission = "immunization"
    icon = "vaccine"
    import_note = _("Only doses given elsewhere: what is given at a site of ours is entered at its chair.")
    exempt = {
        "given_at": "stands on the dose's page", "given_by": "stands with its history", "lot": "leads to the fridge",
        "expires_on": "stands with the lot", "visit": "leads to the visit", "void_reason": "stands with its history",
    }  # fmt: skip

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """Entered as a dose given elsewhere, and mended as one; a dose given at a chair is taken back instead."""
        if record is None:
            return services.record_history(by=by, source=source, **values)
        return services.correct(dose=record, by=by, base_version=base_version, **values)

    def write_many(self, *, by, rows, source=Source.IMPORT):
        """Whole histories at once."""
        return services.record_history_many(by=by, rows=rows, source=source)


class AefiRegister(Register):
    """Adverse events after doses, with their clocks, from the first report to the conclusion."""

    model = Aefi
    columns = (
        "found_at", "person", "symptoms", "severity", "serious_reason", "stage", "report_due_at", "reported_at",
        "is_cluster", "outcome", "classification", "causality", "area", "home_area",
    )  # fmt: skip
    filters = ("stage", "severity", "is_cluster", "classification", "found_at")
    form = ("area", "dose", "onset_at", "symptoms", "severity", "serious_reason", "treatment", "outcome")
    key = ("dose", "onset_at")
    ordering = ("area_id", "-found_at", "pk")
    permission = "immunization"
    icon = "alert-triangle"
    one_by_one = True  # three of a kind are a cluster, and work follows
    exempt = {
        "reported_by": "stands on the event's page", "investigate_due_at": "stands on the event's page",
        "investigated_at": "stands on the event's page", "concluded_at": "stands on the event's page",
        "conclude_due_at": "stands on the event's page", "findings": "stands on the event's page",
        "pack": "stands with its history",
    }  # fmt: skip

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """Reported once; what is found later has verbs of its own."""
        if record is None:
            return services.report(by=by, source=source, **_where_given(values))
        kept = {name: value for name, value in values.items() if name in ("symptoms", "treatment")}
        return super().write(by=by, values=kept, record=record, base_version=base_version, source=source)


class RefusalRegister(Register):
    """Who was asked and will not, or cannot now; why, and when to ask again."""

    model = Refusal
    columns = ("person", "disease", "reason", "asked_at", "ask_again_on", "is_latest", "area", "note")
    filters = ("reason", "is_latest", "ask_again_on")
    form = ("area", "person", "disease", "reason", "asked_at", "ask_again_on", "note")
    key = ("person", "disease", "asked_at")
    permission = "immunization"
    icon = "message-2-off"
    one_by_one = True  # the latest answer replaces the one before

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """The latest answer holds."""
        if record is None:
            return services.refuse(by=by, source=source, **_at_home(values))
        return super().write(by=by, values=values, record=record, base_version=base_version, source=source)


def _where_given(values: dict[str, Any]) -> dict[str, Any]:
    """The area is that of the dose; one typed otherwise is refused, not overlooked."""
    if "area" in values and values["area"].pk != values["dose"].area_id:
        raise ValidationError({"area": _("The dose was given in another area: choose that one.")})
    return values


def _at_home(values: dict[str, Any]) -> dict[str, Any]:
    """The area is that of the person; one typed otherwise is refused, not overlooked."""
    if "area" in values and values["area"].pk != values["person"].area_id:
        raise ValidationError({"area": _("The person lives in another area: choose that one.")})
    return values
