"""The copy of a drill where the records are in PostgreSQL: embedded, equal row by row, proven, gone without a trace."""

import hashlib
import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, connections, transaction
from django.db.models import JSONField, Value
from django.db.utils import DatabaseError

from fangxian import warehouse
from fangxian.core import audit, clock, drilling
from fangxian.core.areas import Area
from fangxian.core.fields import Secret
from fangxian.core.ids import uuid7
from fangxian.core.jobs import Job
from fangxian.faces.cli import archive, drill_copy, embedding
from fangxian.faces.cli.output import Problem
from fangxian.registers import attachments, site
from fangxian.systems.drills import services
from fangxian.systems.drills.models import Drill
from fangxian.warehouse.visits import Arrival
from fangxian.warehouse.visits.hot import SqliteHot
from tests.registers import samples

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres_only]
NEEDLE = b"needle in the personal data"
VISITS = ("visits_hot", "visit_persons", "visit_places", "visit_devices")
ODD = {"名": "孟州", "nothing": None, "float": 0.1 + 0.2, "small": 1e-7, "big": 2**60, "in": [{"a": [1.0, 'é"\\']}]}


@pytest.fixture
def real(officer, tmp_path, monkeypatch, everywhere):
    """The data folder of an installation on PostgreSQL with a drill planned, visits, a file, and a stale database."""
    data = tmp_path / "real"
    monkeypatch.setattr(settings, "DATA_DIR", data)
    (data / "files").mkdir(parents=True)
    (data / "files" / "paper.pdf").write_bytes(NEEDLE)
    (data / "fangxian.sqlite").write_bytes(b"of an embedded time, long ago")
    area = Area.objects.get(code="410883")
    services.plan(by=officer("duty_officer"), area=area, scenario="cold_chain", on=clock.today())
    warehouse.close_visit_logs()
    log = warehouse.visit_log()
    now = int(clock.now().timestamp())
    persons = [uuid7() for _ in range(4)]
    log.append([Arrival(uuid7(), person, uuid7(), now - 86400 * 2, now - 86400 * 2 + 60) for person in persons])
    log.seal()
    log.append([Arrival(uuid7(), person, uuid7(), now - 60, None, None, 365) for person in persons[:3]])
    log.devices.issue("gate", area="410883")
    gone = uuid7().bytes
    log.hot.dictionary.adopt("person", [gone])
    log.hot.erase(gone)  # its number stays nobody's
    yield data
    warehouse.close_visit_logs()
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(VISITS)}")


def fill(real) -> None:
    """Rows of every twelfth register and of what they need, and values that the two stores keep differently."""
    here = Area.objects.get(code="410883001212")
    goods = samples.make(site.get("goods.consignment"), here)
    for register in list(site)[::12]:
        samples.make(register, here)
    type(goods)._base_manager.filter(pk=goods.pk).update(
        weight_kg=Decimal("123456789.10"), temperature=Decimal("-18.5")
    )
    moments = [datetime(2022, 3, 15, 1, 2, 3, micro, tzinfo=UTC) for micro in (0, 1, 999999)]
    for moment in moments:
        Job.objects.create(kind="test", created_at=moment, payload=ODD, result=[], checkpoint=Value(None, JSONField()))
        Session.objects.create(session_key=f"key{moment.microsecond}", session_data="x", expire_date=moment)
    apps.get_model("axes.AccessAttempt").objects.create(ip_address="2001:db8::1", failures_since_start=1)
    attachments.attach(goods, name="a.pdf", content=b"%PDF-" + bytes(range(256)), by=None)
    with transaction.atomic():
        audit.write("test.odd", by=None, detail=ODD)
    with connection.cursor() as cursor:  # numbers that were given out and are gone
        cursor.execute("SELECT setval(pg_get_serial_sequence('axes_accessattempt', 'id'), 4711)")


def make(real, copy, told=lambda *_told: None):
    return drill_copy.make(Drill.objects.get(area="410883"), real, copy, told, factor=24, at=None)


def state(alias: str = "default") -> dict[str, tuple[int, int]]:
    """Of every table the number of its rows and a sum of their checksums, whatever their order."""
    return {model._meta.db_table: _sum(model._base_manager.using(alias)) for model in embedding.models_kept()}


def _sum(rows) -> tuple[int, int]:
    names = [field.attname for field in rows.model._meta.local_concrete_fields]
    marks = [hashlib.sha256(repr([_plain(cell) for cell in row]).encode()).digest() for row in rows.values_list(*names)]
    return len(marks), sum(int.from_bytes(mark, "big") for mark in marks) % 2**256


def _plain(cell):
    if isinstance(cell, Secret):
        return cell.stored() if cell else ""
    if isinstance(cell, dict | list):
        return json.dumps(cell, sort_keys=True)
    return bytes(cell) if isinstance(cell, memoryview) else cell


@pytest.fixture
def other(monkeypatch):
    """Open another database beside the one of the test."""
    like = {**connections.settings["default"], "ENGINE": embedding.SQLITE, "OPTIONS": {}}

    def open_(path):
        monkeypatch.setitem(connections.settings, "copy", {**like, "NAME": str(path)})
        connections["copy"].connect()
        return "copy"

    yield open_
    if hasattr(connections._connections, "copy"):
        connections["copy"].close()
        del connections["copy"]


def test_a_copy_is_embedded_and_equal_to_one_moment_of_the_original(real, tmp_path, other, monkeypatch):
    fill(real)
    before, told, plain = {}, [], archive.copy

    def meanwhile(*given, **named):
        """The original goes on while the copy is made."""
        before.update(state())
        with transaction.atomic():
            audit.write("test.meanwhile", by=None)
        plain(*given, **named)

    monkeypatch.setattr(archive, "copy", meanwhile)
    copy = tmp_path / "copy"
    made = make(real, copy, lambda *step: told.append(step))

    alias = other(copy / "fangxian.sqlite")
    after = state(alias)
    assert {name: rows for name, (rows, _) in after.items()} == {name: rows for name, (rows, _) in before.items()}
    assert [name for name in before if before[name] != after[name]] == []
    assert after["core_auditentry"][0] == made["behind"] == audit.anchor()["seq"] - 1
    assert made["anchored"] and made["tables"] >= len(after) + 4
    assert told[-1][0] == told[-1][1] == sum(rows for rows, _ in after.values())  # counted up to the last row

    with closing(sqlite3.connect(copy / "fangxian.sqlite")) as store:
        assert store.execute("select seq from sqlite_sequence where name = 'axes_accessattempt'").fetchone() == (4711,)
        assert store.execute("pragma integrity_check").fetchall() == [("ok",)]
    _same_visits(copy)
    assert {path.stat().st_mode & 0o777 for path in drill_copy.files(copy)} == {0o600}
    marker = drilling.read(copy)
    assert audit.is_ours(marker.seq, marker.mac) and marker.seq == made["behind"]

    proof = drill_copy.destroy(Drill.objects.get(area="410883"), copy)
    assert not copy.exists() and proof["left"] == 0 and (real / "files" / "paper.pdf").read_bytes() == NEEDLE


def _same_visits(copy) -> None:
    """Hot rows, numbers of persons and places, and the number that comes next."""
    ours = warehouse.visit_log().hot
    with closing(SqliteHot(copy / "visits" / "hot.sqlite")) as theirs:
        rows = [sorted(hot.rows().to_pylist(), key=str) for hot in (ours, theirs)]
        assert rows[0] == rows[1] and len(rows[0]) >= 3  # scans of other tests may lie there too
        for kind in ("person", "place"):
            numbers = {row[f"{kind}_id"] for row in rows[0]}
            known = ours.dictionary.uuids(kind, numbers)
            assert set(known) == numbers and known == theirs.dictionary.uuids(kind, numbers)
        new = uuid7()
        for hot in (ours, theirs):
            hot.dictionary.adopt("person", [new.bytes])
        assert ours.dictionary.number("person", new) == theirs.dictionary.number("person", new)
        assert theirs.database.path.stat().st_mode & 0o777 == 0o600


def test_what_fails_half_way_leaves_nothing(real, tmp_path, monkeypatch):
    def interrupted(*_given):
        raise KeyboardInterrupt

    monkeypatch.setattr(embedding, "_count_on", interrupted)  # everything is poured by then
    with pytest.raises(KeyboardInterrupt):
        make(real, tmp_path / "copy")
    monkeypatch.undo()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["real"]
    assert (Drill.objects.get(area="410883").state, Drill.objects.get().copied_at) == ("PLANNED", None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'")
        assert cursor.fetchone() == (0,)


def test_a_table_that_is_not_whole_is_no_copy(real, tmp_path, monkeypatch):
    monkeypatch.setattr(embedding, "_pour", lambda *_given: None)
    with pytest.raises(Problem, match="Not every row was copied: .*core_auditentry"):
        make(real, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()
    with embedding.snapshot() as source, embedding.snapshot(source) as again:
        for one in (source, again):
            with pytest.raises(DatabaseError, match="read-only"), one.cursor() as cursor:
                cursor.execute("DELETE FROM core_auditentry")
