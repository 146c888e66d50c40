"""A product's page says what comes next, who acts and until when; a verdict is one click with its reason."""

from datetime import timedelta

import pytest

from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.systems.command.models import Task
from fangxian.systems.surveillance import services
from fangxian.systems.surveillance.models import Signal, WarningProduct
from fangxian.workflows import early_warning
from tests.unit.surveillance.conftest import DAY, days_later, feed, filled, quiet  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "county", "everywhere")]
FORM = {
    "kind": "WARNING_NOTICE",
    "to_area": "410883001",
    "addressee": "各学校",
    "title": "学校发热聚集",
    "text": "晨检",
}


@pytest.fixture
def signal(feed, filled, quiet) -> Signal:  # noqa: F811
    filled(feed("S1"), [*quiet[:-3], 9, 15, 24])
    early_warning.warn(as_of=DAY, by=None)
    return Signal.objects.get(kind="STATISTICAL")


def test_from_the_form_to_the_feedback_each_step_says_what_comes_next(signal, officer, sign_in):
    client = sign_in(officer("duty_officer"))
    made = client.post(f"/surveillance/signals/{signal.pk}/product/", FORM)
    page = made.url

    def said() -> str:
        return client.get(page).content.decode()

    assert "Deliver it" in said() and "no time is set" in said() and "your turn" in said()
    client.post(page + "deliver/")
    assert "Respond: say what is done" in said() and "To be done by" in said() and "overdue" not in said()
    WarningProduct.objects.update(due_at=now() - timedelta(hours=1))
    card = f"/surveillance/signals/{signal.pk}/"
    assert all("ti-alarm" in client.get(one).content.decode() for one in (page, "/surveillance/", card))
    client.post(page + "respond/", {"words": "已落实晨检"})
    assert "Feed back what came of it" in said() and "已落实晨检" in said()
    assert "to be fed back" in client.get("/surveillance/").content.decode()
    client.post(page + "feed_back/", {"words": "三日内无新增"})
    assert "Closed: all four steps" in said() and "三日内无新增" in said() and "your turn" not in said()
    said_there = client.get(card).content.decode()
    assert "学校发热聚集" in said_there and all(
        step in said_there for step in ("Formed", "Delivered", "Responded to", "Fed back")
    )
    who = str(client.get(page).context["user"])
    assert said().count(who) >= 4


def test_withdrawn_says_why_by_whom_and_that_nothing_is_left(signal, officer, sign_in):
    client = sign_in(officer("duty_officer"))
    page = client.post(f"/surveillance/signals/{signal.pk}/product/", FORM).url
    client.post(page + "withdraw/", {"words": "与上一份重复"})
    said = client.get(page).content.decode()
    assert "nothing is left to do" in said and "与上一份重复" in said and "Fed back" not in said


def test_who_only_reads_is_told_whose_turn_it_is(signal, officer, sign_in, county):
    made = services.form(
        by=None, area=county, kind="RISK_NOTICE", title="流感提示", text="勤洗手", addressee="公众", signal=signal
    )
    services.deliver(product=made, by=None)
    said = sign_in(officer("viewer")).get(f"/surveillance/products/{made.pk}/").content.decode()
    assert "Publish the message it became" in said and "Who acts" in said and "your turn" not in said


def test_a_product_nobody_responds_to_becomes_a_task_until_somebody_does(county, days_later):  # noqa: F811
    town = Area.objects.get(code="410883001")
    made = services.form(by=None, area=county, **{**FORM, "to_area": town})
    services.deliver(product=made, by=None)
    assert early_warning.chase() == 0
    with days_later(30):
        assert (early_warning.chase(), early_warning.chase()) == (1, 0)
        task = Task.objects.get(key=f"warning-late:{made.pk}")
        assert task.area_id == "410883" and "学校发热聚集" in str(task)
        made.refresh_from_db()
        services.respond(product=made, by=None, response="已落实")
        assert Task.objects.get(pk=task.pk).status == "REMOVED" and early_warning.chase() == 0


def judged(client, signal, **given) -> Signal:
    client.post(f"/surveillance/signals/{signal.pk}/judge/", given)
    signal.refresh_from_db()
    return signal


def test_a_verdict_is_one_click_with_the_reason_of_its_button(signal, officer, sign_in):
    client = sign_in(officer("investigator"))
    page = client.get(f"/surveillance/signals/{signal.pk}/").content.decode()
    assert all(f'value="{verdict}:0"' in page for verdict in ("CONFIRMED", "SUSPECTED", "KNOWN", "CHANCE", "ARTEFACT"))
    found = judged(client, signal, verdict="CHANCE:1", reason="")
    assert (found.verdict, found.reason) == ("CHANCE", "As in the season of other years")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"verdict": "SUSPECTED:0", "reason": "两个班发热"}, ("SUSPECTED", "两个班发热")),
        ({"verdict": "SUSPECTED", "reason": ""}, ("", "")),
        ({"verdict": "SUSPECTED:7"}, ("", "")),
        ({"verdict": "WRONG:0"}, ("", "")),
    ],
)
def test_own_words_stand_instead_and_no_reason_is_no_verdict(signal, officer, sign_in, given, kept):
    found = judged(sign_in(officer("investigator")), signal, **given)
    assert (found.verdict, found.reason) == kept


def test_a_silent_feed_is_offered_no_outbreak(signal, feed, filled, quiet, officer, sign_in):  # noqa: F811
    filled(feed("S9", area="410883002"), quiet, last=DAY - timedelta(days=5))
    early_warning.warn(as_of=DAY, by=None)
    silent, client = Signal.objects.get(kind="SILENCE"), sign_in(officer("investigator"))
    page = client.get(f"/surveillance/signals/{silent.pk}/").content.decode()
    assert "CONFIRMED:0" not in page and "Closed, or on holiday" in page
    assert judged(client, silent, verdict="KNOWN:0").reason == "Closed, or on holiday"
