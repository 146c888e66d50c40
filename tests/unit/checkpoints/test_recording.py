"""Passages in: judged by what was seen, known by their id, remembered by their plate; the audit only counts them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from fangxian.core import records
from fangxian.core.audit import AuditEntry
from fangxian.core.clock import now
from fangxian.core.ids import uuid7
from fangxian.registers import site
from fangxian.systems.checkpoints import judging, selectors, services
from fangxian.systems.checkpoints.models import Passage, PointOfEntry, SoughtVehicle, Traveller, Vehicle

pytestmark = pytest.mark.django_db
ID = "410883199001011230"


@pytest.mark.parametrize(
    ("seen", "reasons", "advised"),
    [
        ({}, [], "LET_THROUGH"),
        ({"code_state": "RED"}, ["RED_CODE"], "HELD"),
        ({"code_state": "YELLOW", "temperature": Decimal("37.3")}, ["FEVER", "YELLOW_CODE"], "REFERRED"),
        ({"temperature": Decimal("37.2")}, [], "LET_THROUGH"),
        ({"temperature": None, "code_state": "UNSEEN"}, [], "LET_THROUGH"),
        ({"code_state": "NONE"}, ["NO_CODE"], "REFERRED"),
        ({"test_hours": 0}, ["TEST_MISSING"], "REFERRED"),
        ({"test_hours": 48}, [], "LET_THROUGH"),
        ({"test_hours": 72}, ["TEST_MISSING"], "REFERRED"),
        ({"test_hours": None}, [], "LET_THROUGH"),
        ({"test_hours": 72, "direction": "OUT"}, [], "LET_THROUGH"),
    ],
)
def test_what_is_seen_stands_out_by_the_rules(passed, seen, reasons, advised):
    passage = passed(**seen)
    assert (passage.reasons, passage.advised) == (reasons, advised)
    assert passage.gravest == (reasons[0] if reasons else "")
    assert passage.is_open == bool(reasons)
    assert passage.rule.startswith("fangxian-checkpoints-defaults@")


def test_one_of_many_in_a_vehicle_is_enough(passed):
    others = [{"name": "李四", "code_state": "GREEN"}, {"name": "王五", "temperature": Decimal("38.1")}]
    assert passed(travellers=others).reasons == ["FEVER"]
    assert Traveller.objects.count() == 2


def test_who_is_turned_back_leaves_nothing_open(passed):
    assert not passed(code_state="RED", decision="TURNED_BACK").is_open


def test_a_milder_decision_than_advised_shows():
    assert judging.departs("LET_THROUGH", "REFERRED")
    assert not judging.departs("HELD", "REFERRED")


def test_the_same_id_again_is_known_and_changes_nothing(passing):
    known = uuid7()
    for times in (1, 2):
        done = services.record_passages(by=None, entries=[services.entry(passing(id=known))])
        assert (len(done.new), len(done.known)) == ((1, 0) if times == 1 else (0, 1))
    assert Passage.objects.count() == 1 and Vehicle.objects.get().times == 1


def test_an_id_of_another_point_is_refused(passing, point):
    done = services.record_passages(by=None, entries=[services.entry(passing(id=uuid7()))]).new[0]
    other = records.create(PointOfEntry, by=None, action="test.made", area=point.area, name="另一卡点")
    with pytest.raises(ValidationError, match="taken by another"):
        services.record_passages(by=None, entries=[services.entry(passing(id=done.pk, point=other))])


@pytest.mark.parametrize(
    "wrong",
    [
        {"plate": "豫12345"}, {"plate": "", "name": ""}, {"id_number": "410883199001011239"}, {"phone": "12"},
        {"from_code": "Jiyuan"}, {"temperature": Decimal("60")}, {"people": 0},
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_field(passing, wrong):
    with pytest.raises(ValidationError) as refused:
        services.entry(passing(**wrong))
    assert set(refused.value.error_dict) & (set(wrong) | {"plate"})


def test_plates_of_other_kinds_are_text(passing):
    assert services.entry(passing(plate="wj 豫·1234", plate_kind="MILITARY")).passage.plate == "WJ豫1234"


def test_a_vehicle_is_remembered_and_offered(passed, point):
    first = passed(purpose="COMMUTE", from_code="419001", from_name="济源市", name="张三", id_number=ID)
    passed(plate="豫u·12345", people=3, passed_at=now() + timedelta(minutes=5))
    vehicle = selectors.known_vehicle(point, "豫U 12345")
    assert (vehicle.times, vehicle.people, vehicle.purpose, vehicle.from_name) == (2, 3, "COMMUTE", "济源市")
    assert (vehicle.name, vehicle.id_number) == ("张三", ID)
    assert vehicle.pk == first.vehicle_id
    assert [row.plate.reveal() for row in selectors.regulars(point)] == ["豫U12345"]
    assert len(selectors.passages_of(vehicle.pk)) == 2
    assert selectors.known_vehicle(point, "no plate") is None


def test_two_passages_of_one_vehicle_in_one_list(passing, point):
    entries = [services.entry(passing(passed_at=now() + timedelta(minutes=n))) for n in (2, 1)]
    services.record_passages(by=None, entries=entries)
    vehicle = Vehicle.objects.get()
    assert (vehicle.times, vehicle.last_at) == (2, now() + timedelta(minutes=2))


def test_the_audit_says_how_many_and_never_which(passing, guard):
    entries = [services.entry(passing(plate=f"豫U1234{n}")) for n in range(3)]
    services.record_passages(by=guard[0], entries=entries)
    entry = AuditEntry.objects.get(action="checkpoints.passages.recorded")
    assert entry.detail == {"passages": 3, "source": "web"} and entry.officer == guard[0]
    told = "".join(str(row.detail) + row.target_id for row in AuditEntry.objects.all())
    assert not any(str(one.passage.pk) in told for one in entries)


def test_a_corrected_passage_is_judged_again(passed, guard):
    passage = passed(code_state="RED")
    changed = services.change_passage(passage=passage, by=guard[0], code_state="GREEN")
    stored = Passage.objects.get()
    assert stored.reasons == [] and not stored.is_open and stored.judged_at is None
    assert changed.version == 2


def test_an_exception_is_settled_once_with_words(passed, guard):
    passage = passed(code_state="YELLOW")
    with pytest.raises(ValidationError):
        services.settle(passage=passage, by=guard[0], outcome=" ")
    done = services.settle(passage=passage, by=guard[0], outcome="采样后放行")
    assert not done.is_open and done.settled_by == guard[0]
    with pytest.raises(ValidationError, match="settled already"):
        services.settle(passage=passage, by=guard[0], outcome="again")


def test_exceptions_stand_gravest_first_then_oldest(passed, point):
    wanted = {}
    for number, state in enumerate(["YELLOW", "RED", "NONE", "RED"]):
        wanted[number] = passed(code_state=state, plate=f"豫U2000{number}", passed_at=now() + timedelta(minutes=number))
    found = [row.pk for row in selectors.exceptions(point.pk)]
    assert found == [wanted[n].pk for n in (1, 3, 0, 2)]


def test_people_who_passed_from_an_area_are_found_for_its_evaluation(passed):
    passed(from_code="410882", plate="豫H00001")
    passed(from_code="410882003", plate="豫H00002")
    passed(from_code="410811", plate="豫H00003")
    passed(from_code="", plate="豫H00004")
    day = (now() - timedelta(days=1), now() + timedelta(days=1))
    assert {row.from_code for row in selectors.passages_between(*day, ["410882"])} == {"410882", "410882003"}
    assert selectors.passages_between(now() + timedelta(hours=1), day[1], ["410882"]) == []


def test_vehicles_are_sought_by_every_area_above_the_point(point, county):
    records.create(SoughtVehicle, by=None, action="test.made", area=county, plate="豫H00001", reason="逃避排查",
                   until=now().date())  # fmt: skip
    found = selectors.sought(["豫H00001", "豫H00002"], [point.area_id])
    assert [row.reason for row in found["豫H00001"]] == ["逃避排查"] and len(found) == 1
    assert selectors.sought(["豫H00001"], ["410882001"]) == {}


def test_a_sheet_of_passages_comes_in_through_the_same_verb(point, guard):
    register = site.get("checkpoints.passage")
    values = {"area": point.area, "point": point, "passed_at": now(), "plate": "豫h·d12345", "code_state": "RED"}
    made = register.write(by=guard[0], values=register.clean_row(values))
    assert made.plate.reveal() == "豫HD12345" and made.reasons == ["RED_CODE"]
