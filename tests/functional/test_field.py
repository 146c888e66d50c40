"""The phone in real Chromium: without a network, killed and opened again, two officers on one phone, refused and mended."""

import json
import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from fangxian.core import clock, scope
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.ids import uuid7
from fangxian.systems.arrivals.models import Arrival
from fangxian.systems.command.models import Task
from fangxian.systems.people import services as people
from fangxian.systems.people.models import DoorCall, Person
from fangxian.systems.quarantine.models import DailyCheck, Stay
from tests.functional.conftest import CHROMIUM, PHONE
from tests.registers.samples import resident_number

pytestmark = pytest.mark.django_db(transaction=True)
CELL = "410883001212001"
DAY = date(2022, 3, 15)
STREET = "孟州市大定街道段西村"


class Cell:
    """Six doors of a cell: 1, 3 and 4 along the street, two flats, an empty house. Wang at no. 3 is in home quarantine."""

    def __init__(self, officer):
        self.area = Area.objects.get(code=CELL)
        self.worker = officer("grid_worker", area=CELL, name="网格员甲")
        self.other = officer("grid_worker", area="410883001212002", name="网格员乙")
        self.homes = {number: self.home(number) for number in ("3号", "1号", "4号", "2号楼1单元501室", "2号楼1单元201室", "9号")}
        self.wang = self.person("王小明", "3号", 1)
        self.person("王太太", "3号", 2)
        for number, name in enumerate(("李一", "李二", "赵四", "钱五"), start=3):
            home = ("1号", "1号", "4号", "2号楼1单元501室")[number - 3]
            self.person(name, home, number)
        self.no_phone = self.person("孙六", "2号楼1单元201室", 7, phone="")
        with clock.frozen(now() - timedelta(days=1)):
            self.stay = Stay.objects.create(
                area=self.area, present_area=self.area, person=self.wang, place="HOME", state="IN", starts_on=DAY - timedelta(days=3),
                ends_on=DAY + timedelta(days=4),
            )
            DailyCheck.objects.create(area=self.area, person=self.wang, day=DAY - timedelta(days=1), slot="PM",
                                      temperature=Decimal("36.3"))

    def home(self, number):
        return people.add_household(by=None, area=self.area, number=number, address=STREET + number)

    def person(self, name, home, number, **values):
        return people.add_person(
            by=None, area=self.area, name=name, id_number=resident_number(number), household=self.homes[home],
            **{"phone": f"138000000{number:02d}", **values},
        )


@pytest.fixture
def cell(officer, settings):
    settings.CLOCK_START = "2022-03-15T08:00:00+08:00"
    settings.SESSION_IDLE_SECONDS = settings.SESSION_COOKIE_AGE = 10**6
    with scope.everywhere("test data"):
        return Cell(officer)


@pytest.fixture
def phone(open_page, log_in, cell):
    """`phone(officer)`: signed in, shell and list of the day on the phone, under the worker's control."""

    def make(officer=None, *, locale="zh-CN") -> Page:
        page = open_page(locale=locale, phone=True)
        log_in(page, (officer or cell.worker).username)
        return ready(page)

    return make


def ready(page: Page) -> Page:
    page.goto("/field/")
    expect(page.locator("body[data-ready]")).to_be_attached()
    page.wait_for_function("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
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
    expect(door(page, "3号")).to_contain_text("晨检 36.3")
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
