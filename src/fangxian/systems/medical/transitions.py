"""What may be done with a patient transfer in which state.

verb     from                   to
approve  REQUESTED              REQUESTED, APPROVED (once both sides have agreed)
reject   REQUESTED              REJECTED            (never a fever patient: those must be taken)
depart   APPROVED               IN_PROGRESS
arrive   IN_PROGRESS APPROVED   COMPLETED
cancel   REQUESTED APPROVED     CANCELLED
"""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fangxian.systems.medical.models import Referral

S = Referral.State
FROM: dict[str, tuple[str, ...]] = {
    "approve": (S.REQUESTED,),
    "reject": (S.REQUESTED,),
    "depart": (S.APPROVED,),
    "arrive": (S.APPROVED, S.IN_PROGRESS),
    "cancel": (S.REQUESTED, S.APPROVED),
}


def allowed(referral: Referral) -> list[str]:
    """The verbs its state allows."""
    return [verb for verb, states in FROM.items() if referral.state in states]


def check(referral: Referral, verb: str) -> None:
    """Raise ValidationError with the reason where the state does not allow the verb."""
    if referral.state not in FROM[verb]:
        shown = referral.get_state_display()
        raise ValidationError({"state": _("A transfer that is “%(state)s” does not allow this.") % {"state": shown}})
