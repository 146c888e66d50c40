"""The story of a passage: the lists are asked, what they know stands first, and the home area hears of it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from fangxian.core import jobs, records
from fangxian.core.areas import Area
from fangxian.core.audit import AuditEntry
from fangxian.core.clock import now
from fangxian.core.ids import uuid7
from fangxian.registers import site
from fangxian.systems.arrivals.models import Arrival, TravelStay
from fangxian.systems.cases import services as cases
from fangxian.systems.checkpoints import manifests, services
from fangxian.systems.checkpoints.models import Consignment, Manifest, Passage, Passenger, SoughtVehicle, Traveller
from fangxian.systems.command.models import Task
from fangxian.systems.people import services as people
from fangxian.systems.people.models import Person
from fangxian.systems.quarantine import services as quarantine
from fangxian.systems.quarantine.services import Need
from fangxian.systems.risk_areas import services as risk_areas
from fangxian.workflows import passage as story
from tests.registers.samples import resident_number
from tests.unit.checkpoints.conftest import guard, passed, passing, point  # noqa: F401  (the same checkpoint)

pytestmark = pytest.mark.django_db
CELL = "410883001212001"


@pytest.fixture
def resident(point):  # noqa: F811
    """Somebody of 段西村 with a number."""
    return people.add_person(by=None, area=Area.objects.get(code=CELL), name="张三", id_number=resident_number(7))


@pytest.fixture
def zone(point, county, officer):  # noqa: F811
    """覃怀街道 of the neighbour is a high-risk area since yesterday."""
    begins = now() - timedelta(days=1)
    made = risk_areas.propose(
        by=officer(),
        area=county,
        name="沁阳市覃怀街道",
        disease="covid19",
        level="HIGH",
        from_at=begins,
        codes="410882001",
    )
    return risk_areas.publish(version=made, by=officer())


@pytest.fixture
def recorded(passing, guard):  # noqa: F811
    """Factory: a passage as a guard's phone sends it."""

    def make(travellers=(), **values):
        entry = services.entry(passing(**values), travellers)
        story.record(by=guard[0], entries=[entry])
        return Passage.objects.get(pk=entry.passage.pk)

    return make


def test_an_ordinary_passage_is_asked_about_and_nothing_follows(recorded):
    passage = recorded(from_code="419001")
    assert passage.judged_at and passage.reasons == [] and not passage.is_open
    assert not Task.objects.exists() and not Arrival.objects.exists()


def test_somebody_in_quarantine_stands_first_and_the_township_is_told(recorded, resident, point):  # noqa: F811
    need = Need(person=resident, area=resident.area, starts_on=date(2022, 3, 14), ends_on=date(2022, 3, 28),
                subject_id=uuid7(), rule="contact.close.isolation", pack="covid19-cn-v8@1")  # fmt: skip
    quarantine.book(by=None, needs=[need])
    passage = recorded(name="张三", id_number=resident_number(7), code_state="YELLOW")
    assert passage.reasons == ["QUARANTINED", "YELLOW_CODE"] and passage.advised == "HELD" and passage.is_open
    assert passage.because[0]["until"] == "2022-03-28" and passage.person == resident
    task = Task.objects.get()
    assert (task.area_id, task.role, task.person, task.params["point"]) == (
        CELL,
        "township_officer",
        resident,
        str(point),
    )
    assert str(passage.pk) not in str(vars(task))
    recorded(name="张三", id_number=resident_number(7), passed_at=now() + timedelta(minutes=9))
    assert Task.objects.count() == 1


def test_a_case_that_is_sought_is_found_among_the_passengers(recorded, resident):
    cases.open_case(by=None, person=resident, disease="covid19", area=resident.area)
    others = [{"name": "李四"}, {"name": "张三", "id_number": resident_number(7)}]
    assert recorded(travellers=others).gravest == "CASE_SOUGHT"
    assert Task.objects.get().person == resident


def test_who_comes_from_a_risk_area_arrives_at_home(recorded, resident, zone, point):  # noqa: F811
    passage = recorded(name="张三", id_number=resident_number(7), from_code="410882001", from_name="覃怀街道")
    assert passage.reasons == ["RISK_HIGH"] and passage.because[0]["zone"] == "沁阳市覃怀街道"
    arrival = Arrival.objects.get()
    assert (arrival.person, arrival.area_id, arrival.present_area) == (resident, CELL, point.area)
    assert arrival.channel == "CHECKPOINT"
    assert list(TravelStay.objects.values_list("code", "named")) == [("410882001", "覃怀街道")]
    recorded(name="张三", id_number=resident_number(7), from_code="410882001")
    assert Arrival.objects.count() == 1
    assert str(passage.pk) not in "".join(str(vars(row)) for row in (*Arrival.objects.all(), *Task.objects.all()))


def test_a_stranger_from_a_risk_area_is_entered_where_they_go(recorded, zone):
    village = Area.objects.get(code="410883002201")
    recorded(name="外地人", id_number=resident_number(9), phone="13812345678", from_code="410882001", to_area=village)
    person = Person.objects.get(name="外地人")
    assert person.area == village and Arrival.objects.get().area == village


@pytest.mark.parametrize("number", ["", "410882199001011", "E12345678"])
def test_without_a_number_that_holds_nobody_is_made_up(recorded, zone, number):
    passage = recorded(name="外地人", id_number=number if number != "410882199001011" else "", from_code="410882001")
    assert passage.is_open and not Arrival.objects.exists() | Person.objects.filter(name="外地人").exists()


def test_whoever_leaves_for_a_risk_area_has_not_come_from_it(recorded, zone):
    assert recorded(direction="OUT", from_code="410882001").reasons == []


def test_a_county_around_a_risk_area_is_to_be_asked_about(recorded, zone):
    passage = recorded(from_code="410882", name="张三", id_number=resident_number(7))
    assert passage.reasons == ["RISK_LOW"] and passage.because[0]["ask"]
    assert not Arrival.objects.exists()


def test_a_passage_is_judged_by_the_areas_of_its_own_day(recorded, zone):
    assert recorded(from_code="410882001", passed_at=now() - timedelta(days=3)).reasons == []


def test_a_vehicle_sought_by_the_county_is_reported_to_it_without_its_plate(recorded, county):
    records.create(SoughtVehicle, by=None, action="test.made", area=county, plate="豫U12345", reason="逃避排查",
                   until=date(2022, 3, 20))  # fmt: skip
    passage = recorded()
    assert passage.reasons == ["VEHICLE_SOUGHT"] and passage.because[0]["why"] == "逃避排查"
    task = Task.objects.get()
    assert (task.area, task.role) == (county, "duty_officer")
    assert "12345" not in str(vars(task)) and "逃避排查" in task.instructions_text


def test_listing_a_vehicle_looks_back_over_what_has_passed(recorded, county):
    earlier, other = recorded(), recorded(plate="豫H00001")
    register = site.get("checkpoints.soughtvehicle")
    values = {"area": county, "plate": "豫U12345", "reason": "逃避排查", "until": date(2022, 3, 14)}
    row = register.write(by=None, values=register.clean_row(values))
    assert jobs.run_pending() == 0  # sought no longer: nobody is asked
    register.write(by=None, record=row, values={"until": date(2022, 3, 20)})
    assert jobs.run_pending() == 1
    assert [Passage.objects.get(pk=one.pk).reasons for one in (earlier, other)] == [["VEHICLE_SOUGHT"], []]
    assert Task.objects.get().area == county
    register.write(by=None, record=row, values={"reason": "冲卡"})
    jobs.run_pending()
    assert Passage.objects.get(pk=earlier.pk).because[0]["why"] == "冲卡"


def test_a_sheet_or_a_device_does_not_wait_and_is_asked_about_by_a_job(point, county, guard, zone):  # noqa: F811
    register = site.get("checkpoints.passage")
    values = {"area": point.area, "point": point, "passed_at": now(), "plate": "豫U12345", "from_code": "410882001"}
    register.write(by=guard[0], values=register.clean_row(values))
    assert Passage.objects.get().judged_at is None
    assert jobs.run_pending() >= 1
    assert Passage.objects.get().reasons == ["RISK_HIGH"]
    assert AuditEntry.objects.filter(action="checkpoints.passages.matched").count() == 1


def test_sending_again_asks_nobody_again(passing, guard):  # noqa: F811
    entry = services.entry(passing(id=uuid7()))
    assert len(story.record(by=guard[0], entries=[entry]).new) == 1
    again = story.record(by=guard[0], entries=[services.entry(passing(id=entry.passage.pk))])
    assert (len(again.new), len(again.known)) == (0, 1)


# --- manifests ---


@pytest.fixture
def flight(point):  # noqa: F811
    """A flight from 沁阳 that stops here."""
    return records.create(
        Manifest, by=None, action="test.made", area=point.area, point=point, number="MU5187/2022-03-15",
        from_code="410882", from_name="沁阳市", arrives_at=now(),
    )  # fmt: skip


def aboard(flight, seat, **values):
    return manifests.save_passenger(
        by=None, values={"area": flight.area, "manifest": flight, "seat": seat, "name": f"旅客{seat}", **values}
    )


def test_everybody_aboard_is_asked_about_and_who_gets_off_has_landed(flight, zone, resident):
    aboard(flight, "1A", from_code="410882001", id_number=resident_number(7))
    aboard(flight, "1B", from_code="410882001", id_number=resident_number(8), stop="TRANSIT")
    aboard(flight, "1C", from_code="419001")
    story.match_waiting()
    found = {row.seat: row.gravest for row in Passenger.objects.all()}
    assert found == {"1A": "RISK_HIGH", "1B": "RISK_HIGH", "1C": ""}
    arrival = Arrival.objects.get()
    assert (arrival.person, arrival.carrier, arrival.seat) == (resident, "MU5187", "1A")


def test_goods_from_a_risk_area_or_without_proof_stand_out(flight, zone, guard):  # noqa: F811
    def goods(waybill, **values):
        return records.create(Consignment, by=None, action="test.made", area=flight.area, manifest=flight,
                              waybill=waybill, goods="冷冻带鱼", **values)  # fmt: skip

    risky, cold, fine = goods("781-1", from_code="410882001"), goods("781-2", is_cold=True), goods("781-3")
    assert story.match_goods(flight) == 3  # the county around the risk area is to be asked about
    assert [Consignment.objects.get(pk=row.pk).gravest for row in (risky, cold, fine)] == [
        "RISK_HIGH", "RISK_LOW", "RISK_LOW",
    ]  # fmt: skip
    with pytest.raises(Exception, match="without proof"):
        manifests.treat(consignment=cold, by=guard[0], act="RELEASED")
    manifests.treat(consignment=cold, by=guard[0], act="DISINFECTED")
    with pytest.raises(Exception, match="Still to be decided: 0 people, 2"):
        manifests.close(manifest=flight, by=guard[0])
    for row in (risky, fine):
        manifests.treat(consignment=Consignment.objects.get(pk=row.pk), by=guard[0], act="HELD")
    assert manifests.close(manifest=flight, by=guard[0]).closed_at
    assert story.match_goods(flight) == 0


# --- after a fortnight ---


def test_after_its_time_nothing_of_a_passage_is_left(recorded, passed, resident, flight):  # noqa: F811
    recorded(name="张三", id_number=resident_number(7), passed_at=now() - timedelta(days=20),
             travellers=[{"name": "李四"}], temperature=Decimal("38"))  # fmt: skip
    kept = passed(plate="豫H00001")
    Passage.unscoped.filter(pk=kept.pk).update(created_at=now() + timedelta(days=1))
    gone = services.purge(before=now() - timedelta(days=14))
    assert gone == {"travellers": 1, "passages": 1, "vehicles": 1, "passengers": 0}
    assert [row.pk for row in Passage.objects.all()] == [kept.pk] and not Traveller.objects.exists()
    assert AuditEntry.objects.get(action="checkpoints.passages.dropped").detail["passages"] == 1
    assert services.purge(before=now() - timedelta(days=14)) == dict.fromkeys(gone, 0)
