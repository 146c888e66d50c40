"""The verbs of a volunteer: offers to help, is confirmed by the village, leaves."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.areas import Area
from fangxian.core.clock import now, today
from fangxian.core.officers import Officer
from fangxian.core.reasons import stated
from fangxian.core.records import Source
from fangxian.systems.community import tickets
from fangxian.systems.community.announcements import volunteer_moved
from fangxian.systems.community.models import Volunteer, VolunteerShift
from fangxian.systems.community.transitions import VOLUNTEER, check
from fangxian.systems.community.words import VolunteerShiftState, VolunteerState
from fangxian.systems.people import derived
from fangxian.systems.people.models import Person


def offer_help(
    *, area: Area, name: str, skill: str, ticket: str = "", by: Officer | None = None, source: str = Source.WEB,
    until: date | None = None, **values: Any,
) -> Volunteer:  # fmt: skip
    """Enter somebody who wants to help, by their own page or an officer. The same ticket again is answered as before.

    Raises ValidationError for a phone that cannot be one, and for a day that is over.
    """
    index = tickets.index_of(tickets.code_of(ticket)) if ticket else None
    known = Volunteer.unscoped.filter(code_index=index).first() if index else None
    if known is not None:
        return known
    if until and until < today():
        raise ValidationError({"until": _("This day is over.")})
    told = derived.complete({"name": name, "phone": values.pop("phone", "")})
    with transaction.atomic():
        made = records.create(
            Volunteer, by=by, action="community.volunteer.offered", source=source, area=area, skill=skill,
            name=told["name"], phone=told["phone"], until=until, code_index=index, **values,
        )  # fmt: skip
        volunteer_moved.send(sender=None, volunteer=made, by=by)
    return made


def change_volunteer(*, volunteer: Volunteer, by: Officer | None, base_version: int | None = None, **changes: Any):
    """Correct what was entered; who it is stays as the village has confirmed it."""
    if volunteer.state == VolunteerState.CONFIRMED and not changes.get("person", True):
        raise ValidationError({"person": _("A confirmed volunteer is somebody on record.")})
    return records.change(volunteer, by=by, action="community.volunteer.changed", base_version=base_version, **changes)


def confirm_volunteer(*, volunteer: Volunteer, by: Officer, person: Person) -> Volunteer:
    """The village knows them: this is the person on record. Nobody confirms themselves twice under two names."""
    if Volunteer.unscoped.filter(person=person, state=VolunteerState.CONFIRMED).exclude(pk=volunteer.pk).exists():
        raise ValidationError({"person": _("This person is a volunteer already.")})
    return _move(volunteer, "confirm", by, state=VolunteerState.CONFIRMED, person=person, reason="")


def refuse_volunteer(*, volunteer: Volunteer, by: Officer, reason: str) -> Volunteer:
    """Not accepted, with the reason."""
    return _move(volunteer, "refuse", by, state=VolunteerState.REFUSED, reason=stated(reason)[:200])


def leave(*, volunteer: Volunteer, by: Officer | None, reason: str = "") -> Volunteer:
    """They stop helping; what was offered or accepted is taken back."""
    with transaction.atomic():
        left = _move(volunteer, "leave", by, state=VolunteerState.LEFT, reason=reason.strip()[:200])
        ahead = VolunteerShift.unscoped.filter(
            volunteer=left,
            state__in=[VolunteerShiftState.OFFERED, VolunteerShiftState.ACCEPTED],
            call__ends_at__gt=now(),
        )
        records.change_many(ahead, by=by, action="community.shifts.taken_back", state=VolunteerShiftState.WITHDRAWN)
    return left


def _move(volunteer: Volunteer, verb: str, by: Officer | None, **changes: Any) -> Volunteer:
    with transaction.atomic():
        current = Volunteer.objects.select_for_update(of=("self",)).select_related("area").get(pk=volunteer.pk)
        check(VOLUNTEER, current, verb)
        moved = records.change(
            current, by=by, action=f"community.volunteer.{verb}", decided_at=now(), decided_by=by, **changes
        )
        volunteer_moved.send(sender=None, volunteer=moved, by=by)
    return moved
