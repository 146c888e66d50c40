"""What may be done with a request for supplies in which state, and which side does it.

verb      from             to                                                    side
agree     ASKED            ASKED, AGREED (once both sides have)                  each for itself, two officers
refuse    ASKED            REFUSED                                               either
cancel    ASKED AGREED     CANCELLED                                             asking
dispatch  AGREED           SENT                                                  giving
receive   SENT             CLOSED, RECEIVED (where something is missing)         asking
settle    RECEIVED         CLOSED                                                giving
"""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, Refused, may
from fangxian.systems.supplies.models import SupplyRequest

S = SupplyRequest.State
ASKING, GIVING = "leader", "keeper"
FROM: dict[str, tuple[str, ...]] = {
    "agree": (S.ASKED,),
    "refuse": (S.ASKED,),
    "cancel": (S.ASKED, S.AGREED),
    "dispatch": (S.AGREED,),
    "receive": (S.SENT,),
    "settle": (S.RECEIVED,),
}
SIDE = {"cancel": ASKING, "dispatch": GIVING, "receive": ASKING, "settle": GIVING}


def allowed(request: SupplyRequest, officer: Officer) -> list[str]:
    """The verbs its state allows an officer, for the buttons of a page."""
    verbs = [verb for verb, states in FROM.items() if request.state in states]
    return [verb for verb in verbs if _may(request, verb, officer)]


def check(request: SupplyRequest, verb: str, by: Officer | None) -> None:
    """Raise ValidationError where the state does not allow the verb, Refused where it is the other side's."""
    if request.state not in FROM[verb]:
        shown = request.get_state_display()
        raise ValidationError({"state": _("A request that is “%(state)s” does not allow this.") % {"state": shown}})
    if by is not None and verb != "agree" and not _may(request, verb, by):
        raise Refused(str(_("This is for the other side of the request.")))


def side_to_agree(request: SupplyRequest, by: Officer | None) -> str:
    """The side an officer agrees for: one that has not agreed yet, and that they may speak for.

    The asking side: who leads its area. The giving side: the keeper of the store, or who leads the store's area.
    """
    for side in (GIVING, ASKING):
        if getattr(request, f"{side}_by_id") is None and by is not None and _is_side(request, side, by):
            return side
    raise ValidationError(_("Your side has agreed already, or you speak for neither side."))


def speaks_for(officer: Officer | None, area_code: str) -> bool:
    """Whether somebody speaks for an area: who commands it and may move its supplies."""
    rights = (Permission.COMMAND_WRITE, Permission.SUPPLIES_WRITE)
    return officer is not None and all(may(officer, right, area_code) for right in rights)


def _is_side(request: SupplyRequest, side: str, by: Officer) -> bool:
    if side == ASKING:
        return speaks_for(by, request.area_id)
    return request.from_store.keeper_id == by.pk or speaks_for(by, request.from_area_id or "")


def _may(request: SupplyRequest, verb: str, by: Officer) -> bool:
    if verb == "agree":
        taken = {request.leader_by_id, request.keeper_by_id}
        sides = [side for side in (GIVING, ASKING) if getattr(request, f"{side}_by_id") is None]
        return by.pk not in taken and any(_is_side(request, side, by) for side in sides)
    sides = [SIDE[verb]] if verb in SIDE else [ASKING, GIVING]
    return any(_works_for(request, side, by) for side in sides)


def _works_for(request: SupplyRequest, side: str, by: Officer) -> bool:
    """Who moves supplies there; whoever gives never receives as well, however far their post reaches."""
    if side == GIVING:
        return bool(may(by, Permission.SUPPLIES_WRITE, request.from_area_id))
    gives = by.pk in (request.keeper_by_id, request.from_store.keeper_id)
    return not gives and bool(may(by, Permission.SUPPLIES_WRITE, request.area_id))
