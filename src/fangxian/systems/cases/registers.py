"""The ledgers of cases: events, cases, exposures, contacts, links, timelines, responses."""

from django.utils.translation import gettext_lazy as _

from fangxian.core.records import Source
from fangxian.registers import Column, Register
from fangxian.systems.cases import entry, services
from fangxian.systems.cases.models import (
    Case,
    Contact,
    Event,
    Exposure,
    Response,
    TimelineEntry,
    TraceRequest,
    TransmissionLink,
)


class EventRegister(Register):
    """Clusters and outbreaks that hold cases together."""

    model = Event
    columns = ("name", "disease", "status", "area", "started_on", "closed_on", "note")
    filters = ("status", "disease")
    search = ("name",)
    form = ("area", "name", "disease", "status", "started_on", "closed_on", "note")
    key = ("area", "name")
    permission = "cases"
    icon = "affiliate"


class CaseRegister(Register):
    """Every case with its classification, its days and how far its investigation is."""

    model = Case
    columns = (
        "number", "person", "disease", "classification", "area", "onset_on", "sampled_at", "positive_at",
        "reported_at", "isolated_at", "investigation", "outcome", "outcome_on", "present_area",
        Column("event", sort=""),
    )  # fmt: skip
    filters = ("disease", "classification", "investigation", "outcome", "origin", "event", "positive_at")
    search = ("number",)
    form = (
        "area", "number", "person", "disease", "event", "present_area", "origin", "age", "symptomatic", "onset_on",
        "onset_precision", "sampled_at", "positive_at", "reported_at", "isolated_at", "outcome", "outcome_on", "note",
    )  # fmt: skip
    key = ("number",)
    permission = "cases"
    icon = "virus"
    one_by_one = True
    exempt = {
        "clinical_at": "one of the three confirmations on the case's page",
        "clinical_by": "one of the three confirmations on the case's page",
        "epidemiological_at": "one of the three confirmations on the case's page",
        "epidemiological_by": "one of the three confirmations on the case's page",
        "laboratory_at": "one of the three confirmations on the case's page",
        "laboratory_by": "one of the three confirmations on the case's page",
        "result_id": "the result; the case's page links to it",
    }

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """Through the verbs of the system: number and classification are derived."""
        if record is None:
            return services.open_case(by=by, source=source, **values)
        return services.change_case(by=by, case=record, base_version=base_version, **values)


class ExposureRegister(Register):
    """What cases told: in what setting, where, when and with whom."""

    model = Exposure
    columns = ("case", "kind", "person", "place_name", "starts_at", "ends_at", "precision", "area", "note")
    filters = ("kind", "case")
    form = ("area", "case", "kind", "person", "place_name", "starts_at", "ends_at", "precision", "note")
    key = ("case", "kind", "starts_at", "place_name")
    permission = "cases"
    icon = "map-question"
    exempt = {"place_id": "the venue behind the place's name; set when it is picked on the map"}

    def clean_row(self, values: dict) -> dict:
        """An exposure ends after it begins."""
        return entry.clean_span(values)

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """Through the verbs of the system."""
        if record is None:
            return services.add_exposure(by=by, source=source, **values)
        return super().write(by=by, values=values, record=record, base_version=base_version, source=source)


class ContactRegister(Register):
    """People near a case: in which ring, through whom, until when they are followed up and how that stands."""

    model = Contact
    columns = (
        "person", "case", "ring", "proposed", "classification", "status", "follow_up", "follow_up_until",
        "extended_until", "area", "case_area", "first_contact_at", "last_contact_at",
        Column("via", sort="", needs=("person",)), "rule", "reason", "proposed_by",
    )  # fmt: skip
    filters = ("ring", "status", "follow_up", "classification", "case", "proposed")
    form = ("area", "case", "person", "ring", "first_contact_at", "last_contact_at", "reason")
    key = ("case", "person")
    permission = "cases"
    icon = "users-group"
    one_by_one = True
    import_note = _("Contacts of a sheet are proposed: nothing follows from them until a second person has agreed.")
    exempt = {
        "evidence": "opened from the contact's row on the case's page",
        "pack": "stands with the rule on the contact's page",
        "proposed_at": "stands with the proposal on the case's page",
        "proposed_reason": "stands with the proposal on the case's page",
        "decided_by": "stands in the history of the contact",
    }

    def clean_row(self, values: dict) -> dict:
        """A contact is seen from its case's area too."""
        return entry.clean_contact(values)

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """What is entered by hand is a proposal: a ring is in force when a second officer agrees or a rule finds it."""
        if record is None:
            return services.propose_contact(by=by, source=source, **values)
        return services.change_contact(by=by, contact=record, base_version=base_version, **values)


class TransmissionLinkRegister(Register):
    """Who is thought to have infected whom, how and how surely."""

    model = TransmissionLink
    columns = ("infector", "infected", "kind", "certainty", "contact_on", "area", "note")
    filters = ("kind", "certainty")
    form = ("area", "infector", "infected", "kind", "certainty", "contact_on", "note")
    key = ("infector", "infected")
    permission = "cases"
    icon = "arrow-right-circle"

    def clean_row(self, values: dict) -> dict:
        """A link joins two cases."""
        return entry.clean_link(values)


class TimelineEntryRegister(Register):
    """The days of cases, stretch by stretch, as told or as found."""

    model = TimelineEntry
    columns = ("case", "kind", "starts_at", "ends_at", "precision", "place_name", "text", "area")
    filters = ("kind", "case")
    form = ("area", "case", "kind", "starts_at", "ends_at", "precision", "place_name", "text")
    key = ("case", "kind", "starts_at")
    permission = "cases"
    icon = "timeline"
    exempt = {"place_id": "the venue behind the place's name; set when it is picked on the map"}

    def clean_row(self, values: dict) -> dict:
        """A stretch ends after it begins."""
        return entry.clean_span(values)


class ResponseRegister(Register):
    """Runs of the response to cases: by which policy pack, and when they were finished."""

    model = Response
    columns = ("case", "run", "pack", "finished_at", "area")
    filters = ("case",)
    form = ()
    key = ()
    permission = "cases"
    icon = "run"
    exempt = {
        "steps": "shown with its times on the case's page",
        "difference": "shown on the case's page",
    }


class TraceRequestRegister(Register):
    """Questions to the visit log: who asked, about which case, what for, how many persons came out, who agreed."""

    model = TraceRequest
    columns = (
        "case", "cases", "purpose", "reason", "state", "persons", "asked_by", "asked_at", "decided_by", "decided_at",
        "decision", "expires_at", "area",
    )  # fmt: skip
    filters = ("purpose", "state", "case", "asked_at")
    form = ()
    key = ()
    permission = "trace"
    icon = "route"
    exempt = {
        "question": "windows and limits; shown on the request's page",
        "summary": "counts before the names; shown on the request's page",
        "pack": "stands on the request's page",
        "most_alone": "the pack's number on that day; stands on the request's page",
    }
