"""What every method says of the same days: an explanation for a person, which never raises a card.

The night asks one method, the best a series has the history for. Whoever has to decide about a card may ask the others
too, the national system's moving percentile among them. `opinions` is pure; `asked` reads the counts and the pack.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from fangxian.core import policy
from fangxian.engines.surveillance import (
    C1,
    C2,
    Ears,
    Farrington,
    Judged,
    Method,
    Panel,
    cusum,
    ears,
    ears_c3,
    essence_switch,
    farrington,
    kinds_of,
    method_for,
    moving_percentile,
)
from fangxian.engines.surveillance.choice import years_of
from fangxian.systems.surveillance import rules
from fangxian.systems.surveillance.words import FeedChannel
from fangxian.warehouse.daily_counts import case_days
from fangxian.warehouse.panels import learned_from

WEEK = 7
RECENT = 150
"""Newest days the methods of days look at: their baselines, and the state of the smoothing."""
LEAP = 4
"""Weeks a panel is longer than its years of 52: the days beyond them, and the newest week itself."""
ADDED, BEFORE = 28, 90
"""Newest days CUSUM adds up, and days before them whose mean it expects."""
ENOUGH = 5
"""Cases those days must have had, as many as improved Farrington asks for; of next to none, any case is too many."""
NEEDED = {
    "EARS_C1": 7, "EARS_C2": 9, "EARS_C3": 11, "ESSENCE": 28, "CUSUM": 2 * ADDED,
    "FARRINGTON": 7 * (3 * 52 + 29 + 1) - 1, "PERCENTILE": round(3 * 365.25) + 2 * 7 + 6,
}  # fmt: skip
"""Known days before the newest each method asks for: see `engines/surveillance/choice.py` and `percentile.py`."""
LADDER = {
    Method.FARRINGTON: "FARRINGTON", Method.ESSENCE: "ESSENCE", Method.EARS_C2: "EARS_C2", Method.EARS_C1: "EARS_C1",
}  # fmt: skip
RANKS = ("EARS_C3", "CUSUM")
"""Methods whose p ranks days and is no chance."""


@dataclass(frozen=True)
class Levels:
    """alpha and min_sigma of the county, holidays and days worked for them, as the night has them; percentile of the
    disease for the moving percentile."""

    alpha: float
    min_sigma: float
    percentile: float
    holidays: tuple[date, ...] = ()
    working: tuple[date, ...] = ()


@dataclass(frozen=True)
class Opinion:
    """What one method says of the newest day.

    method    a key of `NEEDED`
    days      days its count is the sum of, up to and with the newest
    observed  that count; None where a day of it is unknown
    expected, bound  cases; None where it cannot say
    chance    of as many if nothing goes on; None where it cannot say, or where the method has none
    alarm     whether it is out of the ordinary
    chosen    whether the night asks this one
    known     days before the newest that are known; `needed` of them are asked for
    """

    method: str
    days: int
    observed: float | None
    expected: float | None
    bound: float | None
    chance: float | None
    alarm: bool
    chosen: bool
    known: int

    @property
    def needed(self) -> int:
        """Known days the method asks for."""
        return NEEDED[self.method]

    @property
    def is_short(self) -> bool:
        """Whether it cannot say because the past is too short."""
        return self.known < self.needed

    @property
    def speaks(self) -> bool:
        """Whether it says anything."""
        return self.expected is not None and self.bound is not None


@dataclass(frozen=True)
class Asked:
    """All opinions of a day, and the percentile that was asked of the disease."""

    on: date
    opinions: list[Opinion]
    percentile: float

    @property
    def known(self) -> int:
        """Days before the day that are known."""
        return self.opinions[0].known

    @property
    def speaking(self) -> int:
        """How many methods say anything."""
        return sum(one.speaks for one in self.opinions)

    @property
    def alarming(self) -> int:
        """How many of them find the day out of the ordinary."""
        return sum(one.alarm for one in self.opinions)


def asked(area_code: str, disease: str, on: date) -> Asked:
    """Every method asked about the cases of a disease that became known in an area up to a day; inside the scope."""
    pack = policy.pack(disease=disease, area_code=area_code, on=on)
    first = on - timedelta(days=int(pack.number("warning.history_days")) - 1)
    own = f"warning.percentile.{disease}"
    percentile = float(pack.number(own if own in pack.rules else "warning.percentile.other"))
    levels = Levels(
        float(pack.number("warning.alpha")), float(pack.number("warning.ears_min_sigma")), percentile,
        rules.holidays(pack), rules.working_days(pack),
    )  # fmt: skip
    panel = learned_from(area_code, FeedChannel.CASES, case_days(area_code, disease, first, on), on)
    return Asked(on, opinions(panel, levels), percentile)


def opinions(panel: Panel, levels: Levels) -> list[Opinion]:
    """Every method of `NEEDED` about the newest day of a panel of one daily series, in their order.

    The chosen one is that of the ladder: seven days where there are years of them, else the best for the day.
    """
    weeks = panel.ending_weeks()
    known = int((~np.isnan(panel.counts[0, :-1])).sum())
    by_week = method_for(weeks)[0] is Method.FARRINGTON
    chosen = "FARRINGTON" if by_week else LADDER.get(method_for(panel)[0])
    able = {name for name, needed in NEEDED.items() if known >= needed and (by_week or name != "FARRINGTON")}
    return [
        _opinion(name, way(panel, weeks, levels) if name in able else None, panel, (known, name == chosen))
        for name, way in WAYS.items()
    ]


def _opinion(name: str, judged: Judged | None, panel: Panel, seen: tuple[int, bool]) -> Opinion:
    days = WEEK if name in ("FARRINGTON", "PERCENTILE") else 1
    observed = float(panel.counts[0, -days:].sum())
    if judged is None:
        return Opinion(name, days, _number(observed), None, None, None, False, seen[1], seen[0])
    expected, bound, p = (_number(said[0, -1]) for said in (judged.expected, judged.bound, judged.p))
    chance = None if name in RANKS or bound is None else p
    return Opinion(name, days, _number(observed), expected, bound, chance, bool(judged.alarm[0, -1]), seen[1], seen[0])


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _recent(panel: Panel) -> np.ndarray:
    return panel.counts[:, -RECENT:]


def _c1_or_c2(lag: int) -> Callable[[Panel, Panel, Levels], Judged]:
    def by_ears(panel: Panel, _weeks: Panel, levels: Levels) -> Judged:
        return ears(_recent(panel), Ears(lag=lag, alpha=levels.alpha, min_sigma=levels.min_sigma))

    return by_ears


def _c3(panel: Panel, _weeks: Panel, levels: Levels) -> Judged:
    return ears_c3(_recent(panel), Ears(lag=C2.lag, min_sigma=levels.min_sigma))


def _essence(panel: Panel, _weeks: Panel, levels: Levels) -> Judged:
    holidays, working = (np.array(days, dtype="datetime64[D]") for days in (levels.holidays, levels.working))
    return essence_switch(_recent(panel), kinds_of(panel.begins[-RECENT:], holidays=holidays, working=working))


def _cusum(panel: Panel, _weeks: Panel, _levels: Levels) -> Judged:
    """Excesses of four weeks over the mean of up to ninety days before them."""
    before = panel.counts[:, -(ADDED + BEFORE) : -ADDED]
    there = ~np.isnan(before)
    cases = np.where(there, before, 0.0).sum(axis=1)
    mean = np.where(cases >= ENOUGH, cases / np.maximum(there.sum(axis=1), 1), np.nan)
    return cusum(panel.counts[:, -ADDED:], mean[:, None])


def _farrington(_panel: Panel, weeks: Panel, levels: Levels) -> Judged:
    """Seven days against those of the same season, over as many years as are known and the panel reaches back."""
    length = weeks.counts.shape[1]
    known = int((~np.isnan(weeks.counts[0, :-1])).sum())
    settings = Farrington(years=years_of(min(known, length - LEAP)), alpha=levels.alpha)
    return farrington(weeks.counts, range(length - 1, length), settings, begins=weeks.begins)


def _percentile(panel: Panel, _weeks: Panel, levels: Levels) -> Judged:
    return moving_percentile(panel.counts, np.array([levels.percentile]))


WAYS: dict[str, Callable[[Panel, Panel, Levels], Judged]] = {
    "EARS_C1": _c1_or_c2(C1.lag), "EARS_C2": _c1_or_c2(C2.lag), "EARS_C3": _c3, "ESSENCE": _essence, "CUSUM": _cusum,
    "FARRINGTON": _farrington, "PERCENTILE": _percentile,
}  # fmt: skip
