"""What climbs the ladder and when; what it remembers; what neither a verb nor the database lets through."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from fangxian.core import clock, scope
from fangxian.core.areas import Area
from fangxian.faces.cli.checks import rectification as check
from fangxian.systems.command.models import Task
from fangxian.systems.inspection import selectors, services
from fangxian.systems.inspection.models import Accountability, Finding
from fangxian.systems.screening import services as screening
from fangxian.workflows import rectification

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
AT = datetime(2022, 3, 15, 0, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def town(county):
    with scope.everywhere("test data"):
        yield Area.objects.get(code="410883001")


@pytest.fixture
def people(officer):
    return officer("inspector"), officer("township_officer", area="410883001")


@pytest.fixture
def found(town, people):
    def found(**values):
        given = {"where": "Market", "what": "no code at the gate", "severity": "MAJOR", "topic": "CODES", **values}
        return services.raise_finding(by=people[0], area=town, **given)

    return found


def step_at(finding: Finding, hours: float) -> str:
    with clock.frozen(AT + hours * HOUR):
        rectification.climb_due()
    return Finding.unscoped.get(pk=finding.pk).step


def test_what_nobody_mends_climbs_to_accountability_by_the_clock(found):
    finding = found()  # 72 hours to mend it
    assert [step_at(finding, hours) for hours in (95.9, 96, 143.9, 144, 239.9, 240)] == [
        "OWNER", "SUPERVISED", "SUPERVISED", "SUMMONED", "SUMMONED", "ACCOUNT",
    ]  # fmt: skip
    assert Accountability.objects.get().unit == "Market"
    steps = Task.objects.filter(subject_id=finding.pk).exclude(pk=finding.task_id).values_list("role", flat=True)
    assert sorted(steps) == ["duty_officer", "duty_officer", "inspector"]
    assert rectification.climb_due(AT + 300 * HOUR) == 0  # looking again changes nothing


def test_a_repeat_is_remembered_at_the_place_and_of_the_unit(found):
    first = found(unit="Market Ltd")
    second, elsewhere = found(), found(where="Branch", unit="Market Ltd")
    assert [one.times_before for one in (first, second, elsewhere)] == [0, 1, 1]
    assert elsewhere.repeat_of == first and found(topic="OTHER").times_before == 0
    assert step_at(second, 0) == "SUPERVISED" and step_at(first, 0) == "OWNER"
    own = found(origin="SELF_CHECK")
    assert (own.times_before, step_at(own, 0)) == (2, "OWNER")  # telling pays
    with clock.frozen(AT + timedelta(days=400)):
        assert found().times_before == 0


def test_a_late_second_look_is_the_supervisors_matter(found, people):
    finding = found(severity="MINOR")
    services.mend(finding=finding, by=people[1], evidence="a guard stands there")
    assert [step_at(finding, hours) for hours in (47, 48, 9000)] == ["OWNER", "SUPERVISED", "SUPERVISED"]


def test_closing_ends_what_the_ladder_asked(found, people):
    finding = found(severity="MINOR")
    step_at(finding, 24 * 7 + 48)
    services.mend(finding=finding, by=people[1], evidence="a guard stands there")
    services.agree(finding=selectors.finding(finding.pk), by=people[0])
    assert set(Task.objects.filter(subject_id=finding.pk).values_list("status", flat=True)) == {"CHECKED", "REMOVED"}


def test_the_owner_gives_itself_no_time(found, people):
    finding = found()
    with pytest.raises(ValidationError, match="for the command to give"):
        services.change_finding(finding=finding, by=people[1], due_at=finding.due_at + HOUR)
    assert services.change_finding(finding=finding, by=people[0], due_at=finding.due_at + HOUR).task.due_at > AT


@pytest.mark.parametrize(
    "values",
    [
        {"state": "CLOSED", "closed_at": AT}, {"task": None}, {"due_at": None},
        {"state": "RECTIFIED", "mended_at": AT}, {"state": "WITHDRAWN"},
    ],
)  # fmt: skip
def test_the_database_itself_refuses(found, values):
    finding = found()
    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.unscoped.filter(pk=finding.pk).update(**values)
    assert not selectors.off_ladder().exists()


def test_a_route_goes_to_what_is_longest_due(town, people):
    for number in range(3):
        with clock.frozen(AT - timedelta(days=90 + number)):
            screening.add_place(by=None, area=town, name=f"Shop {number}", kind="PHARMACY")
    trip = rectification.plan_route(by=people[0], area=town, name="trip", leader=people[0], on=AT.date(), most=2)
    assert [(sheet.where, sheet.checklist) for sheet in selectors.sheets_of([trip])] == [
        ("Shop 2", "pharmacy"), ("Shop 1", "pharmacy"),
    ]  # fmt: skip
    assert len(rectification.missing_parties("410883")) == 3
    assert selectors.trips_to_make(people[0], AT.date()) == [trip]


def test_the_check_sees_each_planted_damage(county, monkeypatch):
    monkeypatch.setattr(check.first_start, "plant", lambda code: 0)
    report = check.run(120, 0, lambda *told: None)
    assert report.wrong == 0 and report.refused > 20 and report.refused_by_store > 5
    assert "left_ladder=0 closed_without_evidence=0 closed_by_owner=0" in report.line()
