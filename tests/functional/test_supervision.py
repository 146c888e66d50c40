"""An inspector's trip on the phone, the network gone for most of it; afterwards every finding is with its owner."""

import base64
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from fangxian.core import clock, scope
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.registers import attachments
from fangxian.systems.inspection.models import Finding, Sheet
from fangxian.systems.screening import services as screening
from fangxian.workflows import rectification
from tests.functional.test_story import LANGUAGES, come_in, fits, kind  # noqa: F401  (the fixture)

pytestmark = pytest.mark.django_db(transaction=True)
TOWN = "410883002"
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture
def trip(officer, settings):
    """Two places that are long due, and a trip to them."""
    settings.CLOCK_START = "2022-03-15T08:00:00+08:00"
    settings.SESSION_IDLE_SECONDS = settings.SESSION_COOKIE_AGE = 10**9
    inspector = officer("inspector", name="蒋来")
    with scope.everywhere("test data"):
        town = Area.objects.get(code=TOWN)
        with clock.frozen(now() - timedelta(days=100)):
            screening.add_place(by=None, area=town, name="中心市场", kind="MARKET")
            screening.add_place(by=None, area=town, name="惠民药店", kind="PHARMACY")
        with clock.frozen(now()):
            county = Area.objects.get(code="410883")
            rectification.plan_route(by=inspector, area=county, name="夜查", leader=inspector, on=now().date())
    return inspector


@LANGUAGES
def test_a_trip_without_a_network(trip, come_in, watch, shoot, stumbles, locale):  # noqa: F811
    page = come_in(trip, locale=locale, phone=True)
    page.goto("/field/#/p/inspection", timeout=60_000)
    expect(page.locator(".inspection-stop")).to_have_count(2)
    page.wait_for_selector("body[data-ready=yes]")
    assert fits(page) and stumbles(page) == []
    page.context.set_offline(True)
    for number in range(2):
        page.locator(".inspection-stop").nth(number).tap()
        item = page.locator(".inspection-item").first
        item.locator('[data-value="NO"]').tap()
        item.locator(".inspection-seen input").first.fill("现场无人值守")
        item.locator('input[type="file"]').set_input_files({"name": "p.png", "mimeType": "image/png", "buffer": PIXEL})
        expect(item.locator("img")).to_have_count(1)
        page.locator('[data-act="rest"]').tap()
        if number == 0:
            shoot(page, f"inspection-stop-{kind(locale, True)}")
            assert fits(page) and stumbles(page) == []
        page.locator('[data-act="keep"]').tap()
        expect(page.locator(".inspection-waits")).to_have_count(number + 1)
    assert not Finding.unscoped.exists()
    shoot(page, f"inspection-route-{kind(locale, True)}")
    page.context.set_offline(False)
    expect(page.locator("#chip.good")).to_be_visible(timeout=40_000)
    found = list(Finding.unscoped.select_related("task"))
    assert len(found) == 2 and {one.task.status for one in found} == {"PENDING"}
    assert all(attachments.of(one).count() == 1 for one in found)
    assert set(Sheet.unscoped.values_list("state", flat=True)) == {"DONE"}
    watch.complaints[:] = [one for one in watch.complaints if "ERR_INTERNET_DISCONNECTED" not in one]
