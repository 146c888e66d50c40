"""Calls for volunteers and the shifts that come of them: offered, accepted, came, minutes credited."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import records, scope
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.reasons import stated
from fangxian.core.records import Source
from fangxian.systems.community.models import Volunteer, VolunteerCall, VolunteerShift
from fangxian.systems.community.transitions import SHIFT, check
from fangxian.systems.community.words import CallState, VolunteerShiftState, VolunteerState

WHY = "a volunteer may help in another area than their own"
AHEAD = (VolunteerShiftState.OFFERED, VolunteerShiftState.ACCEPTED)


def call(*, by: Officer | None, area: Area, source: str = Source.WEB, **values: Any) -> VolunteerCall:
    """Call for volunteers."""
    return records.create(VolunteerCall, by=by, action="community.call.made", source=source, area=area, **values)


def settle_call(*, called: VolunteerCall, by: Officer | None) -> VolunteerCall:
    """Enough have come, or the time is over: nobody else is asked."""
    return _end(called, by, CallState.DONE, "settled", "")


def cancel_call(*, called: VolunteerCall, by: Officer, reason: str) -> VolunteerCall:
    """Call it off, with the reason; what was offered and accepted is taken back."""
    return _end(called, by, CallState.CANCELLED, "cancelled", stated(reason)[:200])


def offer(
    *, called: VolunteerCall, volunteers: Iterable[Volunteer], by: Officer | None, source: str = Source.WEB
) -> list[VolunteerShift]:
    """Offer the call to confirmed volunteers; who was asked already is not asked again. Returns the new offers.

    Whether somebody may be near others is not asked here: go through `workflows.volunteering`.
    """
    if called.state != CallState.OPEN or called.ends_at <= now():
        raise ValidationError(_("This call is settled or over: make a new one."))
    asked = set(VolunteerShift.unscoped.filter(call=called).values_list("volunteer_id", flat=True))
    new = [one for one in volunteers if one.pk not in asked]
    if any(one.state != VolunteerState.CONFIRMED for one in new):
        raise ValidationError(_("Only volunteers the village has confirmed are asked."))
    rows = [VolunteerShift(area=called.area, call=called, volunteer=one, home_area=one.area) for one in new]
    return records.create_many(VolunteerShift, rows, by=by, action="community.shifts.offered", source=source)


def accept(*, shift: VolunteerShift, by: Officer | None) -> VolunteerShift:
    """They will come. Raises ValidationError when the call is full or over, or they have promised that time already."""
    with transaction.atomic(), scope.everywhere(WHY):
        called = VolunteerCall.objects.select_for_update().get(pk=shift.call_id)  # the last place is given once
        if called.state != CallState.OPEN or called.ends_at <= now():
            raise ValidationError(_("This call is settled or over."))
        if called.shifts.filter(state__in=VolunteerShift.TAKEN).exclude(pk=shift.pk).count() >= called.needed:
            raise ValidationError(_("Enough have said they will come. Thank you."))
        if _promised(shift, called):
            raise ValidationError(_("They have said they will be elsewhere at that time."))
        return _move(shift, "accept", by, state=VolunteerShiftState.ACCEPTED, answered_at=now(), reason="")


def decline(*, shift: VolunteerShift, by: Officer | None, reason: str = "") -> VolunteerShift:
    """They cannot come."""
    return _move(
        shift, "decline", by, state=VolunteerShiftState.DECLINED, answered_at=now(), reason=reason.strip()[:200]
    )


def came(*, shift: VolunteerShift, by: Officer, minutes: int | None = None) -> VolunteerShift:
    """They came: minutes are credited, those of the call where none are given, never more."""
    whole = shift.call.minutes
    if shift.call.starts_at > now():
        raise ValidationError(_("The call has not begun yet."))
    if minutes is not None and not 0 < minutes <= whole:
        raise ValidationError({"minutes": _("Between 1 and %(most)s minutes.") % {"most": whole}})
    return _move(shift, "came", by, state=VolunteerShiftState.CAME, minutes=minutes or whole)


def missed(*, shift: VolunteerShift, by: Officer, reason: str = "") -> VolunteerShift:
    """They had said they would come and did not."""
    return _move(shift, "missed", by, state=VolunteerShiftState.MISSED, reason=reason.strip()[:200])


def take_back(*, shift: VolunteerShift, by: Officer | None, reason: str) -> VolunteerShift:
    """The offer does not hold any more, with the reason."""
    return _move(shift, "take_back", by, state=VolunteerShiftState.WITHDRAWN, reason=stated(reason)[:200])


def _promised(shift: VolunteerShift, called: VolunteerCall) -> bool:
    """Whether the volunteer will be at another call while this one lasts."""
    others = VolunteerShift.objects.filter(volunteer=shift.volunteer_id, state__in=VolunteerShift.TAKEN)
    return (
        others.filter(call__starts_at__lt=called.ends_at, call__ends_at__gt=called.starts_at)
        .exclude(pk=shift.pk)
        .exists()
    )


def _end(called: VolunteerCall, by: Officer | None, state: str, verb: str, reason: str) -> VolunteerCall:
    with transaction.atomic():
        current = VolunteerCall.objects.select_for_update().get(pk=called.pk)
        if current.state != CallState.OPEN:
            raise ValidationError(_("This call is settled already."))
        ended = records.change(current, by=by, action=f"community.call.{verb}", state=state, reason=reason)
        back = [VolunteerShiftState.OFFERED] if state == CallState.DONE else AHEAD
        rows = current.shifts.filter(state__in=back)
        records.change_many(rows, by=by, action="community.shifts.taken_back", state=VolunteerShiftState.WITHDRAWN)
    return ended


def _move(shift: VolunteerShift, verb: str, by: Officer | None, **changes: Any) -> VolunteerShift:
    with transaction.atomic():
        current = VolunteerShift.objects.select_for_update(of=("self",)).get(pk=shift.pk)
        check(SHIFT, current, verb)
        return records.change(current, by=by, action=f"community.shift.{verb}", **changes)
