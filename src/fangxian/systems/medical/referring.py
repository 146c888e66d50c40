"""The way of a patient from one facility to another: asked for, agreed by both, driven, arrived."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.clock import now
from fangxian.core.permissions import Permission, may
from fangxian.core.reasons import stated
from fangxian.core.records import Source
from fangxian.core.second_person import deciding, require_other
from fangxian.systems.medical import rules, staying
from fangxian.systems.medical.announcements import referral_ended
from fangxian.systems.medical.models import Facility, Referral
from fangxian.systems.medical.transitions import check
from fangxian.systems.medical.words import Way
from fangxian.systems.people.models import Person

SENT, TAKEN = "sent_by", "taken_by"


def refer(
    *, by, person: Person, from_facility: Facility, to_facility: Facility, reason: str,
    kind: str = Way.TRANSFER, subject_id: UUID | None = None, source: str = Source.WEB, **values: Any,
) -> Referral:  # fmt: skip
    """Ask for a patient to be taken. A fever patient is agreed at once: nobody may turn them away.

    Raises ValidationError for the same house on both ends, and for a person who is on the way already.
    """
    if from_facility.pk == to_facility.pk:
        raise ValidationError({"to_facility": _("The patient is there already: choose another facility.")})
    pack = rules.pack_of(from_facility.area_id)
    urgent = kind == Way.FEVER
    wait = rules.time_to_refer(pack) if urgent else rules.time_to_answer(pack)
    return records.create(
        Referral, by=by, action="medical.referral.requested", source=source, area=from_facility.area, person=person,
        from_facility=from_facility, to_facility=to_facility, to_area=to_facility.area, kind=kind,
        reason=stated(reason), due_at=now() + wait, subject_id=subject_id, pack=pack.version,
        state=Referral.State.APPROVED if urgent else Referral.State.REQUESTED, **values,
    )  # fmt: skip


def approve(*, referral: Referral, by) -> Referral:
    """Agree for the side one may speak for; agreed once both have, and the two are never one officer."""
    with deciding(referral, by=by, action="medical.referral.approved"):
        current = _locked(referral, "approve")
        side = _side(current, by)
        require_other(by, [current.sent_by_id, current.taken_by_id])
        other = TAKEN if side == SENT else SENT
        state = Referral.State.APPROVED if getattr(current, f"{other}_id") else Referral.State.REQUESTED
        return records.change(current, by=by, action="medical.referral.approved", state=state, **{side: by})


def reject(*, referral: Referral, by, reason: str) -> Referral:
    """Refuse, with the reason."""
    if referral.kind == Way.FEVER:
        raise ValidationError(_("A fever patient must be taken."))
    return _move(referral, "reject", by, state=Referral.State.REJECTED, answer=stated(reason))


def cancel(*, referral: Referral, by, reason: str) -> Referral:
    """Take it back before the patient is on the way, with the reason."""
    return _move(referral, "cancel", by, state=Referral.State.CANCELLED, answer=stated(reason))


def depart(*, referral: Referral, by, vehicle: str = "") -> Referral:
    """The patient is on the way."""
    return _move(referral, "depart", by, state=Referral.State.IN_PROGRESS, departed_at=now(), vehicle=vehicle)


def arrive(*, referral: Referral, by) -> Referral:
    """The patient is there; whoever lay in a bed lies in one of the receiver's from now on."""
    with transaction.atomic():
        arrived = _move(referral, "arrive", by, state=Referral.State.COMPLETED, arrived_at=now())
        staying.move(person=arrived.person, to=arrived.to_facility, bed=arrived.bed, by=by)
    return arrived


def _move(referral: Referral, verb: str, by, **changes: Any) -> Referral:
    with transaction.atomic():
        moved = records.change(_locked(referral, verb), by=by, action=f"medical.referral.{verb}", **changes)
        if moved.state not in Referral.OPEN:
            referral_ended.send(sender=None, referral=moved, by=by)
    return moved


def _locked(referral: Referral, verb: str) -> Referral:
    current = Referral.objects.select_for_update().select_related("from_facility", "to_facility").get(pk=referral.pk)
    check(current, verb)
    return current


def _side(referral: Referral, by) -> str:
    """The side that has not agreed yet and that the officer may speak for."""
    areas = ((SENT, referral.from_facility.area_id), (TAKEN, referral.to_facility.area_id))
    for side, area_code in areas:
        if getattr(referral, f"{side}_id") is None and may(by, Permission.MEDICAL_WRITE, area_code):
            return side
    raise ValidationError(_("Your side has agreed already, or your posts reach neither facility."))
