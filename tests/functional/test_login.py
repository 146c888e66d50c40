"""From the first start to the log-out, as a person sees it."""

import base64
import hashlib
import hmac
import re
import struct
import time

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from fangxian.core import setup
from fangxian.core.areas import Area
from fangxian.core.officers import Officer

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "paper lantern 42"
SIZES = pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
LANGUAGES = pytest.mark.parametrize("locale", ["zh-CN", "en-US"])


def totp(secret: str) -> str:
    """The six digits an authenticator app shows now (RFC 6238, SHA-1, 30 s); waits when they are about to change."""
    left = 30 - time.time() % 30
    if left < 4:
        time.sleep(left)
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(base64.b32decode(secret + "=" * (-len(secret) % 8)), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def no_sideways_scroll(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def set_up(page: Page, code: str) -> None:
    page.goto("/")
    expect(page).to_have_url(re.compile("/setup/$"))
    page.locator("input[name=code]").fill(code)
    page.locator("input[name=username]").fill("guardian")
    page.locator("input[name=name]").fill("王守")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password_again]").fill(PASSWORD)
    page.locator("main button[type=submit], main button.btn-primary").click()


def enrol(page: Page) -> str:
    """Set up the second factor; answers the shared secret."""
    expect(page).to_have_url(re.compile("/second-factor/activate/"))
    secret = page.locator("#authenticator_secret").input_value()
    page.locator("input[name=code]").fill(totp(secret))
    page.locator("main button[type=submit]").click()
    page.wait_for_url(re.compile(r"^(?!.*/activate/)"))
    return secret


@pytest.fixture
def root() -> Area:
    return Area.objects.create(code="41", name="河南省", name_en="Henan", kind="province")


@LANGUAGES
@SIZES
def test_first_start_to_log_out(open_page, root, log_in, stumbles, shoot, locale, phone):
    page = open_page(locale=locale, phone=phone)
    name = f"{locale}-{'phone' if phone else 'desk'}"

    page.goto("/setup/")
    shoot(page, f"setup-{name}")
    assert stumbles(page) == []
    assert no_sideways_scroll(page)
    set_up(page, setup.issue_code())
    assert Officer.objects.get().posts.get().role == "system_admin"

    shoot(page, f"login-{name}")
    assert stumbles(page) == []
    log_in(page, "guardian", PASSWORD)
    expect(page.locator(".fx-qr")).to_be_visible()
    shoot(page, f"second-factor-{name}")
    assert stumbles(page) == []
    assert no_sideways_scroll(page)
    secret = enrol(page)
    shoot(page, f"recovery-codes-{name}")
    assert stumbles(page) == []

    page.goto("/accounts/logout/")
    with page.expect_navigation():
        page.locator("main button[type=submit]").click()
    log_in(page, "guardian", PASSWORD)
    expect(page).to_have_url(re.compile("/second-factor/authenticate/"))
    shoot(page, f"code-{name}")
    cache.clear()  # forget that this half minute's code was used to enrol, instead of waiting for the next
    page.locator("input[name=code]").fill(totp(secret))
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url(re.compile(r"^(?!.*/authenticate/)"))
    assert page.context.cookies()


def test_the_set_up_page_is_gone_once_there_is_an_officer(page, officer, watch):
    watch.allow(404)
    officer("viewer")
    assert page.goto("/setup/").status == 404
    expect(page.locator("h1")).to_be_visible()


@SIZES
def test_language_switch_stays_with_the_account(open_page, officer, log_in, shoot, phone):
    viewer = officer("grid_worker", "410883001212001", name="李网格")
    page = open_page(phone=phone)
    page.goto("/accounts/login/")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("h1")).to_have_text("Log in")
    log_in(page, viewer.username)
    viewer.refresh_from_db()
    assert viewer.language == "en"
    shoot(page, f"landing-{'phone' if phone else 'desk'}")
    assert no_sideways_scroll(page)


def test_wrong_passwords_all_read_the_same(page, officer, watch):
    known = officer("grid_worker", "410883001212001")
    errors = []
    for username in (known.username, "nobody-here"):
        page.goto("/accounts/login/")
        page.locator("input[name=login]").fill(username)
        page.locator("input[name=password]").fill("wrong")
        page.locator("main button[type=submit]").click()
        errors.append(page.locator(".alert-danger").inner_text())
    assert errors[0] == errors[1]


def test_a_half_secured_officer_reaches_nothing_else(page, officer, log_in):
    log_in(page, officer("duty_officer").username)
    for address in ("/", "/accounts/password/"):
        page.goto(address)
        expect(page).to_have_url(re.compile("/second-factor/activate/"))
    enrol(page)
    page.goto("/accounts/password/")
    expect(page).to_have_url(re.compile("/accounts/password/$"))


def test_the_keyboard_alone_is_enough(page, officer):
    officer("grid_worker", "410883001212001", username="keys")
    page.goto("/accounts/login/")
    page.locator("input[name=login]").focus()
    page.keyboard.type("keys")
    page.keyboard.press("Tab")
    page.keyboard.type("correct horse")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"^(?!.*/accounts/login/)"))
