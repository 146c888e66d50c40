"""A finding from the spot to the second look: it stands where its task stands."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from fangxian.core import records, scope
from fangxian.core.areas import Area
from fangxian.core.ids import uuid7
from fangxian.core.permissions import Refused
from fangxian.systems.command import services as command
from fangxian.systems.inspection import selectors, services
from fangxian.systems.inspection.models import Finding
from fangxian.systems.screening import services as screening

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
AT = datetime(2022, 3, 15, 0, 0, tzinfo=UTC)


@pytest.fixture
def town(county):
    with scope.everywhere("test data"):
        yield Area.objects.get(code="410883001")


@pytest.fixture
def place(town):
    return screening.add_place(by=None, area=town, name="红星超市", kind="SHOP")


@pytest.fixture
def people(officer):
    return officer("inspector"), officer("township_officer", area="410883001")


@pytest.fixture
def finding(people, place):
    return services.raise_finding(
        by=people[0], area=place.area, where=str(place), subject=place, what="no temperature check at the door",
        severity="MAJOR",
    )  # fmt: skip


def stored(finding) -> Finding:
    return selectors.finding(finding.pk)


def test_a_finding_hands_down_its_task_with_the_packs_time(finding, place):
    task = finding.task
    assert (task.role, task.area, task.due_at, task.priority) == (
        "township_officer", place.area, AT + timedelta(hours=72), "HIGH",
    )  # fmt: skip
    assert task.title_text == "Rectify: no temperature check at the door"
    assert selectors.for_subject("screening.place", place.pk) == [finding] == list(selectors.unsettled("410883"))


def test_mended_and_looked_at_again_by_somebody_else(finding, people):
    inspector, township = people
    task = command.finish(task=finding.task, by=township, outcome="a guard stands there")
    assert stored(finding).state == "RECTIFIED"
    with pytest.raises(Refused):
        command.check(task=task, by=township)

    command.check(task=task, by=inspector)
    closed = stored(finding)
    assert closed.state == "CLOSED" and closed.closed_at is not None
    assert not selectors.unsettled("410883")


def test_not_mended_after_all_opens_it_again_and_counts(finding, people):
    inspector, township = people
    for _time in range(2):
        task = command.finish(task=stored(finding).task, by=township)
        command.send_back(task=task, by=inspector, reason="nobody stands there")
    again = stored(finding)
    assert (again.state, again.times_reopened, again.closed_at) == ("OPEN", 2, None)


def test_impossible_and_withdrawn(finding, people, officer):
    inspector, township = people
    task = command.cannot(task=finding.task, by=township, reason="closed for good")
    assert stored(finding).state == "IMPOSSIBLE"
    command.withdraw_many(tasks=[task], by=inspector, reason="closed for good")
    assert stored(finding).state == "WITHDRAWN"


def test_handed_on_to_somebody_by_name(finding, people):
    _inspector, township = people
    command.reassign(tasks=[finding.task], officer=township, by=township)
    assert stored(finding).officer == township


def test_other_tasks_move_no_finding(finding, people, town):
    other = command.hand_down(by=people[0], area=town, title="something else", role="township_officer")
    command.finish(task=other, by=people[1])
    assert stored(finding).state == "OPEN"


def test_a_change_changes_the_task_until_it_is_reported_mended(finding, people):
    inspector, township = people
    changed = services.change_finding(finding=finding, by=inspector, what="no thermometer at the door")
    assert changed.task.title_text == "Rectify: no thermometer at the door"

    command.finish(task=changed.task, by=township)
    with pytest.raises(ValidationError, match="cannot be changed"):
        services.change_finding(finding=stored(finding), by=inspector, what="nothing at all")


def test_a_phone_that_sends_it_again_hands_down_nothing_new(town, people):
    given = {"id": uuid7(), "area": town, "where": "gate", "what": "gate stands open", "by": people[0]}
    first, second = services.raise_finding(**given), services.raise_finding(**given)
    assert first == second and first.task == second.task


def test_a_finding_that_came_before_its_task_can_be_changed(town):
    """An old ledger may hold findings nobody was ever told of."""
    bare = records.create(Finding, by=None, action="test.made", area=town, where="gate", what="gate stands open")
    assert services.change_finding(finding=bare, by=None, where="east gate").where == "east gate"
    assert str(bare) == "gate: gate stands open"
