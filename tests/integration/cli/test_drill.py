"""The copy of a drill: made guarded, refused where it could harm, destroyed with proof."""

import sqlite3
from contextlib import closing

import pytest
from django.db import connection

from fangxian.core import audit, clock, drilling, keys
from fangxian.core.areas import Area
from fangxian.core.audit import AuditEntry
from fangxian.core.keys import KeyRing
from fangxian.faces.cli import archive, drill_copy
from fangxian.faces.cli.output import Problem
from fangxian.systems.drills import services
from fangxian.systems.drills.models import Drill

pytestmark = [pytest.mark.sqlite_only, pytest.mark.django_db(transaction=True)]
NEEDLE = b"needle in the personal data"


@pytest.fixture
def real(officer, visits, tmp_path, everywhere):
    """The data folder of a real installation with a drill planned, and the file of somebody in it."""
    area = Area.objects.get(code="410883")
    services.plan(by=officer("duty_officer"), area=area, scenario="cold_chain", on=clock.today())
    data = tmp_path / "real"
    (data / "files").mkdir(parents=True)
    (data / "files" / "paper.pdf").write_bytes(NEEDLE)
    with closing(sqlite3.connect(data / "fangxian.sqlite")) as into:
        connection.connection.backup(into)
    return data


def make(real, copy, **values):
    values = {"factor": 24, "at": None, **values}
    return drill_copy.make(Drill.objects.get(), real, copy, lambda *_told: None, **values)


def test_a_copy_is_for_its_owner_alone_and_knows_what_it_is(real, tmp_path):
    copy = tmp_path / "copy"
    made = make(real, copy)
    assert made["anchored"] and made["files"] == 3  # the database, the paper, what says that it is a copy
    assert {path.stat().st_mode & 0o777 for path in drill_copy.files(copy)} == {0o600}
    assert {path.stat().st_mode & 0o777 for path in (copy, copy / "files")} == {0o700}
    marker, drill = drilling.read(copy), Drill.objects.get()
    assert (marker.drill, marker.since) == (str(drill.pk), None)
    assert audit.is_ours(marker.seq, marker.mac)
    assert (drill.state, drill.copy_at) == ("RUNNING", str(copy))

    file = tmp_path / "copy.keys.json"
    ring = KeyRing.load(file)  # refuses a file others can read
    ours = keys.current()
    assert (ring.data, ring.audit_key) == (ours.data, ours.audit_key)
    assert ring.secret_key != ours.secret_key and ring.venue_current.id not in ours.venue


def test_the_end_of_a_copy_is_proven(real, tmp_path):
    copy = tmp_path / "copy"
    make(real, copy)
    inode = (copy / "files" / "paper.pdf").open("rb")  # still open: what was written over can be read
    proof = drill_copy.destroy(Drill.objects.get(), copy)
    with inode:
        assert inode.read() == bytes(len(NEEDLE))
    assert not copy.exists() and not (tmp_path / "copy.keys.json").exists()
    assert (proof["files"], proof["left"]) == (4, 0)
    written = AuditEntry.objects.get(action="drills.copy.proof")
    assert written.detail == {"files": 4, "bytes": proof["bytes"]}
    assert (real / "files" / "paper.pdf").read_bytes() == NEEDLE and Drill.objects.get().destroyed_at


def test_what_is_no_copy_of_this_drill_is_never_destroyed(real, tmp_path):
    drill = Drill.objects.get()
    with pytest.raises(Problem, match="Nothing was destroyed"):
        drill_copy.destroy(drill, real)
    assert (real / "fangxian.sqlite").exists()


def test_a_copy_replaces_nothing_and_lies_nowhere_inside(real, tmp_path):
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "mine").touch()
    for copy, why in ((taken, "there already"), (real / "copy", "inside"), (tmp_path, "inside")):
        with pytest.raises(Problem, match=why):
            make(real, copy)
    assert Drill.objects.get().state == "PLANNED" and (taken / "mine").exists()


def test_a_copy_that_fails_leaves_nothing_and_the_drill_as_planned(real, tmp_path, monkeypatch):
    def fails(data, staged, advance):
        (staged / "half").write_bytes(NEEDLE)
        raise OSError("disk full")

    monkeypatch.setattr(archive, "copy", fails)
    with pytest.raises(OSError, match="disk full"):
        make(real, tmp_path / "copy")
    drill = Drill.objects.get()
    assert (drill.state, drill.copied_at) == ("PLANNED", None) and not (tmp_path / "copy").exists()


def test_only_a_planned_drill_is_started(real, tmp_path):
    make(real, tmp_path / "copy")
    with pytest.raises(Problem, match="only a planned one"):
        make(real, tmp_path / "other")
