"""My tasks, one task, its verbs; my ledger."""

import pytest
from django.urls import reverse

from fangxian.core.audit import AuditEntry
from fangxian.systems.command.models import Task
from fangxian.systems.letters.models import LetterItem

pytestmark = pytest.mark.django_db
ADDRESS = "孟州市大定街道段西村1号"
MINE = reverse("my-tasks")


def act(task, verb: str) -> str:
    return reverse("task_act", args=[task.pk, verb])


@pytest.fixture
def task(story) -> Task:
    return Task.objects.get(person=story.wife)


def test_the_worker_sees_todays_doors_with_their_address_and_that_is_recorded_once(worker, story, task):
    shown = worker.get(MINE).content.decode()
    assert "乙" in shown and "己" in shown and "丙" not in shown and ADDRESS in shown
    entry = AuditEntry.objects.get(action="command.addresses.shown")
    assert str(task.pk) in entry.detail["tasks"] and entry.officer == worker.officer
    worker.get(MINE)
    assert AuditEntry.objects.filter(action="command.addresses.shown").count() == 1


def test_who_does_not_hold_the_task_sees_the_address_masked(investigator, task):
    shown = investigator.get(reverse("task", args=[task.pk])).content.decode()
    assert ADDRESS not in shown and "孟州市大定街道***" in shown


def test_one_tap_each_receives_and_finishes(worker, task):
    htmx = {"HX-Request": "true"}
    card = worker.post(act(task, "receive"), headers=htmx).content.decode()
    assert "Received" in card and "<html" not in card
    assert Task.objects.get(pk=task.pk).status == "IN_PROGRESS"
    worker.post(act(task, "finish"), headers=htmx)
    done = Task.objects.get(pk=task.pk)
    assert (done.status, done.done_by) == ("DONE", worker.officer)
    assert "1 done today" in worker.get(MINE).content.decode()


def test_without_script_the_verbs_work_too(worker, task):
    assert worker.post(act(task, "receive"), {"next": "my-tasks"})["Location"] == MINE
    assert worker.post(act(task, "finish"), {"text": "已转运"})["Location"] == reverse("task", args=[task.pk])
    assert Task.objects.get(pk=task.pk).outcome == "已转运"


def test_cannot_wants_a_reason(worker, task):
    answer = worker.post(act(task, "cannot"), {"text": " "}, headers={"HX-Request": "true"})
    assert answer.status_code == 422 and "Say why" in answer.content.decode()
    worker.post(act(task, "cannot"), {"text": "无人在家"})
    assert Task.objects.get(pk=task.pk).status == "NOT_EXECUTABLE"


def test_an_act_of_somebody_else_is_refused_with_the_reason(investigator, task):
    answer = investigator.post(act(task, "receive"), follow=True)
    assert "This task is for somebody else" in answer.content.decode()
    assert Task.objects.get(pk=task.pk).status == "PENDING"


def test_the_command_checks_sends_back_hands_on_and_withdraws(worker, investigator, officer, task):
    other = officer("grid_worker", "410883001212")
    worker.post(act(task, "finish"))
    shown = investigator.get(reverse("task", args=[task.pk])).content.decode()
    assert "Checked: it is as reported" in shown
    investigator.post(act(task, "send_back"), {"text": "没有照片"})
    assert Task.objects.get(pk=task.pk).status == "IN_PROGRESS"
    investigator.post(act(task, "reassign"), {"officer": str(other.pk)})
    assert Task.objects.get(pk=task.pk).officer == other
    investigator.post(act(task, "withdraw"), {"text": "重复"})
    assert Task.objects.get(pk=task.pk).status == "REMOVED"


def test_a_task_of_another_county_is_not_found(story, officer, sign_in, task):
    stranger = sign_in(officer("duty_officer", "410882"))
    assert stranger.get(reverse("task", args=[task.pk])).status_code == 404
    assert stranger.post(act(task, "receive")).status_code == 404
    letter = LetterItem.unscoped.get(
        person_id=story.guest.pk
    ).letter  # nobody was on duty there: it waits for a signature
    assert letter.state == "DRAFT" and stranger.get(reverse("letter", args=[letter.pk])).status_code == 404


def test_nothing_to_do_says_so(officer, sign_in):
    shown = sign_in(officer("grid_worker", "410883002201")).get(MINE).content.decode()
    assert "Nothing is waiting for you" in shown


def test_who_has_no_tasks_at_all_is_refused(officer, sign_in):
    assert sign_in(officer("laboratory")).get(MINE).status_code == 403


@pytest.mark.parametrize(
    ("role", "seen", "unseen"),
    [
        ("investigator", ["Cases under investigation", "New contacts", "Tracing workbench", "Report case"], []),
        ("duty_officer", ["Waiting for a room", "Tasks open in my area", "Tracing workbench"], []),
        ("grid_worker", ["My open tasks", "People"], ["Cases under investigation"]),
        ("laboratory", ["My duties", "Tubes"], ["My open tasks"]),
    ],
)
def test_each_role_lands_on_what_it_works_with(story, officer, sign_in, role, seen, unseen):
    shown = sign_in(officer(role)).get(reverse("ledger")).content.decode()
    assert [word for word in seen if word not in shown] == []
    main = shown.split("<main")[1]
    assert [word for word in unseen if word in main] == []


def test_what_is_reported_back_waits_for_a_check_on_the_ledger(worker, investigator, task):
    worker.post(act(task, "finish"), {"text": "已转运"})
    shown = investigator.get(reverse("ledger")).content.decode()
    assert "waiting for my check" in shown and "已转运" in shown
