"""The secretary's phone: what of a directive lies on it; an answer that comes late, twice, or to another one."""

from base64 import b64encode
from datetime import timedelta

import pytest
from django.test import Client

from fangxian.core import clock, scope
from fangxian.faces.field.models import Submission
from fangxian.faces.field.parts import directives
from fangxian.registers import attachments
from fangxian.systems.command import selectors as tasks
from fangxian.systems.directives import services
from fangxian.workflows import directive_handed_down as story
from tests.unit.directives.conftest import START, TOWN, VILLAGE, area, at_unit, issued, staff  # noqa: F401
from tests.unit.field.test_submissions import entry, phone, send  # noqa: F401  (the fixture)

HOURS = timedelta(hours=1)
JPEG = b"\xff\xd8\xff"
PHOTO = f"data:image/jpeg;base64,{b64encode(JPEG).decode()}"


@pytest.fixture
def worker(staff):  # noqa: F811
    """Who signs in on the phone: the village's secretary."""
    return staff["village"]


@pytest.fixture
def at_village(issued, at_unit, frozen):  # noqa: F811
    """A directive at the village, two hours old when the phone comes back to a network."""
    directive = issued(needs_evidence=True)
    with clock.frozen(START + 2 * HOURS):
        yield lambda: at_unit(directive, VILLAGE)


def act(kind, handing, *, hours=1, revision=1, returns=0, own_id=None, **said):
    """An entry the phone made some hours after the directive was handed down, by a clock nine minutes slow."""
    made = {"made_at": START + hours * HOURS - timedelta(minutes=9), "offset": 9 * 60_000, "own_id": own_id}
    payload = {"handing": str(handing.pk), "revision": revision, "returns": returns, **said}
    return {**entry("test_change", **made, **payload), "kind": f"directives_{kind}"}


def answer(handing, **said):
    return act("answer", handing, **{"answer": "已排查12户", "outcome": "DONE", "photos": [PHOTO], **said})


def cards(worker):
    with scope.of(worker, directives.WRITE):
        return directives.cards(worker)["cards"]


def test_the_phone_carries_what_the_answer_needs_and_what_is_owed_no_more(at_village, worker, staff):  # noqa: F811
    (card,) = cards(worker)
    assert card == {
        "id": str(at_village().pk), "n": "全面排查药店退烧药登记", "unit": "Duanxi", "from": "Dading",
        "state": "HANDED", "text": "各村今日内完成排查", "due": at_village().due_at.isoformat(), "revision": 1,
        "evidence": True, "receive": at_village().receive_by.isoformat(),
    }  # fmt: skip
    services.withdraw_unit(handing=at_village(), by=staff["duty"], reason="无此类药店")
    (card,) = cards(worker)
    assert (card["state"], card["why"]) == ("WITHDRAWN", "无此类药店") and "text" not in card


def test_received_and_answered_without_a_network_once_each(at_village, phone, worker):  # noqa: F811
    sent = [act("receive", at_village(), leader="张支书"), answer(at_village(), hours=1.5)]
    assert [row["state"] for row in send(phone, worker, *sent, *sent)] == ["accepted", "accepted", "known", "known"]
    assert [row["state"] for row in send(phone, worker, *sent)] == ["known", "known"]
    done = at_village()
    assert (done.state, done.leader, done.answer) == ("ANSWERED", "张支书", "已排查12户")
    assert (done.received_at, done.answered_at) == (START + HOURS, START + 1.5 * HOURS)
    assert done.device_at == done.answered_at - timedelta(minutes=9)  # what the phone's own clock said
    assert attachments.of(done).count() == 1 and done.changed_at == START + 2 * HOURS
    assert {task.status for task in tasks.for_subject(story.KIND, done.pk)} == {"DONE"}
    (card,) = cards(worker)
    assert (card["state"], card["who"]) == ("ANSWERED", str(worker))


def test_an_answer_after_it_was_taken_back_is_refused_with_the_reason(at_village, phone, worker, staff):  # noqa: F811
    services.withdraw_unit(handing=at_village(), by=staff["duty"], reason="无此类药店")
    rows = send(phone, worker, act("receive", at_village()), answer(at_village()))
    assert [row["state"] for row in rows] == ["accepted", "refused"]  # nothing left to receive; an answer would be lost
    assert "无此类药店" in rows[1]["reason"] and at_village().received_at is None
    assert at_village().answer == "" and not attachments.of(at_village()).exists()


def test_an_answer_to_what_is_answered_or_sent_back_meanwhile_is_told(at_village, phone, worker, staff):  # noqa: F811
    services.answer(handing=at_village(), by=staff["town"], answer="代答", evidence=[("a.jpg", JPEG)])
    late = answer(at_village(), own_id="0196d2f0-0000-7000-8000-000000000001")
    (row,) = send(phone, worker, late)
    assert row["state"] == "refused" and str(staff["town"]) in row["reason"]
    assert send(phone, worker, act("receive", at_village()))[0]["state"] == "accepted"  # nothing left to receive
    services.send_back(handing=at_village(), by=staff["duty"], reason="照片看不清")
    (row,) = send(phone, worker, late)
    assert row["state"] == "refused" and "照片看不清" in row["reason"]
    late["payload"]["returns"] = 1  # read, and sent again under its own id
    assert send(phone, worker, late)[0]["state"] == "accepted"
    again = at_village()
    assert (again.state, again.answered_at) == ("ANSWERED", again.returned_at)  # never before it was sent back
    assert Submission.objects.get(pk=late["id"]).tries == 2


def test_a_wording_corrected_meanwhile_is_read_before_it_is_answered(at_village, issued, phone, worker, staff):  # noqa: F811
    directive = at_village().directive
    services.correct(
        directive=directive, by=staff["duty"], reason="漏写诊所", text="药店和诊所", due_at=START + 6 * HOURS
    )
    read = [act("receive", at_village()), answer(at_village())]
    first, second = send(phone, worker, *read)
    assert (first["state"], second["state"]) == ("accepted", "refused") and "漏写诊所" in second["reason"]
    assert at_village().revision_seen == 1 and at_village().is_outdated
    (card,) = cards(worker)
    assert (card["revision"], card["seen"], card["corrected"]) == (2, 1, "漏写诊所")
    assert card["due"] == at_village().due_at.isoformat()
    assert send(phone, worker, act("receive", at_village(), revision=2))[0]["state"] == "accepted"
    assert at_village().revision_seen == 2
    read[1]["payload"]["revision"] = 2
    assert send(phone, worker, read[1])[0]["state"] == "accepted"


def test_what_is_missing_is_asked_by_name(at_village, phone, worker):  # noqa: F811
    rows = send(phone, worker, answer(at_village(), photos=[]), answer(at_village(), photos=["data:,@"]),
                answer(at_village(), photos=[PHOTO] * 5), answer(at_village(), outcome="MAYBE"))  # fmt: skip
    assert [row["field"] for row in rows] == ["evidence", "photos", "photos", "outcome"]
    assert at_village().state == "HANDED"
    assert send(phone, worker, answer(at_village(), photos=[], outcome="NOT_DONE"))[0]["state"] == "accepted"


def test_a_township_says_why_it_answers_without_its_villages(at_village, at_unit, staff):  # noqa: F811
    (card,) = [one for one in cards(staff["town"]) if one["unit"] == "Dading"]
    assert card["below"] == 1
    town, client = at_unit(at_village().directive, TOWN), Client()
    client.force_login(staff["town"])
    without, said = send(client, staff["town"], answer(town), answer(town, shortfall="段西村封控，电话核实"))
    assert (without["state"], without["field"], said["state"]) == ("refused", "shortfall", "accepted")


def test_another_unit_and_another_village_are_refused(at_village, at_unit, phone, worker):  # noqa: F811
    town = at_unit(at_village().directive, TOWN)
    (row,) = send(phone, worker, answer(town))
    assert row["state"] == "refused" and town.state == "HANDED"
