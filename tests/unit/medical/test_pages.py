"""The pages of medical care, as a clinician and a duty officer use them."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from fangxian.core import scope
from fangxian.systems.medical import rules, selectors, services
from fangxian.workflows.fever_patient import on_visit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def doctor(officer):
    return officer("clinician")


@pytest.fixture
def desk(doctor):
    client = Client(headers={"accept-language": "en"})
    client.force_login(doctor)
    return client


def opened(client, name, *args) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_empty_board_teaches(desk, county):
    page = opened(desk, "medical")
    assert "No fever patient was seen" in page and "No beds are on record" in page


def test_the_board_shows_exceptions_first(desk, village, clinic, hospital, patient):
    visit = services.record_visit(by=None, facility=village, person=patient, temperature=Decimal("38.5"),
                                  outcome="TREATED")  # fmt: skip
    on_visit(visit_id=visit.pk, by=None)
    page = opened(desk, "medical")
    assert "Not allowed here" in page and "Approved" not in page and "Agreed" in page
    page = opened(desk, "facility", village.pk)
    assert "sees no fever patients" in page and "38.5" in page


def test_a_transfer_is_asked_for_agreed_by_two_and_driven(desk, doctor, officer, village, hospital, patient):
    services.admit(by=None, facility=hospital, person=patient)
    asked = desk.post(reverse("referral_ask"), {
        "person": patient.pk, "from_facility": hospital.pk, "to_facility": village.pk, "bed": "ISOLATION",
        "reason": "recovering",
    })  # fmt: skip
    page = desk.get(asked.url).content.decode()
    assert "Agree for my side" in page and "Refuse" in page
    with scope.everywhere("test"):
        way = selectors.open_referrals().get()

    def step(client, name, **values):
        answer = client.post(reverse("referral_act", args=[way.pk, name]), values, follow=True)
        return answer.content.decode()

    assert "Agreed." in step(desk, "approve")
    assert "a second person has to agree" in step(desk, "approve")
    other = Client(headers={"accept-language": "en"})
    other.force_login(officer("clinician"))
    assert "Agreed." in step(other, "approve")
    assert "On the way." in step(desk, "depart", vehicle="豫H12345")
    assert "Arrived." in step(other, "arrive")


def test_refusing_needs_a_reason(desk, village, hospital, patient):
    way = services.refer(by=None, person=patient, from_facility=village, to_facility=hospital, reason="x-ray")
    page = desk.post(reverse("referral_act", args=[way.pk, "reject"]), {"reason": ""}, follow=True).content.decode()
    assert "reason" in page.lower() and selectors.referral(way.pk).state == "REQUESTED"
    desk.post(reverse("referral_act", args=[way.pk, "cancel"]), {"reason": "went home"})
    assert selectors.referral(way.pk).state == "CANCELLED"
    assert desk.post(reverse("referral_ask"), {"person": patient.pk}).status_code == 422
    wrong = {"person": patient.pk, "from_facility": village.pk, "to_facility": village.pk, "bed": "ICU", "reason": "x"}
    assert "there already" in desk.post(reverse("referral_ask"), wrong).content.decode()


def test_a_bed_is_free_after_the_discharge(desk, hospital, patient):
    admission = services.admit(by=None, facility=hospital, person=patient)
    assert "Discharge" in opened(desk, "facility", hospital.pk)
    desk.post(reverse("discharge", args=[admission.pk]), {"outcome": "RECOVERED"})
    assert "Nobody lies here" in opened(desk, "facility", hospital.pk)


def test_a_round_keeps_what_was_typed(desk, hospital):
    with scope.everywhere("test"):
        asked = rules.items(rules.pack_of(hospital.area_id))
    given = dict.fromkeys(asked, "YES") | {"WASTE": "NO"}
    address = reverse("control_round", args=[hospital.pk])
    assert "Keep the round" in desk.get(address).content.decode()
    answer = desk.post(address, given)
    assert answer.status_code == 422 and "Say what was seen" in answer.content.decode()
    done = desk.post(address, given | {"WASTE-seen": "bags open"}, follow=True).content.decode()
    assert "1 of 14 not fulfilled" in done
