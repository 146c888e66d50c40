"""An investigator and the morning's signals in a browser: the inbox, the card, a verdict with its reason, a task."""

from datetime import datetime, timedelta

import pytest
from django.utils.timezone import get_current_timezone
from playwright.sync_api import expect

from fangxian.core import clock, scope
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.systems.cases.models import Case
from fangxian.systems.command.models import Task
from fangxian.systems.people import services as people
from fangxian.systems.surveillance.models import Signal
from fangxian.workflows import early_warning
from tests.functional.test_story import come_in, fits, kind  # noqa: F401  (come_in is a fixture)
from tests.unit.surveillance.cases import at, draw
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
    _some_influenza()
    for path in ("heat", "curve/?disease=influenza", "season", "methods"):
        page.goto(f"/surveillance/{path}" if "?" in path else f"/surveillance/{path}/")
        if path.startswith("curve"):
            expect(page.locator("#opinions tbody tr")).to_have_count(7)
            shoot(page, f"opinions-{kind(locale, phone)}")
        assert fits(page) and stumbles(page) == [], path
    expect(page.locator("dt", has_text="CUSUM")).to_be_visible()


def _some_influenza() -> None:
    """Cases for the curve, its estimates and the table of what every method says."""
    with scope.everywhere("test"):
        person = people.add_person(by=None, area=Area.objects.get(code="410883001212"), name="张三", sex="MALE")
        first = datetime(2022, 2, 10, 9, tzinfo=get_current_timezone())
        Case.objects.bulk_create(
            Case(area_id="410883001212", person=person, disease="influenza", classification="CONFIRMED",
                 number=f"flu{nth}", onset_on=(first + timedelta(days=nth // 2)).date(),
                 positive_at=first + timedelta(days=nth // 2 + nth % 2))
            for nth in range(60)
        )  # fmt: skip


@pytest.mark.parametrize(("locale", "phone"), [("zh-CN", True), ("en-US", False)], ids=["phone", "desk"])
def test_the_rule_that_is_met_stands_on_its_card(signal, officer, come_in, shoot, stumbles, locale, phone):  # noqa: F811
    with scope.everywhere("test"), clock.frozen(now()):
        at("school", draw("influenza", [DAY] * 30))
        early_warning.look(as_of=DAY)
        card = Signal.objects.get(rule="emergency.school")
    page = come_in(officer("investigator"), locale=locale, phone=phone)
    page.goto(f"/surveillance/signals/{card.pk}/")
    shoot(page, f"rule-{kind(locale, phone)}")
    said = "school or nursery. To be reported within 2 hours." if locale == "en-US" else "须在 2 小时内报告"
    expect(page.get_by_text(said)).to_be_visible()
    assert fits(page) and stumbles(page) == []
    page.goto("/surveillance/methods/")
    shoot(page, f"methods-{kind(locale, phone)}")
    expect(page.locator("#rules")).to_be_visible()
    assert fits(page) and stumbles(page) == []


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
