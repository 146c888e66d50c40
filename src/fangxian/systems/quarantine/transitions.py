"""What may be done with a stay in which state.

    verb      from             to
    check_in  BOOKED           IN         (central: only with a room)
    release   IN               RELEASED   (on the last day or later)
    cancel    NO_ROOM BOOKED   CANCELLED
              IN

Booking moves a stay between NO_ROOM and BOOKED by itself (booking.py).
"""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fangxian.systems.quarantine.models import Stay

S = Stay.State

TABLE: dict[tuple[str, str], str] = {
    (S.BOOKED, "check_in"): S.IN,
    (S.IN, "release"): S.RELEASED,
    (S.NO_ROOM, "cancel"): S.CANCELLED,
    (S.BOOKED, "cancel"): S.CANCELLED,
    (S.IN, "cancel"): S.CANCELLED,
}


def step(stay: Stay, verb: str) -> str:
    """The state a verb leads to; raises ValidationError with the reason."""
    to = TABLE.get((stay.state, verb))
    if to is None:
        shown = stay.get_state_display()
        raise ValidationError({"state": _("A stay that is “%(state)s” does not allow this.") % {"state": shown}})
    return to
