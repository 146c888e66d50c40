"""A finding from the spot to the second look: it stands where its task stands."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from fangxian.core import scope
from fangxian.core.areas import Area
from fangxian.core.ids import uuid7
from fangxian.core.permissions import Refused
from fangxian.systems.command import services as command
from fangxian.systems.inspection import selectors, services
from fangxian.systems.inspection.models import Finding
from fangxian.systems.screening import services as screening

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
AT = datetime(2022, 3, 15, 0, 0, tzinfo=UTC)
PHOTO = ("door.png", b"\x89PNG\r\n\x1a\n" + b"door")


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


def mended(finding, by, words: str = "a guard stands there") -> Finding:
    return services.mend(finding=stored(finding), by=by, evidence=words, files=(PHOTO,))


def test_a_finding_hands_down_its_task_with_the_packs_time(finding, place):
    task = finding.task
    assert (task.role, task.area, task.due_at, task.priority) == (
        "township_officer", place.area, AT + timedelta(hours=72), "HIGH",
    )  # fmt: skip
    assert task.title_text == "Rectify: no temperature check at the door"
    assert selectors.for_subject("screening.place", place.pk) == [finding] == list(selectors.unsettled("410883"))


def test_mended_and_looked_at_again_by_somebody_else(finding, people):
    inspector, township = people
    task = mended(finding, township).task
    assert stored(finding).state == "RECTIFIED"
    with pytest.raises(Refused):
        command.check(task=task, by=township)

    command.check(task=task, by=inspector)
    closed = stored(finding)
    assert closed.state == "CLOSED" and closed.closed_at is not None
    assert not selectors.unsettled("410883")


def test_not_mended_after_all_opens_it_again_and_counts(finding, people):
    inspector, township = people
    for time in range(2):
        services.mend(finding=stored(finding), by=township, files=(("a.png", PHOTO[1] + bytes([time])),))
        services.reopen(finding=stored(finding), by=inspector, reason="nobody stands there")
    again = stored(finding)
    assert (again.state, again.times_reopened, again.closed_at) == ("OPEN", 2, None)
    assert again.due_at == AT + timedelta(hours=72)  # more is left than a reopened one is given


def test_impossible_and_withdrawn(finding, people, officer):
    inspector, township = people
    other = officer("inspector")
    task = command.cannot(task=finding.task, by=township, reason="closed for good")
    assert stored(finding).state == "IMPOSSIBLE"
    with pytest.raises(ValidationError, match="second person"):
        command.withdraw_many(tasks=[task], by=inspector, reason="closed for good")
    with pytest.raises(ValidationError, match="Who has to mend"):
        services.ask_withdrawal(finding=stored(finding), by=township, reason="closed for good")

    services.ask_withdrawal(finding=stored(finding), by=inspector, reason="closed for good")
    with pytest.raises(ValidationError, match="second person"):
        services.agree_withdrawal(finding=finding, by=inspector)
    gone = services.agree_withdrawal(finding=finding, by=other)
    assert (gone.state, gone.withdrawal_by, gone.settled_by) == ("WITHDRAWN", inspector, other)


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

    mended(changed, township)
    with pytest.raises(ValidationError, match="cannot be changed"):
        services.change_finding(finding=stored(finding), by=inspector, what="nothing at all")


def test_a_phone_that_sends_it_again_hands_down_nothing_new(town, people):
    given = {"id": uuid7(), "area": town, "where": "gate", "what": "gate stands open", "by": people[0]}
    first, second = services.raise_finding(**given), services.raise_finding(**given)
    assert first == second and first.task == second.task
