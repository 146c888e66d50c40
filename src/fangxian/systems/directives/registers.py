"""The ledgers of meetings, of directives, of their way through the units, and of reports up."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.permissions import Decision
from fangxian.core.records import Source
from fangxian.registers import Register
from fangxian.systems.directives import services, transitions
from fangxian.systems.directives.models import Directive, Handing, Meeting, Report
from fangxian.systems.directives.words import DirectiveState


class MeetingRegister(Register):
    """Meetings of the command, numbered, with the upper meeting each passes on."""

    model = Meeting
    columns = ("title", "number", "kind", "form", "area", "held_at", "chair", "passes_on", "upper")
    filters = ("kind", "form", "held_at")
    search = ("title",)
    form = (
        "area", "title", "number", "kind", "form", "held_at", "place", "chair", "attendees", "passes_on", "upper",
        "minutes",
    )  # fmt: skip
    key = ("area", "title", "number")
    ordering = ("area_id", "-held_at", "pk")
    permission = "directives"
    icon = "users"
    one_by_one = True  # a meeting may pass on one of the rows before it

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """Through the verbs."""
        if record is None:
            return services.convene(by=by, source=source, **values)
        return services.correct_meeting(meeting=record, by=by, base_version=base_version, **values)


class DirectiveRegister(Register):
    """What was resolved and handed down: because of what, until when, and where it stands."""

    model = Directive
    columns = (
        "title", "number", "area", "basis", "meeting", "requirement", "depth", "priority", "state", "due_at", "goal",
        "goal_at", "issued_at", "ended_at", "revision",
    )  # fmt: skip
    filters = ("state", "basis", "priority", "due_at")
    search = ("title", "number")
    form = (
        "area", "title", "number", "text", "basis", "basis_text", "meeting", "requirement", "depth", "due_at", "goal",
        "goal_at", "priority", "needs_evidence",
    )  # fmt: skip
    key = ("area", "title")
    ordering = ("area_id", "-created_at", "pk")
    permission = "directives"
    icon = "arrow-fork"
    one_by_one = True  # each is resolved through the verb
    exempt = {
        "measure_id": "leads to the measure of the bulletin, shown there",
        "correction": "stands on the directive's page",
        "reason": "stands on the directive's page",
        "meant_for": "stands on the directive's page until it is handed down",
    }

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """Entering a row resolves it; what was handed down is corrected on its page, with the reason."""
        if record is None:
            return services.resolve(by=by, source=source, **values)
        if record.state != DirectiveState.RESOLVED:
            raise ValidationError(_("This directive was handed down: correct it on its page, with the reason."))
        return records.change(record, by=by, action="directives.directive.changed", base_version=base_version, **values)


class HandingRegister(Register):
    """Every directive at every unit: who has not received, who has not answered, what was not done."""

    model = Handing
    columns = (
        "directive", "area", "group", "from_area", "state", "leader", "deputy", "receive_by", "due_at", "handed_at",
        "received_at", "deployed_at", "answered_at", "outcome", "answer", "shortfall", "checked_at", "returned_at",
        "returns", "reminded_at", "reason",
    )  # fmt: skip
    filters = ("state", "outcome", "due_at")
    form = ()  # handed down, received and answered on its own page
    key = ("directive", "area", "group")
    permission = "directives"
    icon = "sitemap"
    exempt = {
        "parent": "the same directive at the unit above, shown on the page", "received_by": "stands on the page",
        "deployed_by": "stands on the page", "answered_by": "stands on the page", "checked_by": "stands on the page",
        "deployment": "stands on the page", "meeting": "stands on the page", "revision_seen": "stands on the page",
        "looked_again_at": "stands on the page", "pack": "stands with its history",
    }  # fmt: skip

    def may_attach(self, officer, record) -> Decision:
        """The unit shows what was done."""
        if transitions.is_unit(record, officer):
            return Decision(True)
        return Decision(False, _("This directive lies with another unit."))


class ReportRegister(Register):
    """What units reported up, period by period; figures are counted, never typed."""

    model = Report
    columns = (
        "area", "group", "to_area", "period", "starts_at", "ends_at", "due_at", "reported_at", "noted_at", "remarks",
    )  # fmt: skip
    filters = ("period", "starts_at")
    form = ()  # pre-filled and sent on its own page
    key = ("area", "period", "starts_at")
    ordering = ("area_id", "-starts_at", "pk")
    permission = "directives"
    icon = "report-analytics"
    exempt = {"figures": "stand on the report's page", "noted_by": "stands on the report's page"}
