"""What becomes of a signal: a verdict with its reason, taken back where it was wrong; the event it became.

verb        from            to       who
judge       OPEN JUDGED     JUDGED   surveillance.write in its area; a reason always
take_back   JUDGED          OPEN     the same; the clock of the answer runs on
link_event  any             same     the event the signal became
"""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, require
from fangxian.core.reasons import stated
from fangxian.systems.surveillance.announcements import judged, taken_back
from fangxian.systems.surveillance.models import Signal
from fangxian.systems.surveillance.words import SignalState, Verdict


def judge(*, signal: Signal, by: Officer | None, verdict: str, reason: str) -> Signal:
    """Answer a signal. Raises ValidationError for an unknown verdict, no reason, or a card that has ended."""
    _may(by, signal)
    if verdict not in Verdict.values:
        raise ValidationError({"verdict": _("Choose a verdict.")})
    _refuse_ended(signal)
    with transaction.atomic():
        done = records.change(signal, by=by, action="surveillance.signal.judged", state=SignalState.JUDGED,
                              verdict=verdict, reason=stated(reason)[:200], judged_by=by, judged_at=now())  # fmt: skip
        judged.send(sender=None, card=done, by=by)
    return done


def take_back(*, signal: Signal, by: Officer | None, reason: str) -> Signal:
    """The verdict was wrong: the card is open again, who had said what stays in its history.

    Raises ValidationError where there is no verdict, or another card of the same is open by now.
    """
    _may(by, signal)
    if signal.state != SignalState.JUDGED:
        raise ValidationError({"state": _("There is no verdict to take back.")})
    with transaction.atomic():
        done = records.change(signal, by=by, action="surveillance.signal.taken_back", state=SignalState.OPEN,
                              verdict="", reason=stated(reason)[:200], judged_by=None, judged_at=None)  # fmt: skip
        taken_back.send(sender=None, card=done, by=by)
    return done


def link_event(*, signal: Signal, by: Officer | None, event_id: UUID) -> Signal:
    """Remember the event the signal became."""
    _may(by, signal)
    return records.change(signal, by=by, action="surveillance.signal.became_event", event_id=event_id)


def _may(by: Officer | None, signal: Signal) -> None:
    if by is not None:
        require(by, Permission.SURVEILLANCE_WRITE, signal.area_id)


def _refuse_ended(signal: Signal) -> None:
    if signal.state == SignalState.ENDED:
        raise ValidationError({"state": _("This signal has ended by itself: there is nothing to answer.")})
