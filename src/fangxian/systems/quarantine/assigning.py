"""Giving rooms to stays: which rooms may be given out, who has them, who gets one, who has to move."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from fangxian.core.areas import Area, code_range
from fangxian.core.clock import today
from fangxian.core.standing import standing
from fangxian.systems.people.models import Person
from fangxian.systems.quarantine import rules
from fangxian.systems.quarantine.models import Room, Site, Stay
from fangxian.systems.quarantine.rooms import Hold, RoomPlan


def assign_rooms(stays: Iterable[Stay], counties: dict[str, str]) -> list[Stay]:
    """Give rooms county by county; returns other people's bookings that had to move."""
    groups: dict[str, list[Stay]] = defaultdict(list)
    for stay in stays:
        if stay.place == Stay.Place.CENTRAL:
            groups[counties[stay.area_id]].append(stay)
    return [moved for county, group in groups.items() for moved in _assign(county, group)]


def _assign(county: str, stays: list[Stay]) -> list[Stay]:
    rooms = {room.pk: room for room in _rooms(county)}
    mine = {stay.pk: stay for stay in stays}
    others = [stay for stay in _holding(county) if stay.pk not in mine]
    plan, hold = RoomPlan({pk: room.beds for pk, room in rooms.items()}), holding_of([*others, *stays], county)
    displaced = _keep([*others, *stays], plan, hold)
    for stay in sorted([*displaced, *(stay for stay in stays if not stay.room_id)], key=_first_day):
        _give(stay, plan.find(hold(stay)), rooms)
    return [stay for stay in displaced if stay.pk not in mine]


def holding_of(stays: Iterable[Stay], county: str) -> Callable[[Stay], Hold]:
    """How each of some stays holds a room: for which days, with whom; who is in and overdue still has it today."""
    stays = list(stays)
    sizes = Counter(stay.unit_id for stay in stays if stay.unit_id)
    sexes = {} if rules.single_rooms(area_code=county) else _sexes(stays)

    def hold(stay: Stay) -> Hold:
        ends = max(stay.ends_on, today()) if stay.state == Stay.State.IN else stay.ends_on
        size = sizes.get(stay.unit_id, 1)
        return Hold(stay.person_id, stay.starts_on, ends, stay.unit_id, size, sexes.get(stay.person_id, ""))

    return hold


def _sexes(stays: list[Stay]) -> dict[UUID, str]:
    """Whose sex is known; strangers share only with their own."""
    people = Person.unscoped.filter(pk__in={stay.person_id for stay in stays}).exclude(sex=Person.Sex.UNKNOWN)
    return dict(people.values_list("pk", "sex"))


def _rooms(county: str) -> QuerySet[Room]:
    """Guest rooms that are ready, in quarantine sites that are open; locked, so that nobody else gives them out."""
    low, high = code_range(county)
    sites = Q(site__kind=Site.Kind.QUARANTINE) & standing("site__")
    rooms = Room.objects.select_for_update(of=("self",)).filter(
        sites, beds__gt=0, purpose=Room.Purpose.GUEST, area_id__gte=low, area_id__lt=high
    )
    ready = rooms.filter(state=Room.State.READY).exclude(zone=Room.Zone.CLEAN)
    return ready.select_related("area").order_by("site_id", "number", "pk")


def _holding(county: str) -> QuerySet[Stay]:
    low, high = code_range(county)
    """Without their people: there are thousands, and hardly ever does one of them move."""
    held = Stay.objects.filter(room__isnull=False, room__area_id__gte=low, room__area_id__lt=high)
    return open_in_order(held).select_related(None)


def _keep(stays: list[Stay], plan: RoomPlan, hold: Callable[[Stay], Hold]) -> list[Stay]:
    """Who is in stays in; a booking keeps its room unless somebody in it stays longer. Returns those left without."""
    inside = [stay for stay in stays if stay.room_id and stay.state == Stay.State.IN]
    booked = [stay for stay in stays if stay.room_id and stay.state == Stay.State.BOOKED]
    for stay in inside:
        plan.hold(stay.room_id, hold(stay))
    moved = []
    for stay in sorted(booked, key=_first_day):
        if plan.is_free(stay.room_id, hold(stay)):
            plan.hold(stay.room_id, hold(stay))
        else:
            moved.append(stay)
    return moved


def _give(stay: Stay, room_id: UUID | None, rooms: dict[UUID, Room]) -> None:
    room = rooms.get(room_id) if room_id else None
    if room_id and room is None:
        room = Room.objects.select_related("area").get(pk=room_id)  # the person's own, meanwhile not given out
    stay.room, stay.present_area_id = room, room.area_id if room else stay.area_id
    stay.state = Stay.State.BOOKED if room else Stay.State.NO_ROOM


def _first_day(stay: Stay) -> tuple:
    return stay.starts_on, stay.created_at, stay.pk


def open_in_order(stays: QuerySet[Stay]) -> QuerySet[Stay]:
    """The open ones of some stays, the first days first, with area and person."""
    return stays.filter(state__in=Stay.OPEN).select_related("area", "person").order_by("starts_on", "created_at", "pk")


def counties_of(codes: set[str]) -> dict[str, str]:
    """For each area the county or functional zone whose rooms it uses; itself above county level. One query."""
    prefixes = {code[:length] for code in codes for length in range(1, len(code) + 1)}
    kinds = (Area.Kind.COUNTY, Area.Kind.ZONE)
    found = set(Area.objects.filter(code__in=prefixes, kind__in=kinds).values_list("code", flat=True))
    nearest = {code: [code[:n] for n in range(len(code), 0, -1) if code[:n] in found] for code in codes}
    return {code: (counties or [code])[0] for code, counties in nearest.items()}
