"""Where a warning product stands: what comes next, who has to act and until when; and who took each step so far."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fangxian.core import audit
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.systems.surveillance.words import WarningKind, WarningState

S = WarningState
TO_DO: dict[str, tuple[str, str | Promise]] = {
    S.FORMED: ("area", _("Deliver it: until then nobody outside sees it and no clock runs.")),
    S.DELIVERED: ("to_area", _("Respond: say what is done about it.")),
    S.RESPONDED: ("area", _("Feed back what came of it; that closes the product.")),
}  # fmt: skip
PUBLISH = _("Publish the message it became: two persons of publicity agree, and that is the response.")
ENDED = {S.FED_BACK: _("Closed: all four steps are taken."), S.WITHDRAWN: _("Withdrawn: nothing is left to do.")}
STEPS = (
    (_("Formed"), "formed", "created_at", ""), (_("Delivered"), "deliver", "delivered_at", ""),
    (_("Responded to"), "respond", "responded_at", "response"),
    (_("Fed back"), "feed_back", "fed_back_at", "feedback"),
)  # fmt: skip


@dataclass(frozen=True)
class Next:
    """What comes next.

    who  the area whose officers act; None where nothing is left
    due  until when, where the rules set a time
    """

    words: str | Promise
    who: Area | None = None
    due: datetime | None = None

    @property
    def is_late(self) -> bool:
        """Whether its time is over."""
        return self.due is not None and self.due < now()


@dataclass(frozen=True)
class Step:
    """One step that was taken, or is still to come; `at` is None then."""

    name: str | Promise
    at: datetime | None
    by: str
    words: str


def comes_next(product: Any) -> Next:
    """What its state asks for."""
    if product.state in ENDED:
        return Next(ENDED[product.state])
    side, words = TO_DO[product.state]
    told = product.state == S.DELIVERED
    if told and product.kind == WarningKind.RISK_NOTICE:
        words = PUBLISH
    return Next(words, getattr(product, side), product.due_at if told else None)


def trail(product: Any) -> list[Step]:
    """The four steps with who took them, from the audit; one that was withdrawn ends there. One query."""
    verb = "surveillance.warning."
    acts = {one.action.removeprefix(verb): one for one in audit.history(product).select_related("officer")}
    made = [
        Step(name, getattr(product, at), _who(acts.get(act)), getattr(product, words) if words else "")
        for name, act, at, words in STEPS
    ]
    if product.state != S.WITHDRAWN:
        return made
    ended = Step(_("Withdrawn"), product.changed_at, _who(acts.get("withdraw")), product.feedback)
    return [*(one for one in made if one.at), ended]


def _who(act: Any) -> str:
    return str(act.officer) if act is not None and act.officer is not None else ""
