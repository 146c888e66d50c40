"""A finding stands where its task stands: one fact, entered once.

task                        finding
handed down, received       OPEN
done                        RECTIFIED     with what was done and its photos on the task
checked                     CLOSED        by somebody else than who mended it
sent back after done        OPEN          and counted: times_reopened
cannot be done              IMPOSSIBLE
withdrawn                   WITHDRAWN
"""

from collections.abc import Iterable
from typing import Any

from fangxian.core import records, scope
from fangxian.core.clock import now
from fangxian.systems.command.models import Task
from fangxian.systems.inspection.models import Finding

KIND = Finding._meta.label_lower
STATES: dict[str, str] = {
    Task.Status.PENDING: Finding.State.OPEN,
    Task.Status.IN_PROGRESS: Finding.State.OPEN,
    Task.Status.DONE: Finding.State.RECTIFIED,
    Task.Status.CHECKED: Finding.State.CLOSED,
    Task.Status.NOT_EXECUTABLE: Finding.State.IMPOSSIBLE,
    Task.Status.REMOVED: Finding.State.WITHDRAWN,
}


def listen(sender: Any, tasks: Iterable[Task], by: Any, **_more: Any) -> None:
    """Tasks moved: bring the findings among their subjects to where the tasks stand, in the same transaction."""
    moved = {task.subject_id: task for task in tasks if task.subject_kind == KIND}
    if not moved:
        return
    with scope.everywhere("a finding follows its task, whoever moves it"):
        for finding in Finding.objects.filter(pk__in=moved):
            _follow(finding, moved[finding.pk], by)


def _follow(finding: Finding, task: Task, by: Any) -> None:
    state = STATES[task.status]
    if (state, task.officer_id) == (finding.state, finding.officer_id):
        return
    reopened = finding.state == Finding.State.RECTIFIED and state == Finding.State.OPEN
    done = "reopened" if reopened else state.lower()
    records.change(
        finding, by=by, action=f"inspection.finding.{done}", state=state, officer=task.officer,
        times_reopened=finding.times_reopened + reopened, closed_at=now() if state == Finding.State.CLOSED else None,
    )  # fmt: skip
