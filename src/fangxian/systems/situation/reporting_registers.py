"""The ledgers of issued reports and of assessment sessions."""

from fangxian.core.records import Source
from fangxian.registers import Register
from fangxian.systems.situation import reporting_services as services
from fangxian.systems.situation.reporting_models import Assessment, IssuedReport


class IssuedReportRegister(Register):
    """Reports of a day or of a stage, edition by edition: as of when, signed by whom, corrected why."""

    model = IssuedReport
    columns = (
        "area", "kind", "starts_on", "ends_on", "number", "year", "edition", "state", "as_of", "signed_by",
        "signed_at", "second_by", "second_at", "issued_at", "corrects", "correction", "digest",
    )  # fmt: skip
    filters = ("kind", "state", "ends_on")
    form = ()  # counted, signed and corrected on its own page
    key = ("area", "kind", "starts_on", "ends_on", "edition")
    ordering = ("area_id", "-ends_on", "-edition", "pk")
    permission = "situation"
    icon = "file-text"
    exempt = {
        "facts": "stand in the annex, on the report's page",
        "said": "is the paper itself, on the report's page",
    }


class AssessmentRegister(Register):
    """Sessions that assess the situation: what they looked at, which level of risk they judged, what they concluded."""

    model = Assessment
    columns = ("title", "area", "held_at", "place", "chair", "state", "level", "conclusion", "concluded_at",
               "concluded_by")  # fmt: skip
    filters = ("state", "held_at")
    search = ("title",)
    form = ("area", "title", "held_at", "place", "chair", "guests")
    key = ("area", "title", "held_at")
    ordering = ("area_id", "-held_at", "pk")
    permission = "situation"
    icon = "gavel"
    exempt = {
        "attendees": "stand on the session's page", "matters": "stand on the session's page",
        "grounds": "stand on the session's page", "reviewed": "stand on the session's page",
        "pack": "stands with its history",
    }  # fmt: skip

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """Through the verbs."""
        if record is None:
            return services.convene(by=by, source=source, **values)
        return services.change_session(session=record, by=by, base_version=base_version, **values)
