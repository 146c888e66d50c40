"""The clock hands overdue tasks up: to the township, then to the county; and closes what it handed up."""

from datetime import timedelta

import pytest
from django.utils.translation import override

from fangxian.core import jobs, scope
from fangxian.core.clock import frozen, now
from fangxian.systems.command import selectors, services
from fangxian.systems.command.escalation import SUBJECT
from fangxian.systems.command.models import Task
from tests.unit.command.conftest import CELL


def above(task):
    return [(up.area_id, up.role, up.status) for up in selectors.for_subject(SUBJECT, task.pk)]


def after(hours):
    return now() + timedelta(hours=hours)


def test_nothing_goes_up_in_time(task):
    task()

    assert services.escalate_overdue(after(2)) == 0


def test_an_overdue_task_goes_to_the_township_then_to_the_county(task):
    handed = task()

    assert services.escalate_overdue(after(3)) == 1
    assert above(handed) == [("410883001", "township_officer", "PENDING")]
    assert services.escalate_overdue(after(4)) == 0  # again: nothing new
    assert services.escalate_overdue(after(6)) == 1  # the township had two hours as well
    assert above(handed)[1] == ("410883", "duty_officer", "PENDING")
    assert services.escalate_overdue(after(60)) == 0  # above the county there is nobody
    assert len(above(handed)) == 2
    assert selectors.task(handed.pk).status == Task.Status.PENDING


@pytest.mark.parametrize(
    ("area_code", "role", "to"),
    [
        (CELL, "grid_worker", ("410883001", "township_officer")),
        ("410883001212", "", ("410883001", "township_officer")),
        ("410883001", "sampler", ("410883001", "township_officer")),
        ("410883001", "township_officer", ("410883", "duty_officer")),
        (CELL, "township_officer", ("410883", "duty_officer")),
        ("410883001", "duty_officer", ("410883", "duty_officer")),
        ("410883001212", "duty_officer", ("410883001", "township_officer")),
        ("410883", "investigator", ("410883", "duty_officer")),
        ("410883", "duty_officer", None),
        ("4108", "viewer", None),
    ],
)
def test_to_whom_it_goes(task, area, area_code, role, to):
    handed = task(area=area(area_code), role=role)

    services.escalate_overdue(after(3))

    assert above(handed) == ([(*to, "PENDING")] if to else [])


def test_what_stands_above_says_what_and_since_when(task):
    handed = task(title="Count the 50% left")
    services.escalate_overdue(after(3))

    (up,) = selectors.for_subject(SUBJECT, handed.pk)
    with override("en"):
        assert up.title_text == "Count the 50% left"
        assert up.instructions_text == (
            "The level below is overdue since 2022-03-15 10:00. See that it is done, or do it."
        )
    assert (up.priority, up.due_at, up.from_area_id) == (Task.Priority.HIGH, after(5), CELL)


def test_a_message_with_params_stays_one(task):
    handed = task(title="Knock at %(name)s", params={"name": "张伟"})
    services.escalate_overdue(after(3))

    assert selectors.for_subject(SUBJECT, handed.pk)[0].title_text == "Knock at 张伟"


def test_done_below_closes_what_stands_above(task, worker):
    handed = task()
    services.escalate_overdue(after(3))

    with scope.of(worker):
        services.finish(task=handed, by=worker)

    assert above(handed) == [("410883001", "township_officer", "REMOVED")]


def test_withdrawing_closes_what_stands_above_saying_it_cannot_be_done_does_not(task, worker):
    gone, stuck = task(), task()
    services.escalate_overdue(after(3))

    services.withdraw_many(tasks=[gone], by=None, reason="No contact")
    services.cannot(task=stuck, by=worker, reason="Nobody there")

    assert [above(gone)[0][2], above(stuck)[0][2]] == ["REMOVED", "PENDING"]


def test_work_sent_back_goes_up_again(task, worker, county_officer):
    handed = task()
    services.escalate_overdue(after(3))
    done = services.finish(task=handed, by=worker)
    services.send_back(task=done, by=county_officer, reason="Which door?")

    assert services.escalate_overdue(after(4)) == 1
    assert above(handed) == [("410883001", "township_officer", "PENDING")]


def test_a_task_late_from_the_start_leaves_no_time(task):
    handed = task(due_at=now() - timedelta(hours=1))

    services.escalate_overdue(after(1))

    assert selectors.for_subject(SUBJECT, handed.pk)[0].due_at == after(1)


def test_the_job_does_it_for_the_moment_it_was_queued_at(task):
    handed = task()
    with frozen(after(3)):
        job = jobs.enqueue("command.escalate", by=None, key="hourly")
        assert jobs.run_pending() == 1

    job.refresh_from_db()
    assert (job.state, job.result) == ("done", {"escalated": 1})
    assert len(above(handed)) == 1
