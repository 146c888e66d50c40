"""The rounds: queued once an hour and a day, and each brings its ledger to the day."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from fangxian.core import clock, jobs
from fangxian.core.jobs import Job
from fangxian.systems.cases.models import Contact
from fangxian.systems.command.models import Task
from fangxian.systems.quarantine import services as quarantine
from fangxian.systems.testing.models import TestDuty
from fangxian.workflows import rounds
from tests.integration.test_positive_result import MORNING, Town


@pytest.fixture
def town(officer, visits, frozen, everywhere):
    made = Town(officer, visits)
    made.respond(result_id=made.positive().pk)
    return made


def test_every_round_is_queued_once(town):
    assert rounds.enqueue_due() == 2
    assert rounds.enqueue_due() == 0
    with clock.frozen(MORNING + timedelta(minutes=5)):
        assert rounds.enqueue_due() == 1
    with clock.frozen(MORNING + timedelta(days=1)):
        assert rounds.enqueue_due() == 2


def test_what_is_overdue_goes_up_and_the_days_work_is_done(town):
    with clock.frozen(MORNING + timedelta(days=1, hours=1)):
        rounds.enqueue_due()
        jobs.run_pending()
        states = {job.kind: (job.state, job.result) for job in Job.objects.filter(kind__startswith="rounds")}
        assert {state for state, _result in states.values()} == {"done"}, states
        assert states["rounds.overdue"][1]["escalated"] > 0
        assert Task.objects.filter(escalated_at__isnull=False).exists()
        daily = states["rounds.daily"][1]
        assert daily["tests_missed"] == TestDuty.objects.filter(state="MISSED").count() > 0
        assert daily["visits"]["sealed"] == 0 and daily["audit_head"]["seq"] > 0


def test_follow_up_ends_when_the_contact_was_seen_on_the_last_day(town):
    wife = Contact.objects.get(person=town.wife)
    assert wife.follow_up_until == date(2022, 4, 5)  # 21 days after the last contact
    with clock.frozen(datetime(2022, 4, 5, 10, tzinfo=UTC)):
        for slot in ("AM", "PM"):
            quarantine.record_check(
                by=None,
                area=town.wife.area,
                person=town.wife,
                day=clock.today(),
                slot=slot,
                temperature=Decimal("36.5"),
            )
        assert rounds.refresh_follow_up() > 0
    wife.refresh_from_db()
    assert wife.follow_up == "COMPLETED"
