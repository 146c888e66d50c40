"""The guard's page: what a phone takes along, and what it sends."""

import json
from uuid import UUID, uuid5

import pytest
from django.test import Client

from fangxian.core import records, scope
from fangxian.core.clock import now, today
from fangxian.core.ids import uuid7
from fangxian.faces.field.models import Submission
from fangxian.faces.field.parts import gate
from fangxian.systems.checkpoints.models import Passage, SoughtVehicle

pytestmark = pytest.mark.django_db


@pytest.fixture
def send(guard, point):
    """`send(plate=…)`: one entry of the first guard's phone; the answer to it."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(guard[0], backend="allauth.account.auth_backends.AuthenticationBackend")

    def make(**payload):
        at = int(now().timestamp() * 1000)
        entry = {"id": str(payload.pop("id", uuid7())), "kind": "passage", "made_at": at, "offset": 0,
                 "payload": {"point": str(point.pk), **payload}}  # fmt: skip
        body = {"officer": str(guard[0].pk), "sent_at": at, "entries": [entry]}
        with scope.use(None):
            answer = client.post("/field/submissions", json.dumps(body), content_type="application/json")
        return answer.json()["answers"][0]

    return make


def test_a_phone_takes_along_what_a_guard_needs(guard, point, passed, county):
    passed(code_state="RED", purpose="COMMUTE", name="张三")
    records.create(
        SoughtVehicle, by=None, action="test.made", area=county, plate="豫H00001", reason="逃避", until=today()
    )
    found = gate.cards(guard[0])
    (card,) = found["cards"]
    assert (card["name"], card["passages"], card["fever"], card["test_hours"]) == (point.name, 1, 37.3, 48)
    assert card["regulars"][0] | {"plate": "豫U12345", "driver": "张*", "purpose": "COMMUTE"} == card["regulars"][0]
    assert card["exceptions"][0]["reasons"] == ["RED_CODE"] and card["exceptions"][0]["who"] == "豫U**345"
    assert card["sought"] == {"豫H00001": "逃避"} and card["advice"]["RED_CODE"] == "HELD"
    assert found["provinces"]["豫"] == "41" and found["names"]["41"] == "河南省"
    json.dumps(found)


def test_an_entry_becomes_a_passage_under_an_id_of_its_own(send, guard, point):
    sent = uuid7()
    answer = send(id=sent, plate="豫U12345", code_state="YELLOW", temperature=37.5, test_hours=24, people=2,
                  decision="REFERRED", from_code="419001", from_name="济源市")  # fmt: skip
    assert answer["state"] == "accepted"
    passage = Passage.unscoped.get()
    assert passage.pk == uuid5(gate.OURS, str(sent)) and passage.created_by == guard[0]
    assert (passage.reasons, passage.decision, passage.people) == (["FEVER", "YELLOW_CODE"], "REFERRED", 2)
    assert passage.source == "field" and passage.judged_at
    assert Submission.objects.get().target_id == str(point.pk)
    assert send(id=sent, plate="豫U12345", code_state="YELLOW", temperature=37.5, test_hours=24, people=2,
                decision="REFERRED", from_code="419001", from_name="济源市")["state"] == "known"  # fmt: skip


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("plate", {"plate": "豫12"}), ("plate", {}), ("code_state", {"plate": "豫U12345", "code_state": "BLUE"}),
        ("temperature", {"plate": "豫U12345", "temperature": "hot"}), ("point", {"plate": "豫U12345", "point": "x"}),
        ("point", {"plate": "豫U12345", "point": str(UUID(int=7))}), ("id_number", {"id_number": "410883199001011239"}),
        ("travellers", {"plate": "豫U12345", "travellers": "x"}),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_field(send, field, wrong):
    answer = send(**wrong)
    assert (answer["state"], answer["field"]) == ("refused", field) and answer["reason"]
    assert not Passage.unscoped.exists()


def test_somebody_on_foot_by_number_alone(send):
    assert send(id_number="410883199001011230", travellers=[{"name": "李四"}])["state"] == "accepted"
