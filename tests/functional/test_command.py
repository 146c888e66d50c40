"""A duty officer's morning and evening, and the village secretary between them: bulletin, directive, answer, check."""

import base64
from pathlib import Path
from random import Random

import pytest
from playwright.sync_api import Page, expect

from fangxian.core import scope
from fangxian.demo.bulletins import sample
from fangxian.engines.bulletins.damage import Plan, damaged
from fangxian.registers import attachments
from fangxian.systems.bulletins.models import Measure
from fangxian.systems.directives.models import Directive, Handing
from fangxian.systems.situation.models import IssuedReport
from tests.functional.test_story import LANGUAGES, come_in, fits, kind  # noqa: F401  (the fixture)

pytestmark = pytest.mark.django_db(transaction=True)
TOWN, VILLAGE = "410883001", "410883001212"
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
WORDS = {
    "zh-CN": ("按计划演练，照片见附件。", "照片看不清，请补拍。"),
    "en-US": ("The drill was held; see the photo.", "The photo is blurred: take another."),
}


@pytest.fixture
def day(settings):
    """The server's day, and a clock that lets nobody's session end."""
    settings.CLOCK_START = "2022-03-15T08:00:00+08:00"
    settings.SESSION_IDLE_SECONDS = settings.SESSION_COOKIE_AGE = 10**9


def sound(page: Page, stumbles) -> None:
    """It fits its screen, and no reader trips over it."""
    assert fits(page) and stumbles(page) == []


def handing() -> Handing:
    """The directive at the village, as the rows have it."""
    return Handing.unscoped.get(area_id=VILLAGE)


@LANGUAGES
def test_from_a_bulletin_to_a_village_and_back(day, officer, come_in, shoot, stumbles, locale):  # noqa: F811
    duty = officer("duty_officer", area="410883", name="值班员")
    town = officer("township_officer", area=TOWN, name="包村干部")
    secretary = officer("village_secretary", area=VILLAGE, name="村支书")
    answer, why = WORDS[locale]

    page = come_in(duty, locale=locale)
    _morning(page)
    shoot(page, f"command-bulletin-{kind(locale, False)}")
    sound(page, stumbles)
    assert Directive.unscoped.get().title

    between = come_in(town, locale=locale)
    _hand_on(between, stumbles)

    phone = come_in(secretary, locale=locale, phone=True)
    _answer(phone, answer)
    shoot(phone, f"command-village-{kind(locale, True)}")
    sound(phone, stumbles)
    with scope.everywhere("test"):
        assert handing().answer == answer and attachments.of(handing()).count() == 1

    _look_at(between, why)
    assert (handing().state, handing().reason) == ("RETURNED", why)

    phone.goto(f"/directives/units/{handing().pk}/")
    expect(phone.locator("main .alert-danger")).to_contain_text(why)

    _missing(page)
    shoot(page, f"command-directive-{kind(locale, False)}")
    sound(page, stumbles)

    _sign(page)
    second = come_in(officer("duty_officer", area="410883", name="带班领导"), locale=locale)
    _agree(second, locale)
    shoot(second, f"command-report-{kind(locale, False)}")
    sound(second, stumbles)
    assert IssuedReport.unscoped.get().state == "ISSUED"


def _morning(page: Page) -> None:
    """Take in a damaged bulletin, confirm the drill by the keyboard, hand it down to every village."""
    given = damaged(sample("four_grasps"), Random(7), Plan()).text
    page.goto("/bulletins/")
    page.locator("textarea[name=given]").fill(given)
    page.locator("form[action$='/bulletins/read/'] button[type=submit]").click()
    expect(page.locator(".fx-measure").first).to_be_visible()
    drill = Measure.unscoped.filter(text__contains="演练").first()
    card = page.locator(f"#measure-{drill.number}")
    card.focus()
    page.keyboard.press("c")
    card.locator('[data-act="hand_down"]').click()
    expect(card.locator("a.fx-badge-info")).to_be_visible()


def _hand_on(page: Page, stumbles) -> None:
    """The township says how it carries it out, and hands it on to its villages."""
    page.goto("/directives/")
    page.locator("form[action$='/receive/'] button").click()
    page.locator("a[href$='#answer']").click()
    page.locator("#deployment").fill("各村当日组织。")
    page.locator("input[name=to][value=all]").check()
    sound(page, stumbles)
    page.locator("form[action$='/deploy/'] button").click()
    expect(page.locator("main table")).to_be_visible()


def _answer(phone: Page, words: str) -> None:
    """The secretary finds it on the ledger's phone page, receives it and answers with a photo."""
    phone.goto("/directives/")
    phone.locator("form[action$='/receive/'] button").tap()
    phone.locator("a[href$='#answer']").tap()
    phone.locator("#text").fill(words)
    phone.locator("#evidence").set_input_files({"name": "p.png", "mimeType": "image/png", "buffer": PIXEL})
    phone.locator("#answer button[type=submit]").tap()
    expect(phone.locator("dl.fx-facts")).to_contain_text(words)


def _look_at(page: Page, why: str) -> None:
    """Whoever handed it on looks at the answer, and sends it back with the reason."""
    page.goto("/directives/")
    page.locator(f"a[href$='/units/{handing().pk}/']").first.click()
    page.locator("details:has(#why-back) summary").click()
    page.locator("#why-back").fill(why)
    page.locator("details:has(#why-back) button").click()
    expect(page.locator("main .alert-danger")).to_contain_text(why)


def _missing(page: Page) -> None:
    """In the evening the board says how far it came; the directive names every unit down to the village."""
    page.goto("/directives/")
    page.locator(f"a[href$='/directives/{handing().directive_id}/']").first.click()
    expect(page.locator(f"a[href$='/units/{handing().parent_id}/']").first).to_be_visible()


def _sign(page: Page) -> None:
    """The evening report is counted from the rows, looked at, and signed."""
    page.goto("/reports/")
    page.locator("button[name=daily]").click()
    page.locator("form[action$='/sign/'] button").click()
    expect(page.locator("main")).to_contain_text(str(IssuedReport.unscoped.get().signed_by))


def _agree(page: Page, locale: str) -> None:
    """A second person agrees; a figure opens its rows, and the paper is there to be sent on."""
    page.goto(f"/reports/{IssuedReport.unscoped.get().pk}/")
    page.locator("form[action$='/agree/'] button").click()
    expect(page.locator("form[action$='/agree/']")).to_have_count(0)
    language = "en" if locale == "en-US" else "zh"
    with page.expect_download() as paper:
        page.locator(f"a[href$='paper.pdf?language={language}']").click()
    assert Path(paper.value.path()).read_bytes().startswith(b"%PDF")
