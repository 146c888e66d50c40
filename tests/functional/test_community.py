"""A resident reports on the phone, the township has somebody look, the answer is read with the code."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from fangxian.core import scope
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.systems.command.models import Task
from fangxian.systems.community import services
from fangxian.systems.community.models import PublicReport
from tests.functional.test_story import come_in, fits  # noqa: F401  (the fixture)

pytestmark = pytest.mark.django_db(transaction=True)
TOWN, VILLAGE, CELL = "410883001", "410883001212", "410883001212001"


@pytest.fixture
def day(settings):
    """The server runs on the clock of that day."""
    settings.CLOCK_START = "2022-03-15T09:00:00+08:00"
    settings.SESSION_IDLE_SECONDS = settings.SESSION_COOKIE_AGE = 10**9


def test_a_resident_reports_and_reads_what_became_of_it(
    officer, day, open_page, come_in, shoot, stumbles  # noqa: F811
):  # fmt: skip
    township = officer("township_officer", area=TOWN, name="大定街道值班员")
    worker = officer("grid_worker", area=CELL, name="网格员甲")
    phone = open_page(phone=True)  # nobody: no account, no session
    phone.goto("/r/", timeout=60_000)
    assert fits(phone) and stumbles(phone) == []
    shoot(phone, "residents-phone")
    phone.locator("a[href='/r/report/']").tap()
    phone.locator("select[name=area]").select_option(TOWN)
    expect(phone.locator("select[name=village] option")).to_have_count(2)
    phone.locator("select[name=village]").select_option(VILLAGE)
    phone.locator("input[name=kind][value=SHOP]").check()
    phone.locator("[name=place]").fill("合欢大街12号药店")
    phone.locator("[name=words]").fill("不登记就卖退烧药")
    shoot(phone, "report-phone")
    assert fits(phone) and stumbles(phone) == []
    phone.locator("main form button[type=submit]").tap()
    expect(phone.locator(".fx-code-large")).to_have_text(re.compile(r"^[2-9A-Z]{10}$"))
    code = phone.locator(".fx-code-large").inner_text()
    assert code not in phone.url and fits(phone) and stumbles(phone) == []
    shoot(phone, "report-sent-phone")

    desk = come_in(township, locale="en-US")
    desk.goto("/public-reports/")
    shoot(desk, "reports-desk")
    desk.get_by_role("link", name="A pharmacy or shop against the rules").click()
    expect(desk.locator("blockquote")).to_have_text("不登记就卖退烧药")
    desk.get_by_role("button", name="Take it up").click()
    assert fits(desk) and stumbles(desk) == []
    shoot(desk, "report-desk")
    desk.get_by_role("combobox", name="Cell or village").fill("段西村一网格")
    desk.get_by_role("button", name="Send", exact=True).click()
    expect(desk.locator("h1")).to_contain_text("Being checked")

    field = come_in(worker, phone=True)
    task = Task.unscoped.get(key__startswith="look:")
    field.goto(f"/tasks/{task.pk}/")
    expect(field.locator("main")).to_contain_text("合欢大街12号药店")
    expect(field.locator("main")).not_to_contain_text("不登记就卖退烧药")
    field.locator("#outcome").fill("未实名登记")
    field.locator("form[action$='/finish/'] button").tap()
    expect(field.locator("main")).to_contain_text("未实名登记")

    desk = come_in(township, locale="en-US")  # the test's client holds one session at a time
    desk.goto(f"/public-reports/{PublicReport.unscoped.get().pk}/")
    desk.locator("#answer").fill("属实，已责令整改，谢谢！")
    shoot(desk, "report-conclude-desk")
    desk.get_by_role("button", name="Confirm", exact=True).click()
    expect(desk.locator("h1")).to_contain_text("Confirmed")
    assert PublicReport.unscoped.get().finding_id

    phone.goto("/r/")
    phone.locator("input[name=code]").fill(code)
    phone.locator("main form button").tap()
    expect(phone.locator("main")).to_contain_text("已责令整改")
    assert fits(phone) and stumbles(phone) == []
    shoot(phone, "report-answer-phone")


def test_a_gathering_is_told_decided_and_shown(officer, day, open_page, come_in, shoot, stumbles):  # noqa: F811
    township = officer("township_officer", area=TOWN)
    phone = open_page(phone=True)
    phone.goto(f"/r/gathering/?area={VILLAGE}", timeout=60_000)
    for name, said in (("name", "王家婚宴"), ("place", "文化大院"), ("starts_at", "2022-03-19T11:00"),
                       ("ends_at", "2022-03-19T14:00"), ("expected", "120"), ("responsible", "王建国"),
                       ("phone", "13812345678")):  # fmt: skip
        phone.locator(f"[name={name}]").fill(said)
    shoot(phone, "notice-phone")
    assert fits(phone) and stumbles(phone) == []
    phone.locator("main form button[type=submit]").tap()
    expect(phone.locator(".fx-code-large")).to_be_visible()
    with scope.everywhere("test"):
        starts = now() + timedelta(days=1)
        services.call(by=None, area=Area.objects.get(code=TOWN), what="值守卡口", place="村口", needed=2,
                      starts_at=starts, ends_at=starts + timedelta(hours=4))  # fmt: skip
    desk = come_in(township, locale="en-US")
    for page in ("gatherings", "volunteers"):
        desk.goto(f"/{page}/")
        assert fits(desk) and stumbles(desk) == []
        shoot(desk, f"{page}-desk")
    desk.goto("/gatherings/")
    desk.get_by_role("link", name="王家婚宴").click()
    assert fits(desk) and stumbles(desk) == []
    shoot(desk, "gathering-desk")
    desk.locator("#conditions").fill("分两批开席")
    desk.get_by_role("button", name="Approve").click()
    expect(desk.locator("h1")).to_contain_text("May be held")
