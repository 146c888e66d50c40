"""The copy of a drill: its file, its clock, its own store."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from fangxian.core import clock, drilling
from fangxian.core.drilling import Marker
from fangxian.core.keys import KeyRing

MORNING = datetime(2022, 3, 15, tzinfo=UTC)
MARKER = Marker(drill="d", name="学校", at=MORNING, seq=7, mac="m", factor=24)


@pytest.fixture
def copy(tmp_path, settings):
    """A data folder that says it is the copy of a drill."""
    settings.DATA_DIR, settings.IS_DRILL = tmp_path, True
    drilling.write(tmp_path, MARKER)
    yield tmp_path
    drilling.forget()


def test_a_real_installation_runs_on_the_real_clock(tmp_path):
    assert drilling.current() is None and drilling.read(tmp_path) is None
    assert drilling.factor() == 1 and drilling.scaled(timedelta(seconds=5)) == timedelta(seconds=5)
    assert not clock.is_shifted() and abs(clock.now() - clock.wall()) < timedelta(seconds=5)


def test_the_clock_of_a_copy_stands_still_until_it_is_begun(copy):
    assert clock.now() == clock.now() == MORNING
    assert clock.is_shifted() and drilling.current() == MARKER


def test_two_hours_pass_in_five_minutes(copy):
    begun = MARKER.begun(MORNING)
    assert begun.moment(MORNING + timedelta(minutes=5)) == MORNING + timedelta(hours=2)
    assert begun.stopped(MORNING + timedelta(minutes=5)).moment(MORNING + timedelta(days=1)) == MORNING + timedelta(
        hours=2
    )
    assert MARKER.begun(MORNING, factor=60).factor == 60


def test_every_process_follows_the_file(copy, monkeypatch):
    drilling.write(copy, MARKER.begun(clock.wall() - timedelta(hours=1)))
    assert clock.now() > MORNING + timedelta(hours=23)
    other = Marker(**{**vars(MARKER), "factor": 2.0})
    (copy / drilling.FILE).unlink()
    assert drilling.current() is not None  # what was read holds for a moment
    monkeypatch.setattr(drilling, "time", SimpleNamespace(monotonic=lambda: 1e12))
    assert drilling.current() is None
    drilling.write(copy, other)
    assert drilling.factor() == 2 and drilling.scaled(timedelta(seconds=60)) == timedelta(seconds=120)


def test_a_slow_clock_shortens_no_machine_s_time(copy):
    drilling.write(copy, Marker(**{**vars(MARKER), "factor": 0.5}))
    assert drilling.scaled(timedelta(seconds=60)) == timedelta(seconds=60)


@pytest.mark.parametrize("text", ["{", "{}", '{"at": "2022-03-15T00:00:00+00:00", "since": null, "other": 1}'])
def test_a_damaged_file_is_no_real_installation(copy, text):
    (copy / drilling.FILE).write_text(text)
    with pytest.raises(ValueError):
        drilling.read(copy)


def test_a_copy_has_no_way_to_the_store_of_the_original(tmp_path):
    """Even where the environment names the original's database, the settings of a copy do not."""
    drilling.write(tmp_path, MARKER)
    KeyRing.create(tmp_path / "keys.json")
    asked = "from fangxian.config import settings; print(settings.DATABASES)"
    named = {"FANGXIAN_DATA": str(tmp_path), "FANGXIAN_KEYS": str(tmp_path / "keys.json")}
    named["DATABASE_URL"] = "postgres://someone@real/records"
    said = subprocess.run([sys.executable, "-c", asked], env={**os.environ, **named}, capture_output=True, text=True)
    assert "sqlite3" in said.stdout and str(tmp_path) in said.stdout, said.stderr
    assert "postgresql" not in said.stdout and "records" not in said.stdout
