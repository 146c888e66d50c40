"""A keeper in a browser: goods are taken in and held, what is missing is put to them, a positive one is recalled."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from fangxian.core import clock, records, scope
from fangxian.core.areas import Area
from fangxian.core.clock import now, today
from fangxian.systems.goods import services
from fangxian.systems.goods.models import GoodsPlace, GoodsTest, Lot
from fangxian.warehouse import lots as flow
from tests.functional.test_story import come_in, fits  # noqa: F401  (the fixture)

pytestmark = pytest.mark.django_db(transaction=True)
TOWN = "410883001"
PAPERS = ("CUSTOMS", "INSPECTION", "TEST", "DISINFECTION")


@pytest.fixture
def store(officer, settings):
    """A store with goods announced three days before, all papers but one; and its keeper."""
    settings.CLOCK_START = "2022-03-15T08:00:00+08:00"
    settings.SESSION_IDLE_SECONDS = settings.SESSION_COOKIE_AGE = 10**9
    flow.forget()
    keeper = officer("cold_chain_keeper", area=TOWN, name="李库管")
    with clock.frozen(now() - timedelta(days=3)), scope.everywhere("test data"):
        area = Area.objects.get(code=TOWN)
        places = [
            records.create(GoodsPlace, by=None, action="test.made", area=area, name=name, kind=kind)
            for name, kind in (("集中监管仓", "CENTRAL_STORE"), ("农贸市场", "MARKET"))
        ]
        coming = services.announce(
            by=None, to_place=places[0], number="420220221000000001", goods="冷冻猪肉", origin="阿根廷", pieces=20,
            owner="食品公司", container="CSQU3054383", seal="CN880120", expected_at=now() + timedelta(days=3),
        )  # fmt: skip
        for kind in PAPERS:
            services.attach_paper(by=None, consignment=coming, kind=kind, number=kind, issued_on=today())
    return keeper, places


@pytest.mark.parametrize(("locale", "phone"), [("zh-CN", True), ("en-US", False)], ids=["phone", "desk"])
def test_a_keeper_takes_goods_in_and_they_are_held(store, come_in, watch, shoot, stumbles, locale, phone):  # noqa: F811
    watch.allow(422)
    keeper, (_warehouse, market) = store
    page = come_in(keeper, locale=locale, phone=phone)
    page.goto("/goods/")
    shoot(page, f"goods-board-{locale}")
    assert stumbles(page) == [] and fits(page)
    page.locator("a[href*='/goods/consignments/']").first.click()
    page.locator("#seen-container").fill("CSQU 305438-3")
    page.locator("#seen-seal").fill("CN880120")
    page.locator("#seen-lots").fill("P1 20")
    assert stumbles(page) == [] and fits(page)
    shoot(page, f"goods-accept-{locale}")
    page.locator("form[action$='/accept/'] button").click()
    expect(page.locator(".ti-hand-stop")).to_be_visible()
    page.locator("form[action$='/release/'] button").click()
    expect(page.locator(".alert-danger, .toast").first).to_be_visible()  # held: every reason is named
    shoot(page, f"goods-held-{locale}")
    assert stumbles(page) == [] and fits(page)
    page.locator("#paper-kind").select_option("TRACE_CODE")
    page.locator("#paper-number").fill("ZS1")
    page.locator("form[action$='/paper/'] button").click()
    for surface in ("OUTER", "INNER"):
        page.locator("select[name=surface]").select_option(surface)
        page.locator("form[action$='/sample/'] button").click()
    with scope.everywhere("test data"):  # the laboratory's part: who keeps the goods reports nothing
        for test in GoodsTest.objects.filter(finding="PENDING"):
            services.report(test=test, by=None, positives=0)
    page.reload()
    page.locator("form[action$='/release/'] button").click()
    expect(page.locator(".ti-circle-check").first).to_be_visible()
    page.locator("#id_pieces").fill("8")
    page.locator("input[name=to_place__text]").fill(market.name)
    page.locator("#move button").click()
    expect(page.locator(f"a[href$='/goods/places/{market.pk}/']")).to_be_visible()
    shoot(page, f"goods-moved-{locale}")
    assert stumbles(page) == [] and fits(page)
    page.locator("#id_kind").select_option("SELL")
    page.locator("#id_pieces").fill("13")  # twelve are left
    page.locator("#move button").click()
    expect(page.locator("#move .fx-field-wrong").first).to_be_visible()
    assert stumbles(page) == [] and fits(page)
    _positive()
    page.goto(page.url.removesuffix("move/"))
    page.locator("form[action$='/recall/'] button").click()
    page.locator("#confirm [data-confirm-yes]").click()
    expect(page.locator("input[name=sealed]").first).to_be_visible()
    expect(page.locator("[data-chain] canvas").first).to_be_visible()
    shoot(page, f"goods-recall-{locale}")
    assert stumbles(page) == [] and fits(page)
    row = page.locator("form[action*='/goods/holders/']").first
    row.locator("input[name=sealed]").fill(row.locator("input[name=sealed]").get_attribute("max"))
    row.locator("button[value=account]").click()
    expect(page.locator(".fx-badge-info").first).to_be_visible()


def _positive():
    """A test of the rest is positive."""
    with scope.everywhere("test data"):
        lot = Lot.objects.get(number="P1")
        services.report(test=services.sample(by=None, lot=lot, last_piece=5), by=None, positives=1)
