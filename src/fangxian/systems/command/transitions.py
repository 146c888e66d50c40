"""Which verb is allowed on a task in which state, to which state it leads, and who may.

    verb       from                           to              who
    receive    PENDING                        IN_PROGRESS     holder
    finish     PENDING IN_PROGRESS            DONE            holder
    cannot     PENDING IN_PROGRESS            NOT_EXECUTABLE  holder
    check      DONE                           CHECKED         giver, not who did it
    send_back  DONE NOT_EXECUTABLE            IN_PROGRESS     giver
    reassign   PENDING IN_PROGRESS            PENDING         leader
               NOT_EXECUTABLE
    withdraw   PENDING IN_PROGRESS            REMOVED         giver
               NOT_EXECUTABLE

`TABLE` below is this drawing as data; a test compares the two.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fangxian.core.officers import Officer
from fangxian.core.permissions import Decision, Permission, Refused, may
from fangxian.systems.command.group_selectors import leads
from fangxian.systems.command.models import Task

S = Task.Status


class Verb(StrEnum):
    """What can be done with a task."""

    RECEIVE = "receive"
    FINISH = "finish"
    CANNOT = "cannot"
    CHECK = "check"
    SEND_BACK = "send_back"
    REASSIGN = "reassign"
    WITHDRAW = "withdraw"


class Who(StrEnum):
    """Whose act it is."""

    HOLDER = "holder"
    GIVER = "giver"
    LEADER = "leader"


@dataclass(frozen=True)
class Transition:
    """Where a verb leads and whose it is."""

    to: str
    who: Who


def _rows(verb: Verb, states: tuple[str, ...], to: str, who: Who) -> dict[tuple[str, Verb], Transition]:
    return {(state, verb): Transition(to, who) for state in states}


TABLE: dict[tuple[str, Verb], Transition] = {
    **_rows(Verb.RECEIVE, (S.PENDING,), S.IN_PROGRESS, Who.HOLDER),
    **_rows(Verb.FINISH, (S.PENDING, S.IN_PROGRESS), S.DONE, Who.HOLDER),
    **_rows(Verb.CANNOT, (S.PENDING, S.IN_PROGRESS), S.NOT_EXECUTABLE, Who.HOLDER),
    **_rows(Verb.CHECK, (S.DONE,), S.CHECKED, Who.GIVER),
    **_rows(Verb.SEND_BACK, (S.DONE, S.NOT_EXECUTABLE), S.IN_PROGRESS, Who.GIVER),
    **_rows(Verb.REASSIGN, (S.PENDING, S.IN_PROGRESS, S.NOT_EXECUTABLE), S.PENDING, Who.LEADER),
    **_rows(Verb.WITHDRAW, (S.PENDING, S.IN_PROGRESS, S.NOT_EXECUTABLE), S.REMOVED, Who.GIVER),
}

_REASONS: dict[Who, Promise] = {
    Who.HOLDER: _("This task is for somebody else."),
    Who.GIVER: _("Only who handed the task down may do this."),
    Who.LEADER: _("Only the command of the task's area may do this."),
}


def allowed(task: Task, verb: Verb, officer: Officer | None) -> Decision:
    """Whether an officer may do this now, with the reason if not; None is the system itself."""
    transition = TABLE.get((task.status, verb))
    if transition is None:
        reason = _("A task that is “%(status)s” does not allow this.") % {"status": task.get_status_display()}
        return Decision(False, reason)
    if officer is None:
        return Decision(True)
    if not _IS[transition.who](task, officer):
        return Decision(False, _REASONS[transition.who])
    if verb == Verb.CHECK and task.done_by_id == officer.pk:
        return Decision(False, _("Somebody else has to check what you have done."))
    return Decision(True)


def verbs(task: Task, officer: Officer) -> list[Verb]:
    """What an officer may do with a task now, for the buttons of a page."""
    return [verb for verb in Verb if allowed(task, verb, officer)]


def step(task: Task, verb: Verb, officer: Officer | None) -> str:
    """The state a verb leads to; raises Refused with the reason."""
    decision = allowed(task, verb, officer)
    if not decision:
        raise Refused(str(decision.reason))
    return TABLE[task.status, verb].to


def is_holder(task: Task, officer: Officer) -> bool:
    """The named officer; who leads the named group; who holds the task's role there, also when the named one is away;
    or the area's command."""
    if task.officer_id == officer.pk:
        return True
    if task.group_id and task.officer_id is None:
        return leads(officer, task.group_id)
    if task.role:
        return any(post.role == task.role and post.covers(task.area_id) for post in officer.current_posts)
    return task.officer_id is None and is_leader(task, officer)


def is_giver(task: Task, officer: Officer) -> bool:
    """Who commands the area the task comes from."""
    return bool(may(officer, Permission.COMMAND_WRITE, task.from_area_id or task.area_id))


def is_leader(task: Task, officer: Officer) -> bool:
    """Who commands the area the task goes to."""
    return bool(may(officer, Permission.COMMAND_WRITE, task.area_id))


_IS = {Who.HOLDER: is_holder, Who.GIVER: is_giver, Who.LEADER: is_leader}
