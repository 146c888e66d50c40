"""A vaccination day in a browser: somebody scanned at the door, registered, vaccinated, a reaction, home again.

`FANGXIAN_PEOPLE` says how many people the site has that day (24 by default; the story of 500 is told with 500).
"""

import os
import re
from datetime import date, timedelta

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Page, expect

from fangxian.core import clock, scope
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.systems.immunization import services
from fangxian.systems.immunization.models import Aefi, VaccineLot, Visit
from fangxian.systems.immunization.services import Agreed
from tests.functional.test_story import LANGUAGES, SIZES, fits, kind
from tests.unit.immunization.conftest import DISEASE, fill, made_site, somebody

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = int(os.environ.get("FANGXIAN_PEOPLE", "24"))
WORDS = {
    "zh-CN": {"find": "查找", "number": "取号", "register": "判定并登记", "self": "本人", "given": "已接种（有效）",
              "report": "报告", "happened": "主要症状", "left": "还需30分钟"},
    "en-US": {"find": "Find", "number": "Give a number", "register": "Ask the schedule and register",
              "self": "The person themselves", "given": "Given", "report": "Report", "happened": "What happened",
              "left": "30 min left"},
}  # fmt: skip


@pytest.fixture
def day(officer, settings):
    """A site on its day: everybody but the last has come, four in five are through, some wait in each room."""
    settings.CLOCK_START = "2022-03-15T08:00:00+08:00"
    settings.SESSION_IDLE_SECONDS = settings.SESSION_COOKIE_AGE = 10**9
    by = officer("vaccinator", area="410883001")
    with scope.everywhere("test data"):
        town = Area.objects.get(code="410883001")
        begin = now()
        with clock.frozen(begin - timedelta(hours=5)):
            site = made_site(town, "大定街道接种点")
            lot = fill(site, doses=PEOPLE + 50)
            people = [
                somebody(town, f"居民{n:03d}", date(1950 + n % 50, 1 + n % 12, 1 + n % 28)) for n in range(PEOPLE)
            ]
        for number, person in enumerate(people):
            _live(site, lot, person, by, begin, left=PEOPLE - number)
        newcomer = somebody(town, "王建国", date(1980, 2, 3), phone="13800000000")
    return by, site, newcomer


def _live(site, lot, person, by, begin, left: int) -> None:
    """One visit; who has come late has not got far yet."""
    came = begin - timedelta(minutes=4 * 60 * left / PEOPLE)
    with clock.frozen(came):
        visit = services.arrive(by=by, site=site, person=person, disease=DISEASE)
    if left <= PEOPLE // 12:
        return
    with clock.frozen(came + timedelta(minutes=3)):
        visit = services.register(visit=visit, by=by, vaccine="inactivated", agreed=Agreed("SELF"))
    if left <= PEOPLE // 8:
        return
    with clock.frozen(came + timedelta(minutes=6)):
        services.vaccinate(visit=visit, by=by, lot=lot)
    gone = came + timedelta(minutes=37)
    if gone < begin:
        with clock.frozen(gone):
            services.leave(visit=visit, by=by)


@pytest.fixture
def come_in(open_page, live_server, client):
    def make(officer, *, locale: str, phone: bool) -> Page:
        Authenticator.objects.get_or_create(user=officer, type=Authenticator.Type.TOTP, defaults={"data": {}})
        officer.language = "en" if locale == "en-US" else "zh-hans"
        officer.save()
        client.force_login(officer, backend="allauth.account.auth_backends.AuthenticationBackend")
        page = open_page(locale=locale, phone=phone)
        cookies = [("sessionid", client.cookies["sessionid"].value), ("django_language", officer.language)]
        page.context.add_cookies([{"name": n, "value": v, "url": live_server.url} for n, v in cookies])
        return page

    return make


@LANGUAGES
@SIZES
def test_a_vaccination_day_with_a_reaction(day, come_in, shoot, stumbles, locale, phone):
    by, site, newcomer = day
    words, page = WORDS[locale], come_in(by, locale=locale, phone=phone)
    page.goto("/immunization/")  # who works at one site lands there
    expect(page).to_have_url(re.compile(f"/immunization/sites/{site.pk}/"))
    shoot(page, f"vaccination-board-{kind(locale, phone)}")
    assert fits(page) and stumbles(page) == []

    page.locator("#who").fill("13800000000")
    page.get_by_role("button", name=words["find"], exact=True).click()
    page.get_by_role("button", name=words["number"]).first.click()
    shoot(page, f"vaccination-desk-{kind(locale, phone)}")
    assert fits(page) and stumbles(page) == []
    page.get_by_label(words["self"], exact=True).check()
    page.get_by_role("button", name=words["register"]).click()
    expect(page.get_by_role("button", name=words["given"], exact=True)).to_be_visible()
    shoot(page, f"vaccination-chair-{kind(locale, phone)}")
    page.get_by_role("button", name=words["given"], exact=True).click()

    page.get_by_label(words["happened"]).fill("面色苍白、晕厥")
    page.get_by_role("button", name=words["report"], exact=True).click()
    expect(page.get_by_text("面色苍白、晕厥").first).to_be_visible()
    shoot(page, f"vaccination-observation-{kind(locale, phone)}")
    assert fits(page) and stumbles(page) == []
    page.get_by_text("面色苍白、晕厥").first.click()
    shoot(page, f"vaccination-event-{kind(locale, phone)}")
    assert fits(page) and stumbles(page) == []

    for address, name in ((f"/immunization/sites/{site.pk}/stock/", "fridge"), ("/immunization/?area=410883001", "all"),
                          ("/immunization/lots/", "lots")):  # fmt: skip
        page.goto(address)
        shoot(page, f"vaccination-{name}-{kind(locale, phone)}")
        assert fits(page) and stumbles(page) == []
    with scope.everywhere("test data"):
        visit, lot = Visit.objects.get(person=newcomer), VaccineLot.objects.get()
        assert (visit.number, visit.station, visit.dose.number) == (PEOPLE + 1, "OBSERVATION", 1)
        assert Aefi.objects.get().dose == visit.dose
        assert lot.used == Visit.objects.filter(vaccinated_at__isnull=False).count()
        assert lot.received == lot.used + lot.left
