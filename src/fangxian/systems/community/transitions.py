"""What may be done with a report, a volunteer, a shift and a gathering in which state, and who decides a gathering.

report     take_up    NEW                         TAKEN
           send       NEW TAKEN CHECKED           CHECKING     (somebody looks on the spot)
           checked    CHECKING                    CHECKED
           unchecked  CHECKING                    TAKEN        (the check could not be done)
           confirm    CHECKED                     CONFIRMED    (never without a check)
           dismiss    NEW TAKEN CHECKED           UNFOUNDED
           join       NEW TAKEN CHECKED           DUPLICATE
           pass_on    NEW TAKEN CHECKED           PASSED_ON, or NEW in another area
           reopen     any closed                  TAKEN
volunteer  confirm    APPLIED REFUSED LEFT        CONFIRMED
           refuse     APPLIED                     REFUSED
           leave      APPLIED CONFIRMED           LEFT
shift      accept     OFFERED DECLINED            ACCEPTED
           decline    OFFERED ACCEPTED            DECLINED
           came       ACCEPTED OFFERED MISSED     CAME
           missed     ACCEPTED                    MISSED
           take_back  OFFERED ACCEPTED            WITHDRAWN
gathering  approve    WAITING REVIEW              APPROVED
           refuse     WAITING REVIEW APPROVED     REFUSED
           cancel     WAITING REVIEW APPROVED     CANCELLED
           check      WAITING REVIEW APPROVED     HELD, NOT_HELD
                      REFUSED CANCELLED
"""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fangxian.core.officers import Officer
from fangxian.core.permissions import Decision, Permission, may
from fangxian.core.records import Record
from fangxian.core.roles import DutyOfficer, TownshipOfficer
from fangxian.systems.community.models import Gathering, PublicReport
from fangxian.systems.community.words import (
    ApprovalLevel,
    GatheringState,
    ReportState,
    VolunteerShiftState,
    VolunteerState,
)

R, V, S, G = ReportState, VolunteerState, VolunteerShiftState, GatheringState
_FRESH = (R.NEW, R.TAKEN, R.CHECKED)
_AHEAD = (G.WAITING, G.REVIEW, G.APPROVED)

REPORT: dict[str, tuple[str, ...]] = {
    "take_up": (R.NEW,), "send": _FRESH, "checked": (R.CHECKING,), "unchecked": (R.CHECKING,), "confirm": (R.CHECKED,),
    "dismiss": _FRESH, "join": _FRESH, "pass_on": _FRESH, "reopen": PublicReport.CLOSED,
}  # fmt: skip
VOLUNTEER: dict[str, tuple[str, ...]] = {
    "confirm": (V.APPLIED, V.REFUSED, V.LEFT), "refuse": (V.APPLIED,), "leave": (V.APPLIED, V.CONFIRMED),
}  # fmt: skip
SHIFT: dict[str, tuple[str, ...]] = {
    "accept": (S.OFFERED, S.DECLINED), "decline": (S.OFFERED, S.ACCEPTED), "came": (S.ACCEPTED, S.OFFERED, S.MISSED),
    "missed": (S.ACCEPTED,), "take_back": (S.OFFERED, S.ACCEPTED),
}  # fmt: skip
GATHERING: dict[str, tuple[str, ...]] = {
    "approve": (G.WAITING, G.REVIEW), "refuse": _AHEAD, "cancel": _AHEAD, "check": (*_AHEAD, G.REFUSED, G.CANCELLED),
}  # fmt: skip
#: who may decide at a level, beside those above it
ROLES = {ApprovalLevel.TOWNSHIP: (TownshipOfficer.key, DutyOfficer.key), ApprovalLevel.COUNTY: (DutyOfficer.key,)}


def allowed(table: dict[str, tuple[str, ...]], record: Record) -> list[str]:
    """The verbs a record's state allows."""
    return [verb for verb, states in table.items() if record.state in states]


def check(table: dict[str, tuple[str, ...]], record: Record, verb: str) -> None:
    """Raise ValidationError with the reason where the state does not allow the verb."""
    if record.state not in table[verb]:
        shown = record.get_state_display()
        raise ValidationError(_("This is “%(state)s” and does not allow that any more.") % {"state": shown})


def may_decide(gathering: Gathering, officer: Officer | None) -> Decision:
    """Whether an officer may decide about a gathering: of the level the rules name, or of one above it."""
    decision = may(officer, Permission.COMMUNITY_WRITE, gathering.area_id)
    level = ApprovalLevel.TOWNSHIP if gathering.level == ApprovalLevel.PROHIBITED else ApprovalLevel(gathering.level)
    if not decision or officer is None or level not in ROLES:
        return decision
    if any(post.role in ROLES[level] and post.covers(gathering.area_id) for post in officer.current_posts):
        return Decision(True)
    return Decision(False, str(level.label))
