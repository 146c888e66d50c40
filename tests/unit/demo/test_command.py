"""`fangxian demo` beside the building: what it does with a folder that is not empty, and what it tells a newcomer."""

import json
import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from fangxian.core import audit, clock
from fangxian.core.audit import AuditEntry
from fangxian.faces.cli import demo, demo_report, environment, users
from fangxian.faces.cli.output import Problem

AFTERNOON = datetime.fromisoformat("2022-03-15T13:00:00+08:00")
REPORT = {
    "scale": 0.1, "seed": 410883, "clock": AFTERNOON.isoformat(), "line": "demo …", "persons": 33_922, "recall": 0.77,
    "build": [{"name": "people_and_visits", "seconds": 8.1}], "busiest_worker": "grid-410883001203001",
    "responses": [{"case": "410883-2022-00003", "why": "interview", "seconds": 0.9, "steps": [
        {"step": "find_contacts", "seconds": 0.11}]}],
}  # fmt: skip


@pytest.fixture
def folder(tmp_path) -> Path:
    """A data folder with a store in it and its key file beside it."""
    data = tmp_path / "demo"
    data.mkdir()
    (data / demo.STORE).touch()
    environment.key_file(data).touch()
    return data


def test_an_installation_is_never_touched(folder):
    for fresh in (False, True):
        with pytest.raises(Problem, match="no demo"):
            demo._make_room(folder, None, fresh)
    assert (folder / demo.STORE).exists()


def test_an_unfinished_demo_makes_room_with_its_keys(folder):
    (folder / demo.UNFINISHED).touch()
    demo._make_room(folder, None, fresh=False)
    assert not folder.exists()
    assert not environment.key_file(folder).exists()


def test_a_finished_demo_is_used_again_unless_a_fresh_one_is_asked_for(folder):
    (folder / demo.UNFINISHED).touch()
    demo._keep(folder, REPORT)
    demo._make_room(folder, None, fresh=False)
    assert demo._known(folder, 0.1, 410883) == REPORT
    with pytest.raises(Problem, match="demo of scale 0.1 and seed 410883"):
        demo._known(folder, 1, 410883)
    demo._make_room(folder, None, fresh=True)
    assert demo._known(folder, 1, 410883) is None


def test_an_empty_or_missing_folder_is_simply_filled(tmp_path):
    demo._make_room(tmp_path, None, fresh=True)
    demo._make_room(tmp_path / "none", None, fresh=False)
    assert tmp_path.exists()


def test_filled_tables_are_refused(county):
    with pytest.raises(Problem, match="not empty"):
        demo._refuse_filled_tables()


def test_the_clock_goes_on_from_the_last_act(folder, db, settings, monkeypatch):
    monkeypatch.setenv("FANGXIAN_CLOCK", "")
    environment.resume_clock(folder)
    assert settings.CLOCK_START == os.environ["FANGXIAN_CLOCK"] == ""  # no demo, no other clock
    (folder / demo.REPORT).write_text(json.dumps(REPORT))
    environment.resume_clock(folder)
    assert datetime.fromisoformat(settings.CLOCK_START) == AFTERNOON
    with clock.frozen(AFTERNOON + timedelta(hours=4)), audit.act("x", by=None):
        pass
    environment.resume_clock(folder)
    assert datetime.fromisoformat(os.environ["FANGXIAN_CLOCK"]) == AFTERNOON + timedelta(hours=4)


def test_a_password_is_given_once_and_on_record(officer):
    worker = officer("grid_worker")
    given = users._renewed(worker)
    worker.refresh_from_db()
    assert worker.check_password(given)
    assert worker.must_change_password
    entry = AuditEntry.objects.get(action="core.officer.password_given")
    assert (entry.target_id, given in str(entry.detail)) == (str(worker.pk), False)


def test_the_report_and_the_ways_in_are_told(capsys, tmp_path):
    demo_report.tell(REPORT)
    demo_report.tell_ways_in(REPORT, "ABCD-EFGH-JKLM", tmp_path / "a b", None, "http://127.0.0.1:8000/")
    told = capsys.readouterr().out
    for words in ("33,922", "after the interview", "find contacts 0.11", "ABCD-EFGH-JKLM", "http://127.0.0.1:8000/",
                  "user add li --role township_officer --area 410883", "user password grid-410883001203001",
                  f"--data '{tmp_path}/a b'"):  # fmt: skip
        assert words in told


def test_without_a_server_and_a_code_only_what_helps_is_told(capsys, tmp_path, monkeypatch):
    program = tmp_path / "fangxian"
    program.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("sys.argv", [str(program)])
    demo_report.tell_ways_in({**REPORT, "busiest_worker": ""}, None, Path("data"), Path("keys"), "")
    told = capsys.readouterr().out
    assert "fangxian serve --data data --keys keys" in told
    assert "Set-up code" not in told
    assert "grid cell" not in told


def test_a_reader_of_chinese_is_spoken_to_in_chinese(monkeypatch):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert demo_report._("What was made") == "生成内容"
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    assert demo_report._("What was made") == "What was made"
