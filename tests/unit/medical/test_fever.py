"""A fever patient: judged by the pack, sent where fever is seen, tested; kept where it is not seen is a finding."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from fangxian.core import jobs
from fangxian.core.clock import now
from fangxian.faces.web.pages.medical import lists
from fangxian.faces.web.registers import named
from fangxian.systems.command import selectors as tasks
from fangxian.systems.inspection import selectors as findings
from fangxian.systems.medical import selectors, services
from fangxian.systems.medical.models import Facility, FeverVisit, Referral
from fangxian.systems.testing import selectors as testing
from fangxian.workflows.fever_patient import on_visit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
AT = datetime(2022, 3, 15, 0, 0, tzinfo=UTC)
OPEN = ("PENDING", "IN_PROGRESS")


def seen(house, patient, temperature="38.4", outcome="TREATED", **values) -> FeverVisit:
    return services.record_visit(
        by=None, facility=house, person=patient, temperature=Decimal(temperature), outcome=outcome, **values
    )


@pytest.mark.parametrize(
    ("kind", "temperature", "fever", "forbidden"),
    [
        ("VILLAGE_CLINIC", "37.3", True, True),
        ("VILLAGE_CLINIC", "37.2", False, False),
        ("PRIVATE_CLINIC", "39.0", True, True),
        ("TOWNSHIP_CENTRE", "38.0", True, True),
        ("COMMUNITY_CENTRE", "38.0", True, True),
        ("FEVER_CLINIC", "38.0", True, False),
        ("HOSPITAL", "38.0", True, False),
        ("DESIGNATED_HOSPITAL", "38.0", True, False),
    ],
)
def test_the_pack_says_what_is_fever_and_who_may_see_it(house, patient, kind, temperature, fever, forbidden):
    visit = seen(house(kind), patient, temperature)
    assert (visit.is_fever, visit.is_forbidden) == (fever, forbidden)
    assert visit.rule == ("medical.fever_forbidden_kinds" if forbidden else "")
    assert (visit.area, visit.home_area) == (visit.facility.area, patient.area)


def test_a_moment_yet_to_come_is_refused(village, patient):
    with pytest.raises(ValidationError, match="yet to come"):
        seen(village, patient, visited_at=now() + timedelta(minutes=1))


def test_kept_at_a_village_clinic(village, clinic, house, patient):
    """Sent to the nearest fever clinic within two hours, tested today, and a finding of the clinic; all of it once."""
    far = house("FEVER_CLINIC", "far away", latitude=35.2, longitude=113.2)
    visit = seen(village, patient)
    assert jobs.run_pending() == 1
    followed = on_visit(visit_id=visit.pk, by=None)
    referral = selectors.referrals_of([visit.pk])[visit.pk]
    assert (referral, referral.to_facility) == (followed.referral, clinic) and clinic != far
    assert (referral.state, referral.kind, referral.due_at) == ("APPROVED", "FEVER", AT + timedelta(hours=2))
    (task,) = tasks.for_subject("medical.referral", referral.pk)
    assert (task.title_text, task.due_at) == ("Bring a fever patient to FEVER_CLINIC", AT + timedelta(hours=2))
    (finding,) = findings.for_subject("medical.facility", village.pk)
    assert (finding.severity, finding.what) == ("CRITICAL", "A fever patient was treated here.")
    (duty,) = testing.duties_of([visit.pk])
    assert (duty.due_on, duty.disease, duty.stage) == (date(2022, 3, 15), "covid19", "fever_clinic")


def test_the_task_ends_when_the_patient_arrives(village, clinic, patient):
    visit = seen(village, patient, outcome="REFERRED")
    referral = on_visit(visit_id=visit.pk, by=None).referral
    services.depart(referral=referral, by=None, vehicle="豫H12345")
    services.arrive(referral=referral, by=None)
    assert [task.status for task in tasks.for_subject("medical.referral", referral.pk)] == ["REMOVED"]
    assert on_visit(visit_id=visit.pk, by=None).referral.state == "COMPLETED"
    assert not [task for task in tasks.for_subject("medical.referral", referral.pk) if task.status in OPEN]
    assert findings.for_subject("medical.facility", village.pk) == []  # who refers keeps the rule


def test_without_a_fever_clinic_somebody_has_to_find_one(village, patient):
    visit = seen(village, patient, outcome="REFERRED")
    assert on_visit(visit_id=visit.pk, by=None).referral is None
    (task,) = tasks.for_subject("medical.fevervisit", visit.pk)
    assert task.title_text == "Find a fever clinic for a patient seen at VILLAGE_CLINIC"


def test_hospitals_stand_in_for_fever_clinics(village, hospital, patient):
    visit = seen(village, patient, outcome="REFERRED")
    assert on_visit(visit_id=visit.pk, by=None).referral.to_facility == hospital


def test_no_fever_no_work(clinic, patient):
    visit = seen(clinic, patient, "36.8", "SENT_HOME")
    followed = on_visit(visit_id=visit.pk, by=None)
    assert (followed.referral, followed.finding, followed.tests, followed.risk) == (None, None, 0, "")


def test_a_fever_clinic_tests_and_keeps(clinic, patient):
    followed = on_visit(visit_id=seen(clinic, patient, outcome="OBSERVED").pk, by=None)
    assert (followed.referral, followed.finding, followed.tests) == (None, None, 1)


def test_counts_and_exceptions_first(village, clinic, patient):
    first = seen(clinic, patient, "36.8", "SENT_HOME")
    second = seen(village, patient, "38.0", "REFERRED")
    assert list(selectors.visits_since(AT - timedelta(hours=1))) == [second, first]
    assert [named.rows(lists.FEVER, key).count() for key in ("", "fever_lately", "forbidden_lately")] == [2, 1, 1]
    assert list(selectors.visits_since(AT - timedelta(hours=1), clinic)) == [first]
    assert set(selectors.facilities()) == {village, clinic}
    assert isinstance(selectors.facility(clinic.pk), Facility) and Referral.OPEN
