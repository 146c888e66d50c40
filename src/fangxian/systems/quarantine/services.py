"""The verbs of quarantine: booking, checking in, daily checks, release, cancelling, rooms."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.areas import Area
from fangxian.core.clock import now, today
from fangxian.core.officers import Officer
from fangxian.core.reasons import stated
from fangxian.core.records import Source
from fangxian.systems.people.models import Person
from fangxian.systems.quarantine.booking import Booking, Need, Shortfall, book, book_waiting
from fangxian.systems.quarantine.models import DailyCheck, Room, Site, Stay
from fangxian.systems.quarantine.rules import fever_from
from fangxian.systems.quarantine.transitions import step

__all__ = [
    "Booking", "Need", "Shortfall", "add_rooms", "add_site", "book", "book_waiting", "cancel_many",
    "check_in", "correct_check", "judged", "record_check", "release", "release_many", "room_ready", "take_out_of_use",
]  # fmt: skip


def add_site(*, by: Officer | None, area: Area, name: str, source: str = Source.WEB, **values: Any) -> Site:
    """Enter a site."""
    return records.create(Site, by=by, action="quarantine.site.added", source=source, area=area, name=name, **values)


def add_rooms(
    *, by: Officer | None, site: Site, numbers: Iterable[str], source: str = Source.WEB, **values: Any
) -> list[Room]:
    """Enter many rooms of a site that are alike."""
    rooms = [Room(site=site, area=site.area, number=number, **values) for number in numbers]
    return records.create_many(Room, rooms, by=by, action="quarantine.rooms.added", source=source)


def check_in(*, stay: Stay, by: Officer | None) -> Stay:
    """The person has come, or is found at home."""
    with transaction.atomic():
        current = _locked(stay)
        state = step(current, "check_in")
        _refuse_without_own_room(current)
        return records.change(current, by=by, action="quarantine.stay.checked_in", state=state, checked_in_at=now())


def release(*, stay: Stay, by: Officer | None) -> Stay:
    """The stay has lasted as long as its rule says; the room goes to disinfection."""
    with transaction.atomic():
        current = _locked(stay)
        _refuse_early([current])
        state = step(current, "release")
        done = records.change(current, by=by, action="quarantine.stay.released", state=state, released_at=now())
        _clean_after([done], by=by)
    return done


def release_many(*, stays: Iterable[Stay], by: Officer | None) -> int:
    """Release a whole list at once; raises for the first stay that may not end yet and then releases nobody."""
    stays = list(stays)
    _refuse_early(stays)
    for stay in stays:
        step(stay, "release")
    with transaction.atomic():
        count = records.change_many(
            stays, by=by, action="quarantine.stays.released", state=Stay.State.RELEASED, released_at=now()
        )
        _clean_after(stays, by=by)
    return count


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
        records.change_many(inside, by=by, action="quarantine.stays.cancelled", released_at=now(), **end)
        _clean_after(inside, by=by)
    return len(open_)


def record_check(
    *, by: Officer | None, person: Person, area: Area, day: date, slot: str, temperature: Decimal | None = None,
    status: str = DailyCheck.Status.COOPERATIVE, symptoms: str = "", pack: str = "", source: str = Source.WEB,
    id: UUID | None = None,  # noqa: A002  (the record's field)
) -> DailyCheck:  # fmt: skip
    """Enter a morning's or evening's check; entered again, it corrects the first. Fever is flagged by the pack's rule.

    `pack` is that of the person's stay; without it the rule for all diseases holds.
    """
    seen = {"status": status, "temperature": temperature, "symptoms": symptoms}
    seen = judged({**seen, "area": area, "day": day}, pack=pack)
    del seen["area"], seen["day"]
    with transaction.atomic():
        known = DailyCheck.unscoped.select_for_update().filter(person=person, day=day, slot=slot).first()
        if known is not None:
            return records.change(known, by=by, action="quarantine.check.corrected", **seen)
        return records.create(
            DailyCheck, by=by, action="quarantine.check.recorded", source=source, person=person, area=area, day=day,
            slot=slot, **seen, **({"id": id} if id else {}),
        )  # fmt: skip


def correct_check(
    *, check: DailyCheck, by: Officer | None, base_version: int | None = None, **changes: Any
) -> DailyCheck:
    """Correct a check; it is judged again."""
    known = {name: getattr(check, name) for name in ("area", "day", "status", "temperature")}
    fever = judged(known | changes)["fever"]
    return records.change(
        check, by=by, action="quarantine.check.corrected", base_version=base_version, **{**changes, "fever": fever}
    )


def judged(values: dict[str, Any], *, pack: str = "") -> dict[str, Any]:
    """A check's values with the fever flag, by the rule in force there that day; refuses what contradicts itself."""
    temperature, status = values.get("temperature"), values.get("status") or DailyCheck.Status.COOPERATIVE
    if status == DailyCheck.Status.COOPERATIVE and temperature is None:
        raise ValidationError({"temperature": _("Enter the temperature, or say that the person was not seen.")})
    if status != DailyCheck.Status.COOPERATIVE and temperature is not None:
        raise ValidationError({"status": _("A person who was not seen has no temperature.")})
    threshold = fever_from(pack=pack, area_code=values["area"].code, on=values["day"])
    return {**values, "fever": temperature is not None and temperature >= threshold}


def room_ready(*, room: Room, by: Officer | None) -> Room:
    """Disinfection is done; the room can be given out again."""
    return records.change(room, by=by, action="quarantine.room.ready", state=Room.State.READY)


def take_out_of_use(*, room: Room, by: Officer | None) -> Room:
    """The room cannot be given out for now; who is in it stays."""
    return records.change(room, by=by, action="quarantine.room.out_of_use", state=Room.State.OUT_OF_USE)


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


def _clean_after(stays: Iterable[Stay], *, by: Officer | None) -> None:
    """Rooms nobody is in any more go to disinfection."""
    rooms = {stay.room_id for stay in stays if stay.room_id}
    taken = set(Stay.unscoped.filter(room_id__in=rooms, state=Stay.State.IN).values_list("room_id", flat=True))
    left = Room.objects.filter(pk__in=rooms - taken, state=Room.State.READY).select_related("area")
    records.change_many(left, by=by, action="quarantine.rooms.to_clean", state=Room.State.CLEANING)
