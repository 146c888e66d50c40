"""An investigator sends a letter of assistance, the other county hands it down on the phone and answers."""

import pytest
from django.test import Client
from playwright.sync_api import expect

from fangxian.core import clock, scope
from fangxian.core.clock import now
from fangxian.systems.command import services as command
from fangxian.systems.command.models import Task
from fangxian.systems.letters.models import Letter
from fangxian.workflows import letter_of_assistance
from tests.functional.test_story import come_in, fits
from tests.integration.letters.conftest import ask, people_of

__all__ = ["come_in"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def day(officer, settings):
    """A case of Mengzhou with three guests from Qinyang, and a draft about them; the server is on that day's clock."""
    settings.CLOCK_START = "2022-03-15T08:00:00+08:00"
    settings.SESSION_IDLE_SECONDS = settings.SESSION_COOKIE_AGE = 10**9
    with clock.frozen(now()), scope.everywhere("test data"):
        town = people_of(officer)
        nobody_knows = letter_of_assistance.Stated(name="孙三", phone="", address="货车司机，流动")
        ask(town, guests=[*town.guests, nobody_knows])
    Client().get("/accounts/login/")  # every address is loaded with the first page: not on the browser's time
    return town


def test_a_letter_is_sent_handed_down_and_answered(day, come_in, shoot, stumbles):
    desk = come_in(day.investigator)
    desk.goto("/letters/?box=drafts")
    shoot(desk, "letters-drafts-desk")
    desk.get_by_role("link", name="致沁阳市的草稿").click()
    shoot(desk, "letter-draft-desk")
    desk.get_by_role("button", name="发出", exact=True).click()
    desk.locator("dialog[open]").get_by_role("button").last.click()
    expect(desk.locator("body")).to_contain_text("已发出，未回执")
    shoot(desk, "letter-sent-desk")
    assert stumbles(desk) == []

    phone = come_in(day.there, locale="en-US", phone=True)
    phone.goto("/letters/?box=in")
    shoot(phone, "letters-in-phone")
    assert fits(phone)
    phone.get_by_role("link", name="410882-CI-2022-0001").tap()
    phone.get_by_role("button", name="Acknowledge and hand down to the villages").tap()
    expect(phone.locator("body")).to_contain_text("Being looked for")
    with scope.everywhere("test"):
        for task in Task.objects.filter(officer=day.worker)[:2]:
            command.finish(task=task, by=day.worker, outcome="在家")
    phone.get_by_role("button", name="Answer with what is known").tap()
    expect(phone.locator("body")).to_contain_text("Partly answered")
    shoot(phone, "letter-answered-phone")
    assert fits(phone)
    assert stumbles(phone) == []

    ours = Letter.unscoped.get(direction="OUT", other_code="410882")
    desk = come_in(day.investigator)  # one officer at a time is signed in
    desk.goto(f"/letters/{ours.pk}/")
    expect(desk.locator("body")).to_contain_text("部分反馈")
    expect(desk.locator("body")).to_contain_text("已找到")
    shoot(desk, "letter-partly-desk")


def test_the_pages_around_it_are_in_order(day, come_in, shoot, stumbles):
    page = come_in(day.second)
    parked = Letter.unscoped.get(direction="OUT", other_code="")
    for name, path in (("ask", "/letters/ask/"), ("received", "/letters/received/"), ("partners", "/letters/partners/"),
                       ("parked", f"/letters/{parked.pk}/"), ("chase", "/letters/?box=chase")):  # fmt: skip
        page.goto(path)
        shoot(page, f"letters-{name}")
        assert stumbles(page) == [], name
