"""A township officer prints the code of a place; the sheet fits the paper and the phone, in both languages."""

import pytest
from playwright.sync_api import expect

from fangxian.core import scope
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.ids import uuid7
from fangxian.systems.screening import flagged, services
from fangxian.systems.screening.plausible import Attempt
from tests.functional.test_story import come_in, fits

__all__ = ["come_in"]

pytestmark = pytest.mark.django_db(transaction=True)
TOWN = "410883001"


@pytest.mark.parametrize(
    ("locale", "phone", "words"),
    [
        ("zh-CN", False, ("打印场所码", "生成打印页", "有效")),
        ("en-US", True, ("Print its code", "Make the sheet", "Holds")),
    ],
)
def test_the_code_of_a_place_is_printed(county, officer, come_in, shoot, stumbles, locale, phone, words):
    with scope.everywhere("test data"):
        place = services.add_place(
            by=None, area=Area.objects.get(code=TOWN), name="大定综合农贸市场", kind="MARKET", code="P1"
        )
        second = int(now().timestamp()) - 60
        flagged.keep([Attempt(uuid7(), "elsewhere", uuid7(), place.pk.bytes, second, second, "gate", TOWN, "d")])
    button, make, holds = words
    page = come_in(officer("township_officer", area=TOWN), locale=locale, phone=phone)
    page.goto(f"/registers/screening.place/{place.pk}/")
    page.get_by_role("link", name=button).click()
    page.get_by_role("button", name=make).click()
    expect(page.locator(".fx-sheet svg.fx-qr")).to_be_visible()
    expect(page.locator(".fx-sheet")).to_contain_text("进入请扫码登记")
    expect(page.locator(".fx-sheet")).to_contain_text("Scan this code when you enter.")
    shoot(page, f"venue-sheet-{locale}")
    assert fits(page)
    assert stumbles(page) == []
    page.emulate_media(media="print")
    shoot(page, f"venue-sheet-{locale}-print")
    page.emulate_media(media="screen")

    page.goto(f"/places/{place.pk}/code/")
    expect(page.locator("main")).to_contain_text(holds)
    shoot(page, f"venue-code-{locale}")
    assert fits(page)
    assert stumbles(page) == []

    page.goto("/venue-codes/")
    shoot(page, f"venue-counts-{locale}")
    assert fits(page)
    page.goto("/venue-codes/print/")
    shoot(page, f"venue-area-{locale}")
    assert fits(page)
    assert stumbles(page) == []
