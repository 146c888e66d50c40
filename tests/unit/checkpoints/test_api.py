"""Checkpoints for programs."""

import json

import pytest
from django.test import Client

from fangxian.core import records, scope
from fangxian.core.clock import now
from fangxian.core.ids import uuid7
from fangxian.systems.checkpoints.models import Consignment, Manifest, Passage, Passenger

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(guard):
    """`call(path, body)`: status and content of a POST by the first guard."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(guard[0], backend="allauth.account.auth_backends.AuthenticationBackend")

    def make(path, body):
        with scope.use(None):
            text = json.dumps(body, default=str)
            answer = client.post(f"/api/checkpoints/{path}", text, content_type="application/json")
        return answer.status_code, answer.json()

    return make


def test_passages_are_answered_row_by_row(call, point):
    def row(**values):
        return {"id": uuid7(), "point": point.pk, "passed_at": now(), "plate": "豫U12345", **values}

    good, red = row(), row(code_state="RED", travellers=[{"name": "李四"}])
    status, said = call("passages", {"rows": [good, red, row(plate="x1234"), row(point=uuid7()), good]})
    assert status == 200
    assert [one["state"] for one in said["rows"]] == ["accepted", "accepted", "refused", "refused", "known"]
    assert said["rows"][1]["reasons"] == ["RED_CODE"] and said["rows"][1]["advised"] == "HELD"
    assert [one["field"] for one in said["rows"]] == ["", "", "plate", "point", ""]
    bad = Passage.unscoped.get(gravest="RED_CODE")
    status, shown = call(f"passages/{bad.pk}/settle", {"outcome": "sent to the clinic"})
    assert status == 200 and not Passage.unscoped.get(pk=bad.pk).is_open
    assert call(f"passages/{bad.pk}/settle", {"outcome": "again"})[0] == 422


def test_a_plate_is_remembered_and_never_in_the_address(call, passed, point):
    passed(name="张三", purpose="GOODS")
    known = call("vehicles/lookup", {"point": point.pk, "plate": "豫u·12345"})[1]
    assert (known["known"], known["driver"], known["purpose"]) == (True, "张*", "GOODS")
    assert call("vehicles/lookup", {"point": point.pk, "plate": "豫U99999"})[1]["known"] is False


def test_a_manifest_is_loaded_whole_and_again(call, point):
    flight = records.create(Manifest, by=None, action="test.made", area=point.area, point=point, number="MU1/1",
                            from_code="419001", from_name="济源市", arrives_at=now())  # fmt: skip
    body = {"people": [{"seat": "1A", "name": "张三"}, {"seat": "1B", "name": "李四", "stop": "TRANSIT"}],
            "goods": [{"waybill": "7-1", "goods": "带鱼", "is_cold": True}]}  # fmt: skip
    assert call(f"manifests/{flight.pk}/load", body) == (200, {"people": 2, "goods": 1, "striking": 1})
    body["people"][0]["name"] = "张三丰"
    assert call(f"manifests/{flight.pk}/load", body)[1]["people"] == 2
    assert Passenger.objects.get(seat="1A").name == "张三丰" and Consignment.objects.count() == 1
