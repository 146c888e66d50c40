"""Who is to be tested when: planned, planned again, done by a sample, missed by the clock."""

from datetime import date, timedelta

import pytest

from fangxian.core import audit, clock
from fangxian.core.areas import Area
from fangxian.core.ids import uuid7
from fangxian.systems.testing import selectors, services
from fangxian.systems.testing.models import TestDuty
from fangxian.systems.testing.services import PlannedTest

TODAY = date(2022, 3, 15)


@pytest.fixture
def plan(people):
    """`plan(1, 4, 7)` makes these days the plan of one contact; keyword `person` for another."""
    person, subject = people(1)[0], uuid7()

    def make(*days: int, **values):
        about = values.pop("subject", subject)
        rows = [
            PlannedTest(values.get("person", person), "covid19", TODAY + timedelta(day - 1), day, "central", about)
            for day in days
        ]
        return services.plan_duties(rows, by=None, subjects=[about] if about else None)

    make.person, make.subject = person, subject
    return make


def drawn(subject) -> str:
    return " ".join(f"{duty.day}{duty.state}" for duty in selectors.duties_of([subject]))


# first plan   then       second plan   added kept cancelled   states
PLANS = [
    ("1 4 7",  "",        "1 4 7",      (0, 3, 0),  "1DUE 4DUE 7DUE"),
    ("1 4 7",  "",        "1 2 7",      (1, 2, 1),  "1DUE 2DUE 4CANCELLED 7DUE"),
    ("1 4 7",  "",        "",           (0, 0, 3),  "1CANCELLED 4CANCELLED 7CANCELLED"),
    ("1 4",    "sample",  "2 4",        (1, 1, 0),  "1DONE 2DUE 4DUE"),
    ("1 4",    "cancel",  "4",          (1, 0, 0),  "1CANCELLED 4DUE"),
    ("",       "sample",  "1 4",        (2, 0, 0),  "1DONE 4DUE"),
]  # fmt: skip


@pytest.mark.parametrize(("first", "then", "second", "counts", "states"), PLANS)
def test_planning_again_shows_the_difference(plan, village, first, then, second, counts, states):
    plan(*map(int, first.split()))
    if then == "sample":
        tube = services.register_tube(by=None, area=village, barcode="A1")
        services.add_sample(by=None, tube=tube, person=plan.person)
    if then == "cancel":
        assert services.cancel_duties(by=None, subject_ids=[plan.subject], reason="result withdrawn") == 2
    difference = plan(*map(int, second.split()))
    assert tuple(difference.counts.values()) == counts
    assert drawn(plan.subject) == states


def test_planning_the_same_writes_nothing(plan):
    plan(1, 4)
    acts = audit.AuditEntry.objects.count()
    plan(1, 4)
    assert audit.AuditEntry.objects.count() == acts


def test_duties_without_a_subject_are_only_ever_added(plan):
    plan(1, 4, subject=None)
    assert plan(2, subject=None).counts == {"added": 1, "kept": 2, "cancelled": 0}
    assert TestDuty.objects.filter(state="DUE").count() == 3


def test_the_clock_makes_them_missed_and_a_late_entry_done(plan, village, frozen):
    plan(1, 4)
    with clock.frozen(frozen + timedelta(days=1)):
        assert services.mark_missed() == 1
        assert drawn(plan.subject) == "1MISSED 4DUE"
        tube = services.register_tube(by=None, area=village, barcode="A1")
        services.add_sample(by=None, tube=tube, person=plan.person, sampled_at=frozen)
    assert drawn(plan.subject) == "1DONE 4DUE"


# tube  taken when     recall duty
RECALLED = [
    (5,  "after",      "DUE"),
    (1,  "before",     "DUE"),
    (1,  "after",      "DONE"),
]  # fmt: skip


@pytest.mark.parametrize(("size", "taken", "state"), RECALLED)
def test_a_recall_is_done_by_a_single_tube_taken_after_it(tube, enter, village, frozen, size, taken, state):
    tube("A1", size=5)
    result = enter("A1", "POSITIVE")
    person = services.recall_pool(result, by=None)[0]
    other = services.register_tube(by=None, area=village, barcode="B1", size=size)
    at = frozen + timedelta(minutes=20 if taken == "after" else -20)
    with clock.frozen(frozen + timedelta(minutes=30)):
        services.add_sample(by=None, tube=other, person=person, sampled_at=at)
    assert TestDuty.objects.get().state == state


def test_coverage_by_township(plan, people, village):
    town = Area.objects.get(code="410883002201")
    plan(1)
    far = people(1)[0]
    services.plan_duties([PlannedTest(far, "covid19", TODAY, 1, "central", uuid7(), town)], by=None)
    tube = services.register_tube(by=None, area=town, barcode="A1")
    services.add_sample(by=None, tube=tube, person=far)
    rows = selectors.coverage(TODAY, area="410883", disease="covid19", digits=9)
    assert [(row.area, row.done, row.planned, row.percent) for row in rows] == [
        ("410883001", 0, 1, 0.0),
        ("410883002", 1, 1, 100.0),
    ]
    assert selectors.Coverage("x", 0, 0, 0).percent is None
    assert [duty.person for duty in selectors.due(TODAY)] == [plan.person]


def test_the_number_of_statements_does_not_grow(people, village, django_assert_max_num_queries):
    rows = [PlannedTest(p, "covid19", TODAY, 1, "central", uuid7()) for p in people(300)]
    with django_assert_max_num_queries(20):
        services.plan_duties(rows, by=None)
