"""Which verb leads an arrival from which state to which.

    verb      from                        to
    land      EXPECTED                    LANDED
    check     EXPECTED LANDED             CHECKED
    receive   EXPECTED LANDED CHECKED     RECEIVED
    not_come  EXPECTED                    NOT_COME

Whoever is received without a check at the landing was not checked there, and the list says so.
"""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fangxian.systems.arrivals.models import Arrival

S = Arrival.State
TABLE = {
    "land": ((S.EXPECTED,), S.LANDED),
    "check": ((S.EXPECTED, S.LANDED), S.CHECKED),
    "receive": ((S.EXPECTED, S.LANDED, S.CHECKED), S.RECEIVED),
    "not_come": ((S.EXPECTED,), S.NOT_COME),
}


def verbs(arrival: Arrival) -> list[str]:
    """What may be done with an arrival now, for the buttons of a page."""
    return [verb for verb, (sources, _to) in TABLE.items() if arrival.state in sources]


def step(arrival: Arrival, verb: str) -> str:
    """The state a verb leads to; raises ValidationError with the reason."""
    sources, to = TABLE[verb]
    if arrival.state not in sources:
        raise ValidationError(
            _("An arrival that is “%(state)s” does not allow this.") % {"state": arrival.get_state_display()}
        )
    return to
