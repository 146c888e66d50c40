"""Judging series: the best method each has the history for, and what the newest day says."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import compress
from typing import Any

import numpy as np

from fangxian.core.policy import Pack
from fangxian.engines.surveillance import Judged, Method, Panel, Step, method_for
from fangxian.engines.surveillance.historical import historical_limits
from fangxian.engines.surveillance.newest import Levels, judge
from fangxian.systems.surveillance import rules
from fangxian.systems.surveillance.words import FeedStep, SignalMethod
from fangxian.warehouse.panels import Channelled, Monthly

SHOWN = {FeedStep.DAY: 90, FeedStep.WEEK: 78, FeedStep.MONTH: 60}
"""Periods a curve shows."""
WARM_UP = 60
"""Days before the curve that the daily methods see: their baseline and the state of the smoothing."""
LONGEST = 100_000.0
"""Days; recurrence intervals beyond are no longer told apart."""
METHODS = {
    Method.FARRINGTON: SignalMethod.FARRINGTON, Method.ESSENCE: SignalMethod.ESSENCE,
    Method.EARS_C2: SignalMethod.EARS_C2, Method.EARS_C1: SignalMethod.EARS_C1,
}  # fmt: skip


@dataclass(frozen=True)
class Look:
    """What one series says on its newest period.

    area_code, subject, channel  which series
    method    a SignalMethod
    step      a FeedStep: how long a period is
    begins    first day of each period shown, n long
    counts, expected, bound  n long, in the unit of the channel; NaN where missing or not judged
    p         chance of at least as many in the newest period if nothing goes on; NaN where it could not be judged
    alarm     whether the method itself calls the newest period out of the ordinary
    first_on  first day of the run of alarms that reaches the newest period
    chances   p of each period shown, n long; NaN where it could not be judged
    """

    area_code: str
    subject: str
    channel: str
    method: str
    step: str
    begins: list[date]
    counts: np.ndarray
    expected: np.ndarray
    bound: np.ndarray
    p: float
    alarm: bool
    first_on: date
    chances: np.ndarray

    @property
    def observed(self) -> float:
        """The newest count."""
        return float(self.counts[-1])

    @property
    def excess(self) -> float:
        """Above what was expected."""
        return self.observed - float(np.nan_to_num(self.expected[-1]))

    @property
    def recurrence_days(self) -> float:
        """Days between counts as unusual, if nothing goes on; at most `LONGEST`."""
        days = {FeedStep.DAY: 1, FeedStep.WEEK: 7, FeedStep.MONTH: 30}[FeedStep(self.step)]
        return min(LONGEST, days / max(self.p, 1e-12))

    def drawn(self) -> dict[str, Any]:
        """What the card keeps for its curve; None where nothing is known."""
        return {
            "step": str(self.step), "days": [day.isoformat() for day in self.begins], "counts": _plain(self.counts),
            "expected": _plain(self.expected), "bound": _plain(self.bound),
        }  # fmt: skip


def looks(channelled: Channelled, pack: Pack) -> list[Look]:
    """Every series of a daily channel, judged by days, and by weeks as well where there are years of them."""
    panel, channel = channelled.panel, channelled.channel
    weekly = _rolling_weeks(panel)
    years = tuple(method is Method.FARRINGTON for method in method_for(weekly))
    recent = _recent(panel, SHOWN[FeedStep.DAY] + WARM_UP)
    by_week = _judged(channel, _only(weekly, years), pack, FeedStep.WEEK) if any(years) else []
    return [*by_week, *_judged(channel, recent, pack, FeedStep.DAY)]


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


def _look(shown: _Shown, judged: Judged, number: int, method: str, step: str) -> list[Look]:
    """The newest period; nothing where it is not known."""
    if np.isnan(shown.counts[-1]):
        return []
    kept = slice(-SHOWN[FeedStep(step)], None)
    alarm = judged.alarm[number]
    run = len(alarm) - next((back for back in range(len(alarm)) if not alarm[len(alarm) - 1 - back]), len(alarm))
    return [
        Look(
            shown.area_code, shown.subject, shown.channel, method, step, shown.begins[kept], shown.counts[kept],
            judged.expected[number][kept], judged.bound[number][kept], float(judged.p[number][-1]), bool(alarm[-1]),
            shown.begins[min(run, len(shown.begins) - 1)], judged.p[number][kept],
        )
    ]  # fmt: skip


def _rolling_weeks(panel: Panel) -> Panel:
    """Weeks that end on the panel's last day; a week with a missing day is missing."""
    weeks = panel.counts.shape[1] // 7
    kept = panel.counts[:, panel.counts.shape[1] - weeks * 7 :]
    counts = kept.reshape(len(panel), weeks, 7).sum(axis=2)
    begins = panel.begins[panel.counts.shape[1] - weeks * 7 :][::7]
    return Panel(panel.areas, panel.diseases, begins, counts, step=Step.WEEK)


def _recent(panel: Panel, days: int) -> Panel:
    return Panel(panel.areas, panel.diseases, panel.begins[-days:], panel.counts[:, -days:])


def _only(panel: Panel, which: tuple[bool, ...]) -> Panel:
    names = (tuple(compress(panel.areas, which)), tuple(compress(panel.diseases, which)))
    return Panel(*names, panel.begins, panel.counts[np.array(which)], step=panel.step)


def _plain(values: Iterable[float]) -> list[float | None]:
    return [None if value != value or np.isinf(value) else round(float(value), 3) for value in values]


def over_by(look: Look) -> date:
    """The last day of the newest period."""
    if look.step == FeedStep.MONTH:
        return (look.begins[-1] + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return look.begins[-1] + timedelta(days=6 if look.step == FeedStep.WEEK else 0)
