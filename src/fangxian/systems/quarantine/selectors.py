"""Reading sites, rooms, stays and checks; always inside the scope in force, a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from fangxian.core.areas import code_range
from fangxian.core.clock import now, today
from fangxian.core.standing import standing
from fangxian.systems.quarantine.models import (
    ClockRestart,
    DailyCheck,
    Delivery,
    Disinfection,
    GuestRequest,
    Opening,
    OpeningShare,
    ReleaseProof,
    Room,
    ShiftHandOver,
    Site,
    Stay,
    Transfer,
    WasteBatch,
)

_WAY = ("area", "to_area", "to_site", "person", "stay__room")


@dataclass
class SiteOccupancy:
    """One site's rooms: in use, promised, being disinfected, out of use, free. They add up to all rooms for guests."""

    site: Site
    rooms: int = 0
    in_use: int = 0
    promised: int = 0
    cleaning: int = 0
    out_of_use: int = 0

    @property
    def free(self) -> int:
        """Rooms that can be given out now."""
        return self.rooms - self.in_use - self.promised - self.cleaning - self.out_of_use


@dataclass
class Occupancy:
    """The sites of an area and who waits there without a room."""

    sites: list[SiteOccupancy]
    waiting: int

    def total(self, name: str) -> int:
        """The sum over the sites of rooms, in_use, promised, cleaning, out_of_use or free."""
        return sum(getattr(site, name) for site in self.sites)


@dataclass
class Cell:
    """One room of the board, with its open stays, the current one first."""

    room: Room
    stays: list[Stay] = field(default_factory=list)

    @property
    def status(self) -> str:
        """IN_USE, PROMISED or the room's own state."""
        if any(stay.state == Stay.State.IN for stay in self.stays):
            return "IN_USE"
        return "PROMISED" if self.stays and self.room.state == Room.State.READY else self.room.state


def somebody_waits(area_code: str) -> bool:
    """Whether somebody in an area waits for a room, whatever the scope: only whether, nothing of whom."""
    low, high = code_range(area_code)
    return Stay.unscoped.filter(state=Stay.State.NO_ROOM, area_id__gte=low, area_id__lt=high).exists()


def stay(stay_id: UUID | str) -> Stay:
    """One stay with what its page shows; raises Stay.DoesNotExist outside the scope as for no such stay."""
    return Stay.objects.select_related("area", "present_area", "person", "room__site").get(pk=stay_id)


def stays_for(
    subject_ids: Iterable[UUID], *, open_only: bool = False, bare: bool = False
) -> dict[UUID, list[Stay]]:  # fmt: skip
    """Stays because of contacts (cases, arrivals …), in the order of their days; every id has an entry.

    bare: without people, areas and rooms, for whoever compares days of thousands.
    """
    found: dict[UUID, list[Stay]] = {subject_id: [] for subject_id in subject_ids}
    rows = Stay.objects.filter(subject_id__in=found.keys(), **({"state__in": Stay.OPEN} if open_only else {}))
    rows = rows if bare else rows.select_related("area", "person", "room__site")
    for row in rows.order_by("starts_on", "pk"):
        found[row.subject_id].append(row)
    return found


def stays_of(person_ids: Iterable[UUID]) -> dict[UUID, list[Stay]]:
    """The stays of people that were not cancelled, whatever they are because of, in the order of their days."""
    found: dict[UUID, list[Stay]] = {person_id: [] for person_id in person_ids}
    rows = Stay.objects.filter(person_id__in=found.keys()).exclude(state=Stay.State.CANCELLED)
    for row in rows.select_related("room__site").order_by("starts_on", "pk"):
        found[row.person_id].append(row)
    return found


def open_stays(area_code: str) -> QuerySet[Stay]:
    """Open stays an area answers for or houses."""
    low, high = code_range(area_code)
    mine = Q(area_id__gte=low, area_id__lt=high) | Q(present_area_id__gte=low, present_area_id__lt=high)
    rows = Stay.objects.filter(mine, state__in=Stay.OPEN)
    return rows.select_related("area", "person", "room__site").order_by("ends_on", "pk")


def sites_in(area_code: str) -> QuerySet[Site]:
    """Sites of an area that are not closed."""
    low, high = code_range(area_code)
    return Site.objects.filter(standing(), area_id__gte=low, area_id__lt=high).select_related("area").order_by("name")


def occupancy(area_code: str, *, kind: str = Site.Kind.QUARANTINE) -> Occupancy:
    """Rooms of an area site by site, now, and how many people wait for one: four queries."""
    low, high = code_range(area_code)
    sites = {site.pk: SiteOccupancy(site) for site in sites_in(area_code).filter(kind=kind)}
    rooms = Room.objects.filter(site_id__in=sites.keys(), purpose=Room.Purpose.GUEST, beds__gt=0)
    rooms = rooms.exclude(zone=Room.Zone.CLEAN).order_by()
    held = {row["room"]: row["inside"] for row in _held(rooms)}
    for pk, site_id, state in rooms.values_list("pk", "site_id", "state"):
        _count(sites[site_id], state, held.get(pk))
    waiting = Stay.objects.filter(state=Stay.State.NO_ROOM, area_id__gte=low, area_id__lt=high)
    return Occupancy(list(sites.values()), waiting.values("person_id").distinct().count())


def _held(rooms: QuerySet[Room]) -> QuerySet:
    """Rooms with an open stay, and how many of these are in already."""
    stays = Stay.objects.filter(room__in=rooms.values("pk"), state__in=[Stay.State.BOOKED, Stay.State.IN])
    return stays.order_by().values("room").annotate(inside=Count("pk", filter=Q(state=Stay.State.IN)))


def _count(site: SiteOccupancy, state: str, inside: int | None) -> None:
    site.rooms += 1
    if inside:
        site.in_use += 1
    elif state != Room.State.READY:
        name = state.lower()
        setattr(site, name, getattr(site, name) + 1)
    elif inside is not None:
        site.promised += 1


def room_board(site: Site) -> list[Cell]:
    """Every room of a site with who is in it and who comes next: two queries."""
    cells = {room.pk: Cell(room) for room in Room.objects.filter(site=site).order_by("zone", "number")}
    for cell in cells.values():
        cell.room.site = site
    stays = Stay.objects.filter(room__site=site, state__in=[Stay.State.BOOKED, Stay.State.IN])
    for row in stays.select_related("person", "area").order_by("starts_on", "pk"):
        cells[row.room_id].stays.append(row)
    return list(cells.values())


def due_checks(area_code: str, day: date, slot: str) -> QuerySet[Stay]:
    """Stays housed in an area whose person has no check of the day's slot yet: who is in, and who is to be at home."""
    low, high = code_range(area_code)
    inside = Q(state=Stay.State.IN) | Q(state=Stay.State.BOOKED, place=Stay.Place.HOME, ends_on__gte=day)
    # a check entered by whoever, also outside this scope, is a check
    checked = DailyCheck.unscoped.filter(person_id=OuterRef("person_id"), day=day, slot=slot)
    stays = Stay.objects.filter(inside, ~Exists(checked), starts_on__lte=day)
    housed = stays.filter(present_area_id__gte=low, present_area_id__lt=high)
    return housed.select_related("person", "area", "room__site").order_by("room__site_id", "room__number", "pk")


def checks_of(person_ids: Iterable[UUID], *, since: date | None = None) -> dict[UUID, list[DailyCheck]]:
    """The checks of people, oldest first, for temperature curves; every id has an entry."""
    found: dict[UUID, list[DailyCheck]] = {person_id: [] for person_id in person_ids}
    rows = DailyCheck.objects.filter(person_id__in=found.keys(), **({"day__gte": since} if since else {}))
    for row in rows.order_by("day", "slot"):
        found[row.person_id].append(row)
    return found


def fevers(area_code: str, day: date) -> QuerySet[DailyCheck]:
    """Checks with fever of an area on a day, for the nurse and the situation page."""
    low, high = code_range(area_code)
    rows = DailyCheck.objects.filter(area_id__gte=low, area_id__lt=high, day=day, fever=True)
    return rows.select_related("person", "area").order_by("-temperature", "pk")


def release_list(area_code: str, on: date | None = None) -> QuerySet[Stay]:
    """Who is in and has reached the last day by the plan's rule. Whether all tests are done, the workflow looks."""
    low, high = code_range(area_code)
    stays = Stay.objects.filter(state=Stay.State.IN, ends_on__lte=on or today())
    housed = stays.filter(present_area_id__gte=low, present_area_id__lt=high)
    return housed.select_related("person", "area", "room__site").order_by(F("ends_on").asc(), "pk")


def rooms_by_day(area_code: str, days: Iterable[date]) -> dict[date, int]:
    """How many rooms of an area are held on each day by what is booked so far, for planning: one query."""
    low, high = code_range(area_code)
    days = list(days)
    held: dict[date, set[UUID]] = defaultdict(set)
    stays = Stay.objects.filter(state__in=[Stay.State.BOOKED, Stay.State.IN], room__isnull=False)
    for room, starts, ends in stays.filter(present_area_id__gte=low, present_area_id__lt=high).values_list(
        "room_id", "starts_on", "ends_on"
    ):
        for day in days:
            if starts <= day <= ends:
                held[day].add(room)
    return {day: len(held[day]) for day in days}


def transfer(transfer_id: UUID | str) -> Transfer:
    """One transfer with what its page shows; raises Transfer.DoesNotExist outside the scope as for no such one."""
    return Transfer.objects.select_related(*_WAY).get(pk=transfer_id)


def transfers_for(subject_ids: Iterable[UUID]) -> dict[UUID, list[Transfer]]:
    """Transfers because of contacts (arrivals, cases …), the oldest first; every id has an entry."""
    found: dict[UUID, list[Transfer]] = {subject_id: [] for subject_id in subject_ids}
    rows = Transfer.objects.filter(subject_id__in=found.keys()).select_related(*_WAY)
    for row in rows.order_by("ordered_at", "pk"):
        found[row.subject_id].append(row)
    return found


def rides_of(stay: Stay, limit: int = 5) -> list[Transfer]:
    """The last transfers of whose stay it is, whoever ordered them, the newest first."""
    rows = Transfer.objects.filter(person_id=stay.person_id).select_related(*_WAY)
    return list(rows.order_by("-ordered_at", "-pk")[:limit])


def open_transfers(area_code: str) -> QuerySet[Transfer]:
    """Who is to be brought, or on the way, from or to an area; the most urgent first."""
    low, high = code_range(area_code)
    mine = Q(area_id__gte=low, area_id__lt=high) | Q(to_area_id__gte=low, to_area_id__lt=high)
    rows = Transfer.objects.filter(mine, state__in=Transfer.OPEN)
    return rows.select_related(*_WAY).order_by("due_at", "pk")


def late_transfers(area_code: str) -> QuerySet[Transfer]:
    """Those whose clock has run out."""
    return open_transfers(area_code).filter(due_at__lt=now())


def proof_of(stay_id: UUID) -> ReleaseProof | None:
    """The valid proof of a stay's release."""
    return ReleaseProof.objects.filter(stay_id=stay_id, state=ReleaseProof.State.VALID).first()


def guests_of(site_ids: Iterable[UUID], *, states: Iterable[str] = (Stay.State.IN,)) -> QuerySet[Stay]:
    """Stays in the rooms of some sites, by room."""
    rows = Stay.objects.filter(room__site__in=list(site_ids), state__in=list(states))
    return rows.select_related("area", "person", "room__site").order_by("room__site_id", "room__number", "pk")


def at_the_time(person_ids: Iterable[UUID], at: datetime) -> list[Stay]:
    """Central stays of people who were in a room at a moment; unscoped: an infection concerns whichever site."""
    inside = Q(released_at=None, state=Stay.State.IN) | Q(released_at__gte=at)
    rows = Stay.unscoped.filter(inside, person_id__in=list(person_ids), room__isnull=False, checked_in_at__lte=at)
    return list(rows.select_related("area", "person", "room__site", "room__area").order_by("-checked_in_at", "pk"))


def beside(stay: Stay, since: datetime) -> list[Stay]:
    """Everybody else who was in the site of a stay's room at some time since a moment; unscoped for the same reason."""
    until = stay.released_at or now()
    inside = Q(released_at=None, state=Stay.State.IN) | Q(released_at__gte=since)
    rows = Stay.unscoped.filter(inside, room__site_id=stay.room.site_id, checked_in_at__lt=until)
    others = rows.exclude(person_id=stay.person_id).exclude(state=Stay.State.CANCELLED)
    return list(others.select_related("area", "person", "room").order_by("room__number", "pk"))


def restarts_of(stay_ids: Iterable[UUID], *, in_force: bool = True) -> dict[UUID, list[ClockRestart]]:
    """Restarted clocks of stays, the last first; every id has an entry."""
    found: dict[UUID, list[ClockRestart]] = {stay_id: [] for stay_id in stay_ids}
    rows = ClockRestart.objects.filter(stay__in=found.keys()).select_related("infected")
    rows = rows.filter(state=ClockRestart.State.IN_FORCE) if in_force else rows
    for row in rows.order_by("-until", "pk"):
        found[row.stay_id].append(row)
    return found


def home_after(stays: Iterable[Stay]) -> dict[UUID, Stay]:
    """By central stay the stay at home that follows it by the plan, where there is one."""
    by_reason = {stay.subject_id: stay.pk for stay in stays if stay.subject_id}
    home = Stay.unscoped.filter(subject_id__in=by_reason, place=Stay.Place.HOME, state__in=Stay.OPEN)
    return {by_reason[row.subject_id]: row for row in home.select_related("area", "person")}


def restarts_because(result_id: UUID) -> list[ClockRestart]:
    """Every restart a result has ever asked for, withdrawn ones too; unscoped, it concerns whoever was there."""
    rows = ClockRestart.unscoped.filter(result_id=result_id)
    return list(rows.select_related("stay__person", "stay__area", "stay__room__site", "infected").order_by("pk"))


def site(site_id: UUID | str) -> Site:
    """One site; raises Site.DoesNotExist outside the scope as for no such site."""
    return Site.objects.select_related("area").get(pk=site_id)


def rooms_near(area_code: str) -> QuerySet[Room]:
    """Rooms of the sites of an area, in the order of the houses."""
    low, high = code_range(area_code)
    rows = Room.objects.filter(area_id__gte=low, area_id__lt=high).select_related("site", "area")
    return rows.order_by("site__name", "number", "pk")


def proof(proof_id: UUID | str) -> ReleaseProof:
    """One proof of release, with its stay."""
    return ReleaseProof.objects.select_related("stay__room__site", "person", "area").get(pk=proof_id)


def opening(opening_id: UUID | str) -> Opening:
    """One opening of reserve rooms."""
    return Opening.objects.get(pk=opening_id)


def share(share_id: UUID | str) -> OpeningShare:
    """One site's share of an opening."""
    return OpeningShare.objects.select_related("opening", "site").get(pk=share_id)


def request_of(site: Site, request_id: UUID | str) -> GuestRequest:
    """One request of a site."""
    return GuestRequest.objects.get(site=site, pk=request_id)


def deliveries_of(site: Site, day: date, item: str) -> QuerySet[Delivery]:
    """What a day brings to the rooms of a site, of one kind, in the order of the rooms."""
    rows = Delivery.objects.filter(site=site, day=day, item=item).exclude(state=Delivery.State.REFUSED)
    return rows.select_related("room").order_by("room__number", "pk")


def logs_of(site: Site, day: date) -> list[Disinfection | WasteBatch]:
    """Disinfections and waste of a site on a day, the last first."""
    signed = ("signed_by", "countersigned_by")
    done = Disinfection.objects.filter(site=site, day=day).select_related("room", *signed)
    waste = WasteBatch.objects.filter(site=site, day=day).select_related(*signed)
    return sorted([*done, *waste], key=lambda row: row.signed_at, reverse=True)


def last_hand_over(site: Site) -> ShiftHandOver | None:
    """The sheet the last shift left."""
    rows = ShiftHandOver.objects.filter(site=site).select_related("handed_by", "taken_by")
    return rows.order_by("-handed_at").first()


def requests_of(stay: Stay) -> list[GuestRequest]:
    """What a guest has asked for, the last first."""
    return list(GuestRequest.objects.filter(stay=stay).order_by("-asked_at", "-pk")[:10])


NO_PROOF = ReleaseProof.DoesNotExist


def stays_by_ids(stay_ids: Iterable[UUID]) -> list[Stay]:
    """Those of the stays that are in, inside the scope in force."""
    rows = Stay.objects.filter(pk__in=list(stay_ids), state=Stay.State.IN)
    return list(rows.select_related("person", "area", "room").order_by("room__number", "pk"))


def hand_overs_since(since: datetime) -> list[ShiftHandOver]:
    """Hand-overs of all sites since a moment, site by site, in the order in which they were signed."""
    rows = ShiftHandOver.objects.filter(handed_at__gte=since).select_related("site", "handed_by", "taken_by")
    return list(rows.order_by("site_id", "handed_at", "pk"))
