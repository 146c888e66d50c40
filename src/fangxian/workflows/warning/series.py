"""Judging series: the best method each has the history for, and what the newest day says."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import compress
from typing import Any

import numpy as np

from fangxian.core.policy import Pack
from fangxian.engines.surveillance import Channel, Judged, Method, Panel, Seen, Weeks, run_of, seven_days
from fangxian.engines.surveillance.combination import DAYS, PAST, SHARED
from fangxian.engines.surveillance.historical import historical_limits
from fangxian.engines.surveillance.newest import Levels, judge
from fangxian.engines.surveillance.seven_days import WEEK
from fangxian.systems.surveillance import rules
from fangxian.systems.surveillance.words import FeedChannel, FeedStep, SignalMethod
from fangxian.warehouse.panels import Channelled, Monthly

SHOWN = {FeedStep.DAY: 90, FeedStep.WEEK: 78, FeedStep.MONTH: 60}
"""Periods a curve shows."""
LOOKED_BACK = PAST + SHARED + 1
"""Days a night judges, the newest included: what the newest is held against."""
WARM_UP = 60
"""Days before these that the daily methods see: their baseline and the state of the smoothing."""
LONGEST = 100_000.0
"""Days; recurrence intervals beyond are no longer told apart."""
METHODS = {
    Method.FARRINGTON: SignalMethod.FARRINGTON, Method.ESSENCE: SignalMethod.ESSENCE,
    Method.EARS_C2: SignalMethod.EARS_C2, Method.EARS_C1: SignalMethod.EARS_C1,
}  # fmt: skip
JUDGED = ("expected", "bound", "p", "alarm")


@dataclass(frozen=True, eq=False)
class Look:
    """What one series says on its newest period.

    seen      the newest period, as the engine decides about it
    method    a SignalMethod
    step      a FeedStep: how long a period is
    begins    first day of each period shown, n long
    counts, expected, bound  n long, in the unit of the channel; NaN where missing or not judged
    chances   p of each day looked back on, NaN where it could not be judged; None for a feed of weeks or months, whose
              figures are too few to be held against their own past
    """

    seen: Seen
    method: str
    step: str
    begins: list[date]
    counts: np.ndarray
    expected: np.ndarray
    bound: np.ndarray
    chances: np.ndarray | None = None

    @property
    def channel(self) -> Channel | None:
        """As the channels of its subject are put together; None for what stands by itself. A sum of seven days has
        looked back already."""
        if self.chances is None:
            return None
        days = 1 if self.step == FeedStep.WEEK else DAYS
        return Channel(self.seen.area, self.seen.subject, self.seen.channel, self.chances, days)

    @property
    def recurrence_days(self) -> float:
        """Days between counts as unusual, if nothing goes on; at most `LONGEST`."""
        days = {FeedStep.DAY: 1, FeedStep.WEEK: 7, FeedStep.MONTH: 30}[FeedStep(self.step)]
        return min(LONGEST, days / max(self.seen.p, 1e-12))

    def drawn(self) -> dict[str, Any]:
        """What the card keeps for its curve; None where nothing is known."""
        return {
            "step": str(self.step), "days": [day.isoformat() for day in self.begins], "counts": _plain(self.counts),
            "expected": _plain(self.expected), "bound": _plain(self.bound),
        }  # fmt: skip


def looks(channelled: Channelled, pack: Pack) -> list[Look]:
    """Every series of a daily channel: cases by sums of seven days where there are years of them, all else by days."""
    panel, channel = channelled.panel, channelled.channel
    if channel != FeedChannel.CASES:
        return _judged(channel, _recent(panel), pack, FeedStep.DAY)
    sums = seven_days(panel, LOOKED_BACK, alpha=float(pack.number("warning.alpha")))
    young = np.ones(len(panel), dtype=bool)
    young[sums.rows] = False
    by_day = _judged(channel, _recent(_only(panel, young)), pack, FeedStep.DAY) if young.any() else []
    return [*_by_weeks(panel, sums), *by_day]


def weekly_looks(channel: str, panel: Panel, pack: Pack) -> list[Look]:
    """One feed of weeks, by the rung its history reaches."""
    return _judged(channel, panel, pack, FeedStep.WEEK)


def monthly_look(monthly: Monthly, subject: str, pack: Pack) -> list[Look]:
    """One feed of months, by historical limits."""
    judged = historical_limits(monthly.counts[None, :], alpha=pack.number("warning.alpha"))
    shown = _Shown(monthly.feed.area_id, subject, monthly.feed.channel, monthly.begins, monthly.counts)
    return _look(shown, judged, 0, SignalMethod.HISTORICAL, FeedStep.MONTH)


@dataclass(frozen=True)
class _Shown:
    area_code: str
    subject: str
    channel: str
    begins: list[date]
    counts: np.ndarray


def _judged(channel: str, panel: Panel, pack: Pack, step: str) -> list[Look]:
    """Every series of a panel by the engine's own choice, a method at a time."""
    levels = Levels(
        alpha=float(pack.number("warning.alpha")), min_sigma=float(pack.number("warning.ears_min_sigma")),
        holidays=rules.holidays(pack), working=rules.working_days(pack),
    )  # fmt: skip
    begins = [day.astype(object) for day in panel.begins.astype("datetime64[D]")]
    found = []
    for group in judge(panel, levels):
        for number, row in enumerate(group.rows):
            shown = _Shown(panel.areas[row], panel.diseases[row], channel, begins, panel.counts[row])
            found += _look(shown, group.judged, number, METHODS[group.method], step)
    return found


def _by_weeks(panel: Panel, sums: Weeks) -> list[Look]:
    """The sums that end today, drawn as weeks that end on its weekday."""
    ends = slice((panel.counts.shape[1] - 1) % WEEK, None, WEEK)
    begins = [
        (day - np.timedelta64(WEEK - 1, "D")).astype(object) for day in panel.begins.astype("datetime64[D]")[ends]
    ]
    found = []
    for number, row in enumerate(sums.rows):
        shown = _Shown(panel.areas[row], panel.diseases[row], FeedChannel.CASES, begins, sums.sums[number, ends])
        weekly = Judged(*(getattr(sums.judged, name)[number : number + 1, ends] for name in JUDGED))
        run = run_of(sums.judged.alarm[number])
        first = begins[-1] - timedelta(days=max(0, run - 1))
        for one in _look(shown, weekly, 0, SignalMethod.FARRINGTON, FeedStep.WEEK):
            chances = sums.judged.p[number, -LOOKED_BACK:]
            found.append(replace(one, seen=replace(one.seen, first=first), chances=chances))
    return found


def _look(shown: _Shown, judged: Judged, number: int, method: str, step: str) -> list[Look]:
    """The newest period; nothing where it is not known."""
    if np.isnan(shown.counts[-1]):
        return []
    kept = slice(-SHOWN[FeedStep(step)], None)
    expected, bound, p = (values[number] for values in (judged.expected, judged.bound, judged.p))
    run = max(1, run_of(judged.alarm[number]))
    last = _over_by(shown.begins[-1], step)
    seen = Seen(
        shown.area_code, shown.subject, shown.channel, shown.begins[-run], last, float(shown.counts[-1]),
        float(expected[-1]), float(bound[-1]), float(p[-1]),
    )  # fmt: skip
    chances = p[-LOOKED_BACK:] if step == FeedStep.DAY else None
    return [Look(seen, method, step, shown.begins[kept], shown.counts[kept], expected[kept], bound[kept], chances)]


def _over_by(begin: date, step: str) -> date:
    """The last day of a period."""
    if step == FeedStep.MONTH:
        return (begin + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return begin + timedelta(days=WEEK - 1 if step == FeedStep.WEEK else 0)


def _recent(panel: Panel) -> Panel:
    days = LOOKED_BACK + WARM_UP
    return Panel(panel.areas, panel.diseases, panel.begins[-days:], panel.counts[:, -days:])


def _only(panel: Panel, which: np.ndarray) -> Panel:
    names = (tuple(compress(panel.areas, which)), tuple(compress(panel.diseases, which)))
    return Panel(*names, panel.begins, panel.counts[which])


def _plain(values: Iterable[float]) -> list[float | None]:
    return [None if value != value or np.isinf(value) else round(float(value), 3) for value in values]
