"""A vehicle at the barrier: written down, judged by what the guard saw, then held against every list.

Read downwards: `record` stores what a phone, a page or a call sent and asks the lists at once, because a guard waits
for the answer; `on_waiting` does the same a moment later for sheets and devices, which do not wait. `match` asks risk
areas, the lists of people (cases, contacts, people in quarantine) and of vehicles; what they know stands first on the
guard's page. `follow` tells the home area of who came from a risk area, and whoever looks for a person or a vehicle.

Running it again is harmless: passages are known by id, arrivals and tasks by person, point and day.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from fangxian.core import jobs, scope
from fangxian.core.clock import today
from fangxian.core.officers import Officer
from fangxian.core.records import Source
from fangxian.systems.arrivals.words import Means
from fangxian.systems.checkpoints import judging, manifests, matching, services
from fangxian.systems.checkpoints import selectors as checkpoints
from fangxian.systems.checkpoints.announcements import passages_waiting
from fangxian.systems.checkpoints.models import Manifest, Passage, Passenger, Traveller
from fangxian.systems.checkpoints.words import Carrier, Direction, Stop
from fangxian.systems.risk_areas import selectors as risk_areas
from fangxian.systems.risk_areas.matching import Zone
from fangxian.workflows.passages import following, lists
from fangxian.workflows.passages.lists import RISKS, Found, Known

WHY = "a checkpoint asks the lists of every area about whoever passes"
BATCH = 500
JOB = "passages.match"
MEANS = {
    Carrier.FLIGHT: Means.AIRCRAFT, Carrier.TRAIN: Means.TRAIN, Carrier.COACH: Means.COACH, Carrier.SHIP: Means.SHIP,
}  # fmt: skip


def record(*, by: Officer | None, entries: Iterable[services.Entry], source: str = Source.FIELD) -> services.Recorded:
    """Store passages inside the scope in force and ask the lists at once; what is known by its id stays as it is."""
    with transaction.atomic():
        done = services.record_passages(by=by, entries=entries, source=source, tell=False)
        with scope.everywhere(WHY):
            match(done.new)
    return done


@receiver(passages_waiting)
def on_waiting(sender: object, **_signal: object) -> None:
    """Something waits that nobody waits for: queue the work in its own transaction."""
    jobs.enqueue(JOB, by=None, key="waiting")


@jobs.job(JOB)
def match_waiting(job: jobs.Job | None = None) -> dict[str, int]:
    """Ask the lists about everything that waits, a batch a transaction; returns how much stood out."""
    passed, aboard = 0, 0
    with scope.everywhere(WHY):
        while rows := checkpoints.waiting(BATCH):
            with transaction.atomic():
                passed += len(match(rows))
        while people := checkpoints.waiting_passengers(BATCH):
            with transaction.atomic():
                aboard += len(match_passengers(people))
    return {"passages": passed, "passengers": aboard}


def match(passages: Sequence[Passage]) -> list[Passage]:
    """Ask the lists about passages, write down what they know, and let follow what follows; gives who stands out."""
    if not passages:
        return []
    others = checkpoints.travellers_of(row.pk for row in passages)
    everybody = [*passages, *(one for group in others.values() for one in group)]
    known = lists.known_people(one.id_number for one in everybody)
    zones = _zones(timezone.localdate(row.passed_at) for row in passages if row.from_code)
    vehicles = lists.vehicles([row.plate for row in passages], {row.area_id for row in passages})
    found = {row.pk: _found(row, others[row.pk], known, zones, vehicles) for row in passages}
    on_spot = {
        row.pk: judging.reasons(row.direction, [row, *others[row.pk]], judging.rules(row.area_id, today()))
        for row in passages
    }
    persons = {row.pk: person.pk for row in passages if (person := known.person(row.id_number))}
    striking = matching.note(passages=passages, found=found, on_spot=on_spot, persons=persons)
    for row in striking:
        follow(row, [row, *others[row.pk]], known)
    return striking


def follow(row: Passage, people: Sequence[Passage | Traveller], known: Known) -> None:
    """Tell the home area of each who comes in from a risk area; tell who looks for a person or the vehicle."""
    risky = any(one["reason"] in RISKS and not one.get("ask") for one in row.because)
    home = row.to_area or row.area
    for one in people:
        person = known.person(one.id_number)
        if risky and row.direction == Direction.IN:
            person = following.person_of(known=person, name=one.name, number=one.id_number, phone=one.phone, home=home)
            if person is not None:
                following.arrive(
                    person=person, home=row.to_area or (person.area if known.person(one.id_number) else home),
                    point=row.point, at=row.passed_at, code=row.from_code, named=row.from_name, means=Means.ROAD,
                )  # fmt: skip
        if person is not None:
            following.tell(
                person=person, found=known.of(one.id_number), point=row.point, at=row.passed_at,
                direction=row.get_direction_display(),
            )  # fmt: skip
    for one in row.because:
        if "why" in one:
            following.tell_of_vehicle(
                found=one, point=row.point, at=row.passed_at, direction=row.get_direction_display()
            )


def match_passengers(passengers: Sequence[Passenger]) -> list[Passenger]:
    """The same for people on manifests: by where they boarded, or else where the run comes from."""
    known = lists.known_people(one.id_number for one in passengers)
    zones = risk_areas.in_force()
    found = {
        one.pk: [
            *known.of(one.id_number),
            *lists.risk(zones, one.from_code or one.manifest.from_code, one.manifest.arrives_at),
        ]
        for one in passengers
    }
    persons = {one.pk: person.pk for one in passengers if (person := known.person(one.id_number))}
    striking = matching.note_passengers(passengers=passengers, found=found, persons=persons)
    for one in striking:
        _land(one, known)
    return striking


def zones_today() -> list[Zone]:
    """The risk areas in force today of which the pack asks anything, for a page that has to warn by itself."""
    return [zone for zone in risk_areas.in_force(today()) if zone.managed]


def match_manifest(manifest: Manifest) -> int:
    """Ask the lists about everybody and everything aboard a run; how many stand out."""
    with scope.everywhere(WHY), transaction.atomic():
        people = match_passengers(checkpoints.passengers(manifest.pk))
        return len(people) + match_goods(manifest)


def match_goods(manifest: Manifest) -> int:
    """What stands out about the goods of a run: loaded in a risk area, or cold chain without proof."""
    with scope.everywhere(WHY):
        zones = risk_areas.in_force()
        found: dict[UUID, list[Found]] = {
            row.pk: lists.risk(zones, row.from_code or manifest.from_code, manifest.arrives_at)
            for row in checkpoints.consignments(manifest.pk)
        }
        return manifests.note_goods(manifest=manifest, found=found)


def _land(one: Passenger, known: Known) -> None:
    """Whoever gets off here from a risk area has landed; whoever stays aboard is the next station's."""
    person, manifest = known.person(one.id_number), one.manifest
    if one.stop == Stop.ALIGHT and any(found["reason"] in RISKS for found in one.because):
        home = one.to_area or (person.area if person else one.area)
        person = following.person_of(known=person, name=one.name, number=one.id_number, phone=one.phone, home=home)
        if person is not None:
            following.arrive(
                person=person, home=home, point=manifest.point, at=manifest.arrives_at,
                code=one.from_code or manifest.from_code, named=manifest.from_name,
                means=MEANS[Carrier(manifest.carrier)], carrier=manifest.number.split("/")[0], seat=one.seat,
            )  # fmt: skip
    if person is not None:
        following.tell(
            person=person, found=known.of(one.id_number), point=manifest.point, at=manifest.arrives_at,
            direction=one.get_stop_display(),
        )  # fmt: skip


def _zones(days: Iterable[date]) -> dict[date, list[Zone]]:
    """The risk areas in force on each day on which somebody passed who said from where."""
    return {day: risk_areas.in_force(day) for day in set(days)}


def _found(
    row: Passage, others: list[Traveller], known: Known, zones: dict[date, list[Zone]], vehicles: dict[str, list[Found]]
) -> list[Found]:
    """What every list says about one passage."""
    people = [found for one in (row, *others) for found in known.of(one.id_number)]
    in_force = zones.get(timezone.localdate(row.passed_at), [])
    risk = lists.risk(in_force, row.from_code, row.passed_at) if row.direction == Direction.IN else []
    plate = str(row.plate.reveal() if hasattr(row.plate, "reveal") else row.plate)
    return [*people, *vehicles.get(plate, []), *risk]
