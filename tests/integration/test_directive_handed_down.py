"""A directive goes down to the village and back: tasks, clocks and escalation go with it."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from fangxian.core import clock
from fangxian.core.clock import now
from fangxian.core.ids import uuid7
from fangxian.systems.command import selectors as tasks
from fangxian.systems.command import services as command
from fangxian.systems.command.models import Task
from fangxian.systems.directives import services
from fangxian.workflows import directive_handed_down as story
from tests.unit.directives.conftest import COUNTY, TOWN, VILLAGE, area, at_unit, issued, staff  # noqa: F401


def of(handing):
    return {task.key.split(":")[1]: task for task in tasks.for_subject(story.KIND, handing.pk)}


def test_each_step_has_its_task_and_clock(issued, staff, at_unit):  # noqa: F811
    directive = issued()
    village, town = at_unit(directive, VILLAGE), at_unit(directive, TOWN)
    assert of(village)["receive"].due_at == village.receive_by and of(village)["receive"].role == "village_secretary"
    services.receive(handing=village, by=staff["village"])
    assert of(village)["receive"].status == "DONE" and of(village)["answer"].due_at == village.due_at
    services.receive(handing=town, by=staff["town"])
    assert set(of(town)) == {"receive", "deploy"}
    services.deploy(handing=town, by=staff["town"], deployment="当日部署")
    assert of(town)["deploy"].status == "DONE" and of(town)["answer"].status == "PENDING"
    services.answer(handing=village, by=staff["village"], answer="完成")
    services.check(handing=village, by=staff["town"])
    assert of(village)["answer"].status == "CHECKED"


def test_overdue_goes_up_and_comes_down(issued, staff, at_unit):  # noqa: F811
    directive = issued()
    village = at_unit(directive, VILLAGE)
    receive = of(village)["receive"]
    with clock.frozen(village.receive_by + timedelta(minutes=1)):
        command.escalate_overdue(now())
        above = Task.objects.get(key=f"{receive.pk}:above:{TOWN}:township_officer")
        assert above.status == "PENDING" and tasks.task(receive.pk).escalated_at == now()
        services.receive(handing=village, by=staff["village"])
        assert tasks.task(above.pk).status == "REMOVED"


def test_the_task_page_acts_for_the_unit(issued, staff, at_unit):  # noqa: F811
    directive = issued(needs_evidence=True)
    village = at_unit(directive, VILLAGE)
    command.finish(task=of(village)["receive"], by=staff["village"])
    assert at_unit(directive, VILLAGE).state == "RECEIVED"
    with pytest.raises(ValidationError, match="evidence"):
        command.finish(task=of(village)["answer"], by=staff["village"], outcome="已完成")
    assert of(village)["answer"].status == "PENDING"
    command.cannot(task=of(village)["answer"], by=staff["village"], reason="村内无药店")
    assert at_unit(directive, VILLAGE).outcome == "NOT_DONE"
    command.send_back(task=of(village)["answer"], by=staff["town"], reason="诊所也算")
    assert at_unit(directive, VILLAGE).state == "RETURNED"
    again = next(t for t in tasks.for_subject(story.KIND, village.pk) if t.key.endswith(":1"))
    assert again.status == "PENDING" and at_unit(directive, VILLAGE).due_at == again.due_at


def test_done_and_checked_by_tasks_alone(issued, staff, at_unit):  # noqa: F811
    directive = issued()
    village, town = at_unit(directive, VILLAGE), at_unit(directive, TOWN)
    command.finish(task=of(village)["receive"], by=staff["village"])
    command.finish(task=of(village)["answer"], by=staff["village"])
    command.check(task=of(village)["answer"], by=staff["town"])
    assert at_unit(directive, VILLAGE).state == "CHECKED"
    command.finish(task=of(town)["receive"], by=staff["town"])
    command.finish(task=of(town)["deploy"], by=staff["town"], outcome="已部署")
    assert at_unit(directive, TOWN).deployment == "已部署"


def test_corrections_take_the_tasks_along(issued, staff, at_unit):  # noqa: F811
    directive = issued()
    village = at_unit(directive, VILLAGE)
    services.receive(handing=village, by=staff["village"])
    services.correct(directive=directive, by=staff["duty"], reason="提前", due_at=now() + timedelta(hours=4))
    assert of(village)["answer"].due_at == now() + timedelta(hours=3)
    services.withdraw(directive=directive, by=staff["duty"], reason="政策调整")
    assert not Task.objects.filter(subject_kind=story.KIND, status__in=Task.OPEN).exists()


def test_a_confirmed_measure_becomes_one_directive(staff, area):  # noqa: F811
    said = {"measure_id": uuid7(), "by": staff["duty"], "area": area(COUNTY), "title": "排查", "text": "要排查到户"}
    first = story.hand_down_measure(**said)
    assert story.hand_down_measure(**said) == first and first.handings.count() == 4
