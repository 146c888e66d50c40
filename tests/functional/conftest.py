"""Stories in a real browser: Debian's Chromium, a live server, both languages, desk and phone.

A story fails on any console error and any violation of the content security policy, whatever it was about.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, ConsoleMessage, Page

HERE = Path(__file__).resolve().parent
CHROMIUM = next(filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser"))), None)
DESK = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 393, "height": 851}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}

# Playwright's loop runs in the test's thread; the database is only ever used between its calls.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

Opener = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(
                    pytest.mark.skip(reason="no Chromium on this machine (package chromium-headless-shell)")
                )


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict:
    return {
        "executable_path": CHROMIUM,
        "args": ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"],
    }


@dataclass
class Watch:
    """What the browser complained about; statuses a story provokes on purpose are allowed by number."""

    allowed: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)

    def allow(self, *statuses: int) -> None:
        self.allowed |= {str(status) for status in statuses}

    def console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"{message.text} ({message.location.get('url', '')})")

    def error(self, error: object) -> None:
        self.complaints.append(f"page error: {error}")

    def verdict(self) -> list[str]:
        status = re.compile(r"(?:Failed to load resource: .*status of|Response Status Error Code) (\d+)")
        found = [(complaint, status.match(complaint)) for complaint in self.complaints]
        return [complaint for complaint, match in found if not (match and match[1] in self.allowed)]


@pytest.fixture
def watch() -> Iterator[Watch]:
    watched = Watch()
    yield watched
    assert watched.verdict() == []


@pytest.fixture
def open_page(browser: Browser, live_server, watch: Watch) -> Iterator[Opener]:
    """Factory: `open_page(locale="en-US", phone=True)` is a page of a fresh visitor of the live server."""
    cache.clear()  # counters of rate limits belong to one story
    contexts = []

    def make(*, locale: str = "zh-CN", phone: bool = False) -> Page:
        context = browser.new_context(base_url=live_server.url, locale=locale, **(PHONE if phone else DESK))
        contexts.append(context)
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.on("console", watch.console)
        page.on("pageerror", watch.error)
        return page

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page: Opener) -> Page:
    """A desk in Chinese; stories that need more take `open_page`."""
    return open_page()


@pytest.fixture(scope="session")
def stumbles() -> Callable[[Page], list[str]]:
    """What a screen reader or weak eyes would trip over: missing names and labels, double ids, faint text."""
    script = (HERE / "accessibility.js").read_text("utf-8")
    return lambda page: page.evaluate(script.split("*/", 1)[1].strip())


@pytest.fixture
def shoot() -> Callable[[Page, str], None]:
    """Keep a screenshot when the environment names a folder (FANGXIAN_SCREENSHOTS), for people to look at."""
    folder = os.environ.get("FANGXIAN_SCREENSHOTS")

    def make(page: Page, name: str) -> None:
        if folder:
            page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    return make


@pytest.fixture
def log_in() -> Callable[[Page, str], None]:
    """Log in through the form as an officer of the `officer` fixture (password "correct horse")."""

    def enter(page: Page, username: str, password: str = "correct horse") -> None:
        page.goto("/accounts/login/")
        page.locator("input[name=login]").fill(username)
        page.locator("input[name=password]").fill(password)
        page.locator("main button[type=submit]").click()
        page.wait_for_url(re.compile(r"^(?!.*/accounts/login/)"))

    return enter
