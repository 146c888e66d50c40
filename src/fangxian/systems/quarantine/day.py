"""A site on a day: its board, its figures, and what has not been done yet. A fixed number of queries for any site."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, Sum
from django.utils import timezone

from fangxian.core.areas import Area, code_range
from fangxian.core.clock import now, today
from fangxian.systems.quarantine import rules, selectors
from fangxian.systems.quarantine.models import (
    DailyCheck,
    Delivery,
    Disinfection,
    GuestRequest,
    Opening,
    Room,
    Site,
    Stay,
    Transfer,
    WasteBatch,
)

NOON = 12
Slot = DailyCheck.Slot
ZONES = dict(Room.Zone.choices)
CATEGORIES = GuestRequest.Category.choices
DISINFECTIONS = Disinfection.Kind.choices


@dataclass
class Cell:
    """One room of the board: who is in, what is the matter. The first of `marks` is what matters most."""

    room: Room
    guests: list[Stay] = field(default_factory=list)
    booked: list[Stay] = field(default_factory=list)
    checks: dict[UUID, DailyCheck] = field(default_factory=dict)
    requests: int = 0
    late: int = 0

    @property
    def status(self) -> str:
        """FEVER, MISSED, REQUEST, IN_USE, PROMISED, CLEANING, OUT_OF_USE, READY, or OTHER where nobody sleeps."""
        if self.guests:
            return next(iter(self.marks), "IN_USE")
        if self.room.state != Room.State.READY:
            return self.room.state
        if self.booked:
            return "PROMISED"
        return "READY" if is_guest_room(self.room) else "OTHER"

    @property
    def marks(self) -> list[str]:
        """What is the matter with those in it, the worst first."""
        found = [self.checks[stay.person_id] for stay in self.guests if stay.person_id in self.checks]
        told = {
            "FEVER": any(check.fever for check in found),
            "SYMPTOMS": any(check.symptoms and not check.fever for check in found),
            "UNSEEN": any(check.status != DailyCheck.Status.COOPERATIVE for check in found),
            "MISSED": len(found) < len(self.guests),
            "REQUEST": bool(self.requests),
        }
        return [mark for mark, is_so in told.items() if is_so]


def is_guest_room(room: Room) -> bool:
    """Whether guests may sleep in it."""
    return room.purpose == Room.Purpose.GUEST and room.zone != Room.Zone.CLEAN and room.beds > 0


def slot_now() -> str:
    """Which round it is: morning until noon, then evening."""
    return (Slot.MORNING if timezone.localtime(now()).hour < NOON else Slot.EVENING).value


def board(site: Site, *, slot: str | None = None) -> list[Cell]:
    """Every room of a site with its guests, who is booked, the checks of this round, and open requests."""
    rooms = Room.objects.filter(site=site).order_by("zone", "number")
    cells = {room.pk: Cell(room) for room in rooms}
    for stay in selectors.guests_of([site.pk], states=(Stay.State.IN, Stay.State.BOOKED)):
        cell = cells[stay.room_id]
        (cell.guests if stay.state == Stay.State.IN else cell.booked).append(stay)
    checks = _checks((stay.person_id for cell in cells.values() for stay in cell.guests), slot or slot_now())
    asked = GuestRequest.objects.filter(site=site, state=GuestRequest.State.OPEN).values("room_id").order_by()
    for row in asked.annotate(n=Count("pk"), late=Count("pk", filter=Q(due_at__lt=now()))):
        cells[row["room_id"]].requests, cells[row["room_id"]].late = row["n"], row["late"]
    for cell in cells.values():
        cell.room.site = site
        inside = {stay.person_id for stay in cell.guests}
        cell.booked = [stay for stay in cell.booked if stay.person_id not in inside]  # held for a second reason
        cell.checks = {stay.person_id: checks[stay.person_id] for stay in cell.guests if stay.person_id in checks}
    return list(cells.values())


def _checks(person_ids: Iterable[UUID], slot: str) -> dict[UUID, DailyCheck]:
    # unscoped: a check entered by whoever is a check
    rows = DailyCheck.unscoped.filter(person_id__in=list(person_ids), day=today(), slot=slot)
    return {row.person_id: row for row in rows}


def figures(site: Site, cells: list[Cell] | None = None) -> dict[str, Any]:
    """What the shift sheet and the daily report say of a site now, as plain values; the keys stay the same."""
    cells = board(site) if cells is None else cells
    guest_rooms = [cell for cell in cells if is_guest_room(cell.room)]
    statuses = Counter("IN_USE" if cell.guests else cell.status for cell in guest_rooms)
    marks = Counter(mark for cell in guest_rooms for mark in cell.marks)
    guests = sum(len(cell.guests) for cell in cells)
    checked = sum(len(cell.checks) for cell in cells)
    return {
        "at": now().isoformat(), "slot": slot_now(), "rooms": len(guest_rooms), "in_use": statuses["IN_USE"],
        "promised": statuses["PROMISED"], "cleaning": statuses["CLEANING"], "out_of_use": statuses["OUT_OF_USE"],
        "free": statuses["READY"], "guests": guests, "checked": checked, "unchecked": guests - checked,
        "fever": marks["FEVER"], "symptoms": marks["SYMPTOMS"], **_movements(site), **_asked(site),
        **_delivered(site), **_waste(site), "gaps": [gap["zone"] for gap in gaps(site)],
    }  # fmt: skip


def _movements(site: Site) -> dict[str, int]:
    """Who came and went today, and who is on the way."""
    stays = Stay.objects.filter(room__site=site)
    day = today()
    on_way = Transfer.objects.filter(to_site=site, state__in=Transfer.OPEN).count()
    return {
        "came": stays.filter(checked_in_at__date=day).count(), "on_the_way": on_way,
        "left": stays.filter(released_at__date=day, state=Stay.State.RELEASED).count(),
        "to_hospital": stays.filter(released_at__date=day, state=Stay.State.TRANSFERRED).count(),
        "due_to_leave": stays.filter(state=Stay.State.IN, ends_on__lte=day).count(),
    }  # fmt: skip


def _asked(site: Site) -> dict[str, int]:
    open_ = GuestRequest.objects.filter(site=site, state=GuestRequest.State.OPEN)
    return open_.aggregate(requests=Count("pk"), requests_late=Count("pk", filter=Q(due_at__lt=now())))


def _delivered(site: Site) -> dict[str, int]:
    rows = deliveries(site, today())
    return {
        "deliveries": sum(row["rooms"] for row in rows), "delivered": sum(row["delivered"] for row in rows),
        "confirmed": sum(row["confirmed"] for row in rows),
    }  # fmt: skip


def _waste(site: Site) -> dict[str, Any]:
    of_day = WasteBatch.objects.filter(site=site, day=today()).aggregate(kg=Sum("weight_kg"), bags=Sum("bags"))
    return {"waste_kg": str(of_day["kg"] or 0), "waste_bags": of_day["bags"] or 0}


def deliveries(site: Site, day: date) -> list[dict[str, Any]]:
    """By item how many rooms and pieces a day asks for, and how far it is: one query."""
    rows = Delivery.objects.filter(site=site, day=day).exclude(state=Delivery.State.REFUSED)
    counted = rows.values("item").order_by().annotate(
        rooms=Count("pk"), pieces=Sum("quantity"),
        delivered=Count("pk", filter=Q(state__in=[Delivery.State.DELIVERED, Delivery.State.CONFIRMED])),
        confirmed=Count("pk", filter=Q(state=Delivery.State.CONFIRMED)),
    )  # fmt: skip
    known = {row["item"]: row for row in counted}
    return [{**known[item], "label": label} for item, label in Delivery.Item.choices if item in known]


def gaps(site: Site) -> list[dict[str, Any]]:
    """Zones the pack wants disinfected daily that have no entry today, or none that is strong enough."""
    wanted = rules.in_force(area_code=site.area_id).items("disinfection.zones_daily")
    there = Room.objects.filter(site=site, zone__in=wanted).values_list("zone", flat=True).distinct().order_by()
    done = Disinfection.objects.filter(site=site, day=today(), kind=Disinfection.Kind.SURFACE).order_by()
    enough: dict[str, bool] = {}
    for zone, is_enough in done.values_list("zone", "enough"):
        enough[zone] = enough.get(zone, False) or is_enough
    labels = dict(Room.Zone.choices)
    return [
        {"zone": zone, "label": labels[zone], "weak": zone in enough}
        for zone in wanted
        if zone in set(there) and not enough.get(zone)
    ]


@dataclass
class Reserve:
    """Rooms an area has against those the rule asks for."""

    area: Area
    people: int
    per_10k: int
    rule: str
    rooms: int
    in_use: int

    @property
    def asked(self) -> int:
        """Rooms the rule asks for, rounded up."""
        return -(-self.people * self.per_10k // 10_000)

    @property
    def missing(self) -> int:
        """Rooms short of the rule."""
        return max(0, self.asked - self.rooms)


def reserve(area: Area, *, people: int, occupancy: selectors.Occupancy) -> Reserve:
    """How an area's rooms stand against the reserve of the pack; `people` live there."""
    rule, per_10k = rules.rooms_per_10k(area_code=area.pk)
    return Reserve(area, people, per_10k, rule, occupancy.total("rooms"), occupancy.total("in_use"))


def requests(site: Site) -> list[GuestRequest]:
    """Open requests of a site, the most urgent first, with who asks."""
    rows = GuestRequest.objects.filter(site=site, state=GuestRequest.State.OPEN)
    return list(rows.select_related("room", "stay__person").order_by("due_at", "pk"))


def openings(area_code: str) -> list[Opening]:
    """Openings that run in an area, with each site's share and what is confirmed."""
    low, high = code_range(area_code)
    rows = Opening.objects.filter(area_id__gte=low, area_id__lt=high, ended_on=None).prefetch_related("shares__site")
    return list(rows.order_by("-ordered_at", "pk"))
