"""The checks of the visit store: small runs of each, and that each would fail where the promise is broken."""

import json
import random
import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from uuid import UUID

import pytest

from fangxian.faces.cli.checks import damages, erase_traces, kill9, powercut_visits, rebuild
from fangxian.faces.cli.checks.powercut import NoStrace
from fangxian.faces.cli.checks.powercut_disk import Disk
from fangxian.faces.cli.checks.powercut_events import NOTES, Sync, UnknownCall, Write, read_events
from fangxian.faces.cli.checks.visit_life import Life, live, name, opened
from fangxian.faces.cli.checks.visit_truth import Damaged, Truth, Verdict, held, sound, verdict
from tests.integration.cli.test_commands import fangxian

LIFE = Life(7, rounds=1, rows=8)
pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    """A log that has been through a whole life, and what was said of it."""
    data, marks = tmp_path_factory.mktemp("lived") / "data", []
    live(data, LIFE, marks.append)
    return data, marks


def test_a_life_is_the_same_for_the_one_who_lives_it_and_the_one_who_judges() -> None:
    again = Life(7, rounds=1, rows=8)
    assert [LIFE.facts(act) for act in LIFE.changes] == [again.facts(act) for act in again.changes]
    assert {act.kind for act in LIFE.changes} == {"load", "late", "seal", "fold", "erase", "drop", "read"}
    assert LIFE.facts(LIFE.act("a5")) != LIFE.facts(LIFE.act("a6"))
    assert all(fact.visit.version == 7 for act in LIFE.changes for fact in LIFE.facts(act))


def test_what_has_ended_is_sure_and_what_has_begun_is_possible() -> None:
    load, late = LIFE.changes[:2]
    truth = Truth.after(LIFE, ["begin:c0", "end:c0", "begin:c1"])
    assert truth.judge(truth.sure) == truth.judge(truth.possible) == Verdict()
    assert truth.judge(Counter()).missing == truth.sure.total() >= len(LIFE.facts(load))
    assert truth.possible.total() >= truth.sure.total() + len(LIFE.facts(late))
    assert truth.judge(truth.possible + truth.possible).extra == truth.possible.total()


def test_an_erased_person_may_be_there_until_the_erasure_has_ended() -> None:
    erasure = next(act for act in LIFE.changes if act.kind == "erase")
    before = ["begin:c0", "end:c0"]
    theirs = sum(stay[0] == erasure.person for stay in Truth.after(LIFE, before).sure.elements())
    begun = Truth.after(LIFE, [*before, f"begin:{erasure.tag}"])
    ended = Truth.after(LIFE, [*before, f"begin:{erasure.tag}", f"end:{erasure.tag}"])
    assert theirs > 0
    assert begun.possible.total() - begun.sure.total() == theirs
    assert ended.possible == ended.sure == begun.sure


def test_a_log_that_lived_holds_what_it_must(lived, tmp_path) -> None:
    data, marks = lived
    shutil.copytree(data, tmp_path / "copy")
    assert verdict(tmp_path / "copy", LIFE, marks) == Verdict()
    fewer = verdict(tmp_path / "copy", LIFE, [mark for mark in marks if not mark.endswith(":c0")])
    assert (fewer.missing, fewer.extra > 0) == (0, True)
    more = verdict(tmp_path / "copy", LIFE, [*marks, "begin:a90001", "end:a90001"])
    assert (more.missing > 0, more.extra) == (True, 0)


def test_a_file_that_is_not_sound_is_the_verdict(lived, tmp_path) -> None:
    data, marks = lived
    shutil.copytree(data, tmp_path / "copy")
    victim = next((tmp_path / "copy" / "visits" / "sealed").rglob("*.person.parquet"))
    victim.write_bytes(victim.read_bytes()[:-9])
    with closing(opened(tmp_path / "copy")) as log, pytest.raises(Damaged, match="damaged"):
        held(log)
    assert "damaged" in verdict(tmp_path / "copy", LIFE, marks).fault
    database = tmp_path / "bad" / "x.sqlite"
    database.parent.mkdir()
    database.write_bytes(b"SQLite format 3\0" + bytes(4080))
    with pytest.raises(sqlite3.DatabaseError):
        sound(database.parent)


def hexed(text: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in text.encode())


def test_a_mapping_counts_as_its_program_noted_it(tmp_path) -> None:
    log = tmp_path / "calls.log"
    mapped = f"1 mmap(NULL, 64, PROT_READ|PROT_WRITE, MAP_SHARED, 3<{hexed('/data/a')}>, 0) = 0x7f00"
    note = f'1 write(4<{hexed(f"/scratch/{NOTES}")}>, "{hexed("/data/a")}\\x00{hexed("new")}", 11) = 11'
    log.write_text("\n".join([mapped, note, "1 msync(0x7f00, 64, MS_SYNC) = 0", "1 msync(0x9900, 64, MS_SYNC) = 0"]))
    happened = read_events(log, powercut_visits.Path("/data"), rb"(x)")
    assert [type(event) for event in happened] == [Write, Sync]
    disk = Disk()
    for event in happened:
        disk.feed(event)
    assert disk.image("none", random.Random(0)) == {"/data/a": b"new"}
    log.write_text(f"{mapped}\n")
    with pytest.raises(UnknownCall):
        read_events(log, powercut_visits.Path("/data"), rb"(x)")


@pytest.mark.slow
def test_a_power_cut_at_any_write_of_a_life_loses_nothing_and_deaf_disks_do() -> None:
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed")
    report = powercut_visits.run(24, seed=3)
    assert (report.exit_code, report.findings) == (0, []), report.line()
    assert report.line().startswith("promise=R1 store=visits states=")
    assert "lost=0 extra=0 corrupt=0" in report.line()
    assert min(report.database.bad, report.files.bad, report.acknowledged) > 0


def test_the_verdict_of_a_power_cut_needs_both_controls(monkeypatch) -> None:
    good, idle, lossy = (powercut_visits.Tally(states=9, lost=lost) for lost in (0, 0, 4))
    assert powercut_visits.Report(5, 5, good, lossy, lossy).exit_code == 0
    assert powercut_visits.Report(5, 5, good, idle, lossy).exit_code == 1
    assert powercut_visits.Report(5, 5, good, lossy, idle).exit_code == 1
    assert powercut_visits.Report(5, 5, lossy, lossy, lossy).exit_code == 1
    assert powercut_visits.Report(5, 0, good, lossy, lossy).exit_code == 1
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(NoStrace):
        powercut_visits.run(1)


@pytest.mark.slow
def test_killed_writers_keep_what_they_acknowledged_and_hasty_ones_do_not() -> None:
    report = kill9.run(4, 5, lambda *_: None)
    assert (report.exit_code, report.findings) == (0, []), report.line()
    assert report.line().startswith("promise=R2 store=visits kills=4 in_an_act=")
    assert report.control.lost > 0


@pytest.mark.slow
def test_a_writer_that_cannot_go_on_is_a_finding(monkeypatch) -> None:
    broken = kill9._dies

    def spoilt(data, *rest, **how):
        (data / "visits").mkdir(parents=True)
        (data / "visits" / "manifest.json").write_text("{}")
        return broken(data, *rest, **how)

    monkeypatch.setattr(kill9, "_dies", spoilt)
    tally = kill9._killed(1, 0, lambda *_: None, "killed")
    assert (tally.kills, tally.corrupt) == (1, 1)
    assert tally.findings == ["life 0, after kill 0: the next writer ended by itself with 1"]


def test_the_verdict_of_the_kills_needs_a_control_that_loses() -> None:
    good, lossy = kill9.Tally(kills=3, unfinished=3, acknowledged=9), kill9.Tally(kills=1, lost=2)
    bad = kill9.Tally(kills=3, unfinished=3, acknowledged=9)
    bad.note(Verdict(fault="it does not open"), "kill 1")
    assert kill9.Report("visits", good, lossy).exit_code == 0
    assert kill9.Report("visits", good, good).exit_code == 1
    assert kill9.Report("visits", bad, lossy).findings == ["kill 1: it does not open"]
    assert kill9.Report("visits", kill9.Tally(), lossy).exit_code == 1


@pytest.mark.slow
def test_what_is_derived_is_built_again_whatever_befell_it() -> None:
    report = rebuild.run(16, 2, lambda *_: None)
    assert (report.exit_code, report.findings) == (0, []), report.line()
    assert (report.damages, report.mismatch, report.unnoticed, report.unmended) == (16, 0, 0, 0)
    assert report.control_mismatch > 0
    report.control_mismatch = 0
    assert report.exit_code == 1


def test_every_damage_leaves_other_bytes(lived, tmp_path) -> None:
    data, _marks = lived
    done = set()
    for seed in range(24):
        hurt = tmp_path / str(seed)
        shutil.copytree(data, hurt)
        before = damages.digest(hurt)
        dice = random.Random(seed)
        done.add(
            damages.derived_damage(hurt, damages.derived(data), dice) if seed % 3 else damages.record_damage(hurt, dice)
        )
        assert damages.digest(hurt) != before
    assert len(done) > 6


def test_a_number_is_found_as_every_kind_of_file_writes_it(lived) -> None:
    assert erase_traces.varint(300) == b"\x82\x2c"
    assert erase_traces.forms(0x4D3C2B01) >= {b"\x01\x2b\x3c\x4d", b"\x4d\x3c\x2b\x01", b"1295788801"}
    data, _marks = lived
    with closing(opened(data)) as log:
        person = next(one for number in range(40) if (one := name("person", number)) in _numbered(log, one))
        places = erase_traces.Traces.of(log, [person], []).search(data)[0]
    kinds = {file.split("/")[1].split(".")[0].split("-")[0] for file in places}
    assert {"fast", "sealed"} <= kinds


def _numbered(log, person: UUID) -> dict[UUID, int]:
    return log.hot.dictionary.numbers("person", [person])


@pytest.mark.slow
def test_an_erased_person_is_in_no_byte() -> None:
    found = json.loads(fangxian("check", "erase", "--persons", 2, "--json").stdout)
    figures = ("found", "in_backup", "in_older_backup", "answered")
    assert [found[figure] for figure in figures] == ["0"] * 4
    assert found["findings"] == []
    assert all(int(hits) > 0 for figure, hits in found.items() if figure.startswith("control_"))


@pytest.mark.slow
def test_a_killed_server_keeps_results_and_their_work() -> None:
    found = json.loads(fangxian("check", "kill9", "--store", "records", "--kills", 2, "--json").stdout)
    assert (found["store"], found["lost"], found["extra"], found["corrupt"]) == ("records", "0", "0", "0")
    assert int(found["acknowledged"]) > 1
    assert found["findings"] == []


def test_a_store_that_is_not_there_is_named() -> None:
    assert "There are: ingest, visits" in fangxian("check", "powercut", "--store", "x", code=2).stderr
