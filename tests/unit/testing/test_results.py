"""Results are never silently wrong: what may be entered, what is held, who decides, what stays readable."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from fangxian.core import audit, clock
from fangxian.core.clock import now
from fangxian.core.permissions import Refused
from fangxian.systems.command.models import Task
from fangxian.systems.testing import selectors, services
from fangxian.systems.testing.models import LabResult, TestDuty

DISEASE = "covid19"

# stored (in order)        said        stored after                                   returned
ENTERING = [
    ("",                   "NEGATIVE", "NEGATIVE/IN_FORCE",                            0),
    ("NEGATIVE",           "NEGATIVE", "NEGATIVE/IN_FORCE",                            0),
    ("NEGATIVE",           "POSITIVE", "NEGATIVE/HELD POSITIVE/HELD",                  1),
    ("NEGATIVE POSITIVE",  "POSITIVE", "NEGATIVE/HELD POSITIVE/HELD",                  1),
    ("NEGATIVE POSITIVE",  "INDETERMINATE", "NEGATIVE/HELD POSITIVE/HELD INDETERMINATE/HELD", 2),
]  # fmt: skip


def drawn() -> str:
    rows = LabResult.objects.order_by("reported_at", "pk")
    return " ".join(f"{row.value}/{row.state}" for row in rows)


@pytest.mark.parametrize(("stored", "said", "after", "returned"), ENTERING)
def test_entering(tube, enter, stored, said, after, returned):
    tube("A1")
    for value in stored.split():
        enter("A1", value)
    answer = enter("a1 ", said)
    assert drawn() == after
    assert answer == list(LabResult.objects.order_by("reported_at", "pk"))[returned]


def test_a_tube_nobody_registered_has_no_result(village, enter):
    with pytest.raises(ValidationError, match="not registered"):
        enter("A1", "NEGATIVE")


def test_a_tube_without_samples_has_no_result(tube, enter):
    tube("A1", samples=0)
    with pytest.raises(ValidationError, match="No sample"):
        enter("A1", "NEGATIVE")


@pytest.mark.parametrize(
    ("minutes", "reason"),
    [(-61, "before the sample"), (11, "future")],
)
def test_impossible_times_are_refused(tube, enter, minutes, reason):
    tube("A1")
    with pytest.raises(ValidationError, match=reason):
        enter("A1", "NEGATIVE", tested_at=now() + timedelta(minutes=minutes))


def test_an_unknown_value_is_refused(tube, enter):
    tube("A1")
    with pytest.raises(ValidationError, match="not a result"):
        enter("A1", "MAYBE")


def test_a_contradiction_hands_down_one_task(tube, enter):
    tube("A1")
    enter("A1", "NEGATIVE")
    enter("A1", "POSITIVE")
    task = Task.objects.get(kind=Task.Kind.RESULT_CONFLICT)
    assert (task.role, task.priority, task.params) == ("investigator", "HIGH", {"barcode": "A1"})


@pytest.fixture
def conflict(tube, enter):
    """A negative and a positive on one tube."""
    tube("A1")
    return enter("A1", "NEGATIVE"), enter("A1", "POSITIVE")


# opinions on the positive, by officers a, b, c        negative     positive
DECIDING = [
    ("a:IN_FORCE",                                     "HELD",      "HELD"),
    ("a:IN_FORCE b:IN_FORCE",                          "REJECTED",  "IN_FORCE"),
    ("a:REJECTED b:REJECTED",                          "HELD",      "REJECTED"),
    ("a:IN_FORCE b:REJECTED",                          "HELD",      "HELD"),
    ("a:IN_FORCE b:REJECTED c:REJECTED",               "HELD",      "REJECTED"),
    ("a:IN_FORCE a:REJECTED b:REJECTED",               "HELD",      "REJECTED"),
]  # fmt: skip


@pytest.mark.parametrize(("opinions", "negative", "positive"), DECIDING)
def test_two_different_persons_decide(conflict, officer, opinions, negative, positive):
    officers = {name: officer("investigator") for name in "abc"}
    for step in opinions.split():
        name, opinion = step.split(":")
        services.decide(conflict[1], by=officers[name], opinion=opinion)
    states = [LabResult.objects.get(pk=result.pk).state for result in conflict]
    assert states == [negative, positive]


def test_one_person_cannot_agree_with_themselves(conflict, officer):
    one = officer("investigator")
    services.decide(conflict[1], by=one, opinion="IN_FORCE")
    with pytest.raises(ValidationError, match="second person"):
        services.decide(conflict[1], by=one, opinion="IN_FORCE")


def test_deciding_needs_the_right(conflict, officer):
    with pytest.raises(Refused):
        services.decide(conflict[1], by=officer("laboratory"), opinion="IN_FORCE")
    with pytest.raises(Refused):
        services.decide(conflict[1], by=officer("investigator", area="410882"), opinion="IN_FORCE")


def test_what_is_not_held_cannot_be_decided(tube, enter, officer):
    tube("A1")
    result = enter("A1", "NEGATIVE")
    with pytest.raises(ValidationError, match="held"):
        services.decide(result, by=officer("investigator"), opinion="REJECTED")
    with pytest.raises(ValidationError, match="in force or rejected"):
        services.decide(result, by=officer("investigator"), opinion="WITHDRAWN")


@pytest.mark.parametrize(("second", "status"), [("investigator", "DONE"), ("duty_officer", "REMOVED")])
def test_the_task_ends_with_the_decision(conflict, officer, second, status):
    for one in (officer("investigator"), officer(second)):
        services.decide(conflict[1], by=one, opinion="IN_FORCE", reason="control was positive")
    assert Task.objects.get().status == status


def test_the_file_of_yesterday_does_not_reopen_a_decision(conflict, enter, officer):
    for one in (officer("investigator"), officer("duty_officer")):
        services.decide(conflict[1], by=one, opinion="IN_FORCE")
    again = enter("A1", "NEGATIVE", tested_at=conflict[0].tested_at)
    assert (again, again.state) == (conflict[0], "REJECTED")
    assert drawn() == "NEGATIVE/REJECTED POSITIVE/IN_FORCE"


def test_a_correction_keeps_what_was_said(tube, enter):
    tube("A1")
    wrong = enter("A1", "POSITIVE")
    right = services.correct(wrong, by=None, value="NEGATIVE", reason="plate read upside down")
    assert drawn() == "POSITIVE/WITHDRAWN NEGATIVE/IN_FORCE"
    assert right.replaces == wrong
    actions = [entry.action for entry in audit.history(wrong)]
    assert actions == ["testing.result.entered", "testing.result.withdrawn"]


def test_a_correction_of_a_held_result_may_agree_with_the_other(conflict):
    answer = services.correct(conflict[0], by=None, value="POSITIVE", reason="typing")
    assert answer == conflict[1]
    assert drawn() == "NEGATIVE/WITHDRAWN POSITIVE/HELD"


def test_a_correction_of_a_held_result_stays_held(conflict):
    services.correct(conflict[0], by=None, value="INDETERMINATE", reason="typing")
    assert drawn() == "NEGATIVE/WITHDRAWN POSITIVE/HELD INDETERMINATE/HELD"


def test_corrections_that_make_no_sense_are_refused(tube, enter):
    tube("A1")
    result = enter("A1", "POSITIVE")
    with pytest.raises(ValidationError, match="says the same"):
        services.correct(result, by=None, value="POSITIVE", reason="x")
    services.withdraw(result, by=None, reason="x")
    with pytest.raises(ValidationError, match="stands"):
        services.correct(result, by=None, value="NEGATIVE", reason="x")


def test_withdrawing_needs_a_reason_and_is_harmless_twice(tube, enter):
    tube("A1")
    result = enter("A1", "POSITIVE")
    with pytest.raises(ValidationError, match="why"):
        services.withdraw(result, by=None, reason=" ")
    first = services.withdraw(result, by=None, reason="contaminated")
    assert services.withdraw(result, by=None, reason="again").version == first.version


def test_a_rejected_result_cannot_be_withdrawn(conflict, officer):
    for one in (officer("investigator"), officer("duty_officer")):
        services.decide(conflict[0], by=one, opinion="REJECTED")
    with pytest.raises(ValidationError, match="rejected"):
        services.withdraw(conflict[0], by=None, reason="x")


def test_a_positive_pool_recalls_its_members_once(tube, enter, officer):
    tube("A1", size=10, samples=3)
    result = enter("A1", "POSITIVE")
    called = services.recall_pool(result, by=None)
    services.recall_pool(result, by=None)
    assert called == selectors.persons_of(result)
    assert len(called) == 3
    assert TestDuty.objects.filter(subject_id=result.pk).count() == 3
    assert Task.objects.filter(kind=Task.Kind.SAMPLE_COLLECTION, role="sampler").count() == 3


def test_withdrawing_a_pool_calls_the_recall_off(tube, enter):
    tube("A1", size=5, samples=2)
    result = enter("A1", "POSITIVE")
    services.recall_pool(result, by=None)
    services.withdraw(result, by=None, reason="contaminated")
    assert set(TestDuty.objects.values_list("state", flat=True)) == {"CANCELLED"}
    assert set(Task.objects.values_list("status", flat=True)) == {"REMOVED"}


def test_only_a_positive_pool_in_force_recalls(tube, enter):
    tube("A1", size=5, samples=2)
    tube("B1", size=1)
    with pytest.raises(ValidationError, match="in force"):
        services.recall_pool(enter("A1", "NEGATIVE"), by=None)
    with pytest.raises(ValidationError, match="one person"):
        services.recall_pool(enter("B1", "POSITIVE"), by=None)


def test_a_later_result_never_changes_an_earlier_day(tube, enter, frozen):
    """The accident of a state whose positives were filed under the date of the first test."""
    day = timezone.localdate(frozen)
    tube("A1")
    enter("A1", "POSITIVE")
    before = selectors.daily_counts(day, day)
    for days in range(1, 4):
        with clock.frozen(frozen + timedelta(days=days)):
            tube(f"B{days}")
            enter(f"B{days}", "POSITIVE", tested_at=now() - timedelta(minutes=30))
            enter("A1", "NEGATIVE", tested_at=now())
            first = selectors.daily_counts(day, day + timedelta(days=3), disease=DISEASE)[0]
            assert (first.positive, first.negative) == (before[0].positive, before[0].negative)
    assert [(c.positive, c.held) for c in selectors.daily_counts(day, day + timedelta(days=3))] == [
        (1, 1), (1, 1), (1, 0), (1, 0),
    ]  # fmt: skip


def test_only_an_explicit_withdrawal_changes_an_earlier_day(tube, enter, frozen):
    day = timezone.localdate(frozen)
    tube("A1")
    result = enter("A1", "POSITIVE")
    with clock.frozen(frozen + timedelta(days=1)):
        services.withdraw(result, by=None, reason="contaminated")
        assert selectors.daily_counts(day, day)[0].positive == 0
