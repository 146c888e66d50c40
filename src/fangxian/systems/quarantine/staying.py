"""The verbs of a stay: coming, leaving, cancelling, and what becomes of the room."""

from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.clock import now, today
from fangxian.core.officers import Officer
from fangxian.core.reasons import stated
from fangxian.systems.quarantine import announcements, proofs
from fangxian.systems.quarantine.models import Room, Stay
from fangxian.systems.quarantine.transitions import step


def check_in(*, stay: Stay, by: Officer | None) -> Stay:
    """The person has come, or is found at home."""
    with transaction.atomic():
        current = _locked(stay)
        state = step(current, "check_in")
        _refuse_without_own_room(current)
        return records.change(current, by=by, action="quarantine.stay.checked_in", state=state, checked_in_at=now())


def release(*, stay: Stay, by: Officer | None, evidence: list | None = None) -> Stay:
    """The stay has lasted as long as its rule says: a proof is issued, the room goes to disinfection.

    `evidence` is what the proof says was found in place; whether tests and temperatures allow it, the workflow looks.
    """
    with transaction.atomic():
        current = _locked(stay)
        _refuse_early([current])
        state = step(current, "release")
        done = records.change(current, by=by, action="quarantine.stay.released", state=state, released_at=now())
        proofs.issue(stays=[done], by=by, evidence={done.pk: evidence or []})
        clean_after([done], by=by)
    return done


def release_many(*, stays: Iterable[Stay], by: Officer | None, evidence: dict[UUID, list] | None = None) -> int:
    """Release a whole list at once; raises for the first stay that may not end yet and then releases nobody."""
    stays = list(stays)
    _refuse_early(stays)
    for stay in stays:
        step(stay, "release")
    with transaction.atomic():
        count = records.change_many(
            stays, by=by, action="quarantine.stays.released", state=Stay.State.RELEASED, released_at=now()
        )
        proofs.issue(stays=stays, by=by, evidence=evidence)
        clean_after(stays, by=by)
    return count


def move_on(*, stay: Stay, by: Officer | None, reason: str) -> Stay:
    """Somebody who is in is taken elsewhere for good (a guest fell ill); the room goes to disinfection."""
    with transaction.atomic():
        current = _locked(stay)
        state = step(current, "move_on")
        done = records.change(
            current, by=by, action="quarantine.stay.moved_on", state=state, released_at=now(), reason=stated(reason)
        )
        clean_after([done], by=by)
    return done


def cancel_many(*, stays: Iterable[Stay], by: Officer | None, reason: str) -> int:
    """Cancel those of the stays that are still open, set-based; returns how many.

    Only for a story that finds the reason gone: nobody ends a stay early by hand. Two officers end the contact behind
    it (systems/cases), and the next response cancels the stay.
    """
    open_ = [stay for stay in stays if stay.state in Stay.OPEN]
    inside = [stay for stay in open_ if stay.state == Stay.State.IN]
    booked = [stay for stay in open_ if stay.state != Stay.State.IN]
    end = {"state": Stay.State.CANCELLED, "reason": stated(reason)}
    with transaction.atomic():
        records.change_many(booked, by=by, action="quarantine.stays.cancelled", **end)
        announcements.freed(stay.present_area_id for stay in booked if stay.room_id)
        records.change_many(inside, by=by, action="quarantine.stays.cancelled", released_at=now(), **end)
        clean_after(inside, by=by)
    return len(open_)


def _locked(stay: Stay) -> Stay:
    return Stay.objects.select_for_update(of=("self",)).select_related("room").get(pk=stay.pk)


def _refuse_without_own_room(stay: Stay) -> None:
    if stay.place == Stay.Place.CENTRAL and stay.room_id is None:
        raise ValidationError({"room": _("Give the person a room first.")})
    # unscoped: somebody is in the room also when the scope in force does not see them
    inside = Stay.unscoped.filter(room_id=stay.room_id, room__isnull=False, state=Stay.State.IN)
    if inside.exclude(person_id=stay.person_id).exists():
        raise ValidationError({"room": _("Somebody else is still in this room.")})


def _refuse_early(stays: Iterable[Stay]) -> None:
    for stay in stays:
        if stay.ends_on > today():
            raise ValidationError({"ends_on": _("The stay lasts until %(day)s by its rule.") % {"day": stay.ends_on}})


def clean_after(stays: Iterable[Stay], *, by: Officer | None) -> None:
    """Rooms nobody is in any more go to disinfection."""
    stays = list(stays)
    rooms = {stay.room_id for stay in stays if stay.room_id}
    taken = set(Stay.unscoped.filter(room_id__in=rooms, state=Stay.State.IN).values_list("room_id", flat=True))
    left = Room.objects.filter(pk__in=rooms - taken, state=Room.State.READY).select_related("area")
    records.change_many(left, by=by, action="quarantine.rooms.to_clean", state=Room.State.CLEANING)
    announcements.freed(stay.present_area_id for stay in stays if stay.room_id)  # a bed in a shared room, a later day
