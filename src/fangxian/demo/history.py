"""What lies behind the county on the morning of the outbreak: an event that is over, and arrivals in quarantine."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

import numpy as np

from fangxian.core import clock, policy, records
from fangxian.core.areas import Area
from fangxian.core.records import Source
from fangxian.demo import following
from fangxian.demo.areas import COUNTY
from fangxian.demo.days import FIRST_DAY, MORNING, OUTBREAK_DAY, ZONE
from fangxian.demo.following import DISEASE, Followed
from fangxian.demo.load import Loaded
from fangxian.demo.numbers import uuids
from fangxian.demo.officers import Staff
from fangxian.demo.world import World
from fangxian.systems.cases import services as cases
from fangxian.systems.cases.models import Case, Contact, Event
from fangxian.systems.command.models import Task
from fangxian.systems.people.models import Person
from fangxian.systems.quarantine.models import DailyCheck, Stay
from fangxian.systems.testing.models import TestDuty

EVENT_BEGAN = datetime(2022, 1, 6, 10, tzinfo=ZONE)
EVENT_CONTACTS = 18
STAY_DAYS, HOME_DAYS = 14, 7
TOLD = "与病例同一餐厅就餐"


def load_history(rng: np.random.Generator, world: World, loaded: Loaded, staff: Staff) -> None:
    """Write both."""
    load_arrivals(rng, world, loaded)
    load_closed_event(rng, world, loaded, staff)


def load_arrivals(rng: np.random.Generator, world: World, loaded: Loaded) -> int:
    """People back from areas at risk: each in a room since some day, checked and tested by the pack."""
    with clock.frozen(MORNING - timedelta(days=1)):
        pack = policy.pack(disease=DISEASE, area_code=COUNTY, on=OUTBREAK_DAY)
        followed = []
        for person, room in zip(world.arrivals.tolist(), loaded.rooms, strict=False):
            start = FIRST_DAY + timedelta(days=int(rng.integers(2, 14)))
            until = start + timedelta(days=STAY_DAYS - 1)
            subject = loaded.persons[person]
            followed.append(
                Followed(
                    subject, world.people.code(person), start, until, room, subject, "inbound.isolation", pack.version
                )
            )
        _write(rng, followed, pack.days("contact.close.test_days"))
    return len(followed)


def load_closed_event(rng: np.random.Generator, world: World, loaded: Loaded, staff: Staff) -> Event:
    """Two cases in January, brought in from elsewhere: recovered, their contacts all followed to the end."""
    investigator = staff["investigator1"]
    adults = np.flatnonzero((world.people.age >= 20) & (world.people.age < 60) & ~world.people.is_visitor)
    adults = np.setdiff1d(adults, [*world.arrivals, *(one.person for one in world.infections)])
    chosen = rng.choice(adults, size=2 + EVENT_CONTACTS, replace=False).tolist()
    with clock.frozen(EVENT_BEGAN):
        event = cases.open_event(
            by=investigator,
            area=Area.objects.get(code=COUNTY),
            name="2022年1月输入性疫情",
            disease=DISEASE,
            source=Source.DEMO,
            status=Event.Status.CLUSTER,
            started_on=EVENT_BEGAN.date(),
        )
        ill = [_recovered(loaded.persons[person], event, investigator) for person in chosen[:2]]
        contacts = _contacts(rng, world, loaded, chosen[2:], ill)
    with clock.frozen(EVENT_BEGAN + timedelta(days=30)):
        _follow(rng, contacts, loaded)
        _tasks(contacts, staff)
        cases.link(by=investigator, infector=ill[0], infected=ill[1], source=Source.DEMO, kind="HABITATION")
        closing = {"closed_on": date(2022, 2, 5), "status": Event.Status.CLUSTER}
        return records.change(event, by=investigator, action="cases.event.closed", **closing)


def _recovered(person_id: UUID, event: Event, by) -> Case:
    """One case of the closed event, from result to recovery."""
    case = cases.open_case(
        by=by,
        person=Person.objects.get(pk=person_id),
        disease=DISEASE,
        source=Source.DEMO,
        event=event,
        origin=Case.Origin.POINT_OF_ENTRY,
        symptomatic=True,
        onset_on=EVENT_BEGAN.date() - timedelta(days=1),
        sampled_at=EVENT_BEGAN - timedelta(hours=14),
        positive_at=EVENT_BEGAN,
        isolated_at=EVENT_BEGAN,
    )
    case = cases.confirm(case, by=by, basis=cases.Basis.LABORATORY)
    case = cases.change_case(by=by, case=case, reported_at=EVENT_BEGAN + timedelta(minutes=70))
    case = cases.close_investigation(case, by=by)
    return cases.set_outcome(case, by=by, outcome=Case.Outcome.RECOVERED, on=date(2022, 1, 28))


def _contacts(
    rng: np.random.Generator, world: World, loaded: Loaded, chosen: list[int], ill: list[Case]
) -> list[Contact]:
    pack = policy.pack(disease=DISEASE, area_code=COUNTY, on=EVENT_BEGAN.date())
    met_at = EVENT_BEGAN - timedelta(days=1, hours=16)
    told = [{"kind": "declared", "degree": 1, "place_name": TOLD, "overlap_s": 3600, "starts_at": met_at.isoformat()}]
    rows = [
        Contact(
            id=made,
            area_id=world.people.code(person),
            case=ill[number % 2],
            case_area_id=ill[number % 2].area_id,
            person_id=loaded.persons[person],
            ring=Contact.Ring.CLOSE,
            classification=Contact.Classification.CONFIRMED,
            follow_up=Contact.FollowUp.COMPLETED,
            status=Contact.Status.ACTIVE,
            first_contact_at=met_at,
            last_contact_at=met_at + timedelta(hours=1),
            follow_up_until=EVENT_BEGAN.date() + timedelta(days=STAY_DAYS + HOME_DAYS - 1),
            evidence=told,
            rule="close:declared",
            pack=pack.version,
        )
        for number, (person, made) in enumerate(
            zip(chosen, uuids(rng, len(chosen), int(met_at.timestamp())), strict=True)
        )
    ]
    return records.create_many(Contact, rows, by=None, action="cases.contact.demo_loaded", source=Source.DEMO)


def _follow(rng: np.random.Generator, contacts: list[Contact], loaded: Loaded) -> None:
    """Fourteen days in a room, seven at home, by the pack of those days."""
    pack = policy.pack(disease=DISEASE, area_code=COUNTY, on=EVENT_BEGAN.date())
    begin, turn = EVENT_BEGAN.date(), EVENT_BEGAN.date() + timedelta(days=STAY_DAYS)
    spans = ((begin, turn - timedelta(days=1), True), (turn, turn + timedelta(days=HOME_DAYS - 1), False))
    for starts_on, ends_on, central in spans:
        followed = [
            Followed(
                contact.person_id, contact.area_id, starts_on, ends_on, room if central else None, contact.pk,
                contact.rule, pack.version,
            )
            for contact, room in zip(contacts, loaded.rooms, strict=False)
        ]  # fmt: skip
        key = "contact.close.test_days" if central else "contact.close.home_test_days"
        _write(rng, followed, pack.days(key))


def _write(rng: np.random.Generator, followed: list[Followed], test_days: list[int]) -> None:
    stage = "central" if followed and followed[0].room else "home"
    _bulk(Stay, (following.stay(one) for one in followed))
    _bulk(DailyCheck, (check for one in followed for check in following.checks(rng, one)))
    _bulk(TestDuty, (duty for one in followed for duty in following.duties(one, test_days, stage)))


def _bulk(model: type, rows: Iterable) -> None:
    action = f"{model._meta.app_label}.{model._meta.model_name}.demo_loaded"
    records.create_many(model, rows, by=None, action=action, source=Source.DEMO)


def _tasks(contacts: list[Contact], staff: Staff) -> None:
    """What the grid workers did for these contacts, done and checked."""
    handed, done = EVENT_BEGAN + timedelta(hours=2), EVENT_BEGAN + timedelta(hours=6)
    duty_officer = staff["duty-officer1"]
    rows = []
    for contact in contacts:
        worker = staff.worker_of[contact.area_id]
        rows.append(
            Task(
                area_id=contact.area_id,
                from_area_id=COUNTY,
                kind=Task.Kind.CONTACT_TRANSFER,
                title="转运密切接触者至集中隔离点",
                person_id=contact.person_id,
                subject_kind="cases.case",
                subject_id=contact.case_id,
                role="grid_worker",
                officer=worker,
                priority=Task.Priority.HIGH,
                status=Task.Status.CHECKED,
                due_at=handed + timedelta(hours=8),
                received_at=handed + timedelta(minutes=20),
                received_by=worker,
                done_at=done,
                done_by=worker,
                checked_at=done + timedelta(hours=1),
                checked_by=duty_officer,
                outcome="已转运并完成首次采样",
            )
        )
    _bulk(Task, rows)
