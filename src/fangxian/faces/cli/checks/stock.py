"""The fridges of a county: after every step, doses in are used, wasted, gone or left, counted anew from the ledger.

The steps are drawn by a seed and go through the real verbs; beside what may be done, what may not is tried and must be
refused with nothing changed. The count uses movements and doses only, never the balance the lots keep. At the end
several chairs take the last doses of one lot at the same moment.
"""

from collections import Counter
from collections.abc import Callable
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import numpy as np
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Count, Sum

from fangxian.core import clock, scope
from fangxian.core.areas import Area
from fangxian.faces.cli import first_start
from fangxian.faces.cli.checks import stock_world
from fangxian.faces.cli.checks.stock_world import World
from fangxian.registers import site as registers

BEGIN = datetime(2022, 3, 15, 0, 30, tzinfo=UTC)
INTO, OUT = ("RECEIVED", "TAKEN_OVER"), ("RETURNED", "DESTROYED", "HANDED_OVER")
WHY = "the check looks at every fridge"
Advance = Callable[..., None]


@dataclass
class Report:
    """Steps done and refused, and every lot whose count was off."""

    steps: int = 0
    done: int = 0
    refused: int = 0
    wrongly_done: int = 0
    lots: int = 0
    doses_in: int = 0
    used: int = 0
    wasted: int = 0
    gone: int = 0
    left: int = 0
    unbalanced: int = 0
    chairs: int = 0
    raced: int = 0
    overdrawn: int = 0
    findings: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 when much was done and refused, every count was right, and the race gave exactly what there was."""
        wrong = self.unbalanced or self.wrongly_done or self.overdrawn or self.findings
        return 0 if self.used and self.wasted and self.gone and self.refused and self.raced and not wrong else 1

    def line(self) -> str:
        """The last line, for machines."""
        return (
            f"promise=stock steps={self.steps} done={self.done} refused={self.refused} "
            f"wrongly_done={self.wrongly_done} lots={self.lots} in={self.doses_in} used={self.used} "
            f"wasted={self.wasted} gone={self.gone} left={self.left} unbalanced={self.unbalanced} "
            f"chairs={self.chairs} raced={self.raced} overdrawn={self.overdrawn}"
        )


def run(steps: int, chairs: int, seed: int, advance: Advance) -> Report:
    """Make the sites, live through the steps, count after each, then let the chairs race."""
    first_start.plant(stock_world.COUNTY)
    report, rng = Report(), np.random.default_rng(seed)
    with scope.everywhere(WHY):
        with clock.frozen(BEGIN):
            world = stock_world.make(Area.objects.get(code=stock_world.TOWN))
        for number in range(steps):
            advance(number, steps, "steps")
            with clock.frozen(BEGIN + timedelta(minutes=3 * number)):
                _step(world, rng, report)
                _count(report)
        with clock.frozen(BEGIN + timedelta(minutes=3 * steps)):
            _race(world, chairs, report)
            _count(report)
    _total(report)
    return report


def _step(world: World, rng: np.random.Generator, report: Report) -> None:
    """One act: either done, or refused with everything as it was."""
    act = stock_world.draw(world, rng)
    before = _kept()
    report.steps += 1
    try:
        act.do()
    except ValidationError:
        report.refused += 1
        if _kept() != before:
            report.findings.append(f"{act.name} was refused and changed something")
        return
    report.done += 1
    if act.is_forbidden:
        report.wrongly_done += 1
        report.findings.append(f"{act.name} should have been refused")


def _count(report: Report) -> None:
    """Every lot from movements and doses alone, against the balance it keeps."""
    moved: dict[Any, Counter] = {}
    movements = registers.get("immunization.stockmovement").model.unscoped
    for lot, kind, doses in movements.order_by().values_list("lot", "kind").annotate(n=Sum("doses")):
        moved.setdefault(lot, Counter())[kind] += doses
    given = registers.get("immunization.dose").model.unscoped.filter(state="VALID", lot__isnull=False)
    used = dict(given.order_by().values_list("lot").annotate(n=Count("pk")))
    report.lots = 0
    for pk, counted in _lots().items():
        report.lots += 1
        kinds = moved.get(pk, Counter())
        into, out = sum(kinds[kind] for kind in INTO), sum(kinds[kind] for kind in OUT)
        wanted = (into, used.get(pk, 0), kinds["WASTED"], out, into - used.get(pk, 0) - kinds["WASTED"] - out)
        if wanted != counted or min(wanted) < 0:
            report.unbalanced += 1
            report.findings.append(f"lot {pk}: the ledger says {wanted}, the fridge {counted}")


def _lots() -> dict[Any, tuple[int, int, int, int, int]]:
    """What each fridge says of each lot: in, used, wasted, gone, left."""
    rows = registers.get("immunization.vaccinelot").model.unscoped
    found = rows.values_list("pk", "received", "used", "wasted", "gone", "sealed", "opened")
    return {pk: (*figures[:4], figures[4] + figures[5]) for pk, *figures in found}


def _kept() -> tuple[Any, ...]:
    """What must not change when something is refused."""
    return _lots(), registers.get("immunization.stockmovement").model.unscoped.count()


def _race(world: World, chairs: int, report: Report) -> None:
    """Several chairs, each with somebody registered, take the last doses of one lot together."""
    lot, visits = stock_world.last_doses(world, chairs)
    barrier, given = Barrier(chairs), []
    threads = [Thread(target=copy_context().run, args=(_take, barrier, visit, lot, given, report)) for visit in visits]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    report.chairs, report.raced = chairs, len(given)
    if len(given) != stock_world.LAST:
        report.overdrawn += 1
        report.findings.append(f"{chairs} chairs took {len(given)} of {stock_world.LAST} doses")


def _take(barrier: Barrier, visit: Any, lot: Any, given: list, report: Report) -> None:
    try:
        barrier.wait(timeout=30)
        given.append(stock_world.take(visit, lot))
    except ValidationError:
        report.refused += 1
    finally:
        connection.close()


def _total(report: Report) -> None:
    for into, used, wasted, gone, left in _lots().values():
        report.doses_in += into
        report.used += used
        report.wasted += wasted
        report.gone += gone
        report.left += left
