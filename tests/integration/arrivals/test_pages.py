"""The pages of travellers, residents and officers, over real requests."""

import re
from datetime import date, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from fangxian.core import jobs, policy
from fangxian.core.areas import Area
from fangxian.core.clock import today
from fangxian.core.ids import uuid7
from fangxian.systems.arrivals import residents
from fangxian.systems.arrivals.models import Appeal, Arrival, Declaration, DeclaredPerson, Loop, PersonalLink
from fangxian.systems.arrivals.services import Stayed
from fangxian.systems.command.models import Task
from fangxian.systems.people.models import Person
from fangxian.systems.quarantine.models import DailyCheck
from fangxian.workflows import closed_loop

DAY = date(2022, 3, 15)
NUMBER = "410883199001010018"


def number(serial: int = 1) -> str:
    from tests.registers.samples import resident_number

    return resident_number(serial)


def form(**changes):
    return {
        "id": str(uuid7()), "website": "", "arrives_on": str(today()), "means": "TRAIN", "carrier": "g1564",
        "seat": "05A",
        "province": "31", "place": "浦东新区", "since": "2022-03-01", "province2": "", "place2": "", "since2": "",
        "area": "410883001", "address": "段西村3号", "phone": "13812345678", "who-TOTAL_FORMS": "1",
        "who-INITIAL_FORMS": "0", "who-0-name": "王小明", "who-0-id_type": "RESIDENT", "who-0-id_number": number(),
        **changes,
    }  # fmt: skip


@pytest.fixture
def signed(officer):
    """Factory: a client signed in as an officer of a role."""

    def make(role="township_officer", area="410883001"):
        client = Client()
        made = officer(role, area=area)
        Authenticator.objects.create(user=made, type="totp", data={})
        client.force_login(made)
        client.officer = made
        return client

    return make


@pytest.fixture
def loop(person, rooms, frozen):
    who = person(phone="13800001234")
    pack = policy.pack(disease="covid19", area_code=who.area_id, on=DAY)
    because = {
        "place": "浦东新区",
        "from": "2022-03-01",
        "until": "2022-03-14",
        "zone": "浦东新区某街道",
        "since": "2022-03-10",
    }
    return closed_loop.open_loop(
        by=None, person_id=who.pk, rule="contact.close", because=because, subject_id=uuid7(), area_code=who.area_id,
        begins=DAY, pack=pack,
    )  # fmt: skip


# --- the declaration ---


def test_a_family_declares_without_an_account(officer, frozen):
    officer("township_officer", area="410883001")
    phone = Client()
    assert phone.get("/declare/").status_code == 200
    more = phone.post("/declare/", form(more="1"))
    assert more.content.decode().count("id_type") >= 2 and Declaration.unscoped.count() == 0
    family = {"who-TOTAL_FORMS": "2", "who-1-name": "王小红", "who-1-id_type": "RESIDENT", "who-1-id_number": number(2)}
    sent = form(**family)
    answer = phone.post("/declare/", sent)
    made = Declaration.unscoped.get()
    assert answer.status_code == 302 and made.people == 2
    assert phone.post("/declare/", sent).status_code == 302 and Declaration.unscoped.count() == 1
    page = phone.get(answer.url).content.decode()
    assert made.code in page and "王小明" not in page
    assert Client().get(answer.url).status_code == 404
    rows = list(DeclaredPerson.unscoped.order_by("name"))
    assert [row.stays for row in rows][0][0]["code"] == "31" and rows[0].carrier == "G1564"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"website": "http://spam"}, "could not be taken"),
        ({"who-0-id_number": "410883199001010017"}, ""),
        ({"phone": "12"}, ""),
        ({"arrives_on": "2023-03-01"}, "within the next"),
        ({"area": "999"}, ""),
        ({"who-0-name": ""}, ""),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(officer, frozen, wrong, said):
    officer("township_officer", area="410883001")
    answer = Client(headers={"accept-language": "en"}).post("/declare/", form(**wrong))
    assert answer.status_code == 422 and said in answer.content.decode()
    assert Declaration.unscoped.count() == 0


def test_a_flood_is_shut_out(officer, frozen):
    officer("township_officer", area="410883001")
    most = int(policy.pack(disease="unknown").number("declaration.per_sender_hour"))
    phone = Client()
    answers = [phone.post("/declare/", form()).status_code for _number in range(most + 1)]
    assert answers == [302] * most + [429] and Declaration.unscoped.count() == most
    assert phone.post("/declare/", form(), REMOTE_ADDR="10.0.0.9").status_code == 302


# --- the inbox ---


def test_taken_over_once_whoever_told(signed, person, rooms, frozen):
    known = person(area="410883001212", phone="13812345678")
    Person.unscoped.filter(pk=known.pk).update(name="王小明")
    office = signed()
    Client().post("/declare/", form())
    page = office.get("/arrivals/inbox/").content.decode()
    assert "王小明" in page and number() not in page and str(known.pk) in page
    row = DeclaredPerson.unscoped.get()
    assert office.post(f"/arrivals/inbox/{row.pk}/take/", {"person": known.pk}).status_code == 302
    arrival = Arrival.unscoped.get()
    assert (arrival.person_id, arrival.state, arrival.declared_id) == (known.pk, "EXPECTED", row.declaration_id)
    Client().post("/declare/", form())
    again = DeclaredPerson.unscoped.filter(state="WAITING").get()
    office.post(f"/arrivals/inbox/{again.pk}/take/", {"person": known.pk})
    again.refresh_from_db()
    assert (again.state, again.arrival_id, Arrival.unscoped.count()) == ("REPEATED", arrival.pk, 1)


def test_who_announced_and_did_not_come_is_chased(signed, person, rooms, frozen):
    from fangxian.core import clock

    office = signed()
    Client().post("/declare/", form())
    office.post(f"/arrivals/inbox/{DeclaredPerson.unscoped.get().pk}/take/")
    jobs.run_pending()
    made, task = Arrival.unscoped.get(), Task.unscoped.get()
    assert (made.state, task.key) == ("EXPECTED", f"arrival:{made.pk}:awaited")
    assert made.person.name in task.title_text and task.due_at > clock.now() + timedelta(hours=12)
    assert "Announced, but has not come <" in office.get("/arrivals/").content.decode().replace("\n", " ")
    with clock.frozen(clock.now() + timedelta(days=2)):
        office = signed()
        page = office.get("/arrivals/").content.decode()
        assert page.count(f"/arrivals/{made.pk}/") == 1
        assert "overdue since" in office.get("/arrivals/chase/").content.decode()
        office.post(f"/arrivals/{made.pk}/not_come/", {"text": "改签至下周"})
        task.refresh_from_db()
        assert task.status not in Task.OPEN
        assert f"/arrivals/{made.pk}/" not in office.get("/arrivals/").content.decode()


def test_a_refusal_needs_its_reason(signed, frozen):
    office = signed()
    Client().post("/declare/", form())
    row = DeclaredPerson.unscoped.get()
    office.post(f"/arrivals/inbox/{row.pk}/refuse/", {"reason": ""})
    row.refresh_from_db()
    assert row.state == "WAITING"
    office.post(f"/arrivals/inbox/{row.pk}/refuse/", {"reason": "查无此人"})
    row.refresh_from_db()
    assert (row.state, row.reason) == ("REFUSED", "查无此人")


# --- the officers' lists ---


def test_exceptions_come_first(signed, arrive, rooms, frozen):
    from fangxian.core import clock

    made = arrive(channel="STATION", stays=[Stayed("410105", date(2022, 3, 1), DAY)])
    jobs.run_pending()
    office = signed()
    with clock.frozen(clock.now() + timedelta(hours=9)):
        page = office.get("/arrivals/").content.decode()
        assert page.count(f"/arrivals/{made.pk}/") == 3  # unchecked, not received, undeclared
        chase = office.get("/arrivals/chase/").content.decode()
    assert "段西村" in chase or "Duanxi" in chase
    for tab in ("expected", "recent", "loops", "completed"):
        assert office.get(f"/arrivals/?tab={tab}").status_code == 200


def test_an_arrival_is_led_home(signed, arrive, rooms, frozen):
    made = arrive(stays=[Stayed("US", date(2022, 3, 1), DAY, "美国")])
    jobs.run_pending()
    office, page = signed(), f"/arrivals/{made.pk}/"
    text = office.get(page).content.decode()
    assert "fx-link" in text and "Arrival from outside" in text
    assert office.post(page + "check/", {"tested": "1"}).status_code == 302
    assert office.post(page + "receive/").status_code == 302
    made.refresh_from_db()
    assert (made.state, made.tested_at is not None) == ("RECEIVED", True)
    assert not Task.unscoped.filter(key__startswith="arrival:", status="PENDING").exists()
    assert office.post(page + "land/").status_code == 302  # refused with its reason
    assert signed(area="410883002").get(page).status_code == 404


def test_reminded_and_given_to_somebody_else(signed, officer, loop):
    officer("grid_worker", area="410883001212001")
    other = officer("grid_worker", area="410883001212002")
    task = Task.unscoped.filter(subject_kind="arrivals.loop").first()
    office = signed("duty_officer", "410883")
    office.post(f"/arrivals/chase/{task.pk}/remind/")
    office.post(f"/arrivals/chase/{task.pk}/hand-on/", {"officer": other.pk})
    task.refresh_from_db()
    assert (task.params["reminded"], task.officer_id, task.priority) == (1, other.pk, "HIGH")


def test_the_difference_is_seen_before_it_is_done(signed, loop):
    office = signed("duty_officer", "410883")
    page = office.get("/arrivals/replan/?on=2022-07-01").content.decode()
    assert str(loop.pk) in page and "digest" not in page  # a look ahead cannot be applied
    assert office.get("/arrivals/replan/").status_code == 200


# --- the resident's own page ---


def own(loop, signed):
    office = signed()
    page = office.post(f"/loops/{loop.pk}/link/").content.decode()
    return re.search(r"/my/[\w-]+/", page)[0]


def test_the_link_opens_with_the_last_digits(loop, signed):
    address, phone = own(loop, signed), Client()
    asked = phone.get(address)
    assert loop.person.name not in asked.content.decode() and asked["Referrer-Policy"] == "same-origin"
    assert phone.post(address, {"code": "9999"}).status_code == 422
    assert phone.post(address, {"code": "1234"}).status_code == 302
    page = phone.get(address).content.decode()
    assert loop.person.name in page and "浦东新区" in page and "contact.close" in page
    phone.post(address + "temperature/", {"temperature": "36.6"})
    assert str(DailyCheck.unscoped.get().temperature) == "36.6"
    phone.post(address + "temperature/", {"temperature": "99"})
    assert DailyCheck.unscoped.count() == 1
    phone.post(address + "leave/")
    assert loop.person.name not in phone.get(address).content.decode()


def test_a_link_is_locked_revoked_and_over(loop, signed):
    from fangxian.core import clock

    address, phone = own(loop, signed), Client()
    for _try in range(5):
        phone.post(address, {"code": "0000"})
    assert phone.post(address, {"code": "1234"}).status_code == 422  # locked
    with clock.frozen(clock.now() + timedelta(minutes=16)):
        assert phone.post(address, {"code": "1234"}).status_code == 302
        newer = own(loop, signed)
        assert loop.person.name not in phone.get(address).content.decode()  # revoked by the newer one
        assert PersonalLink.unscoped.filter(revoked_at__isnull=True).count() == 1
    with clock.frozen(clock.now() + timedelta(days=31)):
        assert Client().post(newer, {"code": "1234"}).status_code == 422
    assert Client().post("/my/nothing/", {"code": "1234"}).status_code == 422


def test_what_an_officer_entered_stays(loop, signed, officer):
    from decimal import Decimal

    from fangxian.systems.quarantine import services as quarantine

    nurse = officer("isolation_manager")
    who = loop.person
    quarantine.record_check(by=nurse, person=who, area=who.area, day=DAY, slot="AM", temperature=Decimal("38.2"))
    address, phone = own(loop, signed), Client()
    phone.post(address, {"code": "1234"})
    phone.post(address + "temperature/", {"temperature": "36.5"})
    assert str(DailyCheck.unscoped.get().temperature) == "38.2"


def test_an_appeal_is_answered_by_two(loop, signed):
    address, phone = own(loop, signed), Client()
    phone.post(address, {"code": "1234"})
    phone.post(address + "appeal/", {"loop": loop.pk, "text": "我没有去过浦东"})
    phone.post(address + "appeal/", {"loop": uuid7(), "text": "别人的计划不对"})
    made = Appeal.unscoped.get()
    assert (made.due_at - made.asked_at) == timedelta(hours=72)
    first, second = signed(), signed()
    assert "我没有去过浦东" in first.get(f"/appeals/{made.pk}/").content.decode()
    first.post(f"/appeals/{made.pk}/propose/", {"decision": "GRANTED", "answer": "行程核实属实，予以解除"})
    first.post(f"/appeals/{made.pk}/decide/")
    made.refresh_from_db()
    assert made.state == "PROPOSED"  # who proposed cannot decide
    second.post(f"/appeals/{made.pk}/send-back/", {"reason": "请附通信行程"})
    first.post(f"/appeals/{made.pk}/propose/", {"decision": "GRANTED", "answer": "行程核实属实，予以解除"})
    second.post(f"/appeals/{made.pk}/decide/")
    made.refresh_from_db()
    loop.refresh_from_db()
    assert (made.state, loop.state) == ("GRANTED", Loop.State.CLOSED)


def test_a_code_on_paper_opens_where_there_is_no_phone(person, frozen):
    made = residents.issue(person=person(), by=None)
    assert len(made.code) == 6 and residents.unlock(token=made.token, code=made.code).pk == made.link.pk


def test_a_place_text_becomes_the_longest_code(county):
    from fangxian.faces.web.pages.resident.places import code_of

    assert code_of("41", "孟州市大定街道") == "410883001"
    assert code_of("14", "长治市潞州区") in {"1404", "140403", "140402"}
    assert code_of("31", "浦东") == "31" and code_of("XX", "Ohio") == "XX"
    assert Area.objects.filter(code="31").count() == 0
