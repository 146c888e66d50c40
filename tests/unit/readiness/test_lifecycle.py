"""From the application to the moment evidence ends it: who may, what is refused, what is told."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from fangxian.core import clock, jobs, scope
from fangxian.core.areas import Area
from fangxian.core.audit import AuditEntry
from fangxian.core.permissions import Refused
from fangxian.core.second_person import SamePerson
from fangxian.systems.command.models import Task
from fangxian.systems.readiness import selectors, services
from fangxian.systems.readiness.models import EpidemicFree
from fangxian.workflows import epidemic_free, rounds
from tests.unit.readiness.conftest import CELL, NOON, VILLAGE

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretary(officer):
    return officer("village_secretary", area=VILLAGE)


@pytest.fixture
def township(officer):
    return officer("township_officer", area="410883001")


@pytest.fixture
def granted(ready, secretary, township):
    row = epidemic_free.apply(by=secretary, area=ready, note="两轮全阴")
    return epidemic_free.approve(row=row, by=township)


def test_a_community_applies_and_the_township_grants(granted, township):
    assert (granted.state, granted.broken, granted.decided_by) == ("GRANTED", 0, township)
    assert granted.valid_until == NOON.date() + timedelta(days=30)
    assert {one["key"] for one in granted.verdicts if not one["met"]} == set()
    assert [row.pk for row in selectors.in_force("410883")] == [granted.pk]


def test_an_application_names_every_criterion_not_met(ready, hand, secretary):
    hand.home()
    hand.finding(3)
    with pytest.raises(ValidationError) as refused:
        epidemic_free.apply(by=secretary, area=ready)
    assert "isolated at home" in str(refused.value) and "not mended in time" in str(refused.value)
    assert not EpidemicFree.unscoped.exists()


def test_only_communities_apply(hand, secretary):
    with pytest.raises(ValidationError, match="village"):
        services.apply(by=secretary, area=Area.objects.get(code="410883001"), verdicts=[])
    with pytest.raises(ValidationError, match="Not all criteria"):
        services.apply(by=secretary, area=hand.area, verdicts=[])


def test_nobody_grants_their_own_application(ready, township):
    row = epidemic_free.apply(by=township, area=ready)
    with pytest.raises(SamePerson):
        epidemic_free.approve(row=row, by=township)
    assert AuditEntry.objects.filter(action="readiness.community.granted.refused").exists()


def test_a_secretary_decides_nothing(ready, officer, secretary):
    row = epidemic_free.apply(by=secretary, area=ready)
    colleague = officer("village_secretary", area=VILLAGE)
    with pytest.raises(Refused, match="township"):
        epidemic_free.approve(row=row, by=colleague)
    with pytest.raises(Refused):
        services.refuse(row=row, by=colleague, reason="no")


def test_the_evidence_of_the_moment_of_the_decision_counts(ready, hand, secretary, township):
    row = epidemic_free.apply(by=secretary, area=ready)
    hand.home()
    with pytest.raises(ValidationError, match="isolated at home"):
        epidemic_free.approve(row=row, by=township)
    assert epidemic_free.look() == {"REFUSED": 1}
    row.refresh_from_db()
    assert (row.state, row.again_from) == ("REFUSED", None)


def test_an_officer_refuses_with_a_reason(ready, secretary, township):
    row = epidemic_free.apply(by=secretary, area=ready)
    with pytest.raises(ValidationError, match="Say why"):
        services.refuse(row=row, by=township, reason=" ")
    refused = services.refuse(row=row, by=township, reason="夜间无人值守")
    assert (refused.state, refused.ended_why) == ("REFUSED", "夜间无人值守")
    assert epidemic_free.apply(by=secretary, area=ready).state == "APPLIED"


def test_a_case_revokes_by_its_own_job(granted, hand):
    hand.case(0)
    job = jobs.Job.objects.get(kind=epidemic_free.JOB)
    assert job.payload == {"area_code": "410883"}
    jobs.run_pending()
    granted.refresh_from_db()
    assert (granted.state, granted.broken) == ("REVOKED", 1)
    assert granted.again_from == NOON.date() + timedelta(days=14)
    assert [one["key"] for one in granted.verdicts if not one["met"]] == ["no_case"]
    told = Task.unscoped.filter(subject_id=granted.pk)
    assert {(task.role, task.area_id) for task in told} == {
        ("village_secretary", VILLAGE), ("township_officer", "410883001")
    }  # fmt: skip
    assert "Days since the last confirmed case" in told.first().instructions_text
    assert epidemic_free.look() == {}  # again is harmless
    assert Task.unscoped.filter(subject_id=granted.pk).count() == 2


def test_a_case_elsewhere_queues_nothing_where_nothing_is_at_stake(hand):
    hand.case(0)
    assert not jobs.Job.objects.exists()


def test_what_time_breaks_is_found_by_the_round_of_five_minutes(granted, hand):
    hand.finding(-2)
    assert epidemic_free.look() == {}
    with clock.frozen(NOON + timedelta(hours=2, minutes=1)):
        done = rounds.overdue(None)
    assert done["communities"] == {"REVOKED": 1}


def test_a_share_that_falls_later_ends_nothing(granted, hand):
    hand.elder(False)
    assert epidemic_free.look() == {}


def test_it_waits_before_it_applies_again(granted, hand, secretary, ready):
    home = hand.home()
    epidemic_free.look()
    type(home).unscoped.filter(pk=home.pk).update(state="RELEASED")
    with pytest.raises(ValidationError, match="2022-04-03"):
        epidemic_free.apply(by=secretary, area=ready)
    with clock.frozen(NOON + timedelta(days=14)):
        assert epidemic_free.apply(by=secretary, area=ready).state == "APPLIED"


def test_it_runs_out_after_its_last_day(granted):
    with clock.frozen(NOON + timedelta(days=30)):
        assert epidemic_free.look() == {}
    with clock.frozen(NOON + timedelta(days=31)):
        assert selectors.in_force("410883") == []
        assert epidemic_free.look() == {"EXPIRED": 1}
    assert Task.unscoped.get(subject_id=granted.pk).role == "village_secretary"


def test_by_hand_it_ends_by_two(granted, township, officer):
    county = officer("duty_officer")
    with pytest.raises(ValidationError, match="Nobody has asked"):
        services.revoke(row=granted, by=county)
    asked = services.ask_to_revoke(row=granted, by=county, reason="拒不配合流调")
    assert asked.state == "GRANTED"
    with pytest.raises(SamePerson):
        services.revoke(row=asked, by=county)
    done = services.revoke(row=asked, by=township)
    assert (done.state, done.ended_why, done.ended_by) == ("REVOKED", "拒不配合流调", township)
    with pytest.raises(ValidationError, match="not possible any more"):
        services.ask_to_revoke(row=done, by=county, reason="again")


def test_one_application_at_a_time(granted, secretary, ready):
    with pytest.raises(ValidationError, match="open already"):
        epidemic_free.apply(by=secretary, area=ready)


@pytest.mark.parametrize(
    "changes",
    [{"broken": 1}, {"valid_until": None}, {"decided_by": None, "decided_at": None}, {"state": "REVOKED"}],
)
def test_the_table_itself_refuses_a_typed_status(granted, changes):
    with pytest.raises(IntegrityError), transaction.atomic():
        EpidemicFree.unscoped.filter(pk=granted.pk).update(**changes)


def test_a_secretary_sees_figures_without_the_rows_behind_them(ready, hand, secretary):
    hand.home()
    with scope.of(secretary):
        verdicts = {one.criterion.key: one.figure for one in epidemic_free.judge_one(VILLAGE)}
    assert verdicts["no_home_isolation"] == 1


def test_a_cell_may_apply_for_itself(hand, officer, township):
    hand.person()
    row = epidemic_free.apply(by=officer("duty_officer"), area=Area.objects.get(code=CELL))
    assert epidemic_free.approve(row=row, by=township).state == "GRANTED"
    assert selectors.latest([CELL, VILLAGE]) == {CELL: row}
    assert list(selectors.history(CELL)) == [row]
    assert selectors.latest([]) == {}
