"""The ledgers of supervision."""

from django.utils.translation import gettext_lazy as _

from fangxian.core.records import Source
from fangxian.registers import Register
from fangxian.systems.inspection import services
from fangxian.systems.inspection.models import Accountability, Finding, FourParties, Sheet, Trip

ON_PAGE = "stands on its page"


class FindingRegister(Register):
    """What inspections found, who rectifies it until when, and whether somebody looked again."""

    model = Finding
    columns = (
        "where", "what", "topic", "severity", "state", "step", "due_at", "unit", "role", "officer", "found_on",
        "origin", "times_before", "times_reopened", "evidence", "closed_at", "area",
    )  # fmt: skip
    filters = ("state", "severity", "step", "topic", "origin", "role", "found_on")
    search = ("where", "unit")
    form = (
        "area", "where", "what", "basis", "severity", "topic", "attitude", "unit", "found_on", "role", "officer",
        "due_at",
    )  # fmt: skip
    key = ("area", "where", "what", "found_on")
    permission = "inspection"
    icon = "alert-triangle"
    one_by_one = True  # each row hands a task down
    exempt = {
        "subject_kind": "what it is about; its page shows the finding",
        "subject_id": "what it is about; its page shows the finding",
        "task": "the tab with its tasks leads there",
        **dict.fromkeys(
            ("state_since", "repeat_of", "evidence_files", "mended_at", "mended_by", "withdrawal", "withdrawal_by",
             "settled_by", "sheet"), ON_PAGE,
        ),
    }  # fmt: skip

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """Entering a finding hands down the task to mend it; where it stands follows that task."""
        if record is None:
            return services.raise_finding(by=by, source=source, **values)
        return services.change_finding(finding=record, by=by, base_version=base_version, **values)


class TripRegister(Register):
    """Inspection trips: who leads them, along which route, announced or not."""

    model = Trip
    columns = ("name", "on", "leader", "team", "group", "is_unannounced", "state", "purpose", "conclusion", "area")
    filters = ("state", "is_unannounced", "on")
    search = ("name",)
    form = ("area", "name", "on", "leader", "team", "group", "is_unannounced", "purpose")
    key = ("area", "name", "on")
    ordering = ("area_id", "-on", "pk")
    permission = "inspection"
    icon = "route"


class SheetRegister(Register):
    """What was asked where: the stops of trips and the self-checks, with how many items were not as they should be."""

    model = Sheet
    columns = (
        "where", "checklist", "state", "done_at", "done_by", "asked", "missed", "trip", "number", "unit",
        "is_self_check", "reason", "area",
    )  # fmt: skip
    filters = ("state", "is_self_check", "done_at")
    search = ("where", "unit")
    form = ()  # planned and answered on the trip's page and on the phone
    key = ("trip", "number")
    permission = "inspection"
    icon = "clipboard-check"
    exempt = {**dict.fromkeys(("subject_kind", "subject_id", "answers", "pack"), ON_PAGE)}


class AccountabilityRegister(Register):
    """Who answers for what was not mended: measure, decision, appeal and its hearing."""

    model = Accountability
    columns = (
        "unit", "officer", "finding", "measure", "state", "decided_at", "appeal_until", "appealed_at", "heard_at",
        "area",
    )  # fmt: skip
    filters = ("state", "measure", "decided_at")
    search = ("unit",)
    form = ()  # proposed, decided, appealed and heard on its page, each by somebody else
    key = ("finding", "unit")
    permission = "inspection"
    icon = "gavel"
    exempt = {
        **dict.fromkeys(("reason", "decided_by", "decision", "appeal", "appealed_by", "heard_by", "hearing"), ON_PAGE)
    }


class FourPartiesRegister(Register):
    """Who answers for which duty at a place: locality, department, unit, individual."""

    model = FourParties
    columns = ("where", "duty", "locality", "officer", "department", "unit", "individual", "phone", "area")
    filters = ("duty",)
    search = ("where", "unit")
    form = ("area", "where", "duty", "locality", "officer", "department", "unit", "individual", "phone")
    key = ("area", "where", "duty")
    permission = "inspection"
    icon = "users-group"
    one_by_one = True  # each row finds its place
    import_note = _("A place is found by its area and name; one that no ledger has, or several have, is refused.")
    exempt = {"subject_kind": "the place's page shows it", "subject_id": "the place's page shows it"}

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """The parties are those of the place of this name, so that its page and the list of gaps agree."""
        if record is None:
            return services.name_parties(by=by, source=source, **values)
        return services.change_parties(parties=record, by=by, base_version=base_version, **values)
