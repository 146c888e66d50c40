"""A finding stands where its task stands: one fact, entered once. What the ladder asks is refused here, once for all.

task                        finding
handed down, received       OPEN
done                        RECTIFIED     refused without evidence: words, for grave ones a photo or paper on the task
checked                     CLOSED        refused for who mended it and for whoever has to mend it
sent back after done        OPEN          with time anew, the evidence asked for anew, and counted: times_reopened
cannot be done              IMPOSSIBLE    waits for a decision, with a clock of its own
withdrawn                   WITHDRAWN     refused unless one asked for it and another agrees

The same rules stand in the database as constraints of the table.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from fangxian.core import records
from fangxian.core.clock import now
from fangxian.registers import attachments
from fangxian.systems.command import selectors as tasks_of
from fangxian.systems.command import services as command
from fangxian.systems.command import transitions
from fangxian.systems.command.following import follow
from fangxian.systems.command.models import Task
from fangxian.systems.inspection import rules
from fangxian.systems.inspection.models import Finding

KIND = Finding._meta.label_lower
WHY = "a finding follows its task, whoever moves it"
SETTLED = gettext_noop("The finding is settled.")
STATES: dict[str, str] = {
    Task.Status.PENDING: Finding.State.OPEN,
    Task.Status.IN_PROGRESS: Finding.State.OPEN,
    Task.Status.DONE: Finding.State.RECTIFIED,
    Task.Status.CHECKED: Finding.State.CLOSED,
    Task.Status.NOT_EXECUTABLE: Finding.State.IMPOSSIBLE,
    Task.Status.REMOVED: Finding.State.WITHDRAWN,
}


def listen(sender: Any, tasks: Iterable[Task], by: Any, **_more: Any) -> None:
    """Tasks moved: bring their findings to where they stand."""
    follow(tasks, Finding, lambda finding, task: _follow(finding, task, by), why=WHY)


def _follow(finding: Finding, task: Task, by: Any) -> None:
    state = STATES[task.status]
    if state == finding.state:
        records.change(finding, by=by, action="inspection.finding.handed_on", officer=task.officer)
        return
    changes = _CHANGES[state](finding, task, by)
    done = "reopened" if changes.get("times_reopened") else state.lower()
    records.change(
        finding, by=by, action=f"inspection.finding.{done}", **{
            "state": state, "state_since": now(), "officer": task.officer, "closed_at": None, **changes,
        },
    )  # fmt: skip
    if state not in Finding.UNSETTLED:
        above = [one for one in tasks_of.for_subject(KIND, finding.pk) if one.pk != finding.task_id]
        command.withdraw_many(tasks=above, by=None, reason=SETTLED)


def _rectified(finding: Finding, task: Task, by: Any) -> dict[str, Any]:
    files = attachments.of(task).filter(added_at__gte=finding.state_since).count()
    needs_file = rules.needs_file(rules.pack_of(finding.area_id), finding.severity)
    if needs_file and not files:
        raise ValidationError(_("Not without evidence: put a photo or a paper of the mended state to the task."))
    if not files and not task.outcome.strip():
        raise ValidationError(_("Not without evidence: say what was done, or put a photo to the task."))
    return {"mended_at": task.done_at, "mended_by": task.done_by, "evidence": task.outcome[:500],
            "evidence_files": files, "withdrawal": "", "withdrawal_by": None}  # fmt: skip


def _closed(finding: Finding, task: Task, by: Any) -> dict[str, Any]:
    if by is None or by.pk in (finding.mended_by_id, finding.officer_id) or (
        task.role and transitions.is_holder(task, by)
    ):  # fmt: skip
        raise ValidationError(_("Who mends a finding does not close it: somebody else has to look again."))
    return {"settled_by": by, "closed_at": now()}


def _opened(finding: Finding, task: Task, by: Any) -> dict[str, Any]:
    """Not mended after all, or not impossible after all: time anew, evidence anew; the step of the ladder stays."""
    due = max(finding.due_at, now() + rules.time_when_reopened(rules.pack_of(finding.area_id)))
    records.change(task, by=by, action="command.task.changed", due_at=due, escalated_at=None)
    again = finding.state == Finding.State.RECTIFIED
    cleared = {"mended_at": None, "mended_by": None, "evidence": "", "evidence_files": 0, "withdrawal": "",
               "withdrawal_by": None}  # fmt: skip
    return {**cleared, "due_at": due, **({"times_reopened": finding.times_reopened + 1} if again else {})}


def _impossible(finding: Finding, task: Task, by: Any) -> dict[str, Any]:
    return {}


def _withdrawn(finding: Finding, task: Task, by: Any) -> dict[str, Any]:
    if finding.withdrawal_by_id is None:
        raise ValidationError(_("Ask for the withdrawal on the finding's page; a second person has to agree to it."))
    if by is None or by.pk == finding.withdrawal_by_id:
        raise ValidationError(_("You asked for the withdrawal: a second person has to agree."))
    if task.role and transitions.is_holder(task, by):
        raise ValidationError(_("Who has to mend a finding does not withdraw it."))
    return {"settled_by": by}


_CHANGES: dict[str, Callable[[Finding, Task, Any], dict[str, Any]]] = {
    Finding.State.OPEN: _opened,
    Finding.State.RECTIFIED: _rectified,
    Finding.State.CLOSED: _closed,
    Finding.State.IMPOSSIBLE: _impossible,
    Finding.State.WITHDRAWN: _withdrawn,
}
