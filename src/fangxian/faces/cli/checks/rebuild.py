"""R14: what is derived may be damaged in any way; the next open builds it again, says so, and answers as before.

A small visit log with an erasure that is not yet settled is damaged again and again in its fast segments: cut, flipped,
zeroed, deleted, exchanged, or replaced by an older copy that is whole but out of date. The control opens such damage
with the verification switched off and has to answer wrongly. Damage to the record (sealed days, manifest) cannot be
mended from anything; it has to be named.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from fangxian.engines.tracing import checksum, trace
from fangxian.warehouse.visits import DamagedManifest, VisitLog
from fangxian.warehouse.visits.fast import FastSegments

from . import damages as damaging
from . import scratch
from .visit_life import Life, as_arrivals, as_table, day, name, opened
from .visit_truth import traced

DAYS = 4
ROWS = 200
CONTROLS = 12
RECORD_SHARE = 5
LAG_S = 1800
Advance = Callable[..., None]
Answers = tuple[str, ...]


@dataclass
class Report:
    """What was damaged, what came of it, and what the control saw."""

    damages: int = 0
    mismatch: int = 0
    unnoticed: int = 0
    unmended: int = 0
    record: int = 0
    control: int = 0
    control_mismatch: int = 0
    findings: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 when all damage was noticed and mended, and the control answered wrongly without the verification."""
        return 0 if self.damages and self.record and self.control_mismatch and not self.findings else 1

    def line(self) -> str:
        """The last line, for machines."""
        return (
            f"promise=R14 damages={self.damages} mismatch={self.mismatch} unnoticed={self.unnoticed} "
            f"unmended={self.unmended} record_damages={self.record} control_damages={self.control} "
            f"control_mismatch={self.control_mismatch}"
        )


def run(damages: int, seed: int, advance: Advance) -> Report:
    """Damage a log so many times."""
    report, dice = Report(), random.Random(seed)
    with scratch.folder() as folder:
        whole, old = folder / "whole", folder / "old"
        right = _made(whole, old, seed)
        _mended(report, folder, right, damages, dice, advance)
        _control(report, folder, right, max(CONTROLS, damages // 10), dice, advance)
        _record(report, folder, max(8, damages // RECORD_SHARE), dice, advance)
    if not report.control_mismatch:
        report.findings.append("the control without verification answered rightly all the same")
    return report


def _made(whole: Path, old: Path, seed: int) -> Answers:
    """A log with late rows, hot rows and a person erased but not yet settled; an older copy of what is derived."""
    life = Life(seed)
    base = life.changes[0]._replace(rows=ROWS, back=tuple(range(1, DAYS + 1)))
    with closing(opened(whole)) as log:
        log.append_arrow(as_table(life.facts(base)), hot_from=day(0))
        log.append(as_arrivals(life.facts(life.changes[1])))
        log.seal()
        log.append(as_arrivals(life.facts(life.arrival(1))))
        shutil.copytree(damaging.derived(whole), old)
        for number in range(30, 33):
            log.erase(name("person", number))
        return answers(log)


def answers(log: VisitLog) -> Answers:
    """Checksums of a fixed set of questions: over all, and day by day, so that exchanged days are told apart."""
    cases = traced(log)
    days = [{day(back)} for back in range(DAYS + 2)]
    stores = [log.open_store(), *(log.open_store(one, include_hot=False) for one in days)]
    traces = [checksum(trace(store, cases, lag=LAG_S)) for store in stores]
    return (*traces, checksum(log.place_days()))


def _mended(report: Report, folder: Path, right: Answers, damages: int, dice: random.Random, advance: Advance) -> None:
    hurt = folder / "hurt"
    shutil.copytree(folder / "whole", hurt)
    for number in range(damages):
        what = damaging.derived_damage(hurt, folder / "old", dice)
        notices: list[str] = []
        report.damages += 1
        _note(report, "mismatch", _asked(hurt, notices.append) != right, what)
        _note(report, "unnoticed", not notices, what)
        _note(report, "unmended", _is_damaged(hurt), what)
        if report.findings and report.findings[-1].startswith(what):
            shutil.rmtree(hurt)
            shutil.copytree(folder / "whole", hurt)
        advance(number + 1, damages, "damages")


def _asked(data: Path, notice: Callable[[str], None]) -> Answers:
    """The answers of a log, or what kept it from giving them."""
    try:
        with closing(opened(data, notice)) as log:
            return answers(log)
    except Exception as error:  # an answer that fails is a wrong one
        return (f"{type(error).__name__}: {error}",)


def _is_damaged(data: Path) -> bool:
    """Whether the log still finds a fault, or cannot even be opened."""
    try:
        with closing(opened(data)) as log:
            return bool(log.verify())
    except Exception:  # a log that does not open is what is looked for
        return True


def _note(report: Report, fault: str, is_so: bool, what: str) -> None:
    if is_so:
        setattr(report, fault, getattr(report, fault) + 1)
        report.findings.append(f"{what}: {fault}")


def _control(report: Report, folder: Path, right: Answers, damages: int, dice: random.Random, advance: Advance) -> None:
    """The same kinds of damage, each to a whole copy, read without looking at checksums."""
    for number in range(damages):
        hurt = folder / "control"
        shutil.rmtree(hurt, ignore_errors=True)
        shutil.copytree(folder / "whole", hurt)
        damaging.derived_damage(hurt, folder / "old", dice)
        with _unverified():
            report.control += 1
            report.control_mismatch += _asked(hurt, lambda _: None) != right
        advance(number + 1, damages, "control")


@contextmanager
def _unverified() -> Iterator[None]:
    """Every fast segment is taken for whole."""
    kept = FastSegments.fault
    FastSegments.fault = lambda self, part: None  # type: ignore[method-assign,assignment]
    try:
        yield
    finally:
        FastSegments.fault = kept  # type: ignore[method-assign]


def _record(report: Report, folder: Path, damages: int, dice: random.Random, advance: Advance) -> None:
    """Damage to sealed days and the manifest: named, or the log refuses to open."""
    for number in range(damages):
        hurt = folder / "record"
        shutil.rmtree(hurt, ignore_errors=True)
        shutil.copytree(folder / "whole", hurt)
        what = damaging.record_damage(hurt, dice)
        report.record += 1
        named = True
        with suppress(DamagedManifest), closing(opened(hurt)) as log:
            named = any(finding.record for finding in log.verify())
        _note(report, "unnoticed", not named, what)
        advance(number + 1, damages, "record")
