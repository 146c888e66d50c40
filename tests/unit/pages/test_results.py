"""The page of a result: contradictions are decided by two persons, corrections by the laboratory."""

from datetime import timedelta

import pytest
from django.urls import reverse

from fangxian.core.clock import now
from fangxian.systems.command.models import Task
from fangxian.systems.testing import services as testing
from fangxian.systems.testing.models import LabResult

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(story) -> LabResult:
    """A second laboratory says otherwise."""
    tested = now() - timedelta(minutes=5)
    finding = {"barcode": "T1", "disease": "covid19", "value": "NEGATIVE", "laboratory": "县医院"}
    return testing.enter_result(by=None, tested_at=tested, **finding)


def page(result, name: str = "result") -> str:
    return reverse(name, args=[result.pk])


def test_a_contradiction_is_decided_by_two_different_persons(investigator, officer, sign_in, held):
    shown = investigator.get(page(held)).content.decode()
    assert "Two different persons must agree" in shown and "甲" in shown and "CDC" in shown
    for _again in range(2):
        answer = investigator.post(page(held, "result_decide"), {"opinion": "REJECTED"}, follow=True)
    assert "a second person has to agree" in answer.content.decode()
    assert LabResult.objects.get(pk=held.pk).state == "HELD"
    sign_in(officer("duty_officer")).post(page(held, "result_decide"), {"opinion": "REJECTED"})
    assert LabResult.objects.get(pk=held.pk).state == "REJECTED"
    assert "Nothing to do here" in sign_in(officer("duty_officer")).get(page(held)).content.decode()


def test_the_task_to_decide_leads_to_the_result(investigator, held):
    task = Task.objects.get(kind="RESULT_CONFLICT")
    about = investigator.get(reverse("task", args=[task.pk])).context["about"]
    tube = investigator.get(about["url"]).content.decode()
    assert page(held) in tube


def test_the_laboratory_corrects_and_withdraws_with_a_reason(story, officer, sign_in):
    laboratory, result = sign_in(officer("laboratory")), LabResult.objects.get()
    shown = laboratory.get(page(result)).content.decode()
    assert "甲" not in shown  # the laboratory sees no more of a person than the tube needs
    laboratory.post(page(result, "result_correct"), {"value": "NEGATIVE", "reason": "录入错误"})
    new = LabResult.objects.get(replaces=result)
    assert (new.value, LabResult.objects.get(pk=result.pk).state) == ("NEGATIVE", "WITHDRAWN")
    assert "Say why" in laboratory.post(page(new, "result_withdraw"), {"reason": ""}, follow=True).content.decode()
    laboratory.post(page(new, "result_withdraw"), {"reason": "样本污染"})
    assert LabResult.objects.get(pk=new.pk).state == "WITHDRAWN"


def test_others_are_refused_or_do_not_find_it(story, officer, sign_in):
    result = LabResult.objects.get()
    assert sign_in(officer("viewer")).get(page(result)).status_code == 403
    assert sign_in(officer("duty_officer")).post(page(result, "result_withdraw"), {"reason": "x"}).status_code == 403
    assert sign_in(officer("laboratory", "410882")).get(page(result)).status_code == 404
