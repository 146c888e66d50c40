"""P5: an erased person is in no byte of the installation once the days are settled, nor in a backup.

Persons come in every way visits do (loaded, late, hot, a long stay), are found in every kind of file, erased, and then
looked for in every byte: their uuid and the ids of their visits in raw and written form, and the numbers they had, in
the forms SQLite, NumPy, Parquet and JSON write numbers in, packed pages unpacked. Their numbers are given out far above
all others, so that four bytes are theirs alone. A backup taken afterwards is restored and read; one taken before is
restored, opened, settled and read. Four controls leave out one step each: the sealed days are not written anew, the
segments are not overwritten, the write-ahead log is not emptied, the list of erasures is not followed.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import UUID

import numpy as np

from fangxian.core.clock import now, today
from fangxian.faces.cli import archive, bytescan
from fangxian.warehouse import visit_log
from fangxian.warehouse.visits import VisitLog
from fangxian.warehouse.visits.database import SqliteDatabase
from fangxian.warehouse.visits.fast import FastSegments

from .erase_traces import Traces
from .visit_life import DAY_S, LONG_S, Fact, as_arrivals, as_table, made_uuid

OTHERS, PLACES, DAYS = 60, 6, 5
FIRST_NUMBER = 0x4D3C2B00
Advance = Callable[..., None]


@dataclass
class Report:
    """Who was planted, what was read, what was found."""

    persons: int = 0
    visits: int = 0
    files: int = 0
    bytes: int = 0
    before: int = 0
    answered: int = 0
    found: int = 0
    in_backup: int = 0
    in_older_backup: int = 0
    controls: dict[str, int] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 when the planted were found before, are nowhere afterwards, and each control left some."""
        return 0 if self.persons and self.files and not self.findings else 1

    def line(self) -> str:
        """The last line, for machines."""
        controls = " ".join(f"control_{name}={hits}" for name, hits in self.controls.items())
        return (
            f"promise=P5 persons={self.persons} visits={self.visits} files={self.files} bytes={self.bytes} "
            f"before={self.before} answered={self.answered} found={self.found} in_backup={self.in_backup} "
            f"in_older_backup={self.in_older_backup} {controls}"
        )


def run(data: Path, persons: int, seed: int, advance: Advance) -> Report:
    """Plant, find, erase, settle, look again; back up and restore; then the controls on copies."""
    dice, log = random.Random(seed), visit_log()
    erased = [made_uuid(dice, int(now().timestamp())) for _ in range(persons)]
    visits, staying = _planted(log, erased, dice)
    traces = Traces.of(log, erased, visits)
    report = Report(persons=persons, visits=len(visits))
    log.hot.scrub()
    _all_are_there(report, data, traces)
    for name in CONTROLS:
        shutil.copytree(data / "visits", data.parent / name / "visits")
    archive.write(data.parent / "older.fxb", data, advance)
    _erase(report, log, erased, traces, advance)
    _look(report, data, traces, "found", "after the erasure", advance)
    archive.write(data.parent / "newer.fxb", data, advance)
    _look_in_newer_backup(report, data.parent / "newer.fxb", traces, staying, advance)
    _look_in_older_backup(report, data.parent / "older.fxb", traces, log, advance)
    for number, name in enumerate(CONTROLS, start=1):
        _control(report, data.parent / name, name, erased, traces)
        advance(number, len(CONTROLS), "controls")
    report.findings += [f"the control “{name}” left nothing" for name, hits in report.controls.items() if not hits]
    return report


def _planted(log: VisitLog, persons: list[UUID], dice: random.Random) -> tuple[list[UUID], UUID]:
    """Visits of the persons among those of others, by every way a visit comes in; the ids of theirs, and one of
    somebody else's."""
    others = [made_uuid(dice, int(now().timestamp())) for _ in range(OTHERS)]
    places = [made_uuid(dice, int(now().timestamp())) for _ in range(PLACES)]
    log.append_arrow(as_table([_visit(dice, one, places, 1, 600) for one in others]), hot_from=today())
    log.hot.dictionary.go_on_after("person", FIRST_NUMBER)
    loaded = [_visit(dice, one, places, back, 900) for back in range(1, DAYS) for one in persons]
    log.append_arrow(as_table(loaded), hot_from=today())
    late = [_visit(dice, one, places, back, 1200) for back in (2, 3) for one in [*persons, *others[:9]]]
    long = [_visit(dice, one, places, 4, LONG_S) for one in persons]
    log.append(as_arrivals(late + long))
    log.seal()
    hot = [_visit(dice, one, places, 0, 1500) for one in [*persons, *others]]
    # a newcomer after them, so that the highest number that is remembered is nobody's of theirs
    newcomer = _visit(dice, made_uuid(dice, int(now().timestamp())), places, 2, 300)
    log.append(as_arrivals([*hot, newcomer]))
    log.seal()
    theirs = [fact.visit for fact in (*loaded, *late, *long, *hot) if fact.person in set(persons)]
    return theirs, hot[-1].visit


def _visit(dice: random.Random, person: UUID, places: list[UUID], back: int, stay: int) -> Fact:
    second = int(now().timestamp()) - back * DAY_S - dice.randrange(1, 60)
    made_at = second - dice.choice((0, 0, 40 * DAY_S))  # some by a clock that is a month behind
    return Fact(made_uuid(dice, made_at), person, dice.choice(places), second, second + stay)


def _all_are_there(report: Report, data: Path, traces: Traces) -> None:
    """Before the erasure the same search has to find the persons in every kind of file."""
    places = traces.search(data)[0]
    report.before = places.total()
    for kind in ("hot", "sealed", "fast"):
        found = sum(hits for name, hits in places.items() if name.startswith(f"visits/{kind}"))
        if found < report.persons:
            report.findings.append(f"before the erasure only {found} traces in {kind}: the search proves nothing")


def _erase(report: Report, log: VisitLog, erased: list[UUID], traces: Traces, advance: Advance) -> None:
    """Erase them; from the call on no engine is given a visit of theirs. Then settle the days."""
    for number, person in enumerate(erased, start=1):
        log.erase(person)
        rows = [segment.table()["person_id"] for segment in log.open_store().all_segments()]
        done = traces.numbers[:number]
        report.answered += sum(int(np.isin(column.to_numpy(), done).sum()) for column in rows)
        advance(number, len(erased), "erased")
    if report.answered:
        report.findings.append(f"{report.answered} visits of erased persons were handed to an engine")
    log.seal()


def _look(report: Report, data: Path, traces: Traces, figure: str, when: str, advance: Advance) -> None:
    places, files, size = traces.search(data, advance)
    report.files, report.bytes = report.files + files, report.bytes + size
    setattr(report, figure, places.total())
    report.findings += [f"{when}: {hits} traces in {name}" for name, hits in places.items()]


def _look_in_newer_backup(report: Report, file: Path, traces: Traces, staying: UUID, advance: Advance) -> None:
    """In a backup taken after the erasure and restored; somebody else's visit has to be in it."""
    restored = _restored(file, advance)
    _look(report, restored, traces, "in_backup", "in a backup taken afterwards", advance)
    if not bytescan.scan(restored, [staying.bytes]).hits:
        report.findings.append("the backup does not hold a visit of somebody else: it proves nothing")


def _look_in_older_backup(report: Report, file: Path, traces: Traces, log: VisitLog, advance: Advance) -> None:
    """In a backup taken before, restored and opened with the list of erasures beside the keys; and without it."""
    restored = _restored(file, advance)
    for name, options in (("not_followed", replace(log.options, erasures=None)), ("", log.options)):
        with closing(VisitLog.open(restored, options=options, now=log.now)) as older:
            older.seal()
        if name:
            report.controls[name] = traces.search(restored)[0].total()
    _look(report, restored, traces, "in_older_backup", "in a backup taken before", advance)


def _restored(file: Path, advance: Advance) -> Path:
    folder = file.with_suffix(".restored")
    archive.restore(file, folder, Path(os.environ["FANGXIAN_KEYS"]), advance)
    return folder


def _control(report: Report, copy: Path, name: str, erased: list[UUID], traces: Traces) -> None:
    """Erase from a copy with one step left out, and look where that step would have cleaned."""
    kind, step = CONTROLS[name]
    with step(), closing(VisitLog.open(copy, now=lambda: int(now().timestamp()))) as log:
        for person in erased:
            log.erase(person)
        if kind == "hot":
            log.seal()
        places = traces.search(copy)[0]
    report.controls[name] = sum(hits for file, hits in places.items() if file.startswith(f"visits/{kind}"))


@contextmanager
def _without(owner: type, method: str) -> Iterator[None]:
    """A method does nothing meanwhile."""
    kept = getattr(owner, method)
    setattr(owner, method, lambda *_: 0)
    try:
        yield
    finally:
        setattr(owner, method, kept)


CONTROLS: dict[str, tuple[str, Callable[[], AbstractContextManager[None]]]] = {
    "not_rewritten": ("sealed", nullcontext),
    "not_overwritten": ("fast", lambda: _without(FastSegments, "erase")),
    "not_scrubbed": ("hot", lambda: _without(SqliteDatabase, "scrub")),
}
"""The step that is left out, and in which files its absence shows; the first is a log that was not yet settled."""
