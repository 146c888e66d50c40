"""The tracing workbench in a browser: ask, follow, a second person, timelines, sources, opening contacts, sheets."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from playwright.sync_api import Page, expect

from fangxian.core import clock, jobs, scope
from fangxian.core.clock import now
from fangxian.systems.cases import services
from fangxian.systems.cases.models import Contact, TraceRequest
from fangxian.systems.people.models import Person
from fangxian.systems.screening.models import Place
from fangxian.workflows import positive_result
from tests.functional.test_story import fits, kind
from tests.integration.test_positive_result import MORNING, Town, make

PAIRS = pytest.mark.parametrize(("locale", "phone"), [("zh-CN", True), ("en-US", False)], ids=["zh-phone", "en-desk"])
pytestmark = pytest.mark.django_db(transaction=True)
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚"


@pytest.fixture
def come_in(open_page, live_server):
    """`come_in(officer, locale=…, phone=…)`: a browser of somebody past the second factor; several at a time."""

    def make_page(officer, *, locale: str = "zh-CN", phone: bool = False) -> Page:
        client = Client()
        Authenticator.objects.get_or_create(user=officer, type=Authenticator.Type.TOTP, defaults={"data": {}})
        officer.language = "en" if locale == "en-US" else "zh-hans"
        officer.save()
        client.force_login(officer, backend="allauth.account.auth_backends.AuthenticationBackend")
        page = open_page(locale=locale, phone=phone)
        cookies = [("sessionid", client.cookies["sessionid"].value), ("django_language", officer.language)]
        page.context.add_cookies([{"name": n, "value": v, "url": live_server.url} for n, v in cookies])
        return page

    return make_page


@pytest.fixture
def city(officer, visits, settings):
    """The town with five cases who dined together, a crowd at the restaurant, and players behind the colleague."""
    settings.CLOCK_START = "2022-03-15T08:00:00+08:00"
    settings.SESSION_IDLE_SECONDS = settings.SESSION_COOKIE_AGE = 10**9
    with clock.frozen(now()), scope.everywhere("test data"):
        town = Town(officer, visits)
        town.case = positive_result.on_result(result_id=town.positive().pk, by=town.investigator)[0]
        town.second = officer("duty_officer", name="值班员周")
        _dinner(town, visits)
        _crowd(town, visits)
        _players(town, visits)
        jobs.Job.objects.all().delete()
    return town


def _dinner(town, visits) -> None:
    hall = make(Place, area=town.patient.area, name="怀府宴会厅", code="P9", kind="RESTAURANT")
    shop = make(Place, area=town.patient.area, name="丹尼斯超市", code="P8", kind="MALL")
    ill = [make(Person, area=town.patient.area, name=f"病例{one}") for one in "一二三四"]
    evening = MORNING - timedelta(days=5) + timedelta(hours=10)
    visits(*((one, hall, evening + timedelta(minutes=7 * n), 120) for n, one in enumerate([town.patient, *ill])),
           *((make(Person, area=town.patient.area, name=f"路人{n}"), shop, evening + timedelta(hours=n % 3), 20)
             for n in range(30)))  # fmt: skip
    first = MORNING.date()
    town.cases = [town.case] + [
        services.open_case(by=None, person=one, disease="covid19", onset_on=first) for one in ill
    ]


def _crowd(town, visits) -> None:
    restaurant = Place.objects.get(code="P2")
    evening = MORNING - timedelta(days=1) + timedelta(hours=10)
    names = [f"{family}{given}" for family in SURNAMES for given in GIVEN[:6]]
    town.crowd = [make(Person, area=town.patient.area, name=name) for name in names]
    visits(*((one, restaurant, evening + timedelta(minutes=n % 50), 15 + n % 45) for n, one in enumerate(town.crowd)))


def _players(town, visits) -> None:
    club = make(Place, area=town.patient.area, name="棋牌室", code="P7", kind="OTHER")
    late = MORNING - timedelta(hours=8)
    visits((town.colleague, club, late, 180),
           *((make(Person, area=town.patient.area, name=f"牌友{n}"), club, late, 60 + 20 * n)
             for n in range(5)))  # fmt: skip


def work() -> None:
    """What the worker beside the pages does; here in the test's own thread."""
    with clock.frozen(MORNING):
        jobs.run_pending()


def choose(page: Page, *texts: str) -> None:
    """Type each number or name and add what is found, by the keyboard."""
    for number, text in enumerate(texts, start=1):
        page.locator("#find-case").fill(text)
        add = page.locator("#found-cases button").first
        expect(page.locator("#found-cases li").first).to_contain_text(text)
        add.focus()
        page.keyboard.press("Enter")
        expect(page.locator("#chosen fieldset")).to_have_count(number)
        expect(page.locator("#find-case")).to_be_focused()
        expect(page.locator("#find-case")).to_have_value("")


def ask(page: Page, reason: str, *texts: str, purpose: str = "") -> None:
    page.goto("/tracing/")
    if purpose:
        page.locator("#id_purpose").select_option(purpose)
    choose(page, *texts)
    page.locator("#id_reason").fill(reason)
    page.locator("#question button[type=submit]").click()
    page.wait_for_url(re.compile(r"/tracing/[0-9a-f-]{36}/"))


@PAIRS
def test_from_the_question_to_the_second_person_and_the_contacts(city, come_in, shoot, stumbles, locale, phone):
    page = come_in(city.investigator, locale=locale, phone=phone)
    page.goto("/tracing/")
    expect(page.locator(".fx-empty")).to_be_visible()
    assert fits(page) and stumbles(page) == []
    shoot(page, f"workbench-{kind(locale, phone)}")
    ask(page, "核实饭店接触者", city.case.number)
    expect(page.locator("#trace-progress")).to_be_visible()
    shoot(page, f"workbench-running-{kind(locale, phone)}")

    work()
    expect(page.locator(".fx-ledger")).to_be_visible()  # the page followed the job by itself
    expect(page.locator("main")).not_to_contain_text("王伟")
    assert fits(page) and stumbles(page) == []
    shoot(page, f"workbench-waiting-{kind(locale, phone)}")

    request = TraceRequest.unscoped.get()
    other = come_in(city.second, locale=locale, phone=phone)
    other.goto("/ledger/")
    other.locator(".fx-line", has_text=re.compile("63|64")).click()
    other.locator("dd a", has_text=re.compile("Trace request|追踪申请")).click()
    expect(other.locator("main")).not_to_contain_text("王伟")
    other.locator("form[action$='/release/'] button").click()
    expect(other.locator(".alert-success")).to_be_visible()
    assert fits(other) and stumbles(other) == []
    shoot(other, f"workbench-released-{kind(locale, phone)}")

    page.reload()
    colleague = page.locator(".fx-picked", has_text="丙")
    colleague.locator("summary").click()
    expect(colleague).to_contain_text("办公室")
    assert fits(page) and stumbles(page) == []
    shoot(page, f"workbench-people-{kind(locale, phone)}")
    colleague.locator("input[name=person]").check()
    page.locator(".fx-ticks button").click()
    page.locator("#confirm button[value=yes]").click()
    expect(page.locator(".alert").first).to_be_visible()
    work()
    page.reload()
    expect(page.locator(".fx-picked", has_text="丙")).to_contain_text(re.compile("already a contact|已是接触者"))
    with scope.everywhere("test"):
        opened = Contact.objects.get(case=city.case, person=city.colleague)
    assert (opened.ring, opened.rule) == ("CLOSE", "close:total")

    page.goto(f"/tracing/{request.pk}/?tab=places")
    expect(page.locator(".fx-lanes rect").first).to_be_visible()
    assert fits(page) and stumbles(page) == []
    shoot(page, f"workbench-places-{kind(locale, phone)}")


@PAIRS
def test_the_shared_dinner_is_told_in_words_with_its_bars(city, come_in, shoot, stumbles, locale, phone):
    page = come_in(city.investigator, locale=locale, phone=phone)
    ask(page, "聚集性疫情溯源", *(case.number for case in city.cases), purpose="FIND_SOURCE")
    work()
    first = page.locator(".fx-place").first
    expect(first).to_contain_text("怀府宴会厅")
    expect(first).to_contain_text(re.compile("5 of 5 cases|5 例病例中有 5 例"))
    expect(first.locator(".fx-lanes tbody tr")).to_have_count(5)
    expect(page.locator(".fx-explain")).to_be_visible()
    assert fits(page) and stumbles(page) == []
    shoot(page, f"workbench-sources-{kind(locale, phone)}")
    first.get_by_role("link").last.click()
    expect(page.locator("#chosen fieldset")).to_have_count(5)
    expect(page.locator("#chosen .fx-places li")).to_have_count(1)
    assert fits(page) and stumbles(page) == []
    shoot(page, f"workbench-follow-on-{kind(locale, phone)}")


def test_contacts_of_contacts_say_what_was_cut_and_filters_narrow(city, come_in, shoot):
    page = come_in(city.investigator, locale="en-US")
    page.goto("/tracing/")
    choose(page, city.case.number)
    page.locator("#id_reason").fill("second degree")
    page.locator(".fx-more summary").click()
    page.locator("#find-place").fill("饭店")
    page.get_by_role("button", name="Leave out").first.click()
    expect(page.locator(".fx-places li")).to_contain_text("without 饭店")
    page.locator("#id_second").check()
    page.locator("#id_second_limit").fill("2")
    shoot(page, "workbench-limits")
    page.locator("#question button[type=submit]").click()
    page.wait_for_url(re.compile(r"/tracing/[0-9a-f-]{36}/"))
    work()
    expect(page.locator(".fx-picked")).to_have_count(1)
    page.get_by_role("link", name=re.compile("Contacts of contacts")).click()
    expect(page.locator(".fx-note")).to_contain_text("3 more were found below the cut")
    expect(page.locator(".fx-rows tbody tr")).to_have_count(2)
    shoot(page, "workbench-second")
    page.get_by_role("link", name=re.compile("People met")).click()
    page.locator("select[name=ring]").select_option("GENERAL")
    expect(page.locator(".fx-picked")).to_have_count(0)
    expect(page).to_have_url(re.compile("ring=GENERAL"))
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert download.value.suggested_filename.endswith(".csv")


def test_the_same_letters_find_the_next_case_too(city, come_in):
    page = come_in(city.investigator)
    page.goto("/tracing/")
    for number in range(2):
        page.locator("#find-case").fill("410883")
        page.locator("#found-cases button").nth(number).click()
        expect(page.locator("#chosen fieldset")).to_have_count(number + 1)
        expect(page.locator("#find-case")).to_have_value("")


def test_what_cannot_be_asked_says_what_to_do_and_keeps_what_was_typed(city, come_in, watch):
    watch.allow(422)
    page = come_in(city.investigator, locale="en-US")
    page.goto("/tracing/")
    page.locator("#id_reason").fill("no case chosen")
    page.locator("#question button[type=submit]").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose at least one case")
    expect(page.locator("#id_reason")).to_have_value("no case chosen")
    choose(page, "甲")
    page.locator("#chosen input[name^=until_]").evaluate("field => { field.value = '2001-01-01T00:00' }")
    page.locator("#question").evaluate("form => { form.noValidate = true }")
    page.locator("#question button[type=submit]").click()
    expect(page.get_by_role("alert")).to_contain_text("end lies before")
    expect(page.locator("#chosen fieldset")).to_have_count(1)
