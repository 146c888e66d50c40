"""The task that a contradiction hands down, and its end when nothing is held any more."""

from collections.abc import Iterable

from django.utils.translation import gettext_noop

from fangxian.systems.command import selectors as command_selectors
from fangxian.systems.command import services as command
from fangxian.systems.command.models import Task
from fangxian.systems.command.transitions import Verb, allowed
from fangxian.systems.testing.models import LabResult

KIND = "testing.tube"
TITLE = gettext_noop("Decide contradictory results of tube %(barcode)s")
INSTRUCTIONS = gettext_noop(
    "Two results of one tube contradict each other. Ask the laboratory, look at both, and give your opinion; "
    "a second person has to agree. Until then neither is in force."
)


def hand_down(results: Iterable[LabResult], *, by) -> None:
    """One task a contradiction, to the investigators of the tube's area."""
    command.hand_down_many(tasks=[_task(result) for result in results], by=by)


def close_when_decided(result: LabResult, *, by) -> None:
    """End the tube's tasks once none of its results is held."""
    if LabResult.objects.filter(tube_id=result.tube_id, state=LabResult.State.HELD).exists():
        return
    waiting = [
        task
        for task in command_selectors.for_subject(KIND, result.tube_id)
        if task.kind == Task.Kind.RESULT_CONFLICT and task.status in Task.OPEN
    ]
    for task in waiting:
        _close(task, by=by, outcome=str(result))


def _close(task: Task, *, by, outcome: str) -> None:
    """Done by who decided, if the task was theirs; otherwise it is taken back, because nothing is left to do."""
    if by is not None and allowed(task, Verb.FINISH, by):
        command.finish(task=task, by=by, outcome=outcome)
    else:
        command.withdraw_many(tasks=[task], by=None, reason=outcome)


def _task(result: LabResult) -> Task:
    return Task(
        key=f"testing.conflict.{result.pk}",
        kind=Task.Kind.RESULT_CONFLICT,
        title=TITLE,
        instructions=INSTRUCTIONS,
        params={"barcode": result.tube.barcode},
        area=result.tube.area,
        from_area=result.tube.area,
        role="investigator",
        priority=Task.Priority.HIGH,
        subject_kind=KIND,
        subject_id=result.tube_id,
    )
