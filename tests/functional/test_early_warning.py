"""An investigator and the morning's signals in a browser: the inbox, the card, a verdict with its reason, a task."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from fangxian.core import clock, scope
from fangxian.core.clock import now
from fangxian.systems.command.models import Task
from fangxian.systems.surveillance.models import Signal
from fangxian.workflows import early_warning
from tests.functional.test_story import come_in, fits, kind  # noqa: F401  (come_in is a fixture)
from tests.unit.surveillance.conftest import DAY, feed, filled, quiet  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def signal(feed, filled, quiet, settings) -> Signal:  # noqa: F811
    """A school with many absent, found by the real run; beside it a feed that fell silent."""
    settings.CLOCK_START = "2022-03-15T11:00:00+08:00"
    settings.SESSION_IDLE_SECONDS = settings.SESSION_COOKIE_AGE = 10**9
    filled(feed("S1"), [*quiet[:-3], 9, 15, 24])
    filled(feed("S3", area="410883002"), quiet, last=DAY - timedelta(days=5))
    with clock.frozen(now()):
        early_warning.warn(as_of=DAY, by=None)
    with scope.everywhere("test"):
        return Signal.objects.get(kind="STATISTICAL")


@pytest.mark.parametrize(("locale", "phone"), [("zh-CN", True), ("en-US", False)], ids=["phone", "desk"])
def test_from_the_inbox_to_a_task(signal, officer, come_in, shoot, stumbles, locale, phone):  # noqa: F811
    page = come_in(officer("investigator"), locale=locale, phone=phone)
    page.goto("/surveillance/")
    shoot(page, f"signals-{kind(locale, phone)}")
    assert fits(page) and stumbles(page) == []
    expect(page.locator(f"a[href='/surveillance/signals/{signal.pk}/']")).to_have_count(1)
    page.locator(f"a[href='/surveillance/signals/{signal.pk}/']").click()
    expect(page.locator("[data-chart] canvas")).to_be_visible()
    shoot(page, f"signal-{kind(locale, phone)}")
    assert fits(page) and stumbles(page) == []
    assert page.locator("#behind tbody tr").count() > 0
    page.locator("#reason").fill("两个班发热，校医来电")
    page.locator("#reason").press("Enter")  # is no verdict
    expect(page.locator("#verdict button[value='SUSPECTED:0']")).to_be_visible()
    page.locator("#verdict button[value='SUSPECTED:0']").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#verdict")).to_contain_text("两个班发热")
    page.locator("input[name=note]").fill("到校核实")
    page.locator("form[action$='/task/'] button").click()
    expect(page.locator("a[href^='/tasks/']").first).to_be_visible()
    with scope.everywhere("test"):
        assert Signal.objects.get(pk=signal.pk).verdict == "SUSPECTED"
        assert Task.objects.get(key=f"signal:{signal.pk}").subject_id == signal.pk
    for path in ("heat", "curve", "season", "methods"):
        page.goto(f"/surveillance/{path}/")
        assert fits(page) and stumbles(page) == [], path


@pytest.mark.parametrize(("locale", "phone"), [("zh-CN", True), ("en-US", False)], ids=["phone", "desk"])
def test_a_warning_is_formed_and_goes_through_its_steps(signal, officer, come_in, shoot, stumbles, locale, phone):  # noqa: F811
    page = come_in(officer("duty_officer"), locale=locale, phone=phone)
    page.goto(f"/surveillance/signals/{signal.pk}/")
    page.locator("#verdict button[value='CONFIRMED:0']").click()  # one click, with the reason on it
    expect(page.locator("#verdict")).to_contain_text(
        "已经现场或实验室核实" if locale == "zh-CN" else "Verified on the spot"
    )
    page.locator("a[href$='/product/']").click()
    shoot(page, f"warning-form-{kind(locale, phone)}")
    page.locator("form.card button[type=submit]").click()
    steps = [("deliver", ""), ("respond", "落实晨午检和缺课登记"), ("feed_back", "三日内无新增")]
    for step, words in steps:
        shoot(page, f"warning-{step}-{kind(locale, phone)}")
        assert fits(page) and stumbles(page) == [], step
        form = page.locator(f"form[action$='/{step}/']")
        if words:
            form.locator("input[name=words]").fill(words)
        form.locator("button").last.click()
        if not words:
            page.locator("dialog button.btn-primary, .modal.show button.btn-primary").first.click()
        expect(page.locator(f"form[action$='/{step}/']")).to_have_count(0)
    with page.expect_download() as got:
        page.locator("a[href$='paper.pdf']").click()
    assert got.value.suggested_filename.endswith("zh.pdf" if locale == "zh-CN" else "en.pdf")
    shoot(page, f"warning-closed-{kind(locale, phone)}")
    page.goto(f"/surveillance/signals/{signal.pk}/")
    shoot(page, f"signal-after-{kind(locale, phone)}")
    assert fits(page) and stumbles(page) == []
