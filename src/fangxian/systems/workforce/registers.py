"""The ledgers of the workforce."""

from fangxian.core.records import Source
from fangxian.registers import Column, Register
from fangxian.systems.workforce import courses, services
from fangxian.systems.workforce.models import Deployment, FrontlineShift, QuizResult, SubsidyStatement
from fangxian.systems.workforce.shifts import check_times, check_worker


class FrontlineShiftRegister(Register):
    """Front-line work that no other system knows of; what they know is never entered a second time."""

    model = FrontlineShift
    columns = ("starts_at", "ends_at", "kind", "where", "officer", "person", "area", "note")
    filters = ("kind", "officer", "starts_at")
    search = ("where",)
    form = ("area", "officer", "person", "kind", "where", "starts_at", "ends_at", "note")
    key = ("officer", "person", "starts_at")
    ordering = ("area_id", "-starts_at", "pk")
    permission = "workforce"
    icon = "clock-hour-4"

    def clean_row(self, values):
        """Somebody worked, and it ends after it begins."""
        check_worker(values.get("officer"), values.get("person"))
        check_times(values["starts_at"], values["ends_at"])
        return values


class SubsidyStatementRegister(Register):
    """What front-line workers are due by month, derived from their shifts and agreed to by two."""

    model = SubsidyStatement
    columns = ("month", "officer", "person", "days", "total", "state", "first_by", "first_at", "second_by",
               "second_at", "drawn_at", "area")  # fmt: skip
    filters = ("state", "month")
    form = ()  # derived; agreed to on its own page
    key = ("officer", "person", "month")
    ordering = ("area_id", "-month", "pk")
    permission = "workforce"
    icon = "receipt"
    exempt = {"lines": "stand on the statement's page, each with its days and shifts"}


class QuizResultRegister(Register):
    """How officers answered quizzes and questions on the spot; for themselves and for who leads them."""

    model = QuizResult
    columns = ("taken_at", "officer", Column("course", value=lambda row: courses.name_of(row.course)), "kind",
               "percent", "passed", "valid_until", "where", "note", "area")  # fmt: skip
    filters = ("course", "kind", "passed", "taken_at")
    form = ()  # answered on the pages of the training
    key = ("officer", "course", "taken_at")
    ordering = ("area_id", "-taken_at", "pk")
    permission = "workforce"
    icon = "school"
    exempt = {"answers": "stand on the result's page", "pack": "stands with its history"}


class DeploymentRegister(Register):
    """Who went down to the front line: staff sent for a time, and field visits of leaders."""

    model = Deployment
    columns = ("kind", "name", "unit", "from_area", "area", "where", "duty", "starts_at", "ends_at", "found", "officer")
    filters = ("kind", "from_area", "starts_at")
    search = ("name", "unit")
    form = ("area", "from_area", "kind", "name", "officer", "unit", "where", "duty", "starts_at", "ends_at", "found")
    key = ("area", "name", "starts_at")
    ordering = ("area_id", "-starts_at", "pk")
    permission = "workforce"
    icon = "walk"
    one_by_one = True  # nobody is sent to two places at a time
    exempt = {"finding_id": "stands on the visit's page, with a link"}

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """New rows are sent or logged; what stands may be corrected."""
        values = dict(values)
        if record is not None:
            check_times(values.get("starts_at", record.starts_at), values.get("ends_at", record.ends_at))
            return super().write(by=by, values=values, record=record, base_version=base_version, source=source)
        verb = services.log_visit if values.pop("kind", "STAFF") == "LEADER" else services.send
        return verb(by=by, source=source, **values)
