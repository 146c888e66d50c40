"""R2: a writer killed at any moment has kept what it acknowledged.

A real process lives the life of a visit log in two threads (arrivals; loads, seals, folds, erasures, retention) and
says what it begins and what has ended. It gets SIGKILL at a random moment; the log is opened, compared, and the next
process goes on where the dead one left off, with whatever it had begun sent again. The control says that an act has
ended before it has begun it: it has to lose visits.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from . import scratch, visit_writer
from .visit_life import MOST_ROUNDS, Life
from .visit_truth import Truth, Verdict, verdict

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload([visit_writer.__name__])
MARKS_BEFORE, CHANGES_BEFORE = 60, 8
LATEST_S = 0.03
SILENT_S = 120
CONTROL_KILLS = 40
Advance = Callable[..., None]


class Broken(RuntimeError):
    """A writer could not go on with what the one before it had left."""


@dataclass
class Tally:
    """Processes killed, visits that were sure to be there after all of them, and after how many kills they were not."""

    kills: int = 0
    unfinished: int = 0
    acknowledged: int = 0
    lost: int = 0
    extra: int = 0
    corrupt: int = 0
    findings: list[str] = field(default_factory=list)

    def note(self, found: Verdict, where: str) -> None:
        """Count one kill."""
        self.lost += found.missing
        self.extra += found.extra
        self.corrupt += bool(found.fault)
        if found.fault or found.missing or found.extra:
            self.findings.append(f"{where}: {found.fault or f'{found.missing} missing, {found.extra} too many'}")


@dataclass
class Report:
    """The run and its control."""

    store: str
    real: Tally
    control: Tally

    @property
    def findings(self) -> list[str]:
        """What is wrong."""
        idle = [] if self.control.lost else ["the control, which acknowledges too early, lost nothing"]
        return self.real.findings + idle

    @property
    def exit_code(self) -> int:
        """0 when something was killed in the middle of its work, nothing was lost, and the control lost some."""
        return 0 if self.real.kills and self.real.acknowledged and self.real.unfinished and not self.findings else 1

    def line(self) -> str:
        """The last line, for machines."""
        real = self.real
        return (
            f"promise=R2 store={self.store} kills={real.kills} in_an_act={real.unfinished} "
            f"acknowledged={real.acknowledged} lost={real.lost} extra={real.extra} corrupt={real.corrupt} "
            f"control_kills={self.control.kills} control_lost={self.control.lost}"
        )


def run(kills: int, seed: int, advance: Advance) -> Report:
    """Kill so many writers, then those of the control until one has lost something."""
    real = _killed(kills, seed, advance, "killed")
    control = Tally()
    for turn in range(CONTROL_KILLS):
        found = _killed(1, seed + turn, advance, "control", hasty=True)
        control.kills, control.lost = control.kills + 1, control.lost + found.lost
        if control.lost:
            break
    return Report("visits", real, control)


def _killed(kills: int, seed: int, advance: Advance, what: str, *, hasty: bool = False) -> Tally:
    """Life after life, each in a folder of its own, until so many processes were killed."""
    tally, dice, number = Tally(), random.Random(seed), 0
    while tally.kills < kills:
        life = Life(seed * 1000 + number, rounds=MOST_ROUNDS)
        with scratch.folder() as folder:
            marks: set[str] = set()
            try:
                while tally.kills < kills and _dies(folder / "data", life, marks, dice, hasty=hasty):
                    _count(tally, folder / "data", life, marks)
                    advance(tally.kills, kills, what)
            except Broken as error:
                tally.kills += 1
                tally.note(Verdict(fault=str(error)), f"life {life.seed}, after kill {tally.kills - 1}")
            tally.acknowledged += Truth.after(life, marks).sure.total()
        number += 1
    return tally


def _count(tally: Tally, data: Path, life: Life, marks: set[str]) -> None:
    """One more killed; judge a copy of what it left, the next writer has to mend the original."""
    tally.kills += 1
    tally.unfinished += sum(mark.startswith("begin:") for mark in marks) > len(_ended(marks))
    tally.note(_judged(data, life, marks), f"life {life.seed}, kill {tally.kills}")


def _judged(data: Path, life: Life, marks: set[str]) -> Verdict:
    with scratch.folder() as folder:
        copy = folder / "data"
        shutil.copytree(data, copy) if data.exists() else copy.mkdir()
        return verdict(copy, life, marks)


def _dies(data: Path, life: Life, marks: set[str], dice: random.Random, *, hasty: bool) -> bool:
    """Let a process go on with the life and kill it after some marks, which are added; False when it was quicker.

    Raises Broken when it could not go on.
    """
    ours, theirs = PROCESSES.Pipe(duplex=False)
    given = (data, life.seed, life.rounds, _ended(marks), hasty, theirs)
    process = PROCESSES.Process(target=visit_writer.killed, args=given, daemon=True)
    process.start()
    theirs.close()
    heard = b""
    with ours:
        # of any act, or of the changes alone: those are slow, and a life in which none ever ended would stand still
        mark, wanted = dice.choice(((b"\n", dice.randint(1, MARKS_BEFORE)), (b":c", dice.randint(1, CHANGES_BEFORE))))
        while heard.count(mark) < wanted and (piece := _read(ours)):
            heard += piece
        time.sleep(dice.uniform(0, LATEST_S))
        process.kill()
        while piece := _read(ours):
            heard += piece
    process.join()
    marks |= set(heard.decode().split())
    if process.exitcode not in (0, -signal.SIGKILL):
        raise Broken(f"the next writer ended by itself with {process.exitcode}")
    return process.exitcode != 0


def _read(pipe: Connection) -> bytes:
    """What has come, b"" at the end."""
    if not pipe.poll(SILENT_S):
        raise TimeoutError(f"the writer said nothing for {SILENT_S} seconds")
    return os.read(pipe.fileno(), 2**16)


def _ended(marks: set[str]) -> frozenset[str]:
    return frozenset(mark.removeprefix("end:") for mark in marks if mark.startswith("end:"))
