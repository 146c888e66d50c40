"""Passages at the door for devices: judged row by row, one commit for many, harmless to send again."""

import asyncio
import json
import threading
import time
from datetime import timedelta
from uuid import uuid4

import pytest

from fangxian.core import records, scope
from fangxian.core.areas import Area
from fangxian.core.audit import AuditEntry
from fangxian.core.clock import now
from fangxian.core.ids import uuid7
from fangxian.core.jobs import Job
from fangxian.faces.ingest.handler import Ingest
from fangxian.faces.ingest.passages import Passages
from fangxian.systems.checkpoints.models import Passage, PointOfEntry
from fangxian.warehouse import visit_log
from fangxian.warehouse.visits import QueueFull

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def gate(county, visits):
    """A point, the door, and the token of its device."""
    with scope.everywhere("test data"):
        town = Area.objects.get(code="410883002")
        point = records.create(PointOfEntry, by=None, action="test.made", area=town, name="孟吉交界处防疫卡点")
    door = Passages()
    yield point, Ingest(visit_log, others={"passages": door}), visit_log().devices.issue("barrier", area="410883")
    door.close()


@pytest.fixture
def send(gate):
    """Factory: what the door answers to these rows: status and content."""
    _point, app, token = gate

    def make(rows, *, token=token, **headers):
        sent, raw = [], rows if isinstance(rows, bytes) else json.dumps(rows, default=str).encode()
        given = [(b"authorization", f"Bearer {token}".encode()), (b"content-length", str(len(raw)).encode())]
        given += [(name.replace("_", "-").encode(), str(value).encode()) for name, value in headers.items()]
        scope_ = {"type": "http", "path": "/ingest/passages", "method": "POST", "headers": given}

        async def receive():
            return {"type": "http.request", "body": raw}

        async def answer(message):
            sent.append(message)

        asyncio.run(app(scope_, receive, answer))
        return sent[0]["status"], json.loads(sent[1]["body"])

    return make


@pytest.fixture
def row(gate):
    """Factory: one row."""
    point, _app, _token = gate
    return lambda **values: {"id": uuid7(), "point": point.pk, "passed_at": int(now().timestamp()),
                             "plate": f"豫U{time.monotonic_ns() % 100_000:05d}", **values}  # fmt: skip


def test_a_thousand_in_one_request_are_one_commit_and_one_line_of_the_audit(send, row):
    rows = [row(plate=f"豫U{n:05d}", code_state="GREEN") for n in range(1000)]
    status, said = send(rows)
    assert (status, said["accepted"], said["duplicates"], said["rejected"], said["exceptions"]) == (
        200,
        1000,
        0,
        [],
        [],
    )
    assert Passage.unscoped.count() == 1000 and Job.objects.filter(kind="passages.match").count() == 1
    entry = AuditEntry.objects.get(action="checkpoints.passages.recorded")
    assert entry.detail == {"passages": 1000, "source": "ingest"}
    assert send(rows)[1] == {**said, "accepted": 0, "duplicates": 1000}
    assert Passage.unscoped.count() == 1000


def test_what_stands_out_is_in_the_answer(send, row):
    _status, said = send([row(), row(code_state="RED", temperature=38.04)])
    assert said["exceptions"] == [{"row": 1, "reasons": ["RED_CODE", "FEVER"]}]
    assert str(Passage.unscoped.get(gravest="RED_CODE").temperature) == "38.0"


def test_each_row_that_cannot_be_is_named_by_field_and_reason(send, row, gate):
    with scope.everywhere("test data"):
        far = Area.objects.get(code="410882001")
        other = records.create(PointOfEntry, by=None, action="test.made", area=far, name="沁阳卡点")
    soon, old = (int((now() + timedelta(days=days)).timestamp()) for days in (1, -15))
    wrong = [
        row(plate="豫12345"), row(plate=""), row(id=uuid4()), row(point=uuid7()), row(point=other.pk),
        row(passed_at=soon), row(passed_at=old), row(code_state="BLUE"), row(temperature=60), {"plate": "豫U00001"}, 7,
        row(id_number="410883199001011239"), row(from_code="x"), row(people=0),
    ]  # fmt: skip
    status, said = send([*wrong, row()])
    assert (status, said["accepted"]) == (200, 1)
    assert [(one["row"], one["field"], one["reason"]) for one in said["rejected"]] == [
        (0, "plate", "invalid"), (1, "plate", "invalid"), (2, "id", "not_uuid7"), (3, "point", "unknown"),
        (4, "point", "not_of_this_device"), (5, "passed_at", "in_the_future"), (6, "passed_at", "too_old"),
        (7, "code_state", "invalid"), (8, "temperature", "invalid"), (9, "id", "missing"), (10, "", "not_an_object"),
        (11, "id_number", "invalid"), (12, "from_code", "invalid"), (13, "people", "invalid"),
    ]  # fmt: skip
    assert send(wrong)[0] == 422


def test_an_id_of_another_point_is_taken(send, row, gate):
    known = row()
    send([known])
    with scope.everywhere("test data"):
        second = records.create(PointOfEntry, by=None, action="test.made", area=gate[0].area, name="二号卡点")
    assert send([{**known, "point": second.pk}])[1]["rejected"] == [{"row": 0, "field": "id", "reason": "taken"}]


def test_a_device_with_named_places_reports_only_these(send, row, gate):
    narrow = visit_log().devices.issue("one gate", area="410883", places=[uuid7()])
    assert send([row()], token=narrow)[1]["rejected"][0]["reason"] == "not_of_this_device"
    assert send([row()], token="nobody")[0] == 401
    assert send(b"{", token=narrow)[0] == 400


def test_a_wrong_clock_is_set_right(send, row):
    ahead = int((now() + timedelta(hours=3)).timestamp())
    assert send([row(passed_at=ahead)], device_time=ahead)[1]["accepted"] == 1
    assert abs(Passage.unscoped.get().passed_at - now()) < timedelta(minutes=1)


def test_many_devices_share_commits_and_a_full_room_sends_them_away(send, row, gate, monkeypatch):
    door = gate[1].others["passages"]
    statuses = []
    threads = [threading.Thread(target=lambda: statuses.append(send([row()])[0])) for _n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 12 and Passage.unscoped.count() == 12

    def full(_rows):
        raise QueueFull

    monkeypatch.setattr(door.committer, "submit", full)
    assert send([row()])[0] == 429
