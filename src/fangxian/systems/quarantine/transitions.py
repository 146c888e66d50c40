"""What may be done with a stay, and with a transfer, in which state.

    stay
    verb      from                                to
    check_in  BOOKED                              IN         (central: only with a room)
    release   IN                                  RELEASED   (on the last day or later)
    move_on   IN                                  TRANSFERRED (taken to hospital)
    cancel    NO_ROOM BOOKED IN                   CANCELLED

Booking moves a stay between NO_ROOM and BOOKED by itself (booking.py).

    transfer
    verb      from                                to
    accept    ORDERED ON_HOLD                     ACCEPTED   (the receiver agrees)
    refuse    ORDERED ON_HOLD ACCEPTED ARRANGED   REFUSED    (the receiver does not, and says why)
    hold      ORDERED ACCEPTED ARRANGED           ON_HOLD    (with a reason)
    arrange   ORDERED ON_HOLD ACCEPTED ARRANGED   ARRANGED   (vehicle and team are named)
    depart    ORDERED ACCEPTED ARRANGED           DEPARTED
    divert    DEPARTED                            DEPARTED   (to another site: who is in the vehicle must arrive)
    receive   DEPARTED                            RECEIVED   (a booked stay begins with it)
    cancel    ORDERED ON_HOLD ACCEPTED ARRANGED   CANCELLED  (nobody is cancelled on the way)

Both skeletons follow the shifting of CARE: the sender orders, the receiver agrees, the ride is a state of its own.
"""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fangxian.systems.quarantine.models import Stay, Transfer

S, T = Stay.State, Transfer.State

TABLE: dict[tuple[str, str], str] = {
    (S.BOOKED, "check_in"): S.IN,
    (S.IN, "release"): S.RELEASED,
    (S.IN, "move_on"): S.TRANSFERRED,
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


TRANSFERS: dict[tuple[str, str], str] = {
    **{(state, "accept"): T.ACCEPTED for state in (T.ORDERED, T.ON_HOLD)},
    **{(state, "refuse"): T.REFUSED for state in Transfer.WAITING},
    **{(state, "hold"): T.ON_HOLD for state in (T.ORDERED, T.ACCEPTED, T.ARRANGED)},
    **{(state, "arrange"): T.ARRANGED for state in Transfer.WAITING},
    **{(state, "depart"): T.DEPARTED for state in (T.ORDERED, T.ACCEPTED, T.ARRANGED)},
    (T.DEPARTED, "divert"): T.DEPARTED,
    (T.DEPARTED, "receive"): T.RECEIVED,
    **{(state, "cancel"): T.CANCELLED for state in Transfer.WAITING},
}


def ride(transfer: Transfer, verb: str) -> str:
    """The state a verb leads a transfer to; raises ValidationError with the reason."""
    to = TRANSFERS.get((transfer.state, verb))
    if to is None:
        shown = transfer.get_state_display()
        raise ValidationError({"state": _("A transfer that is “%(state)s” does not allow this.") % {"state": shown}})
    return to
