"""A message goes from a ready-made text over two approvals to everybody's phone; a resident asks about a journey."""

from datetime import timedelta

import pytest
from django.test import Client
from playwright.sync_api import expect

from fangxian.core import clock, scope
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.faces.web.pages.publicity import public
from fangxian.systems.publicity.models import Message
from fangxian.systems.risk_areas import services as risk_areas
from tests.functional.test_story import come_in, fits

__all__ = ["come_in"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def staff(officer, settings):
    """A writer of the CDC and two duty officers; one street of the neighbour is a high-risk area."""
    settings.CLOCK_START = "2022-07-10T08:00:00+08:00"
    settings.SESSION_IDLE_SECONDS = settings.SESSION_COOKIE_AGE = 10**9
    writer, first, second = officer("investigator"), officer("duty_officer"), officer("duty_officer")
    with clock.frozen(now()), scope.everywhere("test data"):
        zone = risk_areas.propose(
            by=first, area=Area.objects.get(code="410883"), name="覃怀街道", disease="covid19", level="HIGH",
            codes="410882001", from_at=now() - timedelta(hours=2),
        )  # fmt: skip
        risk_areas.publish(version=zone, by=second)
    public.forget(None)
    Client().get("/accounts/login/")  # every address is loaded with the first page: not on the browser's time
    return writer, first, second


def test_from_a_draft_to_everybodys_phone(staff, come_in, open_page, shoot, stumbles):
    desk = come_in(staff[0])
    desk.goto("/publicity/")
    shoot(desk, "publicity-board")
    assert stumbles(desk) == []
    desk.get_by_role("button", name="起草: 勤洗手，洗干净").click()
    desk.locator("[name=title]").fill("勤洗手，人人做")
    desk.locator("form [type=submit]").last.click()
    expect(desk.locator("h1, .page-title").first).to_contain_text("勤洗手，人人做")
    desk.get_by_role("button", name="提交审批").click()
    expect(desk.locator("body")).to_contain_text("须由他人审批")
    with scope.everywhere("test"):
        message = Message.objects.get()

    for approver, button in ((staff[1], "一审通过"), (staff[2], "二审通过并发布")):
        desk = come_in(approver)
        desk.goto(f"/publicity/{message.pk}/")
        desk.get_by_role("button", name=button).click()
        if approver is staff[2]:
            desk.locator("dialog[open]").get_by_role("button").last.click()
    expect(desk.locator("body")).to_contain_text("已公布")
    shoot(desk, "publicity-message")
    assert stumbles(desk) == []

    phone = open_page(locale="zh-CN", phone=True)
    phone.goto("/public/")
    expect(phone.locator("#messages")).to_contain_text("勤洗手，人人做")
    assert phone.context.cookies() == [] and fits(phone)
    shoot(phone, "public-phone")
    phone.get_by_role("link", name="出行查询").tap()
    phone.get_by_label("您居住在").select_option("410883001")
    phone.get_by_label("您要去").select_option("41")
    phone.get_by_label("市、县（区）、街道").fill("沁阳市覃怀街道")
    phone.get_by_label("出发日期").fill("2022-07-12")
    phone.get_by_label("返回日期").fill("2022-07-14")
    phone.locator("main [type=submit]").tap()
    expect(phone.locator("article").first).to_contain_text("请勿前往")
    expect(phone.locator("article").first).to_contain_text("2022-07-20")
    shoot(phone, "public-travel-phone")
    assert phone.context.cookies() == [] and fits(phone)
    assert stumbles(phone) == []
