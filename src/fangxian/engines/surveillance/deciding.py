"""From the chances of many series to the few that are out of the ordinary: what a night decides, on arrays alone.

A county's night (`workflows/warning/candidates.py`) and the simulated county (`evaluation/chain.py`) ask the same
functions in the same order, so that what is measured of one holds for the other: `heard` puts the channels of each
subject together, `Heard.chances` holds a day against the own past, `rare` asks what is left after the number of
series, `spoken` says which channel leads, `explained` leaves out areas whose parts explain them, and `merging.filed`
says which card an excess belongs to.

A subject is a disease, or a syndrome: what channels see before there is a disease. A syndrome hears its own channels,
and its diseases as one more: the least likely of them, corrected for their number.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from fangxian.engines.surveillance.combination import (
    DAYS,
    against_past,
    benjamini_hochberg,
    budget_level,
    least_of,
    together,
)
from fangxian.engines.surveillance.merging import Excess, lowest
from fangxian.engines.surveillance.panel import Bools, Floats

Key = tuple[str, str]
"""Area and subject."""


@dataclass(frozen=True)
class Rules:
    """What is out of the ordinary; a policy decides.

    alpha        chance above which nothing is
    a_week       candidates a week chance alone would make of all series, if every one could be judged
    false_share  largest share of false ones Benjamini and Hochberg let through
    least        cases, or whatever a channel counts, below which nothing is spoken of
    """

    alpha: float = 0.01
    a_week: float = 1.5
    false_share: float = 0.2
    least: float = 3.0


@dataclass(frozen=True, eq=False)
class Channel:
    """How unlikely each day of one channel of one subject was, T long, NaN where it did not report.

    days  newest days it speaks for: one for a count that adds up days itself
    """

    area: str
    subject: str
    name: str
    chances: Floats
    days: int = DAYS


@dataclass(frozen=True)
class Heard:
    """All channels of each area and subject together, by theory.

    keys    S, ascending
    theory  S × T, chances; NaN where nothing was judged
    """

    keys: tuple[Key, ...]
    theory: Floats

    def chances(self, day: int = -1) -> Floats:
        """A day held against the past before it, the areas of one subject pooled; S long."""
        until = self.theory.shape[1] + day if day < 0 else day
        subjects = sorted({subject for _area, subject in self.keys})
        pooled = np.array([subjects.index(subject) for _area, subject in self.keys], dtype=np.int64)
        return against_past(self.theory[:, : until + 1], pooled)


def heard(channels: Iterable[Channel], kin: Mapping[str, str]) -> Heard:
    """The channels of each area and subject together.

    channels  any order, all over the same days
    kin       syndrome of each disease
    """
    by_key: dict[Key, list[Channel]] = defaultdict(list)
    for channel in channels:
        by_key[channel.area, channel.subject].append(channel)
    syndromes = set(kin.values())
    diseases = {key: found for key, found in by_key.items() if key[1] not in syndromes}
    theory = _together(diseases)
    members: dict[Key, list[Floats]] = defaultdict(list)
    for (area, subject), chances in theory.items():
        members[area, kin.get(subject, "")].append(chances)
    more = {key: [*found, *_members(key, members)] for key, found in by_key.items() if key[1] in syndromes}
    theory |= _together(more)
    keys = tuple(sorted(theory))
    return Heard(keys, np.array([theory[key] for key in keys]) if keys else np.empty((0, 1)))


def _members(key: Key, members: Mapping[Key, list[Floats]]) -> list[Channel]:
    """A syndrome's diseases as one channel."""
    if key not in members:
        return []
    return [Channel(*key, "", least_of(np.array(members[key])), days=1)]


def _together(groups: Mapping[Key, Sequence[Channel]]) -> dict[Key, Floats]:
    """Chances of each key, T long; channels side by side that speak under one name for as many days."""
    if not groups:
        return {}
    rows = sorted({(one.name, one.days) for found in groups.values() for one in found})
    length = max(len(one.chances) for found in groups.values() for one in found)
    stacked = np.full((len(rows), len(groups), length), np.nan)
    for column, found in enumerate(groups.values()):
        for one in found:
            stacked[rows.index((one.name, one.days)), column, length - len(one.chances) :] = one.chances
    return dict(zip(groups, together(stacked, [days for _name, days in rows]), strict=True))


def rare(p: Floats, rules: Rules) -> Bools:
    """What is rarer than so many candidates of all series allow, and left after their number.

    p  of every series that is looked at, any shape; NaN, such as of too few cases to judge, is as ordinary as can be
    """
    level = min(rules.alpha, budget_level(p.size, a_week=rules.a_week))
    return (p <= level) & (benjamini_hochberg(p) <= rules.false_share)


@dataclass(frozen=True, eq=False)
class Seen:
    """What one channel counted in its newest period.

    first, last      days of the run of alarms that reaches it, or of the period alone
    observed         in the unit of the channel
    expected, bound  NaN where they are not known
    p                chance of at least as much by its own method
    """

    area: str
    subject: str
    channel: str
    first: date
    last: date
    observed: float
    expected: float
    bound: float
    p: float

    @property
    def excess(self) -> float:
        """Above what was expected."""
        return self.observed - (0.0 if self.expected != self.expected else self.expected)


@dataclass(frozen=True)
class Unlikely:
    """One subject in one area that is out of the ordinary.

    p       of all channels together, held against the past
    loud    the channel that leads
    others  the other ones
    """

    p: float
    loud: Seen
    others: tuple[Seen, ...] = ()

    def excess(self, like: Seen | None = None) -> Excess | None:
        """As `merging` reads it, of the channel that leads or of one like another's; None where that says nothing."""
        one = self.loud if like is None else self._like(like)
        if one is None:
            return None
        expected, bound = (0.0 if value != value else value for value in (one.expected, one.bound))
        return Excess(one.area, one.subject, one.first, one.last, one.observed, expected, bound, self.p)

    def _like(self, like: Seen) -> Seen | None:
        same = (one for one in (self.loud, *self.others) if (one.subject, one.channel) == (like.subject, like.channel))
        return next(same, None)


def spoken(seen: Iterable[Seen], p: float, rules: Rules) -> Unlikely | None:
    """What is said of an area: the least likely channel with an excess worth speaking of leads, and names the subject.

    seen  channels of a subject; of a syndrome, those of its diseases as well
    """
    found = sorted(seen, key=lambda one: (not one.p <= 1, one.p, one.channel, one.subject))
    loud = next((one for one in found if one.p <= 1 and one.excess > 0 and one.observed >= rules.least), None)
    return None if loud is None else Unlikely(p, loud, tuple(one for one in found if one is not loud))


def explained(found: Sequence[Unlikely], parents: Mapping[str, str]) -> list[Unlikely]:
    """Without the areas whose parts explain their excess, in the channel that leads it.

    parents  area above each area
    """
    kept = []
    for one in found:
        whole = one.excess()
        parts = [other.excess(one.loud) for other in found if other is not one]
        if whole in lowest([each for each in (whole, *parts) if each is not None], parents):
            kept.append(one)
    return kept
