"""The phone in real Chromium: without a network, killed and opened again, two officers on one phone, mended."""

import os
import signal
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from fangxian.core import clock, scope
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.systems.arrivals.models import Arrival
from fangxian.systems.people import services as people
from fangxian.systems.people.models import DoorCall
from fangxian.systems.quarantine.models import DailyCheck, Stay
from tests.functional.conftest import CHROMIUM, PHONE
from tests.registers.samples import resident_number

pytestmark = pytest.mark.django_db(transaction=True)
CELL = "410883001212001"
DAY = date(2022, 3, 15)
STREET = "孟州市大定街道段西村"


class Cell:
    """Six doors of a cell: houses along a street, two flats, an empty house. Wang at no. 3 is in home quarantine."""

    def __init__(self, officer):
        self.area = Area.objects.get(code=CELL)
        self.worker = officer("grid_worker", area=CELL, name="网格员甲")
        self.other = officer("grid_worker", area="410883001212002", name="网格员乙")
        self.homes = {
            number: self.home(number) for number in ("3号", "1号", "4号", "2号楼1单元501室", "2号楼1单元201室", "9号")
        }
        self.wang = self.person("王小明", "3号", 1)
        self.person("王太太", "3号", 2)
        for number, name in enumerate(("李一", "李二", "赵四", "钱五"), start=3):
            home = ("1号", "1号", "4号", "2号楼1单元501室")[number - 3]
            self.person(name, home, number)
        self.no_phone = self.person("孙六", "2号楼1单元201室", 7, phone="")
        with clock.frozen(now() - timedelta(days=1)):
            self.stay = Stay.objects.create(
                area=self.area,
                present_area=self.area,
                person=self.wang,
                place="HOME",
                state="IN",
                starts_on=DAY - timedelta(days=3),
                ends_on=DAY + timedelta(days=4),
            )
            DailyCheck.objects.create(
                area=self.area, person=self.wang, day=DAY - timedelta(days=1), slot="PM", temperature=Decimal("36.3")
            )

    def home(self, number):
        return people.add_household(by=None, area=self.area, number=number, address=STREET + number)

    def person(self, name, home, number, **values):
        return people.add_person(
            by=None,
            area=self.area,
            name=name,
            id_number=resident_number(number),
            household=self.homes[home],
            **{"phone": f"138000000{number:02d}", **values},
        )


@pytest.fixture
def cell(officer, settings):
    settings.CLOCK_START = "2022-03-15T08:00:00+08:00"
    settings.SESSION_IDLE_SECONDS = settings.SESSION_COOKIE_AGE = 10**6
    with scope.everywhere("test data"):
        return Cell(officer)


@pytest.fixture
def phone(open_page, log_in, cell, watch):
    """`phone(officer)`: signed in, shell and list of the day on the phone, under the worker's control."""
    watch.allow(401)

    def make(officer=None, *, locale="zh-CN") -> Page:
        page = open_page(locale=locale, phone=True)
        page.context.set_default_timeout(30_000)  # the first page of a fresh server
        log_in(page, (officer or cell.worker).username)
        return ready(page)

    yield make
    # what Chromium says about a network that is not there is the point of these stories
    watch.complaints[:] = [said for said in watch.complaints if "net::ERR_" not in said]


CONTROLLED = """async () => {
    const workers = navigator.serviceWorker;
    await workers.ready;
    if (!workers.controller) await new Promise((done) => workers.addEventListener("controllerchange", done));
}"""


def ready(page: Page) -> Page:
    page.goto("/field/#/doors")
    expect(page.locator("body[data-ready]")).to_be_attached()
    page.evaluate(CONTROLLED)
    expect(page.locator(".doors-sum")).to_be_visible()
    return page


def door(page: Page, label: str):
    return page.locator(".door", has=page.get_by_text(label, exact=True))


def test_a_morning_without_a_network(phone, cell, shoot):
    page = phone()
    doors = page.locator(".door > summary strong")
    expect(doors).to_have_text(["1号", "3号", "9号", "4号", "2号楼1单元201室", "2号楼1单元501室"])
    shoot(page, "field-doors")
    page.context.set_offline(True)
    page.reload()
    expect(doors).to_have_count(6)
    door(page, "3号").get_by_role("button", name="36.3 与上次相同").tap()
    expect(door(page, "3号")).to_contain_text("上午 36.3")
    door(page, "1号").get_by_role("button", name="全员在家").tap()
    expect(page.locator("#chip")).to_have_text("待上报 2")
    page.reload()
    expect(page.locator("#chip")).to_have_text("待上报 2")
    shoot(page, "field-offline")
    assert DailyCheck.unscoped.filter(day=DAY).count() == 0
    page.context.set_offline(False)
    expect(page.locator("#chip")).to_have_text("全部上报", timeout=20_000)
    check, call = DailyCheck.unscoped.get(day=DAY), DoorCall.unscoped.get(day=DAY)
    assert (check.person, check.slot, check.temperature, check.source) == (cell.wang, "AM", Decimal("36.3"), "field")
    assert (call.household, call.outcome, call.created_by) == (cell.homes["1号"], "SEEN", cell.worker)


def test_killed_and_opened_again_nothing_is_lost(cell, live_server, playwright, log_in, tmp_path):
    """The browser is killed, not closed; the same profile opens offline with the list and what was entered."""

    def browser():
        return playwright.chromium.launch_persistent_context(
            tmp_path, executable_path=CHROMIUM, base_url=live_server.url, locale="zh-CN", **PHONE,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )  # fmt: skip

    first = browser()
    page = first.pages[0]
    log_in(page, cell.worker.username)
    ready(page)
    first.set_offline(True)
    door(page, "1号").get_by_role("button", name="全员在家").tap()
    expect(page.locator("#chip")).to_have_text("待上报 1")
    kill(tmp_path)
    second = browser()
    second.set_offline(True)
    page = second.pages[0]
    page.goto("/field/#/doors")
    expect(page.locator("#chip")).to_have_text("待上报 1")
    expect(door(page, "4号")).to_be_attached()
    second.set_offline(False)
    log_in(page, cell.worker.username)  # a session ends with the browser; what was kept does not
    page.goto("/field/#/doors")
    expect(page.locator("#chip")).to_have_text("全部上报", timeout=30_000)
    assert DoorCall.unscoped.get(day=DAY).outcome == "SEEN"
    second.close()


def kill(profile):
    """Every process of this profile, at once and without a chance to write anything."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if f"--user-data-dir={profile}" in path.read_bytes().decode(errors="replace"):
                os.kill(int(path.parent.name), signal.SIGKILL)
        except (FileNotFoundError, ProcessLookupError):
            continue


def test_a_refused_entry_is_mended_on_the_phone(phone, cell, shoot):
    page = phone()
    door(page, "4号").locator("summary").tap()
    door(page, "4号").get_by_role("button", name="外来人员登记").tap()
    form = door(page, "4号").locator("form")
    form.get_by_label("证件号码").fill(resident_number(99)[:17] + "0")
    form.get_by_role("button", name="外来人员登记").tap()
    expect(form.locator(".why")).to_contain_text("证件号码有误")
    form.get_by_label("证件号码").fill(resident_number(99))
    form.get_by_label("来自").fill("沁阳市")
    form.get_by_role("button", name="外来人员登记").tap()
    expect(page.locator("#chip")).to_have_text("退回 1", timeout=20_000)
    page.locator("#chip").tap()
    refused = page.locator(".entry.refused")
    expect(refused).to_contain_text("姓名: 该号码尚未在册，请录入姓名。")
    refused.get_by_role("button", name="更正").tap()
    shoot(page, "field-mend")
    refused.get_by_label("姓名").fill("来客甲")
    refused.get_by_role("button", name="更正并重新上报").tap()
    expect(page.locator("#chip")).to_have_text("全部上报", timeout=20_000)
    row = Arrival.unscoped.get()
    assert (row.person.name, row.area_id, row.source) == ("来客甲", CELL, "field")


def test_answers_lost_on_the_way_make_no_second_row(phone, cell):
    page = phone()
    lost = []

    def lose(route):
        if len(lost) < 2:
            lost.append(route.fetch())
            route.abort()
        else:
            route.continue_()

    page.context.route("**/field/submissions", lose)
    door(page, "1号").get_by_role("button", name="全员在家").tap()
    expect(page.locator("#chip")).to_have_text("待上报 1")
    for _ in range(2):
        page.evaluate("dispatchEvent(new Event('online'))")
        page.wait_for_timeout(800)
    expect(page.locator("#chip")).to_have_text("全部上报", timeout=40_000)
    assert len(lost) == 2 and DoorCall.unscoped.filter(day=DAY).count() == 1


def test_a_session_that_ended_keeps_list_and_queue(phone, cell):
    page = phone()
    page.context.clear_cookies(name="sessionid")
    door(page, "1号").get_by_role("button", name="全员在家").tap()
    expect(page.locator("#notes")).to_contain_text("请重新登录后上报。您的 1 条内容仍保存在本机。")
    expect(door(page, "4号")).to_be_visible()
    page.get_by_role("link", name="登录").tap()
    page.locator("input[name=login]").fill(cell.worker.username)
    page.locator("input[name=password]").fill("correct horse")
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/field/**")
    expect(page.locator("#chip")).to_have_text("全部上报", timeout=20_000)
    assert DoorCall.unscoped.filter(day=DAY).count() == 1


def test_another_officer_on_the_phone_reads_and_sends_nothing_of_the_first(phone, cell, log_in):
    page = phone()
    page.context.set_offline(True)
    door(page, "1号").get_by_role("button", name="全员在家").tap()
    expect(page.locator("#chip")).to_have_text("待上报 1")
    page.goto("/field/#/account")
    page.get_by_role("button", name="退出登录").tap()
    expect(page.locator("dialog")).to_contain_text("还有 1 条未上报")
    page.locator("dialog").get_by_role("button", name="退出登录").tap()
    expect(page.locator("main")).to_contain_text("本机另有 1 条其他人员的待上报内容")
    stores = page.evaluate(STORES)
    assert stores["days"] == stores["keys"] == 0 and stores["entries"] == 1
    assert "全员" not in stores["text"] and cell.wang.name not in stores["text"]
    page.context.set_offline(False)
    page.context.clear_cookies(name="sessionid")
    log_in(page, cell.other.username)
    page.goto("/field/#/doors")
    expect(page.locator(".doors-sum")).to_be_visible()
    page.goto("/field/#/outbox")
    expect(page.locator("main")).to_contain_text("本机另有 1 条其他人员的待上报内容")
    assert DoorCall.unscoped.filter(day=DAY).count() == 0
    page.context.clear_cookies(name="sessionid")
    log_in(page, cell.worker.username)
    page.goto("/field/")
    expect(page.locator("#chip")).to_have_text("全部上报", timeout=20_000)
    assert DoorCall.unscoped.get(day=DAY).created_by == cell.worker


STORES = """async () => {
    const database = await new Promise((done) => {
        const asked = indexedDB.open("fangxian-field");
        asked.onsuccess = () => done(asked.result);
    });
    const all = async (name) => new Promise((done) => {
        const asked = database.transaction(name).objectStore(name).getAll();
        asked.onsuccess = () => done(asked.result);
    });
    const found = {};
    for (const name of ["days", "keys", "entries"]) found[name] = (await all(name)).length;
    const rows = await all("entries");
    const bytes = rows.map((row) => new TextDecoder().decode(row.box.data)).join("");
    return { ...found, text: JSON.stringify(rows) + bytes };
}"""


@pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
def test_the_page_fits_a_small_phone_and_is_read_out(phone, cell, stumbles, shoot, locale):
    page = phone(locale=locale)
    page.set_viewport_size({"width": 360, "height": 740})
    for address in ("#/doors", "#/outbox", "#/account", "#/"):
        page.goto(f"/field/{address}")
        page.wait_for_timeout(200)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")
        assert stumbles(page) == []
        shoot(page, f"field-{locale}-{address.strip('#/') or 'start'}")
