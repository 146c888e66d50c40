"""A directive on its way down to the village and back (一级抓一级、层层抓落实).

Read downwards. A meeting passes on the upper one and resolves; or a measure of a bulletin is confirmed
(`hand_down_measure`). The directive is handed down, level by level at once, and whatever moves it at a unit
(`follow_units`) brings the tasks there in line: first to receive it, then to deploy it where units lie below, then to
answer. Each has its own clock; a task whose time is up goes a level up by the clock of `systems/command/escalation.py`,
as any other does, and comes down again when the unit has acted. Whoever does the task on the task's own page acts for
the unit (`follow_tasks`). A corrected time moves the clocks of the tasks; a directive taken back takes them along.

Running it again is harmless: tasks have keys, and every step compares what is wanted with what is stored.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.dispatch import receiver
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fangxian.core import scope
from fangxian.core.areas import Area
from fangxian.core.officers import Officer
from fangxian.core.records import Source
from fangxian.core.roles import DutyOfficer, TownshipOfficer, VillageSecretary
from fangxian.systems.command import selectors as tasks
from fangxian.systems.command import services as command
from fangxian.systems.command.announcements import tasks_moved
from fangxian.systems.command.models import Task
from fangxian.systems.command.transitions import Verb, allowed
from fangxian.systems.directives import selectors, services
from fangxian.systems.directives.announcements import handings_moved
from fangxian.systems.directives.models import Directive, Handing
from fangxian.systems.directives.words import Depth, HandingState, Outcome

KIND = "directives.handing"
WHY = "a directive concerns every unit it was handed to"
RECEIVE = gettext_noop("Receive a directive: %(title)s")
RECEIVE_HOW = gettext_noop("Handed down by %(from)s. Read it, name the leaders who answer for it, say “received”.")
DEPLOY = gettext_noop("Deploy a directive: %(title)s")
DEPLOY_HOW = gettext_noop("Say how your unit carries it out; it goes on to the units below.")
ANSWER = gettext_noop("Answer a directive: %(title)s")
ANSWER_HOW = gettext_noop("Carry it out, then answer %(from)s with evidence of what was done.")
NO_MORE = gettext_noop("The directive has moved on at this unit.")
TITLES = {"receive": (RECEIVE, RECEIVE_HOW), "deploy": (DEPLOY, DEPLOY_HOW), "answer": (ANSWER, ANSWER_HOW)}
ROLES = {
    Area.Kind.VILLAGE: VillageSecretary.key, Area.Kind.TOWNSHIP: TownshipOfficer.key, Area.Kind.COUNTY: DutyOfficer.key,
    Area.Kind.ZONE: DutyOfficer.key, Area.Kind.PREFECTURE: DutyOfficer.key, Area.Kind.PROVINCE: DutyOfficer.key,
}  # fmt: skip
S = HandingState


def hand_down_measure(*, measure_id: UUID, by: Officer, area: Area, **said: Any) -> Directive:
    """A confirmed measure of a bulletin becomes a directive, once however often it is confirmed.

    said: `title`, `text` and whatever else `directives.services.issue` takes.
    """
    return services.issue(by=by, area=area, measure_id=measure_id, source=Source.WORKFLOW, **said)


@receiver(handings_moved)
def follow_units(sender: object, handings: Iterable[Handing], by: Officer | None, **_named: object) -> None:
    """Bring the tasks of units in line with where the directive stands there, in the transaction of the act.

    However many units there are, their tasks are read with one query and handed down with one statement: a directive
    to three hundred villages costs hardly more of them than one to three.
    """
    moved = {handing.pk: handing for handing in handings}
    with scope.everywhere(WHY):
        there = [task for rows in tasks.for_subjects(KIND, moved).values() for task in rows]
        wanted = {task.key: task for handing in moved.values() for task in _wanted(handing)}
        open_ = [task for task in there if task.status in Task.OPEN]
        _close([task for task in open_ if task.key not in wanted], moved, by)
        command.hand_down_many(by=None, tasks=wanted.values(), action="directives.tasks.handed_down")
        command.reschedule(due_at={task.pk: wanted[task.key].due_at for task in open_ if task.key in wanted}, by=by)
        _check([task for task in there if moved[task.subject_id].state == S.CHECKED], by)


@receiver(tasks_moved)
def follow_tasks(sender: object, tasks: Iterable[Task], by: Officer | None, **_named: object) -> None:
    """Whoever does, checks or sends back a task about a directive on the task's own page acts for the unit.

    Raises `ValidationError` where the directive asks for more than the task's page has (evidence, villages that have
    not answered): then nothing was done, and the reason says what to do.
    """
    if by is None:
        return
    for task in tasks:
        if task.subject_kind == KIND and task.subject_id is not None:
            with scope.everywhere(WHY):
                _act(selectors.handing(task.subject_id), task, by)


def _act(handing: Handing, task: Task, by: Officer) -> None:
    """What became of the task, unless it has become of the directive at this unit before."""
    step, status, words = _step(task), task.status, task.outcome
    if step == "receive" and status == Task.Status.DONE and handing.state == S.HANDED:
        services.receive(handing=handing, by=by)
    elif step == "deploy" and status == Task.Status.DONE and handing.state in (S.HANDED, S.RECEIVED):
        services.deploy(handing=handing, by=by, deployment=words or _("Deployed."))
    elif step == "answer":
        _answer(handing, status, words, by)


def _answer(handing: Handing, status: str, words: str, by: Officer) -> None:
    if status == Task.Status.DONE and handing.state in Handing.OPEN:
        services.answer(handing=handing, by=by, answer=words or _("Done."))
    elif status == Task.Status.NOT_EXECUTABLE and handing.state in Handing.OPEN:
        services.answer(handing=handing, by=by, answer=words, outcome=Outcome.NOT_DONE)
    elif status == Task.Status.CHECKED and handing.state == S.ANSWERED:
        services.check(handing=handing, by=by)
    elif status == Task.Status.IN_PROGRESS and handing.state in Handing.ANSWERED:
        services.send_back(handing=handing, by=by, reason=words)


def _wanted(handing: Handing) -> list[Task]:
    """The one task a unit has about a directive now; none when nothing is owed."""
    step = _next_step(handing)
    if not step:
        return []
    title, how = TITLES[step]
    return [Task(
        key=f"directive:{step}:{handing.pk}:{handing.returns}", kind=Task.Kind.DIRECTIVE, title=title, instructions=how,
        params={"title": handing.directive.title, "from": handing.from_area.name}, area=handing.area,
        from_area=handing.from_area, role="" if handing.group_id else ROLES.get(handing.area.kind, DutyOfficer.key),
        group_id=handing.group_id, priority=handing.directive.priority, subject_kind=KIND, subject_id=handing.pk,
        due_at=handing.receive_by if step == "receive" else handing.due_at,
    )]  # fmt: skip


def _next_step(handing: Handing) -> str:
    """What the unit has to do next: deploying is asked of those that have units below."""
    if handing.state == S.HANDED:
        return "receive"
    deploys = handing.directive.depth == Depth.VILLAGE and handing.area.kind != Area.Kind.VILLAGE
    if handing.state == S.RECEIVED and deploys and handing.group_id is None:
        return "deploy"
    return "answer" if handing.state in Handing.OPEN else ""


def _step(task: Task) -> str:
    return (task.key or "").split(":")[1]


def _close(over: list[Task], moved: dict[UUID, Handing], by: Officer | None) -> None:
    """What the unit has done is done by whoever acted; what is owed no more is withdrawn."""
    done: list[Task] = []
    if by is not None:
        acted = [task for task in over if moved[task.subject_id].state != S.WITHDRAWN]
        done = [task for task in acted if allowed(task, Verb.FINISH, by)]
        for task in done:
            command.finish(task=task, by=by, outcome=moved[task.subject_id].answer)
    command.withdraw_many(tasks=[task for task in over if task not in done], by=None, reason=NO_MORE)


def _check(done: list[Task], by: Officer | None) -> None:
    """An answer that was checked is a task that was checked."""
    for task in done:
        if by is not None and task.status == Task.Status.DONE and _step(task) == "answer":
            if allowed(task, Verb.CHECK, by):
                command.check(task=task, by=by)
