"""The main street in a browser: a worker's phone, an investigator's desk, a sheet with bad rows, both languages."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from playwright.sync_api import Page, expect

from fangxian.core import clock, scope
from fangxian.core.clock import now
from fangxian.systems.command.models import Task
from fangxian.systems.situation import services as situation
from tests.integration.test_positive_result import Town

pytestmark = pytest.mark.django_db(transaction=True)
LANGUAGES = pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
SIZES = pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
PAGES = (
    ("ledger", "/ledger/"), ("situation", "/situation/"), ("register", "/registers/people.person/"),
    ("contacts", "/registers/cases.contact/"), ("tracing", "/tracing/"), ("rules", "/rules/"),
)  # fmt: skip
SHEET = """区域,姓名,证件类型,性别,证件号码
410883001212,张三,RESIDENT,MALE,410883199001011230
410883002201,李四,NONE,FEMALE,
火星,王五,NONE,MALE,
410883001212,赵六,RESIDENT,MALE,410883199001011239
"""


@pytest.fixture
def story(officer, visits, settings):
    """The town of the main street on its day; the server runs on that day's clock too."""
    settings.CLOCK_START = "2022-03-15T08:00:00+08:00"
    settings.SESSION_IDLE_SECONDS = settings.SESSION_COOKIE_AGE = 10**9
    with clock.frozen(now()), scope.everywhere("test data"):
        town = Town(officer, visits)
        town.case = town.respond(result_id=town.positive().pk).case
    return town


@pytest.fixture
def come_in(open_page, live_server):
    """`come_in(officer, locale=…, phone=…)`: a browser of somebody already past the second factor."""

    def make(officer, *, locale: str = "zh-CN", phone: bool = False) -> Page:
        Authenticator.objects.get_or_create(user=officer, type=Authenticator.Type.TOTP, defaults={"data": {}})
        officer.language = "en" if locale == "en-US" else "zh-hans"
        officer.save()
        client = Client()  # one each: signing a second officer in would end the first one's session
        client.force_login(officer, backend="allauth.account.auth_backends.AuthenticationBackend")
        page = open_page(locale=locale, phone=phone)
        cookies = [("sessionid", client.cookies["sessionid"].value), ("django_language", officer.language)]
        page.context.add_cookies([{"name": n, "value": v, "url": live_server.url} for n, v in cookies])
        return page

    return make


def fits(page: Page) -> bool:
    page.wait_for_load_state()  # a function that is asked again and again would be refused by the page's own policy
    return page.locator("html").evaluate("html => html.scrollWidth <= innerWidth + 1")


def kind(locale: str, phone: bool) -> str:
    return f"{locale}-{'phone' if phone else 'desk'}"


def test_a_grid_worker_receives_and_finishes_a_task_on_the_phone(story, come_in, shoot):
    page = come_in(story.worker, phone=True)
    page.goto("/my-tasks/")
    expect(page).to_have_url(re.compile("/my-tasks/$"))
    wife = Task.unscoped.get(person=story.wife)
    card = page.locator(f"#task-{wife.pk}")
    expect(card).to_contain_text("孟州市大定街道段西村1号")
    shoot(page, "my-tasks-phone")
    assert fits(page)

    card.get_by_role("button", name="已签收").tap()
    expect(card.locator(".fx-badge").first).to_have_text("已签收")
    card.get_by_role("button", name="已完成").tap()
    expect(card.get_by_role("button")).to_have_count(0)
    wife.refresh_from_db()
    assert (wife.status, wife.done_by) == ("DONE", story.worker)


def test_what_cannot_be_done_is_reported_with_a_reason(story, come_in, shoot):
    page = come_in(story.worker, locale="en-US", phone=True)
    page.goto("/my-tasks/")
    task = Task.unscoped.get(person=story.passer_by)
    card = page.locator(f"#task-{task.pk}")
    card.get_by_text("Cannot", exact=True).tap()
    card.get_by_label("Why not?").fill("Nobody at home")
    shoot(page, "my-tasks-cannot-phone")
    card.get_by_role("button", name="Report it").tap()
    expect(card.locator(".fx-badge").first).to_have_text("Cannot be done")
    task.refresh_from_db()
    assert task.outcome == "Nobody at home"


@LANGUAGES
@SIZES
def test_an_investigator_sees_evidence_chain_days_and_map(story, come_in, shoot, stumbles, locale, phone):
    page = come_in(story.investigator, locale=locale, phone=phone)
    page.goto(f"/cases/{story.case.pk}/")
    expect(page.locator(".fx-clocks > li")).to_have_count(5)
    colleague = page.locator(".fx-contact", has_text="丙").first
    colleague.locator("summary").click()
    expect(colleague).to_contain_text("办公室")
    expect(colleague).to_contain_text("第八版" if locale == "zh-CN" else "8th edition")
    shoot(page, f"case-{kind(locale, phone)}")
    assert fits(page) and stumbles(page) == []
    for tab, there in (("chain", ".fx-empty"), ("timeline", ".fx-timeline li"), ("map", "[data-map] path"),
                       ("responses", ".fx-steps-bar"), ("report", "#report")):  # fmt: skip
        page.goto(f"/cases/{story.case.pk}/?tab={tab}")
        expect(page.locator(there).first).to_be_visible()
        assert fits(page)
        shoot(page, f"case-{tab}-{kind(locale, phone)}")


@LANGUAGES
@SIZES
def test_the_ledger_the_situation_and_a_register_fit_and_lead_on(story, come_in, shoot, stumbles, locale, phone):
    page = come_in(story.investigator, locale=locale, phone=phone)
    for name, address in PAGES:
        page.goto(address)
        expect(page.locator("h1")).to_be_visible()
        if name == "situation":
            expect(page.locator("[data-chart] canvas")).to_be_visible()
        shoot(page, f"{name}-{kind(locale, phone)}")
        assert fits(page), name
        assert stumbles(page) == [], name
    situation.refresh()
    page.goto("/situation/")
    figure = page.locator("#figure-contacts_open")
    shown = figure.inner_text()
    figure.click()
    expect(page.locator(".fx-pagination [role=status]")).to_contain_text(shown)


def test_a_list_is_searched_as_one_types_and_the_address_keeps_it(story, come_in):
    page = come_in(story.investigator)
    page.goto("/registers/people.person/")
    page.keyboard.press("/")
    page.keyboard.type("乙")
    expect(page.locator("#rows tbody tr")).to_have_count(1)
    expect(page).to_have_url(re.compile("q=%E4%B9%99"))
    page.locator("input[name=area__text]").fill("会昌")
    option = page.locator("#options-area option").first
    expect(option).to_have_attribute("data-value", "410883002")
    page.locator("input[name=q]").fill("")
    page.locator("input[name=area__text]").fill(option.get_attribute("value"))
    expect(page).to_have_url(re.compile("area=410883002"))
    expect(page.locator("#rows tbody tr")).to_have_count(2)
    page.reload()
    expect(page.locator("#rows tbody tr")).to_have_count(2)


def test_unmasking_asks_why_and_shows_the_values(story, come_in, shoot):
    with scope.everywhere("test data"):
        from fangxian.systems.people import services as people

        person = people.change_person(person=story.wife, by=None, phone="13800138000")
    page = come_in(story.investigator, locale="en-US")
    page.goto(f"/registers/people.person/{person.pk}/")
    expect(page.locator("#secrets")).not_to_contain_text("13800138000")
    page.get_by_role("link", name="Show in full").click()
    page.get_by_label("What do you need it for?").fill("call about the transfer")
    page.get_by_role("button", name="Show for 30 seconds").click()
    expect(page.locator("#secrets")).to_contain_text("13800138000")
    shoot(page, "unmasked")
    assert "13800138000" not in page.url


@SIZES
def test_a_sheet_with_bad_rows_is_tried_imported_and_repaired(story, come_in, shoot, phone):
    page = come_in(story.investigator, phone=phone)
    page.goto("/registers/people.person/import/")
    shoot(page, f"import-{kind('zh-CN', phone)}")
    upload = {"name": "名单.csv", "mimeType": "text/csv", "buffer": SHEET.encode("gb18030")}
    page.locator("input[type=file]").set_input_files(upload)
    page.locator("main button[type=submit]").first.click()
    expect(page.locator("[data-count=inserted] strong")).to_have_text("2")
    expect(page.locator("[data-count=rejected] strong")).to_have_text("2")
    shoot(page, f"import-tried-{kind('zh-CN', phone)}")
    page.get_by_role("button", name=re.compile("导入 2 行")).click()
    expect(page.locator(".alert-success")).to_be_visible()
    shoot(page, f"import-result-{kind('zh-CN', phone)}")
    assert fits(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="修正表").click()
    assert download.value.suggested_filename == "people.person-repair.xlsx"


def test_the_language_is_switched_where_one_is(story, come_in):
    page = come_in(story.investigator)
    page.goto(f"/cases/{story.case.pk}/?tab=report")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    page.get_by_role("button", name="English").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator(".nav-link.active").last).to_contain_text("Report")
    expect(page.locator("#report")).to_contain_text("Contacts:")
    page.get_by_role("button", name=re.compile("Withdraw|Run the response")).first.click()
    expect(page.locator("#confirm")).to_be_visible()
