"""Beds, admissions, transfers agreed by two, and rounds of infection control."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from fangxian.core import clock, records
from fangxian.core.clock import now
from fangxian.core.second_person import SamePerson
from fangxian.systems.inspection import selectors as findings
from fangxian.systems.medical import rules, selectors, services
from fangxian.systems.medical.models import Beds
from fangxian.systems.medical.services import Answer
from fangxian.systems.medical.transitions import allowed
from fangxian.systems.people import services as people

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def two(officer):
    """An officer who may speak for both sides, and another one."""
    return officer("clinician"), officer("duty_officer")


def beds(facility) -> dict[str, tuple[int, int]]:
    return {row.kind: (row.taken, row.free) for row in selectors.capacity() if row.facility == facility}


def test_the_last_bed_is_given_once(hospital, patient, town):
    services.admit(by=None, facility=hospital, person=patient, bed="ICU")
    assert beds(hospital) == {"ISOLATION": (0, 2), "ICU": (1, 0)}
    other = people.add_person(by=None, area=town, name="李秀英", sex="FEMALE")
    with pytest.raises(ValidationError, match="No bed of this kind"):
        services.admit(by=None, facility=hospital, person=other, bed="ICU")
    with pytest.raises(ValidationError, match="lies in a bed already"):  # also where nobody has counted the beds
        services.admit(by=None, facility=hospital, person=patient)
    assert [row.kind_label for row in selectors.capacity("410883")] == ["Intensive care", "Isolation bed"]


def test_discharged_with_an_outcome_once(hospital, patient):
    admission = services.admit(by=None, facility=hospital, person=patient)
    assert list(selectors.patients(hospital)) == [admission]
    with pytest.raises(ValidationError, match="how the stay ended"):
        services.discharge(admission=admission, by=None, outcome="")
    services.discharge(admission=admission, by=None, outcome="RECOVERED")
    with pytest.raises(ValidationError, match="already"):
        services.discharge(admission=admission, by=None, outcome="RECOVERED")
    assert beds(hospital)["ISOLATION"] == (0, 2)


def test_both_sides_agree_and_the_bed_moves_with_the_patient(hospital, house, patient, two, town):
    origin = house("HOSPITAL")
    records.create(Beds, by=None, action="medical.beds.added", area=town, facility=origin, kind="ISOLATION", count=1)
    services.admit(by=None, facility=origin, person=patient, diagnosis="COVID-19")
    referral = services.refer(
        by=two[0], person=patient, from_facility=origin, to_facility=hospital, reason="needs oxygen", bed="ICU"
    )
    assert (referral.state, referral.due_at) == ("REQUESTED", now() + timedelta(hours=2))
    once = services.approve(referral=referral, by=two[0])
    assert (once.state, once.sent_by, allowed(once)) == ("REQUESTED", two[0], ["approve", "reject", "cancel"])
    with pytest.raises(SamePerson):
        services.approve(referral=referral, by=two[0])
    agreed = services.approve(referral=referral, by=two[1])
    assert (agreed.state, agreed.taken_by) == ("APPROVED", two[1])
    services.depart(referral=referral, by=two[0], vehicle="豫H12345")
    assert list(selectors.open_referrals()) == [referral]
    services.arrive(referral=referral, by=two[1])
    assert list(selectors.open_referrals()) == []
    (lying,) = selectors.patients(hospital)
    assert (lying.bed, lying.diagnosis) == ("ICU", "COVID-19")
    assert list(selectors.patients(origin)) == []


def test_refused_with_a_reason_and_fever_never(hospital, village, clinic, patient, two):
    asked = services.refer(by=None, person=patient, from_facility=village, to_facility=hospital, reason="x-ray")
    with pytest.raises(ValidationError):
        services.reject(referral=asked, by=two[1], reason=" ")
    assert services.reject(referral=asked, by=two[1], reason="no free bed").answer == "no free bed"
    with pytest.raises(ValidationError, match="does not allow"):
        services.depart(referral=asked, by=None)
    fever = services.refer(
        by=None, person=patient, from_facility=village, to_facility=clinic, reason="fever", kind="FEVER"
    )
    assert fever.state == "APPROVED"
    with pytest.raises(ValidationError, match="must be taken"):
        services.reject(referral=fever, by=two[1], reason="full")
    assert services.cancel(referral=fever, by=None, reason="went by herself").state == "CANCELLED"


def test_a_way_needs_two_ends(hospital, patient):
    with pytest.raises(ValidationError, match="there already"):
        services.refer(by=None, person=patient, from_facility=hospital, to_facility=hospital, reason="x")


def test_who_reaches_neither_side_cannot_agree(hospital, village, patient, officer):
    asked = services.refer(by=None, person=patient, from_facility=village, to_facility=hospital, reason="x-ray")
    stranger = officer("clinician", area="410883002")
    with pytest.raises(ValidationError, match="neither facility"):
        services.approve(referral=asked, by=stranger)


def answers(facility, **other) -> dict[str, Answer]:
    return {item: Answer("YES") for item in rules.items(rules.pack_of(facility.area_id))} | other


def test_a_round_makes_a_finding_of_each_no(hospital, two):
    given = answers(hospital, WASTE=Answer("NO", "bags open in the corridor"), VISITORS=Answer("NOT_APPLICABLE"))
    done = services.record_round(by=two[0], facility=hospital, answers=given)
    assert (done.asked, done.missed) == (14, 1)
    (finding,) = findings.for_subject("medical.facility", hospital.pk)
    assert finding.what == "Medical waste is packed, weighed, signed for twice: bags open in the corridor"
    assert selectors.control_round(done.pk) == done


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"WASTE": Answer("NO", " ")}, "Say what was seen"),
        ({"WASTE": Answer("PERHAPS")}, "Answer this item"),
        ({"WEATHER": Answer("YES")}, "does not ask this"),
    ],
)
def test_a_round_is_whole(hospital, change, reason):
    with pytest.raises(ValidationError, match=reason):
        services.record_round(by=None, facility=hospital, answers=answers(hospital, **change))
    some = answers(hospital)
    some.pop("ZONES")
    with pytest.raises(ValidationError, match="zones are apart: Answer this item"):
        services.record_round(by=None, facility=hospital, answers=some)


def test_rounds_are_due_again_after_the_packs_days(hospital, village):
    assert selectors.rounds_due() == [(hospital, None), (village, None)]
    done = services.record_round(by=None, facility=hospital, answers=answers(hospital))
    assert selectors.rounds_due() == [(village, None)]
    with clock.frozen(now() + timedelta(days=7, minutes=1)):
        assert selectors.rounds_due() == [(village, None), (hospital, done.done_at)]
