"""The verbs of a task: handing down, receiving, doing, checking. Who may do what when stands in transitions.py."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from fangxian.core import records
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.reasons import stated
from fangxian.systems.command.announcements import announce
from fangxian.systems.command.escalation import close_for, escalate_overdue
from fangxian.systems.command.handing import HandedDown, hand_down, hand_down_many
from fangxian.systems.command.models import Task
from fangxian.systems.command.transitions import Verb, step

__all__ = [
    "HandedDown", "cannot", "check", "escalate_overdue", "finish", "hand_down", "hand_down_many", "reassign", "receive",
    "reschedule", "send_back", "withdraw", "withdraw_many",
]  # fmt: skip


def receive(*, task: Task, by: Officer) -> Task:
    """The holder has seen the task."""
    return _move(task, Verb.RECEIVE, by, received_at=now(), received_by=by)


def finish(*, task: Task, by: Officer, outcome: str = "") -> Task:
    """The holder has done it; who never said “received” has received it by doing it."""
    stamps: dict[str, Any] = {"done_at": now(), "done_by": by, "outcome": outcome}
    if task.received_at is None:
        stamps |= {"received_at": now(), "received_by": by}
    with transaction.atomic():
        done = _move(task, Verb.FINISH, by, **stamps)
        close_for([done], by=by)
    return done


def check(*, task: Task, by: Officer) -> Task:
    """Whoever handed it down has looked and agrees."""
    return _move(task, Verb.CHECK, by, checked_at=now(), checked_by=by)


def send_back(*, task: Task, by: Officer | None, reason: str) -> Task:
    """Whoever handed it down has looked and does not agree."""
    return _move(task, Verb.SEND_BACK, by, outcome=stated(reason), done_at=None, done_by=None, escalated_at=None)


def cannot(*, task: Task, by: Officer, reason: str) -> Task:
    """The holder says that and why it cannot be done."""
    return _move(task, Verb.CANNOT, by, outcome=stated(reason))


def withdraw(*, task: Task, by: Officer | None, reason: str) -> Task:
    """Take one task back."""
    with transaction.atomic():
        moved = _move(task, Verb.WITHDRAW, by, outcome=stated(reason))
        close_for([moved], by=by)
    return moved


def withdraw_many(*, tasks: Iterable[Task], by: Officer | None, reason: str) -> int:
    """Take back those of the tasks that are not done yet; done work stays done. Returns how many were taken back."""
    open_ = [task for task in tasks if task.status in {*Task.OPEN, Task.Status.NOT_EXECUTABLE}]
    for task in open_:
        step(task, Verb.WITHDRAW, by)
    with transaction.atomic():
        close_for(open_, by=by)
        count = records.change_many(
            open_, by=by, action="command.tasks.withdrawn", status=Task.Status.REMOVED, outcome=stated(reason)
        )
        announce(open_, by=by)
    return count


def reassign(*, tasks: Iterable[Task], officer: Officer | None, by: Officer | None) -> int:
    """Give tasks to somebody else (None: to whoever holds the role); it starts anew there. Returns how many."""
    tasks = list(tasks)
    for task in tasks:
        step(task, Verb.REASSIGN, by)
    with transaction.atomic():
        count = records.change_many(
            tasks, by=by, action="command.tasks.reassigned", officer=officer, status=Task.Status.PENDING,
            received_at=None, received_by=None,
        )  # fmt: skip
        announce(tasks, by=by)
    return count


def reschedule(*, due_at: Mapping[UUID, datetime | None], by: Officer | None) -> int:
    """Give open tasks another time; what went up because of the old one comes down. Returns how many it changed."""
    with transaction.atomic():
        open_ = Task.objects.select_for_update(of=("self",)).select_related("area")
        found = open_.filter(pk__in=list(due_at), status__in=Task.OPEN)
        moved = [task for task in found if task.due_at != due_at[task.pk]]
        for task in moved:
            task.due_at, task.escalated_at = due_at[task.pk], None
        close_for(moved, by=by)
        return records.save_many(moved, ["due_at", "escalated_at"], by=by, action="command.tasks.rescheduled")


def _move(task: Task, verb: Verb, by: Officer | None, **stamps: Any) -> Task:
    """One step of one task, against its stored state: the second of two people gets the reason."""
    with transaction.atomic():
        current = Task.objects.select_for_update().get(pk=task.pk)
        status = step(current, verb, by)
        moved = records.change(current, by=by, action=f"command.task.{verb}", status=status, **stamps)
        announce([moved], by=by)
    return moved
