"""A sampler's morning in a browser: a scanner types the tube, names are tapped, the next of the roll is one tap."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from fangxian.core import clock, records, scope
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.systems.people.models import Person
from fangxian.systems.testing import coverage, services
from fangxian.systems.testing.models import SamplingPoint
from tests.functional.test_story import come_in, fits  # noqa: F401  (the fixture)

pytestmark = pytest.mark.django_db(transaction=True)
VILLAGE = "410883001212"


@pytest.fixture
def square(officer, settings):
    """A sampler, and a round of six residents in pools of five."""
    settings.CLOCK_START = "2022-03-15T08:00:00+08:00"
    settings.SESSION_IDLE_SECONDS = settings.SESSION_COOKIE_AGE = 10**9
    sampler = officer("sampler", area=VILLAGE, name="薛香菊")
    with clock.frozen(now()), scope.everywhere("test data"):
        area = Area.objects.get(code=VILLAGE)
        Person.objects.bulk_create(Person(area=area, name=f"村民{n}", id_type="NONE") for n in range(6))
        records.create(SamplingPoint, by=None, action="test.made", area=area, name="文化广场采样点", code="P1")
        planned = services.plan_round(
            by=None, area=area, name="第一轮", disease="covid19", begins_at=now() - timedelta(hours=1),
            ends_at=now() + timedelta(hours=9), tube_size=5,
        )  # fmt: skip
        return sampler, services.open_round(by=None, test_round=planned)


def test_a_tube_fills_without_a_key_and_without_a_network(square, come_in, watch, shoot, stumbles):  # noqa: F811
    sampler, test_round = square
    page = come_in(sampler, locale="zh-CN", phone=True)
    page.goto("/field/#/p/sampling", timeout=60_000)
    page.wait_for_selector("body[data-ready=yes]")
    expect(page.locator(".sampling-tube")).to_be_visible()
    page.context.set_offline(True)
    page.keyboard.type("QY000041")  # a scanner
    page.keyboard.press("Enter")
    for left in (5, 4, 3, 2, 1):
        page.locator("[data-person]").first.tap()
        expect(page.locator("[data-person]")).to_have_count(left if left > 1 else 0)
    shoot(page, "sampling-zh-phone")
    assert fits(page) and stumbles(page) == []
    page.locator("[data-act=next]").tap()
    expect(page.locator(".sampling-tube strong")).to_have_text("QY000042")
    page.context.set_offline(False)
    expect(page.locator(".sampling-last .entry.sent")).to_have_count(4, timeout=60_000)
    with scope.everywhere("test"):
        assert (coverage.figures(test_round).pending, coverage.figures(test_round).missing) == (5, 1)
    watch.complaints[:] = [one for one in watch.complaints if "ERR_INTERNET_DISCONNECTED" not in one]
