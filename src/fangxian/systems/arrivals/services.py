"""The verbs of arrivals: recording one with its stays, landing, checking, receiving."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from fangxian.core import records
from fangxian.core.areas import Area
from fangxian.core.clock import now, today
from fangxian.core.officers import Officer
from fangxian.core.records import Source
from fangxian.systems.arrivals.announcements import announce
from fangxian.systems.arrivals.models import Arrival, TravelStay
from fangxian.systems.arrivals.transitions import step
from fangxian.systems.people.models import Person


@dataclass(frozen=True)
class Stayed:
    """A stay before the arrival as it is told: where (national code of any length, or a name), first and last day."""

    code: str
    from_on: date
    until_on: date
    named: str = ""
    latitude: float | None = None
    longitude: float | None = None


def record_arrival(
    *, by: Officer | None, person: Person, area: Area, arrived_on: date, stays: Iterable[Stayed] = (),
    source: str = Source.WEB, id: UUID | None = None,  # noqa: A002  (the record's field)
    state: str | None = None, **values: Any,
) -> Arrival:  # fmt: skip
    """Enter an arrival with the stays before it. The same client-made id is answered with the stored arrival.

    `area` is the home that answers for the person; `present_area` (in values) where they landed, home when not named.
    Who comes on a later day is expected; everybody else has landed now.
    """
    given = {"id": id} if id else {}
    values.setdefault("present_area", area)
    expected = arrived_on > today()
    values.setdefault("landed_at", None if expected else now())
    with transaction.atomic():
        known = Arrival.unscoped.filter(pk=id).exists() if id else False
        arrival = records.create(
            Arrival, by=by, action="arrivals.arrival.recorded", source=source, person=person, area=area,
            arrived_on=arrived_on, state=state or (Arrival.State.EXPECTED if expected else Arrival.State.LANDED),
            **given, **values,
        )  # fmt: skip
        if not known:
            add_stays(by=by, arrival=arrival, stays=stays, source=source, tell=False)
            announce([arrival.pk], by=by)
    return arrival


def add_stays(
    *, by: Officer | None, arrival: Arrival, stays: Iterable[Stayed], source: str = Source.WEB, tell: bool = True
) -> list[TravelStay]:
    """Add stays told later; those known already (same place, same first day) are left as they are."""
    with transaction.atomic():
        known = set(TravelStay.unscoped.filter(arrival=arrival).values_list("code", "named", "from_on"))
        rows = [
            TravelStay(arrival=arrival, area=arrival.area, **asdict(stay))
            for stay in dict.fromkeys(stays)
            if (stay.code, stay.named, stay.from_on) not in known
        ]
        for row in rows:
            row.full_clean(validate_unique=False, validate_constraints=False)
        records.create_many(TravelStay, rows, by=by, action="arrivals.stays.recorded", source=source)
        if tell and rows:
            announce([arrival.pk], by=by)
    return rows


def judged(*, by: Officer | None, arrival: Arrival, category: str, **facts: Any) -> Arrival:
    """Keep what the rules make of the travel history: category, rule, pack, evidence, clocks."""
    return records.change(arrival, by=by, action="arrivals.arrival.judged", category=category, **facts)


def land(*, by: Officer | None, arrival: Arrival, at: datetime | None = None) -> Arrival:
    """The expected person is here."""
    return _move(arrival, "land", by, landed_at=at or now())


def check(*, by: Officer, arrival: Arrival, tested_at: datetime | None = None, note: str = "") -> Arrival:
    """The first place of landing has looked: temperature, papers, and a test where there is none."""
    stamps: dict[str, Any] = {"checked_at": now(), "checked_by": by, "landed_at": arrival.landed_at or now()}
    stamps |= {"tested_at": tested_at} if tested_at else {}
    stamps |= {"note": note} if note else {}
    return _move(arrival, "check", by, **stamps)


def receive(*, by: Officer, arrival: Arrival) -> Arrival:
    """The home area has the person."""
    return _move(arrival, "receive", by, received_at=now(), received_by=by, landed_at=arrival.landed_at or now())


def not_come(*, by: Officer, arrival: Arrival, note: str) -> Arrival:
    """The expected person has not come and will not."""
    return _move(arrival, "not_come", by, note=note)


def change_arrival(*, by: Officer | None, arrival: Arrival, base_version: int | None = None, **changes: Any) -> Arrival:
    """Correct an arrival; it is judged again."""
    with transaction.atomic():
        changed = records.change(
            arrival, by=by, action="arrivals.arrival.changed", base_version=base_version, **changes
        )
        announce([changed.pk], by=by)
    return changed


def _move(arrival: Arrival, verb: str, by: Officer | None, **stamps: Any) -> Arrival:
    with transaction.atomic():
        current = Arrival.objects.select_for_update(of=("self",)).get(pk=arrival.pk)
        state = step(current, verb)
        moved = records.change(current, by=by, action=f"arrivals.arrival.{verb}", state=state, **stamps)
        announce([moved.pk], by=by)
    return moved


def write_stay(
    *, by: Officer | None, stay: TravelStay | None = None, base_version: int | None = None, source: str = Source.WEB,
    **values: Any,
) -> TravelStay:  # fmt: skip
    """Enter or correct one stay; its arrival is judged again."""
    with transaction.atomic():
        if stay is None:
            stay = records.create(TravelStay, by=by, action="arrivals.stay.recorded", source=source, **values)
        else:
            stay = records.change(stay, by=by, action="arrivals.stay.changed", base_version=base_version, **values)
        announce([stay.arrival_id], by=by)
    return stay
