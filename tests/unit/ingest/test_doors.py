"""Scans with codes through the real handler: what is presence, what is an attempt, and what the systems are asked."""

import json
import time

import pytest

from fangxian.core import clock, keys
from fangxian.core.areas import Area
from fangxian.core.ids import uuid7
from fangxian.faces.cli.checks import venue_codes
from fangxian.faces.ingest import doors as remembering
from fangxian.faces.ingest.doors import Doors
from fangxian.faces.ingest.handler import Ingest
from fangxian.registers import site
from fangxian.systems.screening import codes, services
from fangxian.warehouse import visit_log

DAY = 86_400


@pytest.fixture
def ring():
    before = keys.current()
    yield before
    keys.use(before)


@pytest.fixture
def door(transactional_db, county, everywhere, visits, ring):
    """A place, its code, a device and the handler."""

    doors = Doors()

    class Door:
        now = int(clock.now().timestamp())
        place = services.add_place(by=None, area=Area.objects.get(code="410883001"), name="Market", kind="MARKET")
        code = codes.issue(place.pk, valid_from=now - 30 * DAY, valid_until=now + 30 * DAY)
        app = Ingest(visit_log, doors)
        token = visit_log().devices.issue("phone", area="410883001", by_code=True)

        def scan(self, **given) -> dict:
            made = {"visit_id": str(uuid7()), "person": str(uuid7()), "entered_at": self.now - 60, "code": self.code}
            return {**made, **given}

        def post(self, *scans: dict, **headers) -> dict:
            return venue_codes.ask(self.app, self.token, json.dumps(scans).encode(), **headers)

        def __init__(self):
            self.before = self.rows()  # on PostgreSQL the visit log outlives a test

        def rows(self) -> int:
            return (visit_log().hot.span() or (0, 0))[0]

        @property
        def stored(self) -> int:
            return self.rows() - self.before

        @property
        def flagged(self) -> list[str]:
            return sorted(site.get("screening.flaggedscan").rows().values_list("reason", flat=True))

    made = Door()
    yield made
    doors.close()


def test_a_good_code_is_presence_at_its_place(door):
    answer = door.post(door.scan(), door.scan(place=str(door.place.pk)), door.scan(area="410883"))
    assert answer == {"accepted": 3, "duplicates": 0, "rejected": [], "flagged": []}
    assert door.stored == 3
    assert door.flagged == []


def test_a_bad_code_is_kept_and_is_no_visit(door):
    bad = [door.scan(code="FXC1:" + "A" * 148), door.scan(code=""), door.scan(area="420100")]
    answer = door.post(*bad, door.scan())
    assert [row["reason"] for row in answer["flagged"]] == ["forged", "forged", "elsewhere"]
    assert (answer["accepted"], answer["rejected"]) == (1, [])
    assert door.stored == 1
    assert door.post(*bad)["flagged"] == answer["flagged"]
    assert door.flagged == ["elsewhere", "forged", "forged"]


def test_a_phone_that_must_show_codes_is_not_believed_without(door):
    answer = door.post(door.scan(code=None, place=str(door.place.pk)), door.scan(code=None))
    assert [(row["row"], row["field"], row["reason"]) for row in answer["rejected"]] == [
        (0, "code", "missing"),
        (1, "code", "missing"),
    ]


def test_nonsense_beside_a_code_is_rejected_by_field(door):
    answer = door.post(door.scan(person="x" * 36), door.scan(entered_at=door.now + DAY), door.scan(visit_id="0" * 32))
    assert [(row["field"], row["reason"]) for row in answer["rejected"]] == [
        ("person", "invalid"),
        ("entered_at", "in_the_future"),
        ("visit_id", "not_uuid7"),
    ]


def test_a_clock_set_back_does_not_keep_an_old_code_alive(door):
    old = codes.issue(door.place.pk, valid_from=door.now - 30 * DAY, valid_until=door.now - DAY)
    wrong = door.now - 2 * DAY
    sent = door.scan(code=old, entered_at=wrong - 60)
    answer = door.post(sent, device_time=str(wrong))
    assert [row["reason"] for row in answer["flagged"]] == ["expired"]
    late = door.scan(code=old, entered_at=door.now - 2 * DAY)
    assert door.post(late, device_time=str(door.now))["accepted"] == 1


def test_a_key_retired_in_the_file_is_refused_by_the_server_that_runs(door, ring, monkeypatch):
    assert door.post(door.scan())["accepted"] == 1
    keys.use(ring.with_venue_key_retired(ring.venue_current.id, at=door.now - 3600))
    monkeypatch.setattr(remembering, "FRESH_S", 0)
    assert door.post(door.scan())["flagged"] == [{"row": 0, "reason": "retired_key"}]
    keys.use(ring)


def test_what_was_read_once_is_not_asked_again_until_it_is_stale(door, monkeypatch):
    asked = []
    monkeypatch.setattr(remembering, "_asked", lambda *given: asked.append(given) or (remembering.Ground(), "410883"))
    door.post(door.scan())
    assert len(asked) == 1
    monkeypatch.undo()
    door.post(door.scan())
    before = time.monotonic()
    signed = []
    monkeypatch.setattr("fangxian.core.venue_keys.VenueKey.signed", lambda *given: signed.append(given) or True)
    assert door.post(*[door.scan() for _ in range(20)])["accepted"] == 20
    assert signed == [] or time.monotonic() - before > remembering.FRESH_S


def test_forgotten_codes_make_room(door, monkeypatch):
    monkeypatch.setattr(remembering, "REMEMBERED", 2)
    door.post(*[door.scan(code=f"{number}") for number in range(5)])
    assert len(door.app.doors._read) == 2


def test_a_handler_without_doors_takes_no_codes(door):
    door.app.doors = None
    assert door.post(door.scan())["rejected"] == [{"row": 0, "field": "code", "reason": "not_taken_here"}]


def test_an_attempt_that_cannot_be_stored_is_not_acknowledged(door, monkeypatch, caplog):
    async def fails(attempts):
        raise OSError("no space left on device")

    monkeypatch.setattr(door.app.doors, "keep", fails)
    answer = door.post(door.scan(code="x"))
    assert answer == {"error": "not_stored"}
    assert "no space left" in caplog.text


def test_systems_that_do_not_answer_hold_up_codes_only(door, monkeypatch):
    def broken(*_given):
        raise ConnectionError("the database is away")

    monkeypatch.setattr(remembering, "_asked", broken)
    assert door.post(door.scan()) == {"error": "not_stored"}
    token = visit_log().devices.issue("gate", area="410883001")
    row = door.scan(code=None, place=str(door.place.pk))
    assert venue_codes.ask(door.app, token, json.dumps([row]).encode())["accepted"] == 1
