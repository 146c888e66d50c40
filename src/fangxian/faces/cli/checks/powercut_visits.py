"""R1 for the visit store itself: every write of a whole life of a visit log, cut off behind each.

Arrivals, loads, sealing, late rows, folding, erasure and retention are recorded as one process does them in two
threads. Behind a recorded event the disk is rebuilt as a power cut would leave it, the log is opened, and every stay
an engine is given is compared with what had begun and what had ended; then it is sealed and compared again. Two
control runs over the same recording take a protection away, on a disk that does not hear the syncs of the database, or
those of the sealed days and the manifest: each has to lose visits, or the check would prove nothing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from . import scratch
from .powercut import NoStrace, Progress
from .powercut_disk import Disk, cuts
from .powercut_events import LONGEST_STRING, TRACED, Ack, Event, Sync, read_events
from .visit_life import MOST_ROUNDS, Life
from .visit_truth import Truth, Verdict, verdict

MARK = rb"check:((?:begin|end):\w+)\n"
MODULE = "fangxian.faces.cli.checks.visit_writer"
STATES_A_ROUND = 800
CONTROL_SHARE = 10
FEWEST_CONTROLS = 12
RECORD_S = 600


@dataclass
class Tally:
    """States tried; those with stays missing, with too many, or that could not be read; most stays missing at once."""

    states: int = 0
    lost: int = 0
    extra: int = 0
    corrupt: int = 0
    worst: int = 0
    findings: list[str] = field(default_factory=list)

    @property
    def bad(self) -> int:
        """States that broke the promise."""
        return self.lost + self.extra + self.corrupt


@dataclass
class Report:
    """The run on the disk as it is and the two on disks that do not hear some syncs."""

    acts: int
    acknowledged: int
    real: Tally
    database: Tally
    files: Tally

    @property
    def findings(self) -> list[str]:
        """What is wrong."""
        idle = [name for name, run in (("database", self.database), ("files", self.files)) if not run.bad]
        return self.real.findings + [f"the control without the syncs of the {name} lost nothing" for name in idle]

    @property
    def exit_code(self) -> int:
        """0 when nothing was lost, damaged or back again, and each control lost some."""
        return 0 if self.real.states and self.acknowledged and not self.real.bad and not self.findings else 1

    def line(self) -> str:
        """The last line, for machines."""
        real = self.real
        return (
            f"promise=R1 store=visits states={real.states} acts={self.acts} acknowledged={self.acknowledged} "
            f"lost={real.lost} extra={real.extra} corrupt={real.corrupt} "
            f"control_states={self.database.states + self.files.states} control_database_lost={self.database.bad} "
            f"control_files_lost={self.files.bad}"
        )


def run(states: int = 120, seed: int = 0, progress: Progress = lambda *_: None) -> Report:
    """Record one life and cut it off at about `states` moments. Raises NoStrace."""
    if shutil.which("strace") is None:
        raise NoStrace
    life = Life(seed, rounds=min(MOST_ROUNDS, 1 + states // STATES_A_ROUND))
    with scratch.folder() as folder:
        data = folder / "data"
        progress("recording", 0, len(life.changes))
        happened = record(data, life)
        marks = [event.tag for event in happened if isinstance(event, Ack)]
        fewer = max(FEWEST_CONTROLS, states // CONTROL_SHARE)
        runs = [
            _replay(data, life, kept, at_most, seed, lambda at, of, name=name: progress(name, at, of))
            for name, kept, at_most in (
                ("states", happened, states),
                ("control: database", _deaf(happened, _is_database), fewer),
                ("control: files", _deaf(happened, _is_file), fewer),
            )
        ]
    acts = sum(mark.startswith("end:") for mark in marks)
    return Report(acts, Truth.after(life, marks).sure.total(), *runs)


def record(data: Path, life: Life) -> list[Event]:
    """What a process that lives this life asks of the file system, and when it said what."""
    data.mkdir()
    trace = data.with_name("calls.log")
    strace = ["strace", "-f", "-y", "-xx", "-s", str(LONGEST_STRING), "-e", f"trace={TRACED}", "-o", str(trace)]
    given = [str(data), str(life.seed), str(life.rounds), str(life.rows)]
    done = subprocess.run(
        [*strace, sys.executable, "-m", MODULE, *given], capture_output=True, text=True, timeout=RECORD_S, check=False
    )
    if done.returncode:
        raise RuntimeError(f"the recorded process ended with {done.returncode}: {done.stderr[-2000:]}")
    return read_events(trace, data, MARK)


def _replay(
    data: Path, life: Life, happened: Sequence[Event], at_most: int, seed: int, progress: Callable[[int, int], None]
) -> Tally:
    tally, folder, root = Tally(), data.with_name("rebuilt"), os.path.realpath(data)
    for cut in cuts(happened, Disk(), at_most=at_most, seed=seed):
        cut.lay_out(root, folder)
        _count(tally, f"behind event {cut.after} of {len(happened)} ({cut.mode})", verdict(folder, life, cut.acked))
        progress(cut.after + 1, len(happened))
    return tally


def _count(tally: Tally, where: str, found: Verdict) -> None:
    tally.states += 1
    tally.lost += found.missing > 0
    tally.extra += found.extra > 0
    tally.corrupt += bool(found.fault)
    tally.worst = max(tally.worst, found.missing)
    if found.fault or found.missing or found.extra:
        tally.findings.append(f"{where}: {found.fault or f'{found.missing} missing, {found.extra} too many'}")


def _is_database(path: str) -> bool:
    return ".sqlite" in path


def _is_file(path: str) -> bool:
    return not _is_database(path) and "/fast/" not in path


def _deaf(happened: Sequence[Event], to: Callable[[str], bool]) -> list[Event]:
    """The same events on a disk that does not hear some syncs."""
    return [event for event in happened if not (isinstance(event, Sync) and event.path and to(event.path))]
