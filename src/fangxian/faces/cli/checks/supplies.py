"""The stores of a county: after every step, what lies there is the sum of what moved, and no transfer loses a thing.

The steps are drawn by a seed and go through the real verbs: movements, transfers, counts, requests in every state. What
may not be done is tried too and must be refused with nothing changed. The count uses the ledger only. At the end
several hands take the last boxes of one lot at the same moment.
"""

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
from fangxian.core.permissions import Refused
from fangxian.faces.cli import first_start
from fangxian.faces.cli.checks import supplies_world
from fangxian.faces.cli.checks.supplies_world import World
from fangxian.registers import site as registers

BEGIN = datetime(2022, 3, 15, 0, 30, tzinfo=UTC)
WHY = "the check looks at every store"
Advance = Callable[..., None]


@dataclass
class Report:
    """Steps done and refused, every lot whose count was off, every request that lost something."""

    steps: int = 0
    done: int = 0
    refused: int = 0
    wrongly_done: int = 0
    lots: int = 0
    requests: int = 0
    closed: int = 0
    missing: int = 0
    unbalanced: int = 0
    unconserved: int = 0
    one_sided: int = 0
    hands: int = 0
    raced: int = 0
    overdrawn: int = 0
    findings: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 when much was done and refused, every count was right, and the race gave exactly what there was."""
        wrong = self.unbalanced or self.unconserved or self.one_sided or self.overdrawn or self.wrongly_done
        return 0 if self.closed and self.missing and self.refused and self.raced and not (wrong or self.findings) else 1

    def line(self) -> str:
        """The last line, for machines."""
        return (
            f"promise=supplies steps={self.steps} done={self.done} refused={self.refused} "
            f"wrongly_done={self.wrongly_done} lots={self.lots} requests={self.requests} closed={self.closed} "
            f"missing={self.missing} unconserved={self.unconserved} one_sided={self.one_sided} hands={self.hands} "
            f"raced={self.raced} unbalanced={self.unbalanced} overdrawn={self.overdrawn}"
        )


def run(steps: int, hands: int, seed: int, advance: Advance) -> Report:
    """Make the stores, live through the steps, count after each, then let the hands race."""
    first_start.plant(supplies_world.COUNTY)
    report, rng = Report(), np.random.default_rng(seed)
    with scope.everywhere(WHY):
        with clock.frozen(BEGIN):
            world = supplies_world.make()
        for number in range(steps):
            advance(number, steps, "steps")
            with clock.frozen(BEGIN + timedelta(minutes=10 * number)):
                _step(world, rng, report)
                _count(report)
        with clock.frozen(BEGIN + timedelta(minutes=10 * steps)):
            _race(world, hands, report)
            _count(report)
    _requests(report)
    return report


def _step(world: World, rng: np.random.Generator, report: Report) -> None:
    """One act: either done, or refused with everything as it was."""
    act = supplies_world.draw(world, rng)
    before = _kept()
    report.steps += 1
    try:
        act.do()
    except (ValidationError, Refused):
        report.refused += 1
        if _kept() != before:
            report.findings.append(f"{act.name} was refused and changed something")
        return
    report.done += 1
    if act.is_forbidden:
        report.wrongly_done += 1
        report.findings.append(f"{act.name} should have been refused")


def _count(report: Report) -> None:
    """Every lot from the ledger alone, against the balance it keeps."""
    rows = _movements().order_by().values_list("store_id", "item", "lot").annotate(n=Sum("change"))
    moved = {(store, item, lot): n for store, item, lot, n in rows}
    kept = supplies_world.balances()
    report.lots = len(kept)
    for key in moved.keys() | kept.keys():
        if moved.get(key, 0) != kept.get(key, 0) or kept.get(key, 0) < 0:
            report.unbalanced += 1
            report.findings.append(f"{key}: the ledger says {moved.get(key, 0)}, the store {kept.get(key, 0)}")


def _movements() -> Any:
    return registers.get("supplies.movement").model.unscoped


def _kept() -> tuple[Any, ...]:
    """What must not change when something is refused."""
    asked = registers.get("supplies.supplyrequest").model.unscoped
    states = dict(asked.order_by().values_list("state").annotate(n=Count("pk")))
    return supplies_world.balances(), _movements().count(), states, supplies_world.amounts()


def _requests(report: Report) -> None:
    """What left for a request has arrived, or is written down as missing; two sides agreed to whatever left."""
    with scope.everywhere(WHY):
        for one in registers.get("supplies.supplyrequest").model.objects.prefetch_related("lines", "moves"):
            report.requests += 1
            report.closed += one.state == "CLOSED"
            moves = {kind: sum(m.quantity for m in one.moves.all() if m.kind == kind) for kind in ("SENT", "ARRIVED")}
            sent = sum(line.sent for line in one.lines.all())
            missing = sum(line.missing for line in one.lines.all())
            report.missing += missing
            arrived = sent - missing if one.received_at else 0
            report.unconserved += (moves["SENT"], moves["ARRIVED"]) != (sent, arrived)
            two = one.leader_by_id and one.keeper_by_id and one.leader_by_id != one.keeper_by_id
            report.one_sided += bool(moves["SENT"] and not two)


def _race(world: World, hands: int, report: Report) -> None:
    """Several hands take the last boxes of one lot together."""
    store, item = supplies_world.last_boxes(world)
    barrier, taken = Barrier(hands), []
    run = copy_context
    threads = [Thread(target=run().run, args=(_take, barrier, store, item, taken, report)) for _hand in range(hands)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    report.hands, report.raced = hands, len(taken)
    if len(taken) != supplies_world.LAST:
        report.overdrawn += 1
        report.findings.append(f"{hands} hands took {len(taken)} of {supplies_world.LAST} boxes")


def _take(barrier: Barrier, store: Any, item: str, taken: list, report: Report) -> None:
    try:
        barrier.wait(timeout=30)
        taken.append(supplies_world.take(store, item))
    except ValidationError:
        report.refused += 1
    finally:
        connection.close()
