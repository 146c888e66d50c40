"""The verbs of readiness."""

from fangxian.systems.readiness.communities import apply, approve, ask_to_revoke, refuse, revoke
from fangxian.systems.readiness.communities import take_check as take_community_check
from fangxian.systems.readiness.schools import change as change_opening
from fangxian.systems.readiness.schools import change_member, enrol
from fangxian.systems.readiness.schools import open_ as open_school
from fangxian.systems.readiness.schools import plan as plan_opening
from fangxian.systems.readiness.schools import propose as propose_opening
from fangxian.systems.readiness.schools import take_check as take_school_check

__all__ = [
    "apply", "approve", "ask_to_revoke", "change_member", "change_opening", "enrol", "open_school", "plan_opening",
    "propose_opening", "refuse", "revoke", "take_community_check", "take_school_check",
]  # fmt: skip
