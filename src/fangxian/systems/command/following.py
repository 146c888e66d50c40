"""What stands where its task stands: one fact, entered once.

A record whose work is a task (a finding, an order) never keeps a state of its own making: whenever tasks move, its
system brings it to where the task stands, in the same transaction. A refusal of the record undoes the task's step.
"""

from collections.abc import Callable, Iterable
from typing import Any

from fangxian.core import scope
from fangxian.core.records import Record
from fangxian.systems.command.models import Task


def follow(tasks: Iterable[Task], model: type[Record], move: Callable[[Any, Task], None], *, why: str) -> None:
    """Call `move(record, task)` for each task that is the record's own (`record.task`), whoever moved it."""
    kind = model._meta.label_lower
    moved = {task.pk: task for task in tasks if task.subject_kind == kind}
    if not moved:
        return
    with scope.everywhere(why):
        for record in model._base_manager.filter(task_id__in=moved).order_by("pk"):
            move(record, moved[record.task_id])  # type: ignore[attr-defined]
