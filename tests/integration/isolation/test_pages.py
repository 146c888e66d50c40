"""The pages of a site, its interface, the guest's own page: as a manager, a nurse, a stranger and a guest use them."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from fangxian.core import policy, scope
from fangxian.core.clock import now
from fangxian.core.ids import uuid7
from fangxian.systems.arrivals.models import Knock
from fangxian.systems.quarantine import guest_links, selectors
from fangxian.systems.quarantine import services as quarantine
from fangxian.systems.quarantine.models import (
    DailyCheck,
    Delivery,
    Disinfection,
    GuestRequest,
    Opening,
    ReleaseProof,
    ShiftHandOver,
    Stay,
    Transfer,
    WasteBatch,
)
from fangxian.workflows.isolation_release import on_infection
from tests.integration.isolation.conftest import at


def signed_in(officer) -> Client:
    client = Client()
    client.force_login(officer)
    return client


@pytest.fixture
def manager(house):
    return signed_in(house.manager)


def url(name, *args):
    return reverse(name, args=args)


def text(answer) -> str:
    assert answer.status_code == 200, answer.content[:500]
    return answer.content.decode()


def test_the_board_shows_who_is_in_and_what_is_the_matter(house, manager):
    page = text(manager.get(url("site_board", house.site.pk)))
    assert all(word in page for word in ("甲", "乙", "丙", "301", "Check missing", "Contaminated zone"))
    assert "甲" not in text(manager.get(url("site_board", house.site.pk) + "?status=FEVER"))
    assert house.site.name in text(manager.get(url("isolation")))


def test_a_site_elsewhere_does_not_exist(house, officer):
    foreign = signed_in(officer("isolation_manager", area="410882"))
    for name in ("site_board", "site_day", "site_release", "site_hand_over"):
        assert foreign.get(url(name, house.site.pk)).status_code == 404
    assert signed_in(officer("sampler")).get(url("isolation")).status_code == 403


def test_a_day_of_the_site_on_its_page(house, manager, officer):
    stay = house.again(house.guests[0])
    asked = quarantine.ask(by=None, stay=stay, category="MEDICINE", text="降压药", by_guest=True)
    day = url("site_day", house.site.pk)
    assert "降压药" in text(manager.get(day))
    manager.post(url("request_answer", house.site.pk, asked.pk), {"text": "已送到"})
    assert GuestRequest.objects.get().answer == "已送到"
    for act, item in (("plan", ""), ("deliver", "LUNCH"), ("confirm", "LUNCH"), ("dance", "")):
        manager.post(url("site_deliveries", house.site.pk), {"act": act, "item": item})
    assert Delivery.objects.filter(state="CONFIRMED").count() == 3
    log = {"log": "disinfection", "kind": "SURFACE", "zone": "CONTAMINATED", "mg_per_litre": 500, "minutes": 30}
    manager.post(url("site_log", house.site.pk), log)
    waste = {"log": "waste", "number": "W1", "bags": 2, "weight_kg": "3.5", "mg_per_litre": 1000, "minutes": 30}
    manager.post(url("site_log", house.site.pk), waste)
    assert manager.post(url("site_log", house.site.pk), {"log": "waste"}).status_code == 422
    record = Disinfection.objects.get()
    manager.post(url("log_sign", house.site.pk, record.pk))
    assert Disinfection.objects.get().countersigned_by is None  # nobody signs twice
    other = signed_in(officer("isolation_manager"))
    other.post(url("log_sign", house.site.pk, WasteBatch.objects.get().pk))
    assert WasteBatch.objects.get().countersigned_by is not None
    assert "W1" in text(manager.get(day))


def test_a_shift_is_handed_over_on_its_sheet(house, manager, officer):
    sheet = url("site_hand_over", house.site.pk)
    assert "301" in text(manager.get(sheet))
    manager.post(sheet, {"notes": "302 nights"})
    signed_in(officer("isolation_manager")).post(sheet, {"act": "take"})
    taken = ShiftHandOver.objects.get()
    assert (taken.notes, taken.figures["guests"], bool(taken.taken_by)) == ("302 nights", 3, True)
    assert "302 nights" in text(manager.get(sheet))


def test_the_release_list_lets_go_who_may(house, manager):
    stay = house.guests[0]
    for number in (1, 4, 7, 14):
        house.test(number, stay)
    house.test(14, stay, again="b")
    with at(14, 10):
        client = signed_in(house.manager)
        page = text(client.get(url("site_release", house.site.pk)))
        assert "1 guest may leave now" in page and "of 2 negative samples" in page
        client.post(url("site_release", house.site.pk), {"stay": [str(stay.pk)]})
        proof = ReleaseProof.objects.get()
        shown = text(client.get(url("release_proof", proof.pk)))
        assert proof.number in shown and "fx-qr" in shown
        anybody = Client()
        assert proof.number in text(anybody.post(url("proof_verify"), {"code": proof.code}))
        assert "no proof of ours" in text(anybody.post(url("proof_verify"), {"code": "FXR1:NO"}))
        with scope.everywhere("test"):
            quarantine.withdraw_proof(proof=proof, by=None, reason="Mixed up")
        assert "was withdrawn" in text(anybody.post(url("proof_verify"), {"code": proof.code}))
        assert text(anybody.get(url("proof_verify")))


@pytest.mark.django_db
def test_a_proof_is_asked_about_only_so_often():
    most = int(policy.pack(disease="unknown").number("resident.knocks_per_hour"))
    assert Client().post(url("proof_verify"), {"code": "FXR1:NO"}).status_code == 200
    Knock.objects.update(count=most)
    assert Client().post(url("proof_verify"), {"code": "FXR1:NO"}).status_code == 429


def test_a_transfer_goes_step_by_step(house, manager):
    result = house.test(1, house.guests[0], "POSITIVE")
    with at(1, 9):
        on_infection(result_id=result.pk, by=None)
        client = signed_in(house.manager)
        assert "甲" in text(client.get(url("transfers")))
        sent = Transfer.objects.get()
        for said in ({"verb": "accept"}, {"verb": "hold", "reason": ""}, {"verb": "dance"},
                     {"verb": "arrange", "vehicle": "豫H120"}, {"verb": "depart"}, {"verb": "receive"}):  # fmt: skip
            client.post(url("transfer_act", sent.pk), said)
    done = Transfer.objects.get()
    assert (done.state, done.vehicle) == ("RECEIVED", "豫H120")
    assert Stay.objects.get(pk=house.guests[0].pk).state == Stay.State.TRANSFERRED


def test_a_transfer_is_ordered_from_the_guests_page_and_diverted_on_the_way(house, manager):
    stay = house.guests[0]
    with scope.everywhere("test"):
        other, third = (quarantine.add_site(by=None, area=house.town, name=name) for name in ("学府酒店", "党校"))
    page = url("isolation_stay", stay.pk)
    shown = text(manager.get(page))
    assert "甲" in shown and "Give another room" in shown and "学府酒店" in shown
    for said in ({"destination": "SITE", "reason": "full"}, {"destination": "HOSPITAL", "reason": "ill"}):
        assert manager.post(page, said).status_code == 422
    assert manager.post(page, {"destination": "SITE", "to_site": str(other.pk), "reason": "full"}).status_code == 302
    sent = Transfer.objects.get()
    assert (sent.to_site, sent.stay_id, sent.area, sent.due_at > now()) == (other, stay.pk, house.town, True)
    manager.post(url("transfer_act", sent.pk), {"verb": "depart", "vehicle": "豫H120"})
    assert "Divert to another site" in text(manager.get(url("transfer_act", sent.pk)))
    for site in ("", str(third.pk)):
        manager.post(url("transfer_act", sent.pk), {"verb": "divert", "site": site, "reason": "no water"})
    sent.refresh_from_db()
    assert (sent.to_site, sent.state, sent.reason) == (third, "DEPARTED", "no water")
    assert "no water" in text(manager.get(page))


def test_rooms_are_opened_and_confirmed(house, officer):
    client = signed_in(officer("isolation_manager"))
    page = url("openings")
    assert client.post(page, {"area": "410883", "name": "", "rooms": 2}).status_code == 422
    client.post(page, {"area": "410883", "name": "March", "rooms": 3})
    (share,) = Opening.objects.get().shares.all()
    client.post(url("share_confirm", share.pk), {"rooms": "2"})
    assert "2 of 3 rooms open" in text(client.get(page))
    assert "2 of 3 rooms open" in text(client.get(url("opening_act", Opening.objects.get().pk)))
    client.post(url("share_confirm", share.pk), {"rooms": "many"})
    client.post(url("opening_act", Opening.objects.get().pk))
    assert Opening.objects.get().ended_on


def test_a_room_is_chosen_with_its_reasons(house, manager):
    stay = house.guests[0]
    with scope.everywhere("test"):
        (free,) = quarantine.add_rooms(by=None, site=house.site, numbers=["304"])
    page = text(manager.get(url("stay_room", stay.pk)))
    assert "All beds are taken" in page and "304" in page
    manager.post(url("stay_room", stay.pk), {"room": str(house.guests[1].room_id)})
    assert house.again(stay).room_id == stay.room_id
    manager.post(url("stay_room", stay.pk), {"room": str(free.pk)})
    assert house.again(stay).room_id == free.pk


def test_a_guest_enters_and_asks_without_account(house, manager):
    stay = house.guests[0]
    page, guest = url("guest_page", guest_links.token(stay)), Client()
    assert "fx-qr" in text(manager.get(url("guest_card", stay.pk)))
    assert "My stay" in text(guest.get(page))
    assert guest.post(page, {"what": "check", "temperature": "99"}).status_code == 422
    guest.post(page, {"what": "check", "temperature": "37.6", "symptoms": ["cough"]})
    check = DailyCheck.objects.get()
    assert (check.by_guest, check.fever, check.symptoms, check.created_by) == (True, True, "Cough", None)
    guest.post(page, {"what": "request", "category": "FOOD", "text": "热水"})
    assert GuestRequest.objects.get().by_guest
    shown = guest.get(page)
    assert "热水" in text(shown) and shown["Cache-Control"] == "no-store"
    assert guest.get(url("guest_page", "nobody")).status_code == 404
    with scope.everywhere("test"):
        quarantine.move_on(stay=stay, by=None, reason="hospital")
    assert guest.get(page).status_code == 404
    assert manager.get(url("guest_card", stay.pk)).status_code == 302


def test_a_round_on_the_phone(house, officer):
    officer_ = officer("nurse", area="410883001")
    nurse = signed_in(officer_)
    told = json.loads(text(nurse.get("/field/day/isolation")))
    assert [card["n"] for card in told.get("list", told)["cards"]] == ["甲", "乙", "丙"]
    first, rest = house.guests[0], house.guests[1:]
    moment = int(now().timestamp() * 1000)

    def entry(kind, **payload):
        said = {"slot": "AM", **payload}
        return {"id": str(uuid7()), "kind": kind, "made_at": moment, "offset": None, "payload": said}

    sent = [
        entry("isolation_check", stay=str(first.pk), temperature="38,1", symptoms="咳嗽"),
        entry("isolation_rest", stays=[str(stay.pk) for stay in (first, *rest)]),
        entry("isolation_check", stay=str(first.pk), temperature="", status="COOPERATIVE"),
        entry("isolation_rest", slot="NIGHT", stays=[]),
    ]
    body = {"officer": str(officer_.pk), "sent_at": moment, "entries": sent}
    answer = nurse.post("/field/submissions", json.dumps(body), "application/json")
    assert answer.status_code == 200, answer.content
    assert [one["state"] for one in answer.json()["answers"]] == ["accepted", "accepted", "refused", "refused"]
    checks = {check.person.name: check for check in DailyCheck.objects.select_related("person")}
    assert (str(checks["甲"].temperature), checks["甲"].fever, checks["甲"].source) == ("38.1", True, "field")
    assert checks["乙"].normal and checks["丙"].normal
    assert len(checks) == 3


def test_programs_read_a_site_and_move_a_transfer(house, manager):
    report = manager.get(f"/api/isolation/sites/{house.site.pk}/report").json()
    assert (report["guests"], report["rooms"], report["free"]) == (3, 3, 0)
    lines = manager.get(f"/api/isolation/sites/{house.site.pk}/release-list").json()
    assert len(lines) == 3 and not any(line["may_leave"] for line in lines)
    with scope.everywhere("test"):
        sent = [
            quarantine.order_transfer(
                by=None, person=stay.person, area=stay.area, destination="HOSPITAL", to_name="H", stay=house.again(stay)
            )
            for stay in house.guests[:2]
        ]  # fmt: skip
    for verb, body in (("accept", {}), ("depart", {"vehicle": "豫H120"}), ("receive", {})):
        answer = manager.post(f"/api/isolation/transfers/{sent[0].pk}/{verb}", json.dumps(body), "application/json")
        assert answer.status_code == 200, answer.content
    answer = manager.post(
        f"/api/isolation/transfers/{sent[1].pk}/refuse", json.dumps({"reason": "full"}), "application/json"
    )
    assert answer.status_code == 200
    with scope.everywhere("test"):
        assert {row.state for row in Transfer.objects.all()} == {"RECEIVED", "REFUSED"}
        assert selectors.transfer(sent[1].pk).reason == "full"
