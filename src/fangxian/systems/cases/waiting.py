"""The task that proposed contacts hand down, one a case, and its end when none of them waits any more."""

from collections.abc import Iterable

from django.utils.translation import gettext_noop

from fangxian.core import scope
from fangxian.systems.cases.models import Case, Contact
from fangxian.systems.command import selectors as command_selectors
from fangxian.systems.command import services as command
from fangxian.systems.command.models import Task
from fangxian.systems.command.transitions import Verb, allowed

KIND = "cases.case"
KEY = "cases.second_person"
TITLE = gettext_noop("Agree to or refuse contacts proposed for case %(case)s")
INSTRUCTIONS = gettext_noop(
    "Officers entered contacts by hand, or want to change or end what a rule found. Look at the reasons on the case's "
    "page; whoever proposed it cannot agree. Until somebody has, nothing follows from it."
)
DECIDED = gettext_noop("Every proposal is decided.")
WHY = "the task belongs to the area of the case, which need not be the proposer's"


def hand_down(cases: Iterable[Case], *, by) -> None:
    """One open task a case, to the investigators of its area; where one is open, it stands for the new proposal."""
    found = {case.pk: case for case in cases}
    with scope.everywhere(WHY):
        known = command_selectors.for_subjects(KIND, found)
        tasks = {pk: [task for task in known[pk] if (task.key or "").startswith(KEY)] for pk in found}
        wanted = [_task(case, len(tasks[pk])) for pk, case in found.items() if not any(map(_open, tasks[pk]))]
        command.hand_down_many(by=by, tasks=wanted)


def close_when_settled(case: Case, *, by) -> None:
    """End the task of a case once nothing waits there."""
    with scope.everywhere(WHY):
        if Contact.objects.filter(case=case).exclude(proposed="").exists():
            return
        for task in command_selectors.for_subject(KIND, case.pk):
            if (task.key or "").startswith(KEY) and _open(task):
                _close(task, by=by)


def _open(task: Task) -> bool:
    return task.status in Task.OPEN


def _close(task: Task, *, by) -> None:
    """Done by who decided, if the task was theirs; otherwise it is taken back, because nothing is left to do."""
    if by is not None and allowed(task, Verb.FINISH, by):
        command.finish(task=task, by=by, outcome=DECIDED)
    else:
        command.withdraw_many(tasks=[task], by=None, reason=DECIDED)


def _task(case: Case, number: int) -> Task:
    """Numbered, because a task that was done is not opened again."""
    return Task(
        key=f"{KEY}:{case.pk}:{number}", kind=Task.Kind.CASE_INVESTIGATION, title=TITLE, instructions=INSTRUCTIONS,
        params={"case": case.number}, area=case.area, from_area=case.area, role="investigator",
        priority=Task.Priority.HIGH, subject_kind=KIND, subject_id=case.pk,
    )  # fmt: skip
