"""A village secretary without a network: directives received and answered with a photo; what changed is told."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from fangxian.core import scope
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.registers import attachments
from fangxian.systems.directives import services
from fangxian.systems.directives.models import Handing
from tests.functional.test_command import PIXEL, VILLAGE, day, sound  # noqa: F401  (the fixture)
from tests.functional.test_story import come_in  # noqa: F401  (the fixture)

pytestmark = pytest.mark.django_db(transaction=True)
ASKED = ("排查药店登记", "储备物资清点", "开展应急演练")


@pytest.fixture
def handed(day, officer):  # noqa: F811
    """Three directives of the county down to the village, the first one with evidence; and who answers there."""
    duty = officer("duty_officer", area="410883", name="值班员")
    with scope.everywhere("test data"):
        county = Area.objects.get(code="410883")
        for title in ASKED:
            text = f"{title}，今日内完成。"
            services.issue(by=duty, area=county, title=title, text=text, needs_evidence=title == ASKED[0])
    return duty, officer("village_secretary", area=VILLAGE, name="村支书")


def at_village(title):
    return Handing.unscoped.select_related("directive").get(area_id=VILLAGE, directive__title=title)


def test_answered_without_a_network_and_told_what_changed(handed, come_in, watch, shoot, stumbles):  # noqa: F811
    duty, secretary = handed
    page = come_in(secretary, phone=True)
    page.goto("/field/#/p/directives", timeout=60_000)
    cards = page.locator("[data-directive]")
    expect(cards).to_have_count(3)
    page.wait_for_selector("body[data-ready=yes]")
    shoot(page, "directives-list")
    sound(page, stumbles)

    page.context.set_offline(True)
    for number, title in enumerate(ASKED):
        page.locator(".directives-open", has_text=title).tap()
        page.locator('[data-act="receive"]').press("Enter")
        page.locator("textarea").fill("已排查12户，登记完整。")
        page.locator("input[type=file]").set_input_files({"name": "p.png", "mimeType": "image/png", "buffer": PIXEL})
        expect(page.locator(".photos img")).to_have_count(1)
        if number == 0:
            shoot(page, "directives-answer")
            sound(page, stumbles)
        page.locator("form button[type=submit]").tap()
        expect(page.locator(".directives-waiting")).to_have_count(number + 1)
    shoot(page, "directives-waiting")
    assert set(Handing.unscoped.filter(area_id=VILLAGE).values_list("state", flat=True)) == {"HANDED"}

    with scope.everywhere("meanwhile"):
        services.withdraw_unit(handing=at_village(ASKED[1]), by=duty, reason="改由乡镇统一清点")
        changed = at_village(ASKED[2]).directive
        said = {"text": "今晚八点演练。", "due_at": now() + timedelta(hours=12)}
        services.correct(directive=changed, by=duty, reason="改为夜间演练", **said)
    page.context.set_offline(False)
    expect(page.locator("#chip.bad")).to_be_visible(timeout=40_000)
    done = at_village(ASKED[0])
    assert done.state == "ANSWERED" and attachments.of(done).count() == 1
    expect(page.locator(".card", has_text="改由乡镇统一清点")).to_be_visible()
    expect(page.locator(".card", has_text="改为夜间演练")).to_contain_text("时限有调整")
    shoot(page, "directives-told")
    sound(page, stumbles)

    page.goto("/field/#/outbox")
    refused = page.locator(".entry.refused", has_text="改为夜间演练")
    refused.locator("button.main").tap()
    expect(refused).to_contain_text("今晚八点演练")
    expect(refused.locator("textarea")).to_have_value("已排查12户，登记完整。")
    shoot(page, "directives-mend")
    refused.locator("form button[type=submit]").tap()
    expect(page.locator(".entry.refused")).to_have_count(1)
    expect(page.locator(".entry.sent")).to_have_count(5)
    assert (at_village(ASKED[2]).state, at_village(ASKED[1]).state) == ("ANSWERED", "WITHDRAWN")

    page.locator(".me").tap()
    page.get_by_role("button", name="English").tap()
    page.goto("/field/#/p/directives")
    expect(page.locator(".card", has_text="改由乡镇统一清点")).to_contain_text("Taken back meanwhile")
    shoot(page, "directives-told-en")
    sound(page, stumbles)
    watch.complaints[:] = [one for one in watch.complaints if "ERR_INTERNET_DISCONNECTED" not in one]
