"""The pages of directives: the duty officer hands down in the morning, the village secretary answers on a phone."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from fangxian.core import clock
from fangxian.core.clock import now
from fangxian.systems.directives import selectors, services
from fangxian.systems.directives.models import Directive
from tests.unit.directives.conftest import COUNTY, OTHER, TOWN, VILLAGE, area, at_unit, issued, staff  # noqa: F401
from tests.unit.directives.test_units import PNG


@pytest.fixture
def sign_in():
    def make(officer):
        Authenticator.objects.get_or_create(user=officer, type=Authenticator.Type.TOTP, defaults={"data": {}})
        client = Client()
        client.force_login(officer)
        return client

    return make


def test_handed_down_received_answered_checked(staff, sign_in, at_unit):  # noqa: F811
    duty, village, town = sign_in(staff["duty"]), sign_in(staff["village"]), sign_in(staff["town"])
    said = {"title": "药店检查", "text": "今日完成", "basis": "OWN", "priority": "HIGH", "depth": "VILLAGE",
            "needs_evidence": "on", "units": [TOWN, OTHER]}  # fmt: skip
    assert duty.get("/directives/issue/").status_code == 200
    assert duty.post("/directives/issue/", {**said, "title": ""}).status_code == 422
    assert duty.post("/directives/issue/", {**said, "units": []}).status_code == 422
    assert duty.post("/directives/issue/", said).status_code == 302
    directive = Directive.objects.get()
    mine = f"/directives/units/{at_unit(directive, VILLAGE).pk}/"
    assert "药店检查" in village.get("/directives/").content.decode()
    assert village.post(mine + "receive/", {"leader": "张支书", "next": "board"}).url == "/directives/"
    assert "evidence" in village.post(mine + "answer/", {"text": "完成"}, follow=True).content.decode()
    photo = SimpleUploadedFile("a.png", PNG, "image/png")
    village.post(mine + "answer/", {"text": "已查3家", "evidence": photo})
    assert "已查3家" in town.get(mine).content.decode()
    assert at_unit(directive, VILLAGE).state == "ANSWERED"
    town.post(mine + "check/")
    assert at_unit(directive, VILLAGE).state == "CHECKED"
    town.post(mine + "look-again/")
    town.post(mine + "send-back/", {"text": "照片不清"})
    assert "照片不清" in village.get(mine).content.decode()


def test_the_whole_picture(staff, issued, sign_in, at_unit):  # noqa: F811
    directive = issued(goal="圈住封死扑灭", goal_at=now() + timedelta(days=16))
    services.receive(handing=at_unit(directive, VILLAGE), by=staff["village"])
    duty, url = sign_in(staff["duty"]), f"/directives/{directive.pk}/"
    with clock.frozen(now() + timedelta(hours=7)):
        for page in ("/directives/", url, f"{url}?show=late", f"{url}?show=nonsense"):
            assert duty.get(page).status_code == 200
        assert "Dongguan" in duty.get(f"{url}?show=not_received&area={OTHER}").content.decode()
        for key, count in selectors.counts(selectors.of_directive(directive)).items():
            shown = duty.get(f"/registers/directives.handing/?list={key}&value={directive.pk}")
            assert shown.context["page"].total == count
        duty.post(url + "remind/", {"figure": "late"})
        assert at_unit(directive, VILLAGE).reminded_at and not at_unit(directive, TOWN).reminded_at
        correction = {"title": "新题", "text": "新文", "due_at": "2022-03-20T08:00", "reason": "补充"}
        assert duty.post(url + "correct/", correction, follow=True).status_code == 200
        assert at_unit(directive, VILLAGE).is_outdated
        assert duty.post(url + "withdraw/", {"reason": "调整"}, follow=True).status_code == 200
    assert Directive.objects.get().state == "WITHDRAWN"
    assert sign_in(staff["village"]).get(url).status_code == 404


def test_meeting_and_reports(staff, area, sign_in):  # noqa: F811
    upper = services.convene(by=staff["city"], area=area("4108"), title="市专题会议", number=51, chair="李市长")
    meeting = services.convene(by=staff["duty"], area=area(COUNTY), title="县会议", chair="王", passes_on=upper)
    duty, town = sign_in(staff["duty"]), sign_in(staff["town"])
    assert duty.get(f"/directives/issue/?meeting={meeting.pk}").status_code == 200
    said = {"title": "值守", "text": "24小时", "basis": "MEETING", "priority": "NORMAL", "depth": "NEXT",
            "meeting": meeting.pk, "resolve": "1"}  # fmt: skip
    duty.post("/directives/issue/", said)
    page = duty.get(f"/directives/meetings/{meeting.pk}/").content.decode()
    assert "市专题会议" in page and "值守" in page
    duty.post(f"/directives/{Directive.objects.get().pk}/hand-down/")
    assert Directive.objects.get().state == "ISSUED"
    assert town.get("/directives/reports/?period=WEEKLY").status_code == 200
    town.post("/directives/reports/", {"remarks": "正常"})
    report = selectors.reports_of(area(TOWN))[0]
    assert duty.get("/directives/reports/").context["missing"] == 1
    duty.post(f"/directives/reports/{report.pk}/note/")
    assert selectors.report(report.pk).noted_by == staff["duty"]
    shown = duty.get(f"/directives/reports/{report.pk}/")
    assert shown.status_code == 200
    assert duty.get(shown.context["lines"][0]["url"]).status_code == 200
    assert duty.get("/registers/command.task/?list=reported_tasks_done&value=never").status_code == 422


def test_a_resolution_keeps_whom_it_is_for(staff, sign_in, at_unit):  # noqa: F811
    duty, village = sign_in(staff["duty"]), sign_in(staff["village"])
    said = {"title": "值守", "text": "24小时值守", "basis": "OWN", "priority": "NORMAL", "depth": "VILLAGE",
            "units": [TOWN], "resolve": "1"}  # fmt: skip
    duty.post("/directives/issue/", said)
    directive = Directive.objects.get()
    url = f"/directives/{directive.pk}/"
    assert "Hand down to those chosen" in duty.get(url).content.decode()
    duty.post(url + "hand-down/")
    assert {row.area_id for row in services.standing(directive)} == {TOWN, VILLAGE}
    page = duty.get(url)
    assert [unit.code for unit in page.context["takers"]] == [OTHER]
    duty.post(url + "add-units/", {"units": [OTHER]})
    assert services.standing(directive).filter(area=OTHER).exists() and duty.get(url).context["takers"] == []
    goal = {"title": "值守", "text": "24小时值守", "due_at": "2022-03-20T08:00", "goal": "圈住封死扑灭",
            "goal_at": "2022-04-20T08:00", "reason": "定目标"}  # fmt: skip
    duty.post(url + "correct/", goal)
    assert Directive.objects.get().goal == "圈住封死扑灭"
    mine = f"/directives/units/{at_unit(directive, VILLAGE).pk}/"
    shown = village.get(mine)
    assert "圈住封死扑灭" in shown.content.decode() and shown.context["goal_left"] in shown.content.decode()
