"""Which verb is allowed on a directive at a unit in which state, to which state it leads, and whose act it is.

    verb       from                                   to         who
    receive    HANDED                                 RECEIVED   unit
    deploy     HANDED RECEIVED DEPLOYED RETURNED      DEPLOYED   unit
    answer     HANDED RECEIVED DEPLOYED RETURNED      ANSWERED   unit
    check      ANSWERED                               CHECKED    giver, not who answered
    look_again CHECKED                                CHECKED    giver, not who answered
    send_back  ANSWERED CHECKED                       RETURNED   giver
    withdraw   HANDED RECEIVED DEPLOYED RETURNED      WITHDRAWN  giver

`TABLE` below is this drawing as data; a test compares the two.
"""

from enum import StrEnum
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from fangxian.core.officers import Officer
from fangxian.core.permissions import Decision, Permission, Refused, may
from fangxian.systems.command.group_selectors import leads
from fangxian.systems.directives.models import Handing
from fangxian.systems.directives.words import HandingState as S


class Verb(StrEnum):
    """What can be done with a directive at a unit."""

    RECEIVE = "receive"
    DEPLOY = "deploy"
    ANSWER = "answer"
    CHECK = "check"
    LOOK_AGAIN = "look_again"
    SEND_BACK = "send_back"
    WITHDRAW = "withdraw"


class Transition(NamedTuple):
    """From which states a verb leads where, and whether it is the giver's act."""

    states: tuple[str, ...]
    to: str
    giver: bool


OPEN = (S.HANDED, S.RECEIVED, S.DEPLOYED, S.RETURNED)
TABLE: dict[Verb, Transition] = {
    Verb.RECEIVE: Transition((S.HANDED,), S.RECEIVED, giver=False),
    Verb.DEPLOY: Transition(OPEN, S.DEPLOYED, giver=False),
    Verb.ANSWER: Transition(OPEN, S.ANSWERED, giver=False),
    Verb.CHECK: Transition((S.ANSWERED,), S.CHECKED, giver=True),
    Verb.LOOK_AGAIN: Transition((S.CHECKED,), S.CHECKED, giver=True),
    Verb.SEND_BACK: Transition((S.ANSWERED, S.CHECKED), S.RETURNED, giver=True),
    Verb.WITHDRAW: Transition(OPEN, S.WITHDRAWN, giver=True),
}
NOT_YOUR_OWN = (Verb.CHECK, Verb.LOOK_AGAIN)


def allowed(handing: Handing, verb: Verb, officer: Officer | None) -> Decision:
    """Whether an officer may do this now, with the reason if not; None is the system itself."""
    transition = TABLE[verb]
    if handing.state not in transition.states:
        said = {"state": handing.get_state_display()}
        return Decision(False, _("A directive that is “%(state)s” at this unit does not allow this.") % said)
    if officer is None:
        return Decision(True)
    if transition.giver and not is_giver(handing, officer):
        return Decision(False, _("Only who handed the directive down may do this."))
    if not transition.giver and not is_unit(handing, officer):
        return Decision(False, _("This directive lies with another unit."))
    if verb in NOT_YOUR_OWN and handing.answered_by_id == officer.pk:
        return Decision(False, _("Somebody else has to check what you have answered."))
    return Decision(True)


def verbs(handing: Handing, officer: Officer) -> list[Verb]:
    """What an officer may do now, for the buttons of a page."""
    return [verb for verb in Verb if allowed(handing, verb, officer)]


def step(handing: Handing, verb: Verb, officer: Officer | None) -> str:
    """The state a verb leads to; raises `Refused` with the reason."""
    decision = allowed(handing, verb, officer)
    if not decision:
        raise Refused(str(decision.reason))
    return TABLE[verb].to


def is_unit(handing: Handing, officer: Officer) -> bool:
    """Who leads the group the directive lies with, or speaks for its area or one above it."""
    if handing.group_id:
        return leads(officer, handing.group_id)
    return bool(may(officer, Permission.DIRECTIVES_WRITE, handing.area_id))


def is_giver(handing: Handing, officer: Officer) -> bool:
    """Who speaks for the area the directive comes from."""
    return bool(may(officer, Permission.DIRECTIVES_WRITE, handing.from_area_id))
