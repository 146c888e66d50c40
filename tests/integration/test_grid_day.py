"""A grid worker's day: the list in walking order with what is owed, what is entered at the doors, and who watches."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from fangxian.core import clock, scope
from fangxian.core.areas import Area
from fangxian.core.ids import uuid7
from fangxian.core.officers import Post
from fangxian.systems.arrivals import services as arrivals
from fangxian.systems.arrivals.models import Arrival, TravelStay
from fangxian.systems.command import services as command
from fangxian.systems.command.models import Task
from fangxian.systems.people import services as people
from fangxian.systems.people.models import DoorCall, Person
from fangxian.systems.quarantine.models import DailyCheck, Stay
from fangxian.systems.testing.models import TestDuty
from fangxian.workflows.loop.chasing import push
from tests.registers.samples import resident_number

CELL, DAY = "410883001212001", date(2022, 3, 15)
NOON = datetime(2022, 3, 15, 1, 0, tzinfo=UTC)
STREET = "孟州市大定街道段西村"


class Village:
    def __init__(self, officer):
        self.cell = Area.objects.get(code=CELL)
        self.worker = officer("grid_worker", area=CELL)
        self.township = officer("township_officer", area="410883001")
        self.phone = Client()
        self.phone.force_login(self.worker)
        self.homes = {}
        self.wang = self.person("王小明", "3号", 1)
        self.li = self.person("李一", "1号", 2)
        self.zhao = self.person("赵四", "2号楼1单元201室", 3, phone="")
        self.home("5号")
        Stay.objects.create(area=self.cell, present_area=self.cell, person=self.wang, place="HOME", state="IN",
                            starts_on=DAY - timedelta(days=2), ends_on=DAY + timedelta(days=3))  # fmt: skip

    def home(self, number):
        made = people.add_household(by=None, area=self.cell, number=number, address=STREET + number)
        self.homes[number] = made
        return made

    def person(self, name, home, number, area=None, **values):
        household = None if home is None else self.homes.get(home) or self.home(home)
        return people.add_person(by=None, area=area or self.cell, name=name, id_number=resident_number(number),
                                 household=household, **{"phone": f"1380000{number:04d}", **values})  # fmt: skip

    def day(self):
        return self.phone.get("/field/day/doors").json()["list"]

    def door(self, label):
        return next(door for door in self.day()["cards"] if door["n"] == label)

    def send(self, kind, /, own_id=None, **payload):
        said = {name: str(value) if hasattr(value, "hex") else value for name, value in payload.items()}
        at = int(NOON.timestamp() * 1000)
        entry = {"id": str(own_id or uuid7()), "kind": f"doors.{kind}", "made_at": at, "payload": said}
        body = {"officer": str(self.worker.pk), "sent_at": at, "entries": [entry]}
        answer = self.phone.post("/field/submissions", json.dumps(body), content_type="application/json")
        return answer.json()["answers"][0]

    def call(self, number, **payload):
        return self.send(
            "call", **{"household": self.homes[number].pk, "day": "2022-03-15", "outcome": "SEEN", **payload}
        )

    def check(self, **payload):
        return self.send("check", **{"person": self.wang.pk, "day": "2022-03-15", "slot": "AM", "status": "COOPERATIVE",
                                     "temperature": "36.5", **payload})  # fmt: skip


@pytest.fixture
def village(officer):
    with clock.frozen(NOON), scope.everywhere("test data"):
        made = Village(officer)
    with clock.frozen(NOON):
        yield made


def test_the_doors_come_in_walking_order_and_no_number_travels(village):
    listed = village.day()
    assert [door["n"] for door in listed["cards"]] == ["1号", "3号", "5号", "2号楼1单元201室"]
    text = json.dumps(listed, ensure_ascii=False)
    assert resident_number(1) not in text and "13800000001" not in text


def test_a_door_shows_only_what_is_owed(village):
    (wang,) = village.door("3号")["p"]
    assert (wang["q"]["open"], wang["q"]["home"], wang["q"]["until"]) == (["AM", "PM"], 1, "2022-03-18")
    (li,) = village.door("1号")["p"]
    assert set(li) <= {"id", "n", "v", "a", "gaps"}


def test_gaps_of_the_roster_are_named(village):
    assert village.door("5号")["gaps"] == ["empty", "never"]
    assert village.door("2号楼1单元201室")["p"][0]["gaps"] == ["unseen", "phone"]


def test_queries_do_not_grow_with_the_doors(village, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    village.day()
    with CaptureQueriesContext(connection) as few:
        village.day()
    with scope.everywhere("test data"):
        for number in range(10, 30):
            village.person(f"周{number}", f"{number}号", number)
    with CaptureQueriesContext(connection) as many:
        village.day()
    assert len(many) == len(few)


def test_one_tap_at_a_door_reaches_it(village):
    assert village.call("1号")["state"] == "accepted"
    door = village.door("1号")
    assert (door["o"], door["seen"], "due" in door, door["p"][0].get("gaps")) == ("SEEN", "2022-03-15", False, None)
    assert village.call("1号", outcome="NOBODY")["state"] == "accepted"
    assert DoorCall.unscoped.get().outcome == "NOBODY"


def test_who_was_away_stays_unseen(village):
    village.call("3号", outcome="SOME", away=[str(village.wang.pk)])
    assert village.door("3号")["p"][0]["gaps"] == ["unseen"]


@pytest.mark.parametrize(("values", "field"), [
    ({"outcome": "PARTY"}, "outcome"), ({"day": "2022-03-16"}, "day"), ({"day": "2022-03-01"}, "day"),
    ({"day": "soon"}, "day"), ({"household": "x"}, "household"), ({"away": 5}, "away"), ({"away": ["x"]}, "away"),
])  # fmt: skip
def test_a_call_that_cannot_be_is_refused_by_field(village, values, field):
    answer = village.call("1号", **values)
    assert (answer["state"], answer["field"]) == ("refused", field)


def test_a_check_is_kept_once_and_shown_as_done(village):
    own = uuid7()
    assert [village.check(own_id=own)["state"] for _ in range(2)] == ["accepted", "known"]
    kept = DailyCheck.unscoped.get()
    assert (kept.pk, kept.temperature, kept.source, kept.created_by) == (own, Decimal("36.5"), "field", village.worker)
    (wang,) = village.door("3号")["p"]
    assert (wang["q"]["open"], wang["q"]["done"]) == (["PM"], {"AM": "36.5"})


def test_fever_reaches_the_township_once(village):
    village.check(temperature="38.4", symptoms="咳嗽")
    village.check(slot="PM", temperature="38.6")
    task = Task.unscoped.get(key__startswith="door-ill:")
    assert (task.role, task.area_id, task.person, task.priority) == (
        "township_officer",
        "410883001",
        village.wang,
        "HIGH",
    )
    assert "38.4 咳嗽" in task.instructions_text


def test_a_temperature_nobody_took_is_not_invented(village):
    answer = village.check(temperature="")
    assert (answer["state"], answer["field"]) == ("refused", "temperature")
    assert village.check(temperature="warm")["field"] == "temperature"
    assert village.check(temperature="", status="UNAVAILABLE")["state"] == "accepted"


def test_a_guest_another_area_answers_for_is_looked_at_too(village):
    with scope.everywhere("test data"):
        guest = village.person("外客", None, 9, area=Area.objects.get(code="410882001201"))
        Stay.objects.create(area=guest.area, present_area=village.cell, person=guest, place="HOME", state="IN",
                            starts_on=DAY, ends_on=DAY + timedelta(days=3))  # fmt: skip
    assert [one["n"] for one in village.day()["others"]] == ["外客"]
    assert village.check(person=guest.pk)["state"] == "accepted"


def test_a_reminder_is_kept_at_the_door(village):
    with scope.everywhere("test data"):
        duty = TestDuty.unscoped.create(
            area=village.cell, person=village.li, disease="covid19", due_on=DAY, day=1, stage="home"
        )
    assert village.door("1号")["p"][0]["t"] == [{"id": str(duty.pk), "day": 1}]
    answer = village.send("reminded", person=village.li.pk, duty=duty.pk, day="2022-03-15")
    assert answer["state"] == "accepted" and village.door("1号")["p"][0]["told"] == 1
    village.call("1号")
    assert village.door("1号")["p"][0]["told"] == 1


def test_tasks_stand_at_their_doors_and_are_done_there(village):
    with scope.everywhere("test data"):
        at_door = command.hand_down(by=None, area=village.cell, role="grid_worker", title="告知书", person=village.li)
        other = command.hand_down(by=None, area=village.cell, role="grid_worker", title="清点")
    assert [task["n"] for task in village.door("1号")["p"][0]["k"]] == ["告知书"]
    assert [task["n"] for task in village.day()["tasks"]] == ["清点"]
    assert village.send("task", task=at_door.pk, done=True)["state"] == "accepted"
    assert village.send("task", task=at_door.pk, done=True)["state"] == "accepted"
    assert village.send("task", task=other.pk, done=False)["field"] == "reason"
    assert village.send("task", task=other.pk, done=False, text="无人")["state"] == "accepted"


def test_an_expected_arrival_is_received_at_the_door(village):
    with scope.everywhere("test data"):
        row = arrivals.record_arrival(by=None, person=village.li, area=village.cell, arrived_on=DAY,
                                      state=Arrival.State.EXPECTED, landed_at=None)  # fmt: skip
        push(row, by=None)
    at_door = village.door("1号")["p"][0]
    assert at_door["r"][0]["state"] == "EXPECTED" and "k" not in at_door, "asked once, not by its task again"
    assert village.send("arrived", arrival=row.pk, come=True)["state"] == "accepted"
    row.refresh_from_db()
    assert (row.state, row.received_by) == ("RECEIVED", village.worker)
    assert "r" not in village.door("1号")["p"][0]


# --- who came, moved, was born ---


def arrived(village, **values):
    home = village.homes["1号"]
    return village.send(
        "arrival", **{"household": home.pk, "arrived_on": "2022-03-15", "from_name": "沁阳市", **values}
    )


def test_somebody_known_is_found_by_the_number_and_nothing_else_is_asked(village):
    with scope.everywhere("test data"):
        known = village.person("远客", None, 11, area=Area.objects.get(code="410882001201"))
    assert arrived(village, id_number=resident_number(11))["state"] == "accepted"
    row = Arrival.unscoped.get()
    assert (row.person, row.area_id, row.channel) == (known, CELL, "DOOR")
    assert TravelStay.unscoped.get().code == "410882"
    assert Person.unscoped.filter(name="远客").count() == 1


def test_somebody_unknown_needs_a_name_and_the_mended_entry_is_taken(village):
    own, number = uuid7(), resident_number(12)
    answer = arrived(village, own_id=own, id_number=number)
    assert (answer["state"], answer["field"]) == ("refused", "name")
    assert arrived(village, own_id=own, id_number=number, name="新客", phone="13800001234")["state"] == "accepted"
    made = Person.unscoped.get(name="新客")
    assert (made.household, made.id_number.reveal(), Arrival.unscoped.get().person) == (
        village.homes["1号"],
        number,
        made,
    )


def test_one_coming_is_one_arrival(village):
    arrived(village, id_number=resident_number(2))
    answer = arrived(village, id_number=resident_number(2))
    assert (answer["state"], answer["field"]) == ("refused", "arrived_on")


def test_without_papers_there_is_a_number_of_ours(village):
    assert arrived(village, name="无证人", id_type="TEMPORARY")["state"] == "accepted"
    assert Person.unscoped.get(name="无证人").id_number.reveal().startswith("T410883")
    assert arrived(village, name="无号人")["field"] == "id_number"
    assert arrived(village, id_number="410883199001011239", name="错号")["field"] == "id_number"


def test_moving_in_moves_the_record_once(village):
    with scope.everywhere("test data"):
        known = village.person("搬家", None, 13, area=Area.objects.get(code="410883002201"))
    home = village.homes["5号"]
    assert village.send("moved_in", household=home.pk, id_number=resident_number(13))["state"] == "accepted"
    known.refresh_from_db()
    assert (known.area_id, known.household) == (CELL, home)
    assert (
        village.send("moved_in", household=home.pk, id_number=resident_number(14), name="新户")["state"] == "accepted"
    )
    assert {one["n"] for one in village.door("5号")["p"]} == {"搬家", "新户"}


def test_a_newborn_and_somebody_who_left(village):
    home = village.homes["1号"]
    born = village.send("newborn", household=home.pk, name="小宝", sex="FEMALE", birth_date="2022-03-14")
    assert born["state"] == "accepted"
    assert (
        village.send("newborn", household=home.pk, name="小宝", sex="FEMALE", birth_date="2023-01-01")["field"]
        == "birth_date"
    )
    assert village.send("moved_out", person=village.li.pk, on="2022-03-15")["state"] == "accepted"
    assert [one["n"] for one in village.door("1号")["p"]] == ["小宝"]


def test_a_gap_is_mended_and_the_offices_word_stands_where_both_changed_it(village):
    assert village.send("mend", person=village.zhao.pk, version=1, phone="13800009999")["state"] == "accepted"
    village.zhao.refresh_from_db()
    assert village.zhao.phone.reveal() == "13800009999"
    assert village.send("mend", person=village.zhao.pk, version=1, phone="13800008888")["state"] == "accepted"
    village.zhao.refresh_from_db()
    assert village.zhao.phone.reveal() == "13800009999"
    assert village.send("mend", person=village.zhao.pk, version=1)["state"] == "refused"
    desk = Client()
    desk.force_login(village.township)
    page = desk.get(reverse("doors")).content.decode()
    assert "phone" in page and "13800008888" not in page


def test_another_cell_is_not_there(village, officer):
    with scope.everywhere("test data"):
        away = people.add_household(by=None, area=Area.objects.get(code="410883001212002"), number="1", address="x")
    answer = village.send("call", household=away.pk, day="2022-03-15", outcome="SEEN")
    assert answer["state"] == "refused"


# --- the township ---


@pytest.fixture
def desk(village):
    made = Client()
    made.force_login(village.township)
    return made


def test_the_board_says_who_was_not_reached(village, desk):
    village.call("1号")
    with clock.frozen(NOON + timedelta(hours=5)):
        page = desk.get(reverse("doors")).content.decode()
    assert "Duanxi cell 1" in page and "Morning 1 · Evening 1" in page
    detail = desk.get(reverse("doors_cell") + f"?area={CELL}").content.decode()
    assert "王小明" in detail and ">3号<" in detail and ">1号<" not in detail


def test_a_county_sees_its_townships(village, officer):
    county = Client()
    county.force_login(officer("township_officer", area="410883"))
    page = county.get(reverse("doors")).content.decode()
    assert "?area=410883001" in page


def test_a_cell_elsewhere_is_not_there(desk):
    assert desk.get(reverse("doors_cell") + "?area=410882001201").status_code == 404
    assert desk.get(reverse("doors"), {"area": "410882"}).status_code == 404


def test_a_colleague_walks_the_cell_for_some_days(village, desk, officer):
    colleague = officer("grid_worker", area="410883001212002")
    url = reverse("doors_hand_over")
    desk.post(url, {"area": CELL, "officer": colleague.pk, "until": "2022-03-17", "reason": "ill"})
    assert Post.objects.get(officer=colleague, area_id=CELL).valid_to == date(2022, 3, 18)
    theirs = Client()
    theirs.force_login(colleague)
    assert len(theirs.get("/field/day/doors").json()["list"]["cards"]) == 4
    with clock.frozen(NOON + timedelta(days=3)):
        later = Client()
        later.force_login(colleague)
        assert later.get("/field/day/doors").json()["list"]["cards"] == []


@pytest.mark.parametrize("values", [{"until": "2022-06-01"}, {"until": "x"}, {"officer": "7000"}, {"officer": ""}])
def test_a_hand_over_gives_no_right_to_anybody_else(village, desk, officer, values):
    colleague, stranger = officer("grid_worker", area="410883001212002"), officer("grid_worker", area="410883002201")
    desk.post(reverse("doors_hand_over"), {"area": CELL, "officer": colleague.pk, "until": "2022-03-17", **values})
    desk.post(reverse("doors_hand_over"), {"area": CELL, "officer": stranger.pk, "until": "2022-03-17"})
    assert Post.objects.filter(area_id=CELL).count() == 1


def test_a_clash_is_settled_with_a_word(village, desk):
    from fangxian.faces.field.models import EditClash

    about = {"area_code": CELL, "target_kind": "people.person", "target_id": "x", "field": "phone"}
    clash = EditClash.objects.create(submission=uuid7(), officer=village.worker, **about)
    url = reverse("clash_settle", args=[clash.pk])
    desk.post(url, {"note": ""})
    assert EditClash.objects.get().settled_at is None
    desk.post(url, {"note": "asked the family"})
    assert EditClash.objects.get().settled_by == village.township
    assert desk.post(url, {"note": "again"}).status_code == 404
