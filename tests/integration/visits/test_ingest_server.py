"""The ingest handler in a real server: who may post, what is answered, and that an answer means the disk."""

import asyncio
import http.client
import os
import signal
import threading
import time
import uuid
from concurrent.futures import Future

import pytest

from fangxian.core.ids import uuid7
from fangxian.faces.cli.checks.powercut import missing_visits
from fangxian.faces.cli.checks.powercut_server import open_log
from fangxian.faces.ingest.body import LONGEST_BODY
from fangxian.faces.ingest.handler import Ingest
from fangxian.faces.ingest.scans import MOST_SCANS
from fangxian.warehouse.visits import Device, QueueFull
from fangxian.warehouse.visits.intake import Rules
from tests.integration.visits.posting import post, scan

pytestmark = pytest.mark.enable_socket


def lost(data, *ids: str) -> set[bytes]:
    """Which of the visits are not on the disk."""
    log = open_log(data)
    try:
        return log.missing(uuid.UUID(visit).bytes for visit in ids)
    finally:
        log.close()


def test_one_scan_is_stored_before_it_is_answered(port, token, data):
    one = scan(mask=True, temperature=36.6, device_at=int(time.time()))
    status, receipt, headers = post(port, token, one)
    assert (status, receipt) == (200, {"accepted": 1, "duplicates": 0, "rejected": [], "flagged": []})
    assert headers["cache-control"] == "no-store"
    assert not lost(data, one["visit_id"])


def test_sending_again_is_harmless(port, token, data):
    batch = [scan() for _ in range(500)]
    assert post(port, token, batch)[1]["accepted"] == 500
    assert post(port, token, batch)[1] == {"accepted": 0, "duplicates": 500, "rejected": [], "flagged": []}
    assert not lost(data, *(one["visit_id"] for one in batch))


def test_iso_times_with_an_offset_are_taken(port, token):
    assert post(port, token, scan(entered_at="2026-01-05T08:00:00+08:00", left_at="2026-01-05T00:30:00Z"))[0] == 200


def test_good_rows_are_stored_and_bad_rows_named(port, token, data):
    rows = [scan(), scan(left_at=5), {"place": 3}, scan(temperature=99), scan(visit_id=uuid.uuid4()), 7, scan()]
    rows += [scan(entered_at="2026-01-05T08:00:00"), {}, scan(entered_at=2**70), [[]] * 9]
    status, receipt, _ = post(port, token, rows)
    assert status == 200
    assert receipt["accepted"] == 2
    assert [(bad["row"], bad["field"], bad["reason"]) for bad in receipt["rejected"]] == [
        (1, "left_at", "before_entered_at"),
        (2, "place", "invalid"),
        (3, "temperature", "invalid"),
        (4, "visit_id", "not_uuid7"),
        (5, "", "not_an_object"),
        (7, "entered_at", "invalid"),
        (8, "visit_id", "missing"),
        (9, "entered_at", "out_of_range"),
        (10, "", "not_an_object"),
    ]
    assert not lost(data, rows[0]["visit_id"], rows[6]["visit_id"])


@pytest.mark.parametrize("body", [{"person": "x"}, [scan(left_at=5)], [[]], {"visit_id": "<script>alert(1)</script>"}])
def test_nothing_to_store_is_422_and_nothing_is_echoed(port, token, body):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    status, receipt, _ = post(port, token, body)
    connection.close()
    assert status == 422
    assert receipt["accepted"] == 0
    assert len(receipt["rejected"]) == 1
    assert "script" not in str(receipt)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[{]", b"\xff\xfe", b"[" * 5000, b"[" + b"[" * 5000 + b"]" * 5001, b"nonsense"]
)
def test_what_is_not_json_is_400(port, token, body):
    assert post(port, token, body)[:2] == (400, {"error": "not_json"})


def test_too_much_is_413(port, token):
    assert post(port, token, [scan() for _ in range(MOST_SCANS + 1)])[:2] == (413, {"error": "too_many_scans"})
    assert post(port, token, [1] * (MOST_SCANS + 1))[:2] == (413, {"error": "too_many_scans"})
    assert post(port, token, b" " * (LONGEST_BODY + 1))[:2] == (413, {"error": "too_long"})


def test_a_long_body_in_pieces_is_413(port, token):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    pieces = (b" " * 65536 for _ in range(9))
    headers = {"Authorization": f"Bearer {token}"}
    connection.request("POST", "/ingest/visits", pieces, headers, encode_chunked=True)
    assert connection.getresponse().status == 413
    connection.close()


@pytest.mark.parametrize("given", [None, "", "wrong"])
def test_a_stranger_is_refused_before_anything_is_read(port, given):
    status, answer, headers = post(port, given, b"{ not even json")
    assert (status, answer) == (401, {"error": "unknown_device"})
    assert headers["www-authenticate"] == "Bearer"


def test_another_scheme_path_or_method_is_refused(port, token):
    assert post(port, None, scan(), Authorization=f"Basic {token}")[0] == 401
    assert post(port, token, scan(), path="/ingest/other")[0] == 404
    status, _, headers = post(port, token, b"", method="GET")
    assert (status, headers["allow"]) == (405, "POST")


def test_a_device_bound_to_places_reports_no_other(port, data):
    log, mine = open_log(data), uuid7()
    bound = log.devices.issue("shop", area="410883001", places=[mine])
    log.close()
    _, receipt, _ = post(port, bound, [scan(place=mine), scan()])
    assert receipt == {
        "accepted": 1,
        "duplicates": 0,
        "rejected": [{"row": 1, "field": "place", "reason": "not_of_this_device"}],
        "flagged": [],
    }


def test_a_revoked_device_is_a_stranger_within_seconds(port, data):
    log = open_log(data)
    lost = log.devices.issue("stolen phone", area="410883001")
    assert post(port, lost, scan())[0] == 200
    log.devices.revoke("stolen phone")
    log.close()
    deadline = time.monotonic() + 8
    while (status := post(port, lost, scan())[0]) == 200 and time.monotonic() < deadline:
        time.sleep(0.5)
    assert status == 401


def test_killed_at_any_moment_no_acknowledged_visit_is_lost(serve, tmp_path):
    log = open_log(tmp_path)
    token = log.devices.issue("gate", area="410883")
    log.close()
    acknowledged: set[str] = set()

    def client(port: int, stop: threading.Event):
        while not stop.is_set():
            batch = [scan() for _ in range(5)]
            try:
                status, _, _ = post(port, token, batch)
            except OSError:
                return
            except http.client.HTTPException:
                return
            if status == 200:
                acknowledged.update(one["visit_id"] for one in batch)

    for run in range(3):
        with serve(tmp_path) as (process, port):
            stop = threading.Event()
            clients = [threading.Thread(target=client, args=(port, stop)) for _ in range(4)]
            for one in clients:
                one.start()
            begun = time.monotonic()  # a busy machine takes a while to acknowledge anything
            while len(acknowledged) <= 10 * run and time.monotonic() - begun < 20:
                time.sleep(0.05)
            time.sleep(0.4 + 0.31 * run)
            os.killpg(process.pid, signal.SIGKILL)
            stop.set()
            for one in clients:
                one.join()
        assert len(acknowledged) > 10 * run
        assert not missing_visits(tmp_path, acknowledged)


class Refusing:
    """A log that cannot take anything now, for one reason or another."""

    def __init__(self, outcome):
        self.outcome = outcome
        self.devices = self.committer = self

    def known(self, token):
        return Device("gate", "410883001", None, 0, None)

    def rules(self, places, device_now):
        return Rules(int(time.time()), 14 * 86_400, places=places, device_now=device_now)

    def submit(self, rows):
        if isinstance(self.outcome, Future):
            return self.outcome
        raise self.outcome


def ask(app, *messages) -> tuple[int, dict]:
    """Status and headers of one request to a handler without a server."""
    import json

    scope = {
        "type": "http",
        "path": "/ingest/visits",
        "method": "POST",
        "headers": [(b"authorization", b"Bearer x")],
    }
    pending, sent = list(messages) or [{"type": "http.request", "body": json.dumps(scan()).encode()}], []

    async def receive():
        return pending.pop(0)

    async def send(message):
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    return sent[0]["status"], dict(sent[0]["headers"])


def test_a_full_queue_asks_to_come_again():
    status, headers = ask(Ingest(lambda: Refusing(QueueFull())))
    assert (status, headers[b"retry-after"]) == (429, b"1")


def test_a_failed_commit_is_never_an_acknowledgement(caplog):
    failed = Future()
    failed.set_exception(OSError("no space left on device"))
    status, headers = ask(Ingest(lambda: Refusing(failed)))
    assert (status, headers[b"retry-after"]) == (503, b"5")
    assert "a commit failed" in caplog.text


def test_a_client_that_goes_away_is_let_go():
    app = Ingest(lambda: Refusing(QueueFull()))
    assert ask(app, {"type": "http.request", "body": b"[", "more_body": True}, {"type": "http.disconnect"})[0] == 400


def test_other_kinds_of_connections_are_ignored():
    asyncio.run(Ingest(lambda: None)({"type": "lifespan"}, None, None))
