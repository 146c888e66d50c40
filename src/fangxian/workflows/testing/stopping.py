"""Whether another round is needed: the stop rule, as plain arithmetic over days.

Source: the rule of November 2022 (clear days, then one more round some days later); the numbers are the pack's
(`testing.stop.*`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from fangxian.core.policy import Pack


class Next(StrEnum):
    """What follows the last round."""

    AGAIN = "again"
    LAST = "last"
    STOP = "stop"


@dataclass(frozen=True)
class Advice:
    """What to do, on which day (None when nothing is left to do), and by which rule."""

    what: Next
    on: date | None
    rule: str


def advise(days: Sequence[tuple[date, int]], pack: Pack) -> Advice:
    """What follows rounds held on these days with so many new positives each (days in order, one round a day).

    Rounds go on daily until `testing.stop.clear_days` rounds in a row are clear; one more is held
    `testing.stop.last_round_after_days` days after the last of them; when that is clear too, testing stops.
    """
    clear, gap = int(pack.number("testing.stop.clear_days")), int(pack.number("testing.stop.last_round_after_days"))
    if not days:
        return Advice(Next.AGAIN, None, "testing.stop.clear_days")
    run = _clear_run(days)
    last = days[-1][0]
    if len(run) < clear:
        return Advice(Next.AGAIN, last + timedelta(days=1), "testing.stop.clear_days")
    tail = run[clear - 1] + timedelta(days=gap)
    if last >= tail:
        return Advice(Next.STOP, None, "testing.stop.last_round_after_days")
    return Advice(Next.LAST, tail, "testing.stop.last_round_after_days")


def _clear_run(days: Sequence[tuple[date, int]]) -> list[date]:
    """The days of the rounds since the last one with a positive."""
    run: list[date] = []
    for day, positives in days:
        run = [] if positives else [*run, day]
    return run
