"""What the budget held back: shown in the inbox with its night, raised by whoever may and says why, once."""

from datetime import timedelta

import pytest

from fangxian.core import jobs
from fangxian.core.audit import AuditEntry
from fangxian.systems.surveillance.models import Signal
from fangxian.workflows import early_warning
from tests.unit.surveillance.conftest import DAY, days_later, feed, filled, one_a_week, quiet  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "county", "everywhere")]
TAB = "/surveillance/?tab=held"


def night(as_of=DAY) -> jobs.Job:
    """A run as a job, done."""
    queued = jobs.enqueue(early_warning.JOB, by=None, as_of=as_of.isoformat(), area_code="410883")
    jobs.run_pending()
    queued.refresh_from_db()
    assert queued.state == "done", queued.error
    return queued


@pytest.fixture
def held(feed, filled, quiet, one_a_week) -> jobs.Job:  # noqa: F811
    """A night with room for one card that found two."""
    filled(feed("S1"), [*quiet[:-1], 30])
    filled(feed("S2", area="410883002", disease="norovirus", channel="OTHER"), [*quiet[:-1], 12])
    return night()


def raised(client, job, reason="the head of the school called", number="0"):
    return client.post(f"/surveillance/held/{job.pk}/", {"number": number, "reason": reason}, follow=True)


def test_what_was_held_back_is_shown_and_raised_once_with_a_reason(held, officer, sign_in):
    client = sign_in(officer("investigator"))
    assert client.get("/surveillance/").context["held"] == 1  # the tab says how many, whichever is open
    said = client.get(TAB).content.decode()
    assert "held back for" in said and f"/surveillance/held/{held.pk}/" in said and "counted 12" in said
    assert "Say why." in raised(client, held, reason=" ").content.decode()
    assert "waits for a verdict" in raised(client, held).content.decode()
    card = Signal.objects.get(disease="norovirus")
    assert (card.observed, card.raised_for, card.period_on, card.state) == (12, DAY, DAY, "OPEN")
    assert len(card.series["days"]) == len(card.series["bound"]) > 50
    told = AuditEntry.objects.get(action="surveillance.signal.raised_by_hand")
    assert told.detail == {"reason": "the head of the school called"}
    assert "Nothing was held back" in client.get(TAB).content.decode()
    assert client.get("/surveillance/").context["held"] == 0
    assert "has a card already" in raised(client, held).content.decode()
    before = list(Signal.objects.order_by("pk").values_list("pk", "version"))
    assert night().result["raised"] == 0
    assert list(Signal.objects.order_by("pk").values_list("pk", "version")) == before


def test_only_where_one_answers_and_only_what_is_there(held, officer, sign_in):
    reader, stranger = (
        sign_in(officer(role, area=area)) for role, area in (("viewer", "410883"), ("investigator", "410882"))
    )
    said = reader.get(TAB).content.decode()
    assert "held back for" in said and "Raise it" not in said
    assert "Nothing was held back" in stranger.get(TAB).content.decode()
    assert raised(reader, held).status_code == 403 and raised(stranger, held).status_code == 404
    here = sign_in(officer("duty_officer"))
    assert [raised(here, held, number=number).status_code for number in ("7", "x")] == [404, 404]
    assert not Signal.objects.filter(disease="norovirus").exists()


def test_a_week_later_it_is_gone_and_of_two_nights_the_newer_speaks(held, filled, days_later):  # noqa: F811
    from fangxian.systems.surveillance.models import Feed

    filled(Feed.objects.get(code="S2"), [14], last=DAY + timedelta(days=1))
    with days_later(1):
        night(DAY + timedelta(days=1))
        (only,) = early_warning.held_back()
    assert (only.found.observed, only.as_of) == (14, DAY + timedelta(days=1))
    with days_later(9):
        assert early_warning.held_back() == []
