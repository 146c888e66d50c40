"""Reading checkpoints; always inside the scope in force."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Case, IntegerField, Q, Value, When
from django.utils import timezone

from fangxian.core.areas import code_range
from fangxian.core.clock import now, today
from fangxian.core.fields import blind
from fangxian.systems.checkpoints import figures
from fangxian.systems.checkpoints.models import (
    Consignment,
    HandOver,
    Manifest,
    Passage,
    Passenger,
    PointOfEntry,
    Shift,
    SoughtVehicle,
    Traveller,
    Vehicle,
)
from fangxian.systems.checkpoints.tidying import plate as one_spelling
from fangxian.systems.checkpoints.words import GRAVITY, PlateKind, ShiftState

CHUNK = 500
REGULARS = 200
_BY_GRAVITY = Case(
    *(When(gravest=reason, then=Value(number)) for reason, number in GRAVITY.items()),
    default=Value(len(GRAVITY)), output_field=IntegerField(),
)  # fmt: skip


class Passed(NamedTuple):
    """Somebody who passed: a person where one is known, the vehicle where one is."""

    passage_id: UUID
    person_id: UUID | None
    vehicle_id: UUID | None
    from_code: str
    passed_at: datetime
    area_id: str


def passages_between(since: datetime, until: datetime, from_codes: Iterable[str]) -> list[Passed]:
    """Who passed in a time and came from one of these areas or from inside one: as many seeks as there are codes."""
    inside = Q(pk__in=[])
    for code in from_codes:
        low, high = code_range(code)
        inside |= Q(from_code__gte=low, from_code__lt=high)
    rows = Passage.objects.filter(inside, passed_at__gte=since, passed_at__lt=until).order_by("passed_at", "pk")
    return [Passed(*row) for row in rows.values_list("pk", "person_id", "vehicle_id", "from_code", "passed_at", "area")]


def midnight() -> datetime:
    """When today began."""
    return timezone.make_aware(datetime.combine(today(), time.min))


def point(point_id: UUID | str) -> PointOfEntry:
    """One point; raises PointOfEntry.DoesNotExist outside the scope as for no such point."""
    return PointOfEntry.objects.select_related("area").get(pk=point_id)


def points() -> list[PointOfEntry]:
    """The points of entry, those that are open first."""
    found = PointOfEntry.objects.select_related("area").order_by("area_id", "name")
    return sorted(found, key=lambda one: not one.is_open(today()))


def points_by_id(ids: Iterable[UUID]) -> dict[UUID, PointOfEntry]:
    """Points by id; those outside the scope are missing."""
    return {row.pk: row for row in PointOfEntry.objects.filter(pk__in=list(ids)).select_related("area")}


def board(found: list[PointOfEntry]) -> list[dict[str, Any]]:
    """Each point with today's figures, its open exceptions and its shift: three queries, whatever their number."""
    ids = [one.pk for one in found]
    counts, opened = figures.by_point(ids, midnight()), figures.open_by_point(ids)
    on_duty = {
        row.point_id: row for row in Shift.objects.filter(point_id__in=ids, state__in=ON).select_related("leader")
    }
    return [
        {"point": one, "counts": counts.get(one.pk, {}), "open": opened.get(one.pk, 0), "shift": on_duty.get(one.pk),
         "is_open": one.is_open(today())}
        for one in found
    ]  # fmt: skip


ON = (ShiftState.ON, ShiftState.LEAVING)


def exceptions(point_id: UUID, limit: int = 50) -> list[Passage]:
    """Open exceptions of a point: the gravest first, then the oldest."""
    rows = Passage.objects.filter(point_id=point_id, is_open=True).order_by(_BY_GRAVITY, "passed_at")
    return list(rows.select_related("point", "vehicle", "created_by", "area")[:limit])


def latest(point_id: UUID, limit: int = 20) -> list[Passage]:
    """The last passages of a point."""
    return list(Passage.objects.filter(point_id=point_id).order_by("-passed_at").select_related("vehicle")[:limit])


def passage(passage_id: UUID | str) -> Passage:
    """One passage with what its page shows."""
    return Passage.objects.select_related("point", "area", "vehicle", "settled_by").get(pk=passage_id)


def waiting(limit: int) -> list[Passage]:
    """Passages for which no list has been asked yet, in the order they came."""
    rows = Passage.objects.filter(judged_at__isnull=True).order_by("created_at")
    return list(rows.select_related("point", "area", "to_area", "vehicle")[:limit])


def travellers_of(passage_ids: Iterable[UUID]) -> dict[UUID, list[Traveller]]:
    """The other people in each vehicle; every id has an entry."""
    ids = list(passage_ids)
    found: dict[UUID, list[Traveller]] = {passage_id: [] for passage_id in ids}
    for start in range(0, len(ids), CHUNK):
        for row in Traveller.objects.filter(passage_id__in=ids[start : start + CHUNK]).order_by("created_at", "pk"):
            found[row.passage_id].append(row)
    return found


def on_duty(point_id: UUID) -> Shift | None:
    """The shift that stands there, also while it waits to be relieved."""
    return Shift.objects.filter(point_id=point_id, state__in=ON).select_related("leader", "point").first()


def planned(point_id: UUID, limit: int = 6) -> list[Shift]:
    """The shifts to come."""
    rows = Shift.objects.filter(point_id=point_id, state=ShiftState.PLANNED).order_by("starts_at")
    return list(rows.select_related("leader")[:limit])


def shift(shift_id: UUID | str) -> Shift:
    """One shift with its point and leader."""
    return Shift.objects.select_related("point", "area", "leader").get(pk=shift_id)


def sheet_of(shift_id: UUID) -> HandOver | None:
    """The hand-over sheet of a leaving shift."""
    return HandOver.objects.filter(shift_id=shift_id).select_related("given_by", "taken_by", "next_shift").first()


def sheets(point_id: UUID, limit: int = 6) -> list[HandOver]:
    """The last hand-over sheets of a point."""
    rows = HandOver.objects.filter(shift__point_id=point_id).order_by("-given_at")
    return list(rows.select_related("shift", "given_by", "taken_by")[:limit])


def vehicle(vehicle_id: UUID | str) -> Vehicle:
    """What is remembered of one vehicle."""
    return Vehicle.objects.select_related("area").get(pk=vehicle_id)


def passages_of(vehicle_id: UUID, limit: int = 50) -> list[Passage]:
    """The last passages of a vehicle."""
    return list(Passage.objects.filter(vehicle_id=vehicle_id).order_by("-passed_at").select_related("point")[:limit])


def known_vehicle(at: PointOfEntry, plate: str, kind: str = PlateKind.CIVIL) -> Vehicle | None:
    """The vehicle with this plate at the point's area, however it is written; None where it is not known."""
    try:
        index = blind(Vehicle, "plate", one_spelling(plate, kind))
    except ValidationError:
        return None
    return Vehicle.objects.filter(area=at.area, plate_index=index).first()


def regulars(at: PointOfEntry, limit: int = REGULARS) -> list[Vehicle]:
    """The vehicles a point sees most often, for a phone that will be without a network."""
    return list(Vehicle.objects.filter(area=at.area).order_by("-times", "-last_at")[:limit])


def sought(plates: Iterable[Any], area_codes: Iterable[str]) -> dict[str, list[SoughtVehicle]]:
    """The vehicles sought among these plates (one spelling), whoever of the areas above seeks them, by plate."""
    wanted = {blind(SoughtVehicle, "plate", plate): _text(plate) for plate in plates}
    above = {code[:length] for code in area_codes for length in range(1, len(code) + 1)}
    found: dict[str, list[SoughtVehicle]] = {}
    indexes = [index for index in wanted if index]
    for start in range(0, len(indexes), CHUNK):
        rows = SoughtVehicle.unscoped.filter(plate_index__in=indexes[start : start + CHUNK], until__gte=today())
        for row in rows.filter(area_id__in=above):
            found.setdefault(wanted[row.plate_index], []).append(row)
    return found


def manifest(manifest_id: UUID | str) -> Manifest:
    """One manifest with its point."""
    return Manifest.objects.select_related("point", "area").get(pk=manifest_id)


def manifests(point_id: UUID | None = None, days: int = 2, limit: int = 30) -> list[Manifest]:
    """Runs that arrive soon or arrived lately, the next first."""
    near = Manifest.objects.filter(arrives_at__gte=now() - timedelta(days=days))
    near = near.filter(point_id=point_id) if point_id else near
    return list(near.select_related("point").order_by("arrives_at")[:limit])


def passengers(manifest_id: UUID, limit: int = 1000) -> list[Passenger]:
    """Everybody aboard, who stands out first."""
    rows = Passenger.objects.filter(manifest_id=manifest_id).order_by(_BY_GRAVITY, "seat")
    return list(rows.select_related("to_area", "area", "manifest", "manifest__point")[:limit])


def consignments(manifest_id: UUID, limit: int = 1000) -> list[Consignment]:
    """Everything aboard, what stands out first."""
    rows = Consignment.objects.filter(manifest_id=manifest_id).order_by(_BY_GRAVITY, "waybill")
    return list(rows.select_related("area")[:limit])


def waiting_passengers(limit: int) -> list[Passenger]:
    """Passengers for whom no list has been asked yet."""
    rows = Passenger.objects.filter(judged_at__isnull=True).order_by("created_at")
    return list(rows.select_related("manifest", "manifest__point", "area", "to_area")[:limit])


def _text(value: Any) -> str:
    return str(value.reveal() if hasattr(value, "reveal") else value)


def sought_in(area_code: str) -> list[SoughtVehicle]:
    """Every vehicle that the areas above (and the area itself) look for now."""
    above = [area_code[:length] for length in range(1, len(area_code) + 1)]
    return list(SoughtVehicle.unscoped.filter(area_id__in=above, until__gte=today()).order_by("until")[:REGULARS])


def passenger(passenger_id: UUID | str) -> Passenger:
    """One person aboard."""
    return Passenger.objects.select_related("manifest", "area").get(pk=passenger_id)


def consignment(consignment_id: UUID | str) -> Consignment:
    """One consignment aboard."""
    return Consignment.objects.select_related("manifest", "area").get(pk=consignment_id)


def shifts_between(since: datetime, until: datetime) -> list[Shift]:
    """Shifts of all points that touch the time between two moments, with leader and what was signed."""
    rows = Shift.objects.filter(ends_at__gt=since, starts_at__lt=until)
    return list(rows.select_related("point", "leader", "hand_over", "taken_from").order_by("starts_at", "pk"))
