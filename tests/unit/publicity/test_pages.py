"""The pages: officers write, approve and take texts along; everybody reads without account, cookie or script."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from fangxian.core import clock
from fangxian.faces.web.pages.publicity import counting, public
from fangxian.faces.web.templatetags.publicity import said_to_holder
from fangxian.systems.publicity import reach, selectors, services
from fangxian.systems.publicity.models import Message, PageViews
from fangxian.systems.publicity.words import Audience
from fangxian.workflows import travel_advice
from tests.unit.publicity.conftest import NOON

COUNTY, TOWN = "410883", "410883001"


@pytest.fixture(autouse=True)
def _afresh():
    """No page and no count of another test."""
    public.forget(None)
    counting._gathered.clear()
    counting._written_at.clear()


@pytest.fixture
def signed_in(officer):
    def make(who) -> Client:
        Authenticator.objects.get_or_create(user=who, type=Authenticator.Type.TOTP, defaults={"data": {}})
        client = Client(headers={"accept-language": "en"})
        client.force_login(who)
        return client

    return make


@pytest.fixture
def opened():
    def get(url: str, **headers) -> str:
        answer = Client().get(url, headers={"accept-language": "en", **headers})
        assert answer.status_code == 200
        assert not answer.cookies
        html = answer.content.decode()
        assert "<script" not in html and "csrf" not in html
        return html

    return get


def test_from_a_ready_made_text_to_the_public_page(noon, officer, signed_in, opened):
    writer, first, second = (officer("investigator"), officer("duty_officer"), officer("duty_officer"))
    desk = signed_in(writer)
    answer = desk.post("/publicity/drafts/", {"text": "hands", "disease": "covid19"})
    message = Message.unscoped.get()
    assert answer.url == f"/registers/publicity.message/{message.pk}/change/"
    desk.post(f"/publicity/{message.pk}/submit/")
    desk.post(f"/publicity/{message.pk}/approve/")  # refused: the reason is on the page
    assert (
        "a second person has to agree"
        in desk.get(f"/publicity/{message.pk}/", headers={"accept-language": "en"}).content.decode()
    )
    assert "Wash your hands" not in opened(f"/public/{COUNTY}/")

    for one in (first, second):
        signed_in(one).post(f"/publicity/{message.pk}/approve/")
    assert "Wash your hands often and well" in opened(f"/public/{TOWN}/?lang=en")
    assert "勤洗手，洗干净" in opened(f"/public/{COUNTY}/?lang=zh-hans")
    assert "Wash your hands" in opened(f"/public/messages/{message.series}/")


def test_the_board_shows_what_waits_and_what_the_advice_would_say(noon, draft, trio, signed_in):
    services.submit(message=draft(), by=trio[1])
    desk = signed_in(trio[1])
    html = desk.get("/publicity/").content.decode()
    assert "Waits for the first approval" in html and "not published" in html and "Standing" not in html
    answer = desk.post("/publicity/advice/", {"disease": "covid19"})
    advice = Message.unscoped.get(kind="TRAVEL")
    assert answer.url == f"/publicity/{advice.pk}/" and advice.state == Message.State.FIRST
    assert "Trips begun" not in desk.get(answer.url).content.decode()
    assert desk.post("/publicity/advice/", {"disease": "nonsense"}).url == "/publicity/"


def test_advice_that_no_longer_holds_says_so_to_everybody(noon, county, officer, trio, opened, monkeypatch):
    advice = travel_advice.renew(area=county, disease="covid19", by=officer("investigator"))
    services.approve(message=advice, by=trio[1])
    services.approve(message=advice, by=trio[2])
    assert "it is being renewed" not in opened(f"/public/{COUNTY}/")
    monkeypatch.setattr(public.public_page.travel_advice, "standing", lambda one: travel_advice.Standing(["new: x"]))
    public.forget(None)
    assert "it is being renewed" in opened(f"/public/{COUNTY}/")


def test_a_message_is_corrected_withdrawn_and_its_text_taken(noon, draft, publish, trio, signed_in):
    message = publish(draft(as_sms=True, as_broadcast=True))
    desk = signed_in(trio[1])
    text = desk.post(f"/publicity/{message.pk}/text/broadcast/")
    assert text["Content-Type"].startswith("text/plain") and text.content.decode().startswith("勤洗手\n\n")
    assert reach.reach_of(message).taken == {"BROADCAST": 1, "SMS": 0}

    answer = desk.post(f"/publicity/{message.pk}/correct/", {"reason": "写明二十秒"})
    new = Message.unscoped.get(number=2)
    assert answer.url == f"/registers/publicity.message/{new.pk}/change/"
    assert desk.post(f"/publicity/{message.pk}/correct/", {"reason": "再改"}).url == f"/publicity/{message.pk}/"
    desk.post(f"/publicity/{message.pk}/withdraw/", {"reason": "疫情结束"})
    message.refresh_from_db()
    assert message.state == Message.State.WITHDRAWN
    assert desk.post(f"/publicity/{message.pk}/text/sms/").status_code == 302
    gone = Client().get(f"/public/messages/{message.series}/")
    assert gone.status_code == 410 and not gone.cookies


def test_an_officer_takes_note_of_a_notice(noon, draft, publish, officer, signed_in):
    notice = publish(draft(audience=Audience.OFFICERS, on_page=False, title="值守通知"))
    guard = officer("checkpoint_guard")
    desk = signed_in(guard)
    assert "值守通知" in desk.get("/publicity/notices/").content.decode()
    desk.post(f"/publicity/notices/{notice.pk}/seen/")
    assert selectors.seen_by(guard, [notice]) == {notice.pk}
    far = signed_in(officer("checkpoint_guard", area="410882"))
    assert far.post(f"/publicity/notices/{notice.pk}/seen/").status_code == 404
    assert far.get("/publicity/notices/").status_code == 200


def test_a_page_is_kept_a_minute_and_dropped_when_something_is_published(
    noon, draft, publish, opened, django_assert_max_num_queries
):
    assert "勤洗手" not in opened(f"/public/{COUNTY}/")
    with django_assert_max_num_queries(8):  # the counties on duty and the views: nothing of the page itself
        answer = Client().get(f"/public/{COUNTY}/", headers={"accept-language": "en"})
    assert answer["Cache-Control"] == "public, max-age=60"
    publish(draft())
    assert "勤洗手" in opened(f"/public/{COUNTY}/")
    with clock.frozen(NOON + timedelta(days=9)):
        assert "勤洗手" not in opened(f"/public/{COUNTY}/")


def test_views_are_gathered_and_written_once_in_a_while(noon, draft, publish, opened):
    message = publish(draft())
    for _time in range(3):
        opened(f"/public/messages/{message.series}/")
    counting.flush()
    assert PageViews.objects.get(page=reach.page_of(message)).count == 3
    counting.flush()


def test_views_that_cannot_be_written_are_kept(noon, monkeypatch):
    def busy(_pages):
        raise counting.DatabaseError

    counting._gathered["area:x"] = 2
    monkeypatch.setattr(counting.services, "count_views", busy)
    counting.flush()
    assert counting._gathered["area:x"] == 2


def test_the_only_county_opens_at_once_and_others_are_chosen(noon, officer):
    officer("duty_officer")
    assert Client().get("/public/?lang=en").url == f"/public/{COUNTY}/?lang=en"
    officer("duty_officer", area="410882")
    assert "沁阳市" in Client().get("/public/?lang=zh-hans").content.decode()
    for code in ("410101", "41", "410883001212", "x"):
        assert Client().get(f"/public/{code}/").status_code == 404


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ({}, 200, "No restriction of travel"),
        ({"province": "XX", "place_name": "日本"}, 200, "No restriction of travel"),
        ({"returns_on": "2022-03-01"}, 422, "You come back before you leave"),
        ({"returns_on": "2022-12-01"}, 422, "Ask again nearer the day"),
        ({"home": "999"}, 422, "Select a valid choice"),
    ],
)
def test_a_resident_asks_about_a_journey(noon, officer, asked, status, said):
    officer("duty_officer")
    question = {
        "home": TOWN,
        "province": "41",
        "place_name": "沁阳市",
        "leaves_on": "2022-03-21",
        "returns_on": "2022-03-25",
    }
    answer = Client().get("/public/travel/", {**question, **asked, "lang": "en"})
    assert (answer.status_code, answer["Cache-Control"]) == (status, "no-store")
    assert said in answer.content.decode() and not answer.cookies


def test_the_own_page_says_what_is_said_to_people_in_the_same_place(noon, draft, publish):
    told = {"on_page": False, "on_own_page": True}
    home = publish(draft(audience=Audience.AT_HOME, title="居家隔离提示", **told))
    publish(draft(audience=Audience.SITE_GUESTS, title="隔离点提示", **told))
    stages = [{"place": "home", "from": "2022-03-18", "until": "2022-03-24"}]
    plan = SimpleNamespace(loop=SimpleNamespace(state="OPEN", stages=stages, disease="covid19"))
    shown = said_to_holder([plan], TOWN)
    assert shown["said"] == [home] and "self_monitoring" not in {tip.key for tip in shown["tips"]}
    stages[0]["place"] = "personal"
    shown = said_to_holder([plan], TOWN)
    assert shown["said"] == [] and "37.3℃" in next(tip for tip in shown["tips"] if tip.key == "self_monitoring").text
    assert [tip.key for tip in said_to_holder([], TOWN)["tips"]] == ["hands", "airing", "ill_stay_home"]


def test_too_many_questions_are_refused(noon, officer, monkeypatch):
    def shut(*_args, **_named):
        raise public.throttle.TooMany

    officer("duty_officer")
    monkeypatch.setattr(public.throttle, "knock", shut)
    question = {"home": TOWN, "province": "41", "leaves_on": "2022-03-21", "returns_on": "2022-03-25", "lang": "en"}
    assert Client().get("/public/travel/", question).status_code == 429
