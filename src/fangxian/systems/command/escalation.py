"""What is overdue goes up a level: to the township, then to the county.

The task stays with its holder; the level above gets a task of its own to see that it is done, and as much time for it
as the level below had. Running this again changes nothing, and when the first task is done those above it close.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from fangxian.core import jobs, records, scope
from fangxian.core.areas import Area
from fangxian.core.clock import shown
from fangxian.core.officers import Officer
from fangxian.core.roles import DutyOfficer, TownshipOfficer
from fangxian.systems.command.handing import hand_down_many
from fangxian.systems.command.models import Task

SUBJECT = "command.task"
BATCH = 500
LADDER = (
    (frozenset({Area.Kind.TOWNSHIP}), TownshipOfficer.key),
    (frozenset({Area.Kind.COUNTY, Area.Kind.ZONE}), DutyOfficer.key),
)
INSTRUCTIONS = gettext_noop("The level below is overdue since %(overdue_since)s. See that it is done, or do it.")
CLOSED = gettext_noop("Closed: the task below is no longer open.")


def escalate_overdue(at: datetime) -> int:
    """Hand every task up whose time is up and that was not handed up yet; returns how many went up."""
    count = 0
    with scope.everywhere("the clock hands overdue tasks up in every area"):
        while batch := list(_waiting(at)[:BATCH]):
            count += _hand_up(batch, at)
    return count


@jobs.job("command.escalate")
def escalate_job(job: jobs.Job) -> dict[str, int]:
    """The same as a job, for the moment it was queued at."""
    return {"escalated": escalate_overdue(job.created_at)}


def close_for(tasks: Iterable[Task], *, by: Officer | None) -> int:
    """Withdraw what was handed up because of tasks that are now done or gone."""
    ids = [task.pk for task in tasks]
    above = Task.unscoped.filter(subject_kind=SUBJECT, subject_id__in=ids, status__in=Task.OPEN)
    with scope.everywhere("the levels above a task close with it"):
        return records.change_many(
            above, by=by, action="command.tasks.closed_above", status=Task.Status.REMOVED, outcome=CLOSED
        )


def _waiting(at: datetime) -> QuerySet[Task]:
    waiting = Task.objects.filter(status__in=Task.OPEN, due_at__lt=at, escalated_at__isnull=True)
    return waiting.select_related("area").order_by("due_at", "pk")


def _hand_up(tasks: list[Task], at: datetime) -> int:
    areas = _areas_above(tasks)
    rungs = {task.pk: _next_rung(task, areas) for task in tasks}
    made = {above.key: above for task in tasks if (rung := rungs[task.pk]) for above in [_above(task, *rung, at)]}
    with transaction.atomic():
        hand_down_many(by=None, tasks=made.values(), action="command.tasks.escalated")
        records.change_many(tasks, by=None, action="command.tasks.marked_overdue", escalated_at=at)
    return sum(rung is not None for rung in rungs.values())


def _areas_above(tasks: list[Task]) -> dict[str, Area]:
    prefixes = {task.area_id[:length] for task in tasks for length in range(1, len(task.area_id) + 1)}
    return {area.code: area for area in Area.objects.filter(code__in=prefixes)}


def _next_rung(task: Task, areas: dict[str, Area]) -> tuple[Area, str] | None:
    """The first level above the task's own that somebody commands; None at the top."""
    path = [areas[task.area_id[:n]] for n in range(len(task.area_id), 0, -1) if task.area_id[:n] in areas]
    for kinds, role in LADDER:
        for area in path:
            if area.kind in kinds and not _lies_there(task, area, role):
                return area, role
    return None


def _lies_there(task: Task, area: Area, role: str) -> bool:
    """Whether the task already lies with this level: with the township, or with the duty officer of the area."""
    if task.role == DutyOfficer.key:
        return area.code == task.area_id
    return task.role == role == TownshipOfficer.key


def _above(task: Task, area: Area, role: str, at: datetime) -> Task:
    root = task.subject_id if task.subject_kind == SUBJECT else task.pk
    since = task.params.get("overdue_since") or shown(task.due_at)
    allowance = task.due_at - task.created_at
    title = task.title if task.params else _escaped(task.title)
    return Task(
        key=f"{root}:above:{area.code}:{role}", kind=task.kind, title=title,
        instructions=INSTRUCTIONS, params={**task.params, "overdue_since": since}, person_id=task.person_id,
        address=task.address, subject_kind=SUBJECT, subject_id=root, area=area, from_area=task.area, role=role,
        priority=Task.Priority.HIGH, due_at=at + max(allowance, timedelta()),
    )  # fmt: skip


def _escaped(title: str) -> str:
    """A typed title is not filled from params; once it gets some, its percent signs must stay what they are."""
    return title.replace("%", "%%")
