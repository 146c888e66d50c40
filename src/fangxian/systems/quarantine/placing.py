"""Giving a room by hand: every rule that speaks against it is named, and what is named is refused."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fangxian.core import records
from fangxian.core.clock import today
from fangxian.core.officers import Officer
from fangxian.systems.quarantine import rules
from fangxian.systems.quarantine.assigning import holding_of
from fangxian.systems.quarantine.models import Room, Site, Stay
from fangxian.systems.quarantine.rooms import RoomPlan
from fangxian.systems.quarantine.staying import clean_after


@dataclass(frozen=True)
class Choice:
    """A room, and everything that speaks against it for somebody; nothing does where `refusals` is empty."""

    room: Room
    refusals: list[str]


def choices(stay: Stay, rooms: Iterable[Room]) -> list[Choice]:
    """Each room with the reasons against it: two queries for all of them."""
    rooms = list(rooms)
    open_ = Stay.unscoped.filter(room__in=rooms, state__in=[Stay.State.BOOKED, Stay.State.IN]).exclude(pk=stay.pk)
    others: dict[object, list[Stay]] = {}
    for other in open_.select_related("area").order_by("starts_on", "pk"):
        others.setdefault(other.room_id, []).append(other)
    return [Choice(room, _against(stay, room, others.get(room.pk, []))) for room in rooms]


def place(*, stay: Stay, room: Room, by: Officer | None) -> Stay:
    """Give somebody this room, now or for the day of coming; who is in moves, and the old room is disinfected."""
    with transaction.atomic():
        current = Stay.objects.select_for_update(of=("self",)).select_related("room", "area").get(pk=stay.pk)
        wanted = Room.objects.select_for_update(of=("self",)).select_related("site", "area").get(pk=room.pk)
        (choice,) = choices(current, [wanted])
        if choice.refusals:
            raise ValidationError({"room": choice.refusals})
        left = Stay(room_id=current.room_id)
        state = Stay.State.BOOKED if current.state == Stay.State.NO_ROOM else current.state
        moved = records.change(
            current, by=by, action="quarantine.stay.placed", room=wanted, present_area=wanted.area, state=state
        )
        if state == Stay.State.IN:
            clean_after([left], by=by)
    return moved


def _against(stay: Stay, room: Room, others: list[Stay]) -> list[str]:
    return [*_about_stay(stay), *_about_room(room), *_about_others(stay, room, others)]


def _about_stay(stay: Stay) -> list[str]:
    if stay.place != Stay.Place.CENTRAL or stay.state not in Stay.OPEN:
        return [_("Only an open stay in a site has a room.")]
    return []


def _about_room(room: Room) -> list[str]:
    site, found = room.site, []
    if site.kind != Site.Kind.QUARANTINE:
        found.append(_("The site is for the ill."))
    if site.closed_on and site.closed_on <= today():
        found.append(_("The site is closed."))
    if room.purpose != Room.Purpose.GUEST or room.zone == Room.Zone.CLEAN or not room.beds:
        found.append(_("It is no room for guests."))
    if room.state != Room.State.READY:
        found.append(_("The room is not ready: %(state)s.") % {"state": room.get_state_display()})
    return found


def _about_others(stay: Stay, room: Room, others: list[Stay]) -> list[str]:
    """Who else has the room on one of the days: full, strangers, another sex."""
    hold = holding_of([stay, *others], room.area_id)
    mine = hold(stay)
    there = [one for one in others if one.person_id != stay.person_id and hold(one).overlaps(mine)]
    if not there:
        return []
    plan = RoomPlan({room.pk: room.beds})
    for one in others:
        plan.hold(room.pk, hold(one))
    if plan.is_free(room.pk, mine):
        return []
    if len({one.person_id for one in there}) >= room.beds:
        days = {"first": there[0].starts_on, "last": max(one.ends_on for one in there)}
        return [_("All beds are taken from %(first)s to %(last)s.") % days]
    if rules.single_rooms(area_code=room.area_id):
        return [_("One person one room: only a companion may share it.")]
    return [_("Strangers share a room only with their own sex.")]
