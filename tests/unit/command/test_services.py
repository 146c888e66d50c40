"""Handing down, receiving, doing, checking."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_noop, override

from fangxian.core import audit, scope
from fangxian.core.clock import frozen, now
from fangxian.core.ids import uuid7
from fangxian.core.permissions import Refused
from fangxian.systems.command import selectors, services
from fangxian.systems.command.models import Task
from fangxian.systems.people.services import add_person
from tests.unit.command.conftest import CELL

STATUS = Task.Status


def actions(record):
    return [entry.action for entry in audit.history(record)]


def test_a_task_goes_down_is_received_done_and_checked(task, worker, county_officer):
    handed = task()
    with scope.of(worker):
        received = services.receive(task=handed, by=worker)
        done = services.finish(task=received, by=worker, outcome="At home, no symptoms")
    checked = services.check(task=done, by=county_officer)

    assert [received.status, done.status, checked.status] == [STATUS.IN_PROGRESS, STATUS.DONE, STATUS.CHECKED]
    assert (checked.received_by, checked.done_by, checked.checked_by) == (worker, worker, county_officer)
    assert checked.received_at == checked.done_at == checked.checked_at == now()
    assert actions(checked) == [f"command.task.{verb}" for verb in ("handed_down", "receive", "finish", "check")]


def test_who_does_a_task_has_received_it(task, worker):
    done = services.finish(task=task(), by=worker)

    assert (done.received_by, done.received_at) == (worker, now())


def test_the_second_of_two_gets_the_reason(task, worker):
    seen = task()
    services.receive(task=seen, by=worker)

    with pytest.raises(Refused):
        services.receive(task=seen, by=worker)


def test_what_cannot_be_done_says_why(task, worker):
    with pytest.raises(ValidationError):
        services.cannot(task=task(), by=worker, reason=" ")

    moved = services.cannot(task=task(), by=worker, reason="Nobody lives there")
    assert (moved.status, moved.outcome) == (STATUS.NOT_EXECUTABLE, "Nobody lives there")


def test_bad_work_is_sent_back(task, worker, county_officer):
    done = services.finish(task=task(), by=worker)

    back = services.send_back(task=done, by=county_officer, reason="Which door?")

    assert (back.status, back.done_by, back.outcome) == (STATUS.IN_PROGRESS, None, "Which door?")


def test_a_task_outside_the_scope_is_no_task(task, worker):
    handed = task()

    with scope.within("410882"):
        with pytest.raises(Task.DoesNotExist):
            services.receive(task=handed, by=worker)
        with pytest.raises(ValidationError):
            services.hand_down(by=None, area=handed.area, from_area=handed.from_area, title="x")
        assert selectors.for_subject("cases.contact", uuid7()) == []


def test_a_letter_goes_to_another_county_and_stays_visible_to_the_sender(task, area):
    with scope.within("410883"):
        letter = task(area=area("410882"), from_area=area("410883"), kind=Task.Kind.LETTER_OF_ASSISTANCE)
        assert selectors.task(letter.pk) == letter


def test_a_task_typed_by_an_officer_comes_from_their_area(area, county_officer, everywhere):
    handed = services.hand_down(by=county_officer, area=area(CELL), title="Count the 50% of doors left")

    assert handed.from_area_id == "410883"
    assert handed.title_text == "Count the 50% of doors left"


def test_a_title_is_shown_in_the_readers_language(task):
    handed = task(title=gettext_noop("Follow up a contact"), params={"name": "张伟"})

    with override("en"):
        assert str(handed) == "Follow up a contact"


def test_instructions_are_filled_from_params(task):
    assert task(instructions="Ask %(name)s", params={"name": "张伟"}).instructions_text == "Ask 张伟"
    assert task(instructions="Ask 50%").instructions_text == "Ask 50%"
    assert task(params={"name": "张伟"}).instructions_text == ""


def test_the_same_key_is_one_task(task):
    assert task(key="a") == task(key="a")
    assert Task.objects.count() == 1


def test_a_withdrawn_key_is_handed_down_again(task):
    services.withdraw(task=task(key="a"), by=None, reason="The result was withdrawn")

    again = task(key="a", title="Knock again")

    assert (again.status, again.title, again.outcome) == (STATUS.PENDING, "Knock again", "")
    assert actions(again)[-1] == "command.task.handed_down_again"


def test_a_task_is_about_a_record(task, area):
    person = add_person(by=None, area=area(CELL), name="张伟")
    subject = uuid7()

    assert task(subject=person).subject_id == person.pk
    handed = task(subject=("cases.contact", subject), person=person)
    assert selectors.for_subject("cases.contact", subject) == [handed]
    other = uuid7()
    assert selectors.for_subjects("cases.contact", [subject, other]) == {subject: [handed], other: []}


def rows(area, keys):
    return [Task(key=key, area=area(CELL), from_area=area("410883"), role="grid_worker", title="x") for key in keys]


def test_many_tasks_go_down_at_once_and_only_once(area, everywhere, django_assert_max_num_queries):
    wanted = rows(area, ["a", "b", None, None, "a"])
    with django_assert_max_num_queries(13):
        first = services.hand_down_many(by=None, tasks=wanted)
    services.withdraw_many(tasks=first.new[:1], by=None, reason="Not a contact")

    new, kept = services.hand_down_many(by=None, tasks=rows(area, ["a", "b", "c"]))

    assert [task.key for task in first.new] == ["a", "b", None, None]
    assert ({task.key for task in new}, [task.key for task in kept]) == ({"a", "c"}, ["b"])
    assert Task.objects.filter(status=STATUS.PENDING).count() == 5
    assert audit.AuditEntry.objects.get(action="command.tasks.withdrawn").detail["rows"] == 1


def test_only_open_tasks_are_taken_back(task, worker, county_officer, officer):
    open_, done = task(), services.finish(task=task(), by=worker)

    with pytest.raises(Refused):
        services.withdraw_many(tasks=[open_], by=officer("township_officer", area="410883001"), reason="x")
    assert services.withdraw_many(tasks=[open_, done], by=county_officer, reason="No contact") == 1
    assert [selectors.task(each.pk).status for each in (open_, done)] == [STATUS.REMOVED, STATUS.DONE]


def test_tasks_are_given_to_somebody_else_in_bulk(task, worker, officer):
    town = officer("township_officer", area="410883001")
    tasks = [services.receive(task=task(), by=worker), task()]
    other = officer("grid_worker", area="410883001212002")

    with scope.of(town):
        assert services.reassign(tasks=tasks, officer=other, by=town) == 2

    moved = selectors.task(tasks[0].pk)
    assert (moved.officer, moved.status, moved.received_by) == (other, STATUS.PENDING, None)
    with pytest.raises(Refused):
        services.reassign(tasks=tasks, officer=None, by=other)


# --- the ledger ---


def test_my_ledger_is_mine_by_name_or_by_role_and_area(task, worker, officer, area):
    late = task(due_at=now() + timedelta(hours=3))
    named = task(officer=worker, role="", due_at=None)
    soon = task(due_at=now() + timedelta(hours=1))
    task(officer=officer("grid_worker", area=CELL))
    task(area=area("410883001212002"))
    task(role="township_officer")
    services.finish(task=task(), by=worker)

    with scope.of(worker):
        assert [*selectors.ledger(worker)] == [soon, late, named]


def test_of_equal_times_the_urgent_comes_first(task, worker):
    low, high = task(priority=Task.Priority.LOW), task(priority=Task.Priority.HIGH)
    normal = task()

    assert [*selectors.ledger(worker)] == [high, normal, low]


def test_a_ledger_is_one_query(task, worker, django_assert_num_queries):
    for _each in range(5):
        task()
    assert worker.current_posts  # read once a request

    with django_assert_num_queries(1):
        assert [str(each.area) for each in selectors.ledger(worker)]


def test_what_is_overdue_and_what_waits_for_a_look(task, worker):
    handed, done = task(), services.finish(task=task(), by=worker)

    assert not selectors.overdue("410883").exists()
    with frozen(now() + timedelta(hours=3)):
        assert [*selectors.overdue("410883")] == [handed]
    assert [*selectors.to_check("410883")] == [done]
    assert not selectors.to_check("410882").exists()


def test_counts_add_up_over_levels(task, worker, area, django_assert_num_queries):
    task()
    services.receive(task=task(), by=worker)
    task(area=area("410883001212002"), due_at=now() - timedelta(hours=1), kind=Task.Kind.CONTACT_FOLLOW_UP)
    services.finish(task=task(), by=worker)
    services.withdraw(task=task(), by=None, reason="x")

    with django_assert_num_queries(1):
        counts = selectors.counts_by_area(["410883", CELL, "410883002"])

    assert vars(counts["410883"]) == {
        "pending": 2, "in_progress": 1, "overdue": 1, "done": 1, "checked": 0, "not_executable": 0,
    }  # fmt: skip
    assert (counts["410883"].open, counts[CELL].open, counts["410883002"].open) == (3, 2, 0)
    assert selectors.counts_by_kind("410883") == {"GENERAL": 2, "CONTACT_FOLLOW_UP": 1}
