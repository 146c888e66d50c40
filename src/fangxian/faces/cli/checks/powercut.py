"""R1: an acknowledged visit survives a power cut at any moment.

The real ingest server is recorded under strace while several clients post and the log seals. Then its folder is
rebuilt as a power cut behind each event would leave it, the log is opened on it, and every visit that had been
acknowledged must be there, once. `kill -9` cannot test this: the operating system keeps what was never synced.
The control run, with `synchronous=NORMAL`, has to lose some, or the set-up would test nothing.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from .powercut_disk import Disk, cuts
from .powercut_events import Ack, Event, read_events
from .powercut_load import Posts, base_of, post_visits, prepare, recorded_server
from .powercut_server import open_log

ACK = rb"x-check-ack: ([0-9]+)"
Progress = Callable[[str, int, int], None]


class NoStrace(RuntimeError):
    """strace is not installed."""

    exit_code = 3

    def __init__(self) -> None:
        super().__init__("strace is not installed: `apt-get install strace` (Debian, Ubuntu) or `dnf install strace`.")


@dataclass
class Tally:
    """One run: states tried, requests acknowledged, states that lost visits or did not open, visits lost at worst."""

    states: int = 0
    acked: int = 0
    lost: int = 0
    worst: int = 0
    corrupt: int = 0
    first: str = ""


@dataclass
class Report:
    """The run on the real store and the control run."""

    real: Tally
    control: Tally

    @property
    def ok(self) -> bool:
        """Nothing lost, nothing corrupt, and the control did lose."""
        tested = self.real.states > 0 and self.real.acked > 0
        return tested and self.real.lost == 0 and self.real.corrupt == 0 and self.control.lost > 0

    @property
    def exit_code(self) -> int:
        """0 when the promise holds and the test could have seen it broken, else 1."""
        return 0 if self.ok else 1

    def line(self) -> str:
        """The last line, for machines."""
        return (
            f"promise=R1 states={self.real.states} acknowledged={self.real.acked} acknowledged_lost={self.real.worst} "
            f"corrupt={self.real.corrupt} control_states={self.control.states} control_lost={self.control.lost}"
        )


def run(states: int = 500, seed: int = 0, progress: Progress = lambda *_: None) -> Report:
    """Record and replay both runs, up to about `states` power cuts each. Raises NoStrace."""
    if shutil.which("strace") is None:
        raise NoStrace
    posts = max(30, states // 6)
    real = _tally("FULL", "acknowledged", posts, states, seed, progress)
    control = _tally("NORMAL", "control", posts, max(20, states // 5), seed, progress)
    return Report(real, control)


def _tally(synchronous: str, name: str, posts: int, states: int, seed: int, progress: Progress) -> Tally:
    with tempfile.TemporaryDirectory(prefix="powercut-") as scratch:
        data, trace = Path(scratch) / "data", Path(scratch) / "calls.log"
        progress(f"{name}: recording", 0, posts)
        token = prepare(data)
        with recorded_server(data, trace, synchronous) as port:
            sent = post_visits(port, token, posts=posts, seed=seed)
        happened = read_events(trace, data, ACK)
        disk = Disk.of(base_of(trace), data)
        return _replay(happened, disk, data, sent, states, seed, lambda at, of: progress(name, at, of))


def _replay(
    happened: Sequence[Event],
    disk: Disk,
    root: Path,
    sent: Posts,
    states: int,
    seed: int,
    progress: Callable[[int, int], None],
) -> Tally:
    tally = Tally(acked=len({event.tag for event in happened if isinstance(event, Ack)}))
    folder = root.with_name("rebuilt")
    for cut in cuts(happened, disk, at_most=states, seed=seed):
        cut.lay_out(os.path.realpath(root), folder)
        expected = {visit for tag in cut.acked for visit in sent[tag]}
        _judge(tally, folder, expected, f"behind event {cut.after} of {len(happened)} ({cut.mode})")
        progress(cut.after + 1, len(happened))
    return tally


def _judge(tally: Tally, folder: Path, expected: set[str], where: str) -> None:
    tally.states += 1
    try:
        missing = missing_visits(folder, expected)
    except Exception as error:  # whatever keeps it from opening is the finding
        tally.corrupt += 1
        tally.first = tally.first or f"{where}: {type(error).__name__}: {error}"
        return
    if missing:
        tally.lost += 1
        tally.worst = max(tally.worst, len(missing))
        tally.first = tally.first or f"{where}: {len(missing)} acknowledged visits missing"


def missing_visits(data: Path, expected: set[str]) -> set[str]:
    """Which of the expected visits a log does not hold. Raises when it is damaged or holds a visit twice."""
    log = open_log(data)
    try:
        for database in log.hot.databases():
            with database.transaction(read_only=True) as cursor:
                if (verdict := cursor.run("pragma integrity_check")[0][0]) != "ok":
                    raise ValueError(verdict)
        store = log.open_store()
        if damaged := [finding for finding in log.verify() if finding.record]:
            raise ValueError(f"{damaged[0].name} is {damaged[0].fault}")
        tags = log.tags()
        if (tags[1:] == tags[:-1]).any() or store.rows != len(tags):
            raise ValueError("a visit is there twice")
        return {str(UUID(bytes=visit)) for visit in log.missing(UUID(visit).bytes for visit in expected)}
    finally:
        log.close()
