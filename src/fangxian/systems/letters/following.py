"""A person of a letter stands where their task stands: one fact, entered once by whoever knocked at the door.

task                     person of the letter
done                     FOUND
cannot be done           NOT_FOUND, with the reason as remark
sent back                no result again
everything else          unchanged
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from fangxian.core import scope
from fangxian.core.clock import now
from fangxian.systems.command.models import Task
from fangxian.systems.letters import answering
from fangxian.systems.letters.models import Letter, LetterItem

SUBJECT, PREFIX = Letter._meta.label_lower, "letter-item:"
_SENT_BACK = {"result": "", "result_at": None, "result_note": ""}


def listen(sender: Any, tasks: Iterable[Task], by: Any, **_more: Any) -> None:
    """Tasks moved: bring the people of letters among them to where the tasks stand, in the same transaction."""
    moved = {UUID(task.key.removeprefix(PREFIX)): task for task in tasks if (task.key or "").startswith(PREFIX)}
    if not moved:
        return
    with scope.everywhere("a person of a letter follows the task about them, whoever moves it"):
        rows = LetterItem.objects.filter(pk__in=moved).select_related("letter__area", "letter__peer")
        for letter, told in _by_letter(rows, moved).items():
            answering.set_results(letter=letter, by=by, results=told)


def _by_letter(rows: Iterable[LetterItem], moved: dict[UUID, Task]) -> dict[Letter, dict[UUID, dict[str, Any]]]:
    found: dict[Letter, dict[UUID, dict[str, Any]]] = {}
    for row in rows:
        told = _told(row, moved[row.pk])
        if told:
            found.setdefault(row.letter, {})[row.pk] = told
    return found


def _told(row: LetterItem, task: Task) -> dict[str, Any]:
    if task.status in (Task.Status.DONE, Task.Status.CHECKED):
        done = task.done_at or now()
        return {"result": LetterItem.Result.FOUND, "result_at": done, "result_note": task.outcome[:200]}
    if task.status == Task.Status.NOT_EXECUTABLE:
        return {"result": LetterItem.Result.NOT_FOUND, "result_at": now(), "result_note": task.outcome[:200]}
    taken_back = task.status == Task.Status.IN_PROGRESS and row.result in (
        LetterItem.Result.FOUND, LetterItem.Result.NOT_FOUND,
    )  # fmt: skip
    return _SENT_BACK if taken_back else {}
