"""The ledger of findings."""

from fangxian.core.records import Source
from fangxian.registers import Register
from fangxian.systems.inspection import services
from fangxian.systems.inspection.models import Finding


class FindingRegister(Register):
    """What inspections found, who rectifies it until when, and whether somebody looked again."""

    model = Finding
    columns = (
        "where", "what", "severity", "state", "due_at", "role", "officer", "found_on", "times_reopened", "closed_at",
        "area",
    )  # fmt: skip
    filters = ("state", "severity", "role", "found_on")
    search = ("where",)
    form = ("area", "where", "what", "basis", "severity", "found_on", "role", "officer", "due_at")
    key = ("area", "where", "what", "found_on")
    permission = "inspection"
    icon = "alert-triangle"
    one_by_one = True  # each row hands a task down
    exempt = {
        "subject_kind": "what it is about; its page shows the finding",
        "subject_id": "what it is about; its page shows the finding",
        "task": "the tab with its tasks leads there",
    }

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """Entering a finding hands down the task to mend it; where it stands follows that task."""
        if record is None:
            return services.raise_finding(by=by, source=source, **values)
        return services.change_finding(finding=record, by=by, base_version=base_version, **values)
