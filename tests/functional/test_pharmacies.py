"""A clerk at the till in a browser: a buyer who was here before in a few taps, one with fever, and what is refused.

The page counts the seconds from the first touch to the sale itself; the field asks for less than fifteen.
"""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from fangxian.core import clock, modes, records, scope
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.modes import OperatingMode
from fangxian.systems.pharmacies import services
from fangxian.systems.pharmacies.models import Clerk, Pharmacy, Product, Sale
from tests.functional.test_story import come_in, fits  # noqa: F401  (the fixture)

pytestmark = pytest.mark.django_db(transaction=True)
TOWN, MOST_SECONDS = "410883001", 15
WANG = {"name": "王建国", "id_number": "410883198002030017", "phone": "13812345678"}


@pytest.fixture
def shop(officer, settings):
    """A pharmacy under alert, its clerk, and a buyer of last week."""
    settings.CLOCK_START = "2022-03-15T08:00:00+08:00"
    settings.SESSION_IDLE_SECONDS = settings.SESSION_COOKIE_AGE = 10**9
    clerk = officer("pharmacy_clerk", area=TOWN, name="薛香菊")
    with clock.frozen(now()), scope.everywhere("test data"):
        made = {"by": None, "action": "test.made", "area": Area.objects.get(code=TOWN)}
        house = records.create(Pharmacy, name="怀庆大药房", **made)
        for code, name, drug in (("B1", "布洛芬缓释胶囊", "FEVER"), ("K1", "急支糖浆", "COUGH")):
            records.create(Product, pharmacy=house, code=code, name=name, drug=drug, **made)
        records.create(Clerk, pharmacy=house, officer=clerk, **made)
        services.take_over(by=None, pharmacy=house, items="K1", receipt="R1", sold_at=now() - timedelta(days=7), **WANG)
        records.create(OperatingMode, mode="alert", from_at=now(), declared_at=now(), reason="test", basis="test",
                       state=OperatingMode.State.DECLARED, **made)  # fmt: skip
        modes.forget()
        return clerk, house


def seconds(page: Page) -> int:
    """What the page itself says the sale took."""
    told = page.locator(".alert-success, .toast").first.inner_text()
    return int(re.search(r"(\d+)\s*(?:s\b|秒)", told)[1])


@pytest.mark.parametrize(("locale", "phone"), [("zh-CN", True), ("en-US", False)], ids=["phone", "desk"])
def test_a_clerk_at_the_till(shop, come_in, watch, shoot, stumbles, locale, phone):  # noqa: F811
    watch.allow(422)
    clerk, house = shop
    page = come_in(clerk, locale=locale, phone=phone)
    page.goto("/pharmacies/")
    sell, product = page.locator("button[type=submit].btn-lg"), page.locator("[data-till-add]").first
    product.click()
    sell.click()
    expect(page.locator("#refused")).to_be_visible()  # no name: the ladder refuses, the basket stays
    expect(page.locator("input[id^=q-]").first).to_have_value("1")
    page.locator("#who").press_sequentially("王建" if phone else WANG["phone"])
    expect(page.locator(".fx-till-earlier")).to_have_count(1)
    shoot(page, f"till-{locale}")
    assert fits(page) and stumbles(page) == []
    sell.click()
    expect(page.locator("#refused")).to_have_count(0)
    assert seconds(page) < MOST_SECONDS
    assert WANG["phone"] not in page.content() and WANG["id_number"] not in page.content()

    page.locator("[data-till-code]").fill("b1")
    page.locator("[data-till-code]").press("Enter")
    for name, value in (("name", "赵秀英"), ("phone", "13900001111"), ("temperature", "38.4")):
        page.locator(f"#{name}").fill(value)
    expect(page.locator("[data-till-warning]")).to_be_visible()
    page.locator("#temperature").press("Enter")  # the keyboard alone
    expect(page.locator(".alert-warning, .toast").first).to_be_visible()
    assert seconds(page) < MOST_SECONDS
    with scope.everywhere("test"):
        assert Sale.objects.filter(pharmacy=house).count() == 3 and Sale.objects.filter(is_fever=True).count() == 1
    page.goto(f"/pharmacies/{house.pk}/")
    shoot(page, f"pharmacy-day-{locale}")
    assert fits(page) and stumbles(page) == []
