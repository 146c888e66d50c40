"""Every piece of the shell at work in the browser, under the real content security policy."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from fangxian.faces.web import navigation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.functional.specimen")]
SIZES = pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
LANGUAGES = pytest.mark.parametrize("locale", ["zh-CN", "en-US"])

MENU = [
    {"label": "我的台账", "url": "/specimen/", "icon": "layout-dashboard", "group": navigation.WORK, "phone": True},
    {"label": "我的任务", "url": "/tasks/", "icon": "checklist", "group": navigation.WORK, "phone": True, "count": 12},
    {"label": "疫情态势", "url": "/situation/", "icon": "chart-histogram", "group": navigation.COMMAND, "phone": True},
    {"label": "病例", "url": "/cases/", "icon": "virus", "group": navigation.REGISTERS, "phone": True},
    {"label": "密接", "url": "/contacts/", "icon": "users", "group": navigation.REGISTERS},
]


@pytest.fixture(autouse=True)
def specimen_site(settings, monkeypatch):
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [Path(__file__).parent / "templates"]}]
    monkeypatch.setattr(navigation, "_providers", [lambda officer: MENU])


@pytest.fixture
def specimen(open_page, officer, log_in):
    def visit(**kind) -> Page:
        page = open_page(**kind)
        language = "en" if kind.get("locale") == "en-US" else "zh-hans"
        log_in(page, officer("township_officer", "410883001", name="赵乡长", language=language).username)
        page.goto("/specimen/")
        return page

    return visit


@LANGUAGES
@SIZES
def test_every_piece_draws_itself(specimen, stumbles, shoot, locale, phone):
    page = specimen(locale=locale, phone=phone)
    expect(page.locator("[data-chart] canvas").first).to_be_visible()
    expect(page.locator("[data-map] path").first).to_be_visible()
    expect(page.locator("[data-chain] canvas").first).to_be_visible()
    expect(page.locator(".fx-figure-failed")).to_have_count(0)
    expect(page.get_by_role("link", name=re.compile("查看结果|See the result"))).to_be_visible(timeout=9000)
    shoot(page, f"specimen-{locale}-{'phone' if phone else 'desk'}")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert stumbles(page) == []


def test_the_menu_of_a_phone_opens_and_closes(specimen, shoot):
    page = specimen(phone=True)
    bar = page.locator(".fx-bottombar")
    expect(bar.locator("a")).to_have_count(4)
    bar.locator("button").click()
    expect(page.locator("#menu")).to_be_visible()
    expect(page.locator("#menu").get_by_text("密接")).to_be_visible()
    page.wait_for_timeout(400)
    shoot(page, "menu-phone")


def test_slash_goes_to_the_search_and_tab_first_to_the_content(specimen):
    page = specimen()
    page.keyboard.press("Tab")
    expect(page.locator(".fx-skip")).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("[data-search]")).to_be_focused()


def test_an_act_that_cannot_be_taken_back_asks_first(specimen):
    page = specimen()
    page.locator("#remove").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("删除后不能恢复。")
    dialog.locator("button[value=no]").click()
    expect(page).to_have_url(re.compile("/specimen/"))
    page.locator("#remove").click()
    dialog.locator("button[value=yes]").click()
    expect(page).to_have_url(re.compile("/removed/"))


def test_a_refused_part_of_a_page_says_so(specimen, watch):
    watch.allow(403)
    page = specimen()
    page.locator("#part").click()
    expect(page.locator("#toasts")).not_to_be_empty()
    page.goto("/refused/")
    expect(page.get_by_text("您的岗位不含此项权限。")).to_be_visible()


def test_wrong_fields_are_marked_and_described(specimen, watch, shoot):
    watch.allow(422)
    page = specimen()
    page.locator("#save").click()
    name = page.locator("input[name=name]")
    expect(name).to_have_attribute("aria-invalid", "true")
    described = name.get_attribute("aria-describedby").split()
    assert [page.locator(f"#{one}").count() for one in described] == [1, 1]
    shoot(page, "form-errors")


def test_a_chart_swapped_in_later_starts_too(specimen):
    page = specimen()
    page.locator("#swap").click()
    expect(page.locator("#swapped canvas").first).to_be_visible()
