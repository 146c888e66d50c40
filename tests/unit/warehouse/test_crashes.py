"""Every change of the log, cut off at each of its steps: opened again it answers as before or as after.

The change can then be repeated. A step is a call that reaches the disk: a sync, a rename, a removal, a statement of the
hot store. (What a power cut makes of writes that were never synced is the business of `fangxian check powercut`.)
"""

import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from fangxian.core.ids import uuid7
from fangxian.warehouse.visits import VisitLog
from fangxian.warehouse.visits.database import SqliteCursor, SqliteDatabase
from tests.unit.warehouse.moments import DAY, NOW, TODAY, visits

PERSON = uuid7()
CHANGES = {
    "seal": lambda log: log.seal(),
    "erase": lambda log: log.erase(PERSON),
    "seal after erasing": lambda log: (log.erase(PERSON), log.seal()),
    "retention": lambda log: log.drop_before(TODAY - timedelta(days=2)),
}
STEPS = [
    (os, "fsync"),
    (os, "replace"),
    (Path, "unlink"),
    (Path, "rename"),
    (shutil, "rmtree"),
    (SqliteCursor, "many"),
    (SqliteCursor, "count"),
    (SqliteDatabase, "scrub"),
]
CUTS = 12
"""A change of more steps is cut at this many of them, spread evenly."""
NEVER = 10**6


class Cut(BaseException):
    """The power is gone."""


def opened(folder: Path) -> VisitLog:
    return VisitLog.open(folder, now=lambda: NOW)


def people(log: VisitLog) -> list[tuple]:
    """The visits by uuid; numbers may differ from one run to another."""
    rows = [row for row in visits(log) if row[0] >= 0]
    names = log.hot.dictionary.uuids("person", {row[0] for row in rows})
    return sorted((names[row[0]], *row[2:]) for row in rows)


@pytest.fixture(scope="module")
def start(tmp_path_factory):
    """A log with sealed days, one of them in four parts, late rows for two days, and rows of today."""
    from fangxian.warehouse.visits import Arrival

    folder = tmp_path_factory.mktemp("start")
    log = opened(folder)

    def visit(back: int, person=None, stay: int = 600) -> Arrival:
        return Arrival(uuid7(), person or uuid7(), uuid7(), NOW - back * DAY - 3600, NOW - back * DAY - 3600 + stay)

    log.append([visit(back, person) for back in range(4) for person in (PERSON, uuid7(), uuid7())])
    log.seal()
    for _ in range(3):
        log.append([visit(3)])
        log.seal()
    log.append([visit(3), visit(3, PERSON), visit(2, stay=2 * DAY)])
    log.close()
    return folder


def cut_at(step: int, monkeypatch) -> Iterator[int]:
    """Let the `step`-th call that reaches the disk not happen, nor anything after it; counts the calls."""
    calls = count(1)

    def watched(real):
        def call(*args, **more):
            if next(calls) >= step:
                raise Cut
            return real(*args, **more)

        return call

    for owner, name in STEPS:
        monkeypatch.setattr(owner, name, watched(getattr(owner, name)))
    return calls


def run(log: VisitLog, change: str, step: int, monkeypatch) -> int:
    """Make a change that is cut off at a step; the steps it took."""
    with monkeypatch.context() as patch:
        calls = cut_at(step, patch)
        try:
            CHANGES[change](log)
        except Cut:
            return step
    return next(calls) - 1


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES)
def test_a_change_cut_off_at_any_step_is_no_damage(start, tmp_path, monkeypatch, change):
    monkeypatch.setattr(os, "fsync", lambda handle: None)  # whether it is called counts here, not what it costs
    shutil.copytree(start, tmp_path / "done")
    log = opened(tmp_path / "done")
    before = people(log)
    steps = run(log, change, NEVER, monkeypatch)
    after = people(log)
    log.close()
    assert steps > 10
    for step in sorted({1 + steps * cut // CUTS for cut in range(CUTS)} | {steps}):
        folder = tmp_path / str(step)
        shutil.copytree(start, folder)
        log = opened(folder)
        assert run(log, change, step, monkeypatch) == step
        log.close()
        again = opened(folder)
        assert people(again) in (before, after), f"step {step} of {steps}"
        assert not [finding for finding in again.verify() if finding.record]
        CHANGES[change](again)
        assert people(again) == after, f"step {step} of {steps}, repeated"
        assert not list((folder / "visits").rglob("*unfinished*"))
        again.close()
