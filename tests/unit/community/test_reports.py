"""A public report: taken once, followed by the clock, concluded by what a check saw; nobody learns who told."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from fangxian.core import clock
from fangxian.core.audit import AuditEntry
from fangxian.core.clock import now
from fangxian.systems.command import selectors as tasks
from fangxian.systems.command import services as command
from fangxian.systems.command.models import Task
from fangxian.systems.community import selectors, services, tickets
from fangxian.systems.community.models import PublicReport
from fangxian.systems.inspection.models import Finding
from fangxian.workflows import public_report

pytestmark = pytest.mark.django_db
KIND = "community.publicreport"


def open_tasks(report) -> list[Task]:
    return [task for task in tasks.for_subject(KIND, report.pk) if task.status in Task.OPEN]


def look_task() -> Task:
    return Task.objects.get(key__startswith="look:", status__in=Task.OPEN)


def send(report, staff, **values):
    given = {"route": "GRID", "order": "看看药店是否登记。", "where": "合欢大街12号", **values}
    return public_report.send_out(report=report, by=staff["township"], **given)


def test_a_report_sent_twice_is_one_and_its_code_finds_it(told):
    ticket = tickets.new()
    first, again = told(ticket=ticket), told(ticket=ticket, words="又发了一次")
    assert first == again and PublicReport.objects.count() == 1
    code = tickets.code_of(ticket)
    assert len(code) == 10 and code not in str(vars(first))
    assert selectors.asked(f" {code[:5].lower()}-{code[5:]}").report == first
    assert not selectors.asked("QQQQQQQQQQ")


@pytest.mark.parametrize(("field", "values"), [("words", {"words": "药"}), ("place", {"place": " "}),
                                               ("phone", {"phone": "12"})])  # fmt: skip
def test_what_nobody_could_check_is_refused_with_what_to_mend(told, field, values):
    with pytest.raises(ValidationError) as refused:
        told(**values)
    assert field in refused.value.message_dict


def test_the_township_takes_it_up_and_answers_by_the_clock(told, staff, cell):
    report = told(kind="FEVER", area=cell, words="隔壁老人发烧三天没人管")
    take = open_tasks(report)[0]
    assert (take.role, take.area_id, take.due_at) == ("township_officer", "410883001", now() + timedelta(hours=1))
    assert "老人" not in take.instructions_text  # a task says nothing of the report
    services.take_up(report=report, by=staff["township"])
    (answer,) = open_tasks(report)
    assert (answer.title, answer.due_at) == (public_report.ANSWER, now() + timedelta(hours=24))
    with clock.frozen(now() + timedelta(hours=25)):
        assert command.escalate_overdue(now()) == 1
        assert Task.objects.get(key__contains=":above:").role == "duty_officer"


def test_what_the_check_saw_confirms_it_and_becomes_a_finding_that_names_no_report(told, staff, cell):
    report = told(area=cell, phone="13812345678")
    with pytest.raises(ValidationError, match="does not allow"):
        services.confirm(report=report, by=staff["township"], answer="", seen="听说如此")  # hearsay is no check
    report = send(report, staff)
    look = look_task()
    assert (look.role, look.area, look.subject_kind) == ("grid_worker", cell, "")
    assert look.address.reveal() == "合欢大街12号" and "看看药店" in look.instructions_text
    command.finish(task=look, by=staff["worker"], outcome="未登记，已拍照")
    report.refresh_from_db()
    assert (report.state, report.seen) == ("CHECKED", "未登记，已拍照")
    done = public_report.conclude(report=report, by=staff["township"], answer="已责令整改，感谢！", is_finding=True)
    finding = Finding.objects.get(pk=done.finding_id)
    assert (finding.what, finding.severity, finding.subject_id) == ("未登记，已拍照", "MAJOR", None)
    assert (done.state, open_tasks(done)) == ("CONFIRMED", [])


def test_a_check_that_saw_nothing_or_could_not_be_done_confirms_nothing(told, staff, cell):
    report = send(told(area=cell), staff)
    command.cannot(task=look_task(), by=staff["worker"], reason="店已关门")
    report.refresh_from_db()
    assert report.state == "TAKEN"
    report = send(report, staff, route="INSPECTION")
    assert look_task().role == "inspector"
    command.finish(task=look_task(), by=staff["inspector"])
    report.refresh_from_db()
    with pytest.raises(ValidationError, match="confirms nothing"):
        services.confirm(report=report, by=staff["township"], answer="")
    ended = services.dismiss(report=report, by=staff["township"], reason="现场未发现", answer="已核查，未发现问题。")
    assert ended.state == "UNFOUNDED" and not Finding.objects.exists()
    again = services.reopen(report=ended, by=staff["township"], reason="又有人反映")
    assert (again.state, again.closed_at, len(open_tasks(again))) == ("TAKEN", None, 1)


def test_a_door_visit_shows_at_the_persons_door_and_restricts_nobody(told, staff, person, cell):
    neighbour = person()
    report = send(told(kind="UNDECLARED"), staff, route="DOOR", person=neighbour, order="是否有外地返回人员？")
    look = look_task()
    assert (look.person, look.area, report.area) == (neighbour, cell, cell)
    services.unchecked(report=report, by=staff["township"])
    services.dismiss(report=report, by=staff["township"], reason="无此事")
    assert not hasattr(report, "person") and neighbour.tasks.count() == 1


def test_the_same_told_twice_and_what_concerns_another_area(told, staff, county):
    first, second, third = told(), told(), told()
    services.join(report=second, by=staff["township"], twin=first)
    with pytest.raises(ValidationError, match="itself"):
        services.join(report=first, by=staff["township"], twin=second)
    assert services.join(report=third, by=staff["township"], twin=second).twin == first
    other = type(first.area).objects.get(code="410883002")
    moved = services.pass_on(report=first, by=staff["township"], area=other)
    assert (moved.area, moved.state, moved.answer_by) == (other, "NEW", first.answer_by)
    assert [task.area_id for task in open_tasks(moved)] == ["410883002"]
    gone = services.pass_on(report=told(), by=staff["township"], to="市场监管局")
    assert (gone.state, gone.reason) == ("PASSED_ON", "市场监管局")


def test_who_told_is_shown_nowhere_read_with_a_reason_and_forgotten(told, staff):
    report = told(phone="13812345678")
    assert "5678" not in str(report.phone) and str(report.words) == "***"
    assert not AuditEntry.objects.filter(detail__icontains="5678").exists()
    assert services.read(report, by=staff["township"])["place"].endswith("12号")
    with pytest.raises(ValidationError):
        services.reveal_phone(report=report, by=staff["township"], reason=" ")
    assert services.reveal_phone(report=report, by=staff["township"], reason="问清地点") == "13812345678"
    assert AuditEntry.objects.filter(action="community.report.phone_read", detail__reason="问清地点").count() == 1
    services.dismiss(report=report, by=staff["township"], reason="查无此店")
    with pytest.raises(ValidationError, match="answered"):
        services.reveal_phone(report=report, by=staff["township"], reason="再问")
    assert services.forget_phones() == 0
    with clock.frozen(now() + timedelta(days=31)):
        assert services.forget_phones() == 1
    report.refresh_from_db()
    assert not report.phone and not report.has_phone
