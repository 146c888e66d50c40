"""The ledger of tasks."""

from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.permissions import Decision
from fangxian.core.records import Source
from fangxian.registers import Column, Register
from fangxian.systems.command import group_registers, mode_registers, services, transitions
from fangxian.systems.command.models import Task

__all__ = ["TaskRegister", "group_registers", "mode_registers"]


class TaskRegister(Register):
    """What was handed down to whom, until when, and where it stands."""

    model = Task
    columns = (
        Column("title", value=lambda row: row.title_text), "kind", "area", "role", "officer", "group", "person",
        "priority", "status", "due_at", "received_at", "done_at", "outcome",
    )  # fmt: skip
    filters = ("status", "kind", "role", "priority")
    form = (
        "area",
        "kind",
        "title",
        "instructions",
        "role",
        "officer",
        "group",
        "person",
        "address",
        "priority",
        "due_at",
    )
    key = ("key",)
    permission = "command"
    icon = "checklist"
    one_by_one = True  # each row comes from an area of whoever hands it down
    exempt = {
        "key": "names the task for workflows, so that none is handed down twice",
        "params": "fills title and instructions, which are shown",
        "subject_kind": "what the task is about; its page links there",
        "subject_id": "what the task is about; its page links there",
        "from_area": "follows from the post of whoever hands the task down",
        "received_by": "stands on the task's page",
        "done_by": "stands on the task's page",
        "checked_at": "stands on the task's page",
        "checked_by": "stands on the task's page",
        "escalated_at": "stands on the task's page",
    }

    def may_attach(self, officer, record) -> Decision:
        """Whoever does a task shows what was done, whoever handed it down what is meant."""
        if transitions.is_holder(record, officer) or transitions.is_giver(record, officer):
            return Decision(True)
        return Decision(False, _("This task is for somebody else."))

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """Entering a row hands a task down; where it stands is changed by verbs, never by the form."""
        if record is None:
            return services.hand_down(by=by, source=source, **values)
        return records.change(record, by=by, action="command.task.changed", base_version=base_version, **values)
