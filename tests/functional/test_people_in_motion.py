"""Two evenings of people in motion: a traveller declares and does not come, and is chased; a nurse does her round."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from fangxian.core import clock, jobs, scope
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.systems.arrivals.models import Arrival, DeclaredPerson
from fangxian.systems.command.models import Task
from fangxian.systems.quarantine.models import DailyCheck, Transfer
from tests.functional.test_story import come_in, fits  # noqa: F401  (the fixture)
from tests.integration.isolation.conftest import House
from tests.registers.samples import resident_number

pytestmark = pytest.mark.django_db(transaction=True)
TOWN, CELL, DAY = "410883001", "410883001212001", date(2022, 3, 15)


@pytest.fixture
def evening(settings):
    """The server runs on the clock of that evening."""

    def at(moment: str) -> None:
        settings.CLOCK_START = moment
        settings.SESSION_IDLE_SECONDS = settings.SESSION_COOKIE_AGE = 10**9

    at("2022-03-15T18:00:00+08:00")
    return at


def test_a_traveller_declares_on_the_phone_does_not_come_and_is_chased(
    officer, evening, open_page, come_in, shoot, stumbles  # noqa: F811
):  # fmt: skip
    township = officer("township_officer", area=TOWN, name="大定街道值班员")
    worker = officer("grid_worker", area=CELL, name="网格员甲")
    other = officer("grid_worker", area="410883001212002", name="网格员乙")
    phone = open_page(phone=True)  # nobody: no account, no session
    phone.goto("/declare/", timeout=60_000)
    assert fits(phone) and stumbles(phone) == []
    for label, said in (("姓名", "王小明"), ("证件号码", resident_number(1)), ("市、县（区）、街道", "浦东新区"),
                        ("到达日期", str(DAY + timedelta(days=1))), ("村（社区）、街道、门牌", "段西村3号"),
                        ("电话", "13812345678")):  # fmt: skip
        phone.get_by_label(label).first.fill(said)
    phone.get_by_label("您从哪里来").select_option("31")
    phone.get_by_label("您要去").select_option(TOWN)
    shoot(phone, "declare-phone")
    phone.get_by_role("button", name="提交报备").tap()
    expect(phone.locator(".fx-code-large")).to_have_text(re.compile(r"^[2-9A-Z]{8}$"))
    expect(phone.locator("body")).not_to_contain_text("王小明")
    shoot(phone, "declared-phone")
    assert fits(phone) and stumbles(phone) == []

    desk = come_in(township, locale="en-US")
    desk.goto("/arrivals/inbox/")
    expect(desk.locator("main")).to_contain_text("王小明")
    shoot(desk, "arrivals-inbox-desk")
    desk.get_by_role("button", name="Take over as a new person").click()
    expect(desk.locator(".alert").first).to_be_visible()
    assert DeclaredPerson.unscoped.get().state == "ACCEPTED"
    with clock.frozen(now()), scope.everywhere("test"):
        jobs.run_pending()

    evening("2022-03-17T09:00:00+08:00")  # two mornings later nobody has seen him
    desk.goto("/arrivals/")
    expect(desk.locator("#part-missing")).to_contain_text("1")
    shoot(desk, "arrivals-missing-desk")
    desk.goto("/arrivals/chase/")
    row = desk.locator(".fx-chase", has_text="Has 王小明 come?")
    expect(row).to_contain_text("overdue since")
    shoot(desk, "arrivals-chase-desk")
    assert fits(desk) and stumbles(desk) == []
    row.get_by_role("button", name="Remind").click()
    expect(row).to_contain_text("reminded 1×")
    row.get_by_role("combobox").select_option(label=str(other))
    expect(row).to_contain_text(str(other))
    task = Task.unscoped.get(key__endswith=":awaited")
    assert (task.params["reminded"], task.officer, worker != other) == (1, other, True)

    desk.goto(f"/arrivals/{Arrival.unscoped.get().pk}/")
    desk.get_by_placeholder("Reason").fill("Ticket changed to next week")
    desk.get_by_role("button", name="Did not come").click()
    desk.locator("dialog[open]").get_by_role("button").last.click()
    expect(desk.locator("h1")).to_contain_text("Did not come")
    desk.goto("/arrivals/chase/")
    expect(desk.locator("main")).to_contain_text("Nothing to chase")


@pytest.fixture
def house(officer, evening):
    """A site with three guests, who came in the morning."""
    manager = officer("isolation_manager", area=TOWN, name="点长")
    with scope.everywhere("test data"):
        return House(manager)


def test_a_nurse_does_the_evening_round_exceptions_first(
    officer, house, come_in, shoot, stumbles, watch  # noqa: F811
):  # fmt: skip
    nurse = officer("nurse", area=TOWN, name="护士甲")
    phone = come_in(nurse, phone=True)
    phone.goto("/field/#/p/isolation", timeout=60_000)
    guests = phone.locator("section[data-guest]")
    expect(guests).to_have_count(3)
    phone.get_by_role("button", name="下午", exact=True).tap()
    shoot(phone, "isolation-round-phone")
    assert fits(phone) and stumbles(phone) == []
    fever = phone.locator("section", has_text="甲")
    fever.get_by_text("其他数值").tap()
    fever.get_by_label("体温（°C）").fill("38.2")
    fever.get_by_label("咳嗽").check()
    fever.get_by_role("button", name="保存").tap()
    phone.locator("section", has_text="乙").get_by_role("button", name="36.6").tap()
    phone.get_by_role("button", name=re.compile("其余")).tap()
    phone.get_by_role("button", name="是，均正常").tap()
    expect(guests).to_have_count(0)  # kept on the phone; only then does the chip speak of all three
    expect(phone.locator("#chip.good")).to_be_visible(timeout=20_000)
    phone.get_by_role("button", name="异常").tap()
    expect(guests).to_have_count(1)
    expect(guests).to_contain_text("38.2")
    shoot(phone, "isolation-exceptions-phone")
    checks = {check.person.name: check for check in DailyCheck.unscoped.select_related("person")}
    assert {name: (check.slot, check.fever) for name, check in checks.items()} == {
        "甲": ("PM", True), "乙": ("PM", False), "丙": ("PM", False),
    }  # fmt: skip

    desk = come_in(house.manager, locale="en-US")
    desk.goto(f"/isolation/{house.site.pk}/day/")
    trouble = desk.locator("main section").first
    expect(trouble.locator(".fx-room")).to_have_count(1)
    expect(trouble).to_contain_text("Fever")
    shoot(desk, "isolation-day-desk")
    assert fits(desk) and stumbles(desk) == []
    trouble.get_by_role("link", name="甲").click()
    expect(desk.locator("main")).to_contain_text("38.2 °C")
    assert fits(desk) and stumbles(desk) == []
    desk.get_by_label("Goes to").select_option("HOSPITAL")
    desk.get_by_label("Name of the place").fill("孟州市人民医院")
    desk.get_by_label("Reason").fill("38.2 and cough")
    shoot(desk, "isolation-stay-desk")
    desk.get_by_role("button", name="Order the transfer").click()
    desk.locator("dialog[open]").get_by_role("button").last.click()
    expect(desk.locator(".alert-success")).to_be_visible()
    with scope.everywhere("test"):
        ordered = Transfer.objects.get()
    assert (ordered.destination, ordered.to_name, Area.objects.get(code=TOWN)) == (
        "HOSPITAL", "孟州市人民医院", ordered.area,
    )  # fmt: skip
