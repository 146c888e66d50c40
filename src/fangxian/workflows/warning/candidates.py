"""From looks at single series to what is worth a card: one a subject and area, the lowest area that explains it.

The channels of one subject in one area are combined over three days (Fisher) and held against the county's own past;
the level asked for is the one at which the budget of false alarms is spent by chance alone. Feeds of weeks and months,
and cases with years of history, also speak for themselves.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import numpy as np

from fangxian.core.policy import Pack
from fangxian.engines.surveillance import Excess, budget_level, combined, lowest, merged
from fangxian.systems.surveillance.words import FeedStep, SignalMethod
from fangxian.warehouse.panels import COUNTY, TOWNSHIP, syndrome_of
from fangxian.workflows.warning.series import Look, over_by

Key = tuple[str, str]
"""Area and subject."""


@dataclass(frozen=True)
class Candidate:
    """One subject in one area that may be worth a card.

    look     the channel that speaks loudest
    others   the other channels of the same subject and area
    p        of all of them together, against the own past where it is long enough
    method   a SignalMethod, that of the look or the combination
    """

    look: Look
    others: tuple[Look, ...]
    p: float
    method: str

    @property
    def key(self) -> Key:
        """Area and subject."""
        return (self.look.area_code, self.look.subject)

    @property
    def excess(self) -> Excess:
        """As the engine's merging reads it."""
        seen = self.look
        expected, bound = (float(np.nan_to_num(values[-1])) for values in (seen.expected, seen.bound))
        return Excess(*self.key, seen.first_on, over_by(seen), seen.observed, expected, bound, self.p)

    def told(self) -> list[dict[str, Any]]:
        """The other channels, as the card keeps them."""
        return [
            {"channel": str(one.channel), "method": str(one.method), "observed": one.observed, "p": _round(one.p),
             "expected": _round(float(one.expected[-1])), "step": str(one.step)}
            for one in self.others
        ]  # fmt: skip


def candidates(looks: Iterable[Look], pack: Pack) -> list[Candidate]:
    """What is unlikely enough, least likely first; overlapping ones are one.

    Source: `engines/surveillance/combination.py` and `merging.py` for the arithmetic, the pack for the levels.
    """
    daily: dict[Key, list[Look]] = defaultdict(list)
    alone: list[Look] = []
    for look in looks:
        if look.step == FeedStep.DAY:
            daily[look.area_code, look.subject].append(look)
        else:
            alone.append(look)
    found = [*_together(daily, pack), *(one for look in alone if (one := _alone(look, pack)))]
    return sorted(_one_card(_one_a_place(found, pack)), key=lambda one: (one.p, one.key))


def _together(daily: dict[Key, list[Look]], pack: Pack) -> list[Candidate]:
    """Every key with its channels combined; the level falls with the number of series that are looked at each day."""
    keys = sorted(daily)
    if not keys:
        return []
    p = combined(
        _stacked(daily, keys), groups=_groups([subject for _area, subject in keys]),
        days=int(pack.number("warning.combine_days")),
    ).p  # fmt: skip
    level = min(pack.number("warning.alpha"), budget_level(len(keys), a_week=pack.number("warning.budget_per_week")))
    return [
        one for key, chance in zip(keys, p, strict=True)
        if chance <= level and (one := _spoken(daily[key], float(chance), pack)) is not None
    ]  # fmt: skip


def _stacked(daily: dict[Key, list[Look]], keys: list[Key]) -> np.ndarray:
    """p of each channel (K), key (S) and day (T); NaN where a channel is not there."""
    names = sorted({look.channel for looks in daily.values() for look in looks})
    length = max(len(look.chances) for looks in daily.values() for look in looks)
    stacked = np.full((len(names), len(keys), length), np.nan)
    for column, key in enumerate(keys):
        for look in daily[key]:
            stacked[names.index(look.channel), column, length - len(look.chances) :] = look.chances
    return stacked


def _groups(subjects: list[str]) -> np.ndarray:
    """Series of one disease share their past."""
    names = sorted(set(subjects))
    return np.array([names.index(subject) for subject in subjects], dtype=np.int64)


def _spoken(group: list[Look], p: float, pack: Pack) -> Candidate | None:
    """The channel that leads the card: the least likely one with an excess that is worth speaking of."""
    least = pack.number("warning.least_count")
    loud = [one for one in group if one.p == one.p and one.excess > 0 and one.observed >= least]
    if not loud:
        return None
    first = min(loud, key=lambda one: (one.p, one.channel))
    others = tuple(one for one in group if one is not first)
    return Candidate(first, others, p, SignalMethod.COMBINED if others else first.method)


def _alone(look: Look, pack: Pack) -> Candidate | None:
    enough = look.alarm and look.observed >= pack.number("warning.least_count")
    return Candidate(look, (), look.p, look.method) if enough and look.p <= pack.number("warning.alpha") else None


def _one_a_place(found: list[Candidate], pack: Pack) -> list[Candidate]:
    """One a key, the least likely; a disease and its syndrome in one area are one: the disease, with what else the
    syndrome saw."""
    named: dict[Key, Candidate] = {}
    for one in sorted(found, key=lambda one: -one.p):
        named[one.key] = one
    for one in list(named.values()):
        syndrome = named.get((one.look.area_code, syndrome_of(one.look.subject, pack)))
        if syndrome is not None:
            seen = (syndrome.look, *syndrome.others)
            more = tuple(look for look in seen if look.channel != one.look.channel)
            named[one.key] = replace(one, others=(*one.others, *more), p=min(one.p, syndrome.p))
            del named[syndrome.key]
    return list(named.values())


def _one_card(found: list[Candidate]) -> list[Candidate]:
    """The lowest area that explains an excess keeps it; what still overlaps shares the card of the strongest."""
    by_excess = {one.excess: one for one in found}
    above = {code: code[:COUNTY] for code, _subject in (one.key for one in found) if len(code) >= TOWNSHIP}
    cards = merged(lowest(by_excess, above), parents=above, days=timedelta(days=7).days)
    return [by_excess[card.strongest] for card in cards]


def _round(value: float) -> float | None:
    return None if value != value else float(f"{value:.4g}")
