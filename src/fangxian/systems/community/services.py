"""Every verb of the community."""

from fangxian.systems.community.gatherings import (
    approve,
    cancel,
    change_gathering,
    found,
    judge_again,
    judged,
    look,
    notice,
    refuse,
)
from fangxian.systems.community.models import Gathering
from fangxian.systems.community.reporting import (
    checked,
    confirm,
    dismiss,
    forget_phones,
    join,
    keep_finding,
    pass_on,
    read,
    reopen,
    report,
    reveal_phone,
    send,
    take_up,
    unchecked,
)
from fangxian.systems.community.shifts import (
    accept,
    call,
    came,
    cancel_call,
    decline,
    missed,
    offer,
    settle_call,
    take_back,
)
from fangxian.systems.community.volunteering import (
    change_volunteer,
    confirm_volunteer,
    leave,
    offer_help,
    refuse_volunteer,
)

#: a gathering the organiser may still give up
AHEAD = Gathering.AHEAD

__all__ = [
    "AHEAD",
    "accept", "approve", "call", "came", "cancel", "cancel_call", "change_gathering", "change_volunteer", "checked",
    "confirm", "confirm_volunteer", "decline", "dismiss", "forget_phones", "found", "join", "judge_again", "judged",
    "keep_finding", "leave", "look", "missed", "notice", "offer", "offer_help", "pass_on", "read", "refuse",
    "refuse_volunteer", "reopen", "report", "reveal_phone", "send", "settle_call", "take_back", "take_up", "unchecked",
]  # fmt: skip
