"""Early warning of a simulated county from end to end, and its score.

Every day, as a county's night does it (`deciding`): cases of seven days a disease, in each township and in the county,
by improved Farrington; channels of each group by ESSENCE's switch; the diseases of a group and its channels together;
each held against the own past year; those rare among so many series and left by Benjamini and Hochberg; the lowest
level; the cards under way; the budget. What it does not have: the scan, feeds of weeks and months, and verdicts, so
that every card stays open.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from fangxian.engines.surveillance import model
from fangxian.engines.surveillance.combination import DAYS, PAST, SHARED, within_budget
from fangxian.engines.surveillance.deciding import (
    Channel,
    Heard,
    Key,
    Rules,
    Seen,
    explained,
    heard,
    rare,
    spoken,
)
from fangxian.engines.surveillance.essence import essence_switch, kinds_of
from fangxian.engines.surveillance.evaluation import county as simulated
from fangxian.engines.surveillance.evaluation.county import DISEASES, FEEDS, GROUPS, HISTORY, TOWNSHIPS, YEAR, County
from fangxian.engines.surveillance.evaluation.scoring import Share, share
from fangxian.engines.surveillance.merging import Card, Excess, filed
from fangxian.engines.surveillance.panel import Floats, Panel
from fangxian.engines.surveillance.seven_days import WEEK, seven_days

RULES = Rules()
WINDOW, BUDGET = 28, 4
"""Days and cards of the budget: one a week, on the average of four weeks."""
KEPT = timedelta(days=7)
"""As long after it was last seen a card takes in what belongs to it."""
LEAD_IN = 42
"""Days of feeds before the first judged one, for baselines."""
GRACE = 7
"""Days after the last report in which a card still is about the outbreak."""
EPOCH = date(2020, 1, 6)
COUNTY = "county"
AREAS = (*(f"township {number}" for number in range(TOWNSHIPS)), COUNTY)
PARENTS = dict.fromkeys(AREAS[:-1], COUNTY)
KIN = {disease.name: disease.group for disease in DISEASES}
CASES = "cases"


class Series(NamedTuple):
    """One channel of one subject in one area on every judged day, each array as long; span: days a count adds up."""

    counts: Floats
    judged: model.Judged
    row: int
    span: int


@dataclass(frozen=True)
class Judged:
    """A county on every judged day.

    first   number of the first of them
    heard   all channels together
    series  by area, subject and channel
    """

    first: int
    heard: Heard
    series: dict[tuple[str, str, str], Series]


@dataclass
class Report:
    """What became of so many simulated counties, so many scored days each."""

    days: int = YEAR
    counties: int = 0
    cards: list[int] = field(default_factory=list)
    right: list[int] = field(default_factory=list)
    outbreaks: list[int] = field(default_factory=list)
    found: list[int] = field(default_factory=list)
    days_to_find: list[int] = field(default_factory=list)
    held_back: int = 0

    @property
    def a_week(self) -> Share:
        """Statistical cards a county and week."""
        return share(_floats(self.cards), np.full(self.counties, self.days / 7))

    @property
    def worth(self) -> Share:
        """Share of cards about an outbreak."""
        return share(_floats(self.right), _floats(self.cards))

    @property
    def sensitivity(self) -> Share:
        """Share of outbreaks with a card of their own, or whose township joined a card under way, before their end."""
        return share(_floats(self.found), _floats(self.outbreaks))

    @property
    def false_alarms(self) -> Share:
        """Cards about nothing, for each disease, county and day."""
        wrong = _floats(self.cards) - _floats(self.right)
        return share(wrong, np.full(self.counties, float(self.days * len(DISEASES))))

    @property
    def median_days(self) -> float:
        """Days from the first report to the first card, of the outbreaks found."""
        return float(np.median(self.days_to_find)) if self.days_to_find else float("nan")


def run(
    *, counties: int = 20, days: int = YEAR, seed: int = 1, advance: Callable[[int], None] = lambda _done: None
) -> Report:
    """Simulate, judge and score so many counties over so many days, a year at most; learnt is from as many before."""
    report = Report(days)
    for number in range(counties):
        county = simulated.simulate(np.random.default_rng([seed, number]))
        _score(report, county, judge(county, days))
        advance(number + 1)
    return report


def judge(county: County, days: int = YEAR) -> Judged:
    """Every series on so many days of the scored time, and on as many before it as the past reaches back."""
    first, until = HISTORY - PAST - SHARED, HISTORY + days
    series = {**_by_cases(county, first, until), **_by_feeds(county, first, until)}
    channels = (Channel(*key, one.judged.p[one.row], DAYS if one.span == 1 else 1) for key, one in series.items())
    return Judged(first, heard(channels, KIN), series)


def _by_cases(county: County, first: int, until: int) -> dict[tuple[str, str, str], Series]:
    """Cases of seven days of each disease, in each township and added up."""
    counts = np.concatenate([county.cases, county.cases.sum(axis=1, keepdims=True)], axis=1)[:, :, :until]
    keys = [(area, disease.name, CASES) for disease in DISEASES for area in AREAS]
    begins = np.datetime64(EPOCH) + np.arange(until)
    panel = Panel(tuple(key[0] for key in keys), tuple(key[1] for key in keys), begins, counts.reshape(len(keys), -1))
    sums = seven_days(panel, until - first, alpha=RULES.alpha)
    cut, judged = sums.sums[:, first:], _since(sums.judged, first)
    return {keys[row]: Series(cut, judged, place, WEEK) for place, row in enumerate(sums.rows)}


def _by_feeds(county: County, first: int, until: int) -> dict[tuple[str, str, str], Series]:
    """Channels of each group, in each township and added up; who is silent is taken to be as the others."""
    days = np.arange(first - LEAD_IN, until)
    kinds = kinds_of(np.datetime64(EPOCH) + days)
    found = {}
    for group, name in enumerate(GROUPS):
        for feed in range(len(FEEDS)):
            towns = county.feeds[group, feed][:, days]
            whole = np.round(np.nanmean(towns, axis=0, keepdims=True) * TOWNSHIPS)
            counts = np.concatenate([towns, whole])
            judged = _since(essence_switch(counts, kinds), LEAD_IN)
            for row, area in enumerate(AREAS):
                found[area, name, f"feed {feed}"] = Series(counts[:, LEAD_IN:], judged, row, 1)
    return found


def _since(said: model.Judged, day: int) -> model.Judged:
    """From a day on."""
    return model.Judged(said.expected[:, day:], said.bound[:, day:], said.p[:, day:], said.alarm[:, day:])


def _score(report: Report, county: County, judged: Judged) -> None:
    cards, joined, held = cards_of(judged)
    end = judged.first + judged.heard.theory.shape[1]
    outbreaks = [one for one in county.outbreaks if one.last >= HISTORY and one.last + GRACE < end]
    right = [any(_about(card, one) for one in county.outbreaks) for card in cards]
    first = [_first_card((*cards, *joined), one) for one in outbreaks]
    report.counties += 1
    report.cards.append(len(cards))
    report.right.append(sum(right))
    report.outbreaks.append(len(outbreaks))
    report.found.append(sum(day is not None for day in first))
    report.held_back += held
    pairs = zip(first, outbreaks, strict=True)
    report.days_to_find += [max(0, day - one.first) for day, one in pairs if day is not None]


def cards_of(judged: Judged) -> tuple[tuple[Card, ...], tuple[Card, ...], int]:
    """The cards of the scored time as they were when raised; areas that joined one later; times one was held back."""
    raised: list[Card] = []
    joined: list[Card] = []
    leads: list[Excess] = []
    seen: dict[tuple[str, str], date] = {}
    held = 0
    for day in range(PAST + SHARED, judged.heard.theory.shape[1]):
        today = _date(judged, day)
        found = filed(_excesses(judged, day), leads, parents=PARENTS, kin=KIN)
        for one, card in found.joins:
            joined += [Card((one,))] if today - seen.get((one.area, one.disease), date.min) > KEPT else []
            leads = [lead._replace(last=today) if lead is card else lead for lead in leads]
        spent = sum(card.last > today - timedelta(days=WINDOW) for card in raised)
        chances = np.array([card.strongest.p for card in found.new])
        kept = within_budget(chances, np.zeros(len(chances), dtype=bool), spent=spent, budget=BUDGET)
        new = [card for card, yes in zip(found.new, kept, strict=True) if yes]
        raised += new
        leads = [one for one in (*leads, *(card.strongest for card in new)) if today - one.last < KEPT]
        there = (*(one for one, _card in found.joins), *(one for card in new for one in card.excesses))
        seen |= {(one.area, one.disease): today for one in there}
        held += len(found.new) - len(new)
    return tuple(raised), tuple(joined), held


def _excesses(judged: Judged, day: int) -> list[Excess]:
    """What is out of the ordinary on a day, in the lowest areas that explain it."""
    chances = judged.heard.chances(day)
    found = []
    for place in np.flatnonzero(rare(chances, RULES)):
        key = judged.heard.keys[place]
        one = spoken(_seen(judged, key, day), float(chances[place]), RULES)
        found += [] if one is None else [one]
    return [each for one in explained(found, PARENTS) if (each := one.excess()) is not None]


def _seen(judged: Judged, key: Key, day: int) -> Iterable[Seen]:
    """The channels of a subject in an area on a day, a group's with its diseases'."""
    area, subject = key
    names = [subject, *(disease for disease, group in KIN.items() if group == subject)]
    for (where, what, channel), one in judged.series.items():
        if where == area and what in names and not np.isnan(one.counts[one.row, day]):
            yield _newest(judged, (area, what, channel), one, day)


def _newest(judged: Judged, named: tuple[str, str, str], one: Series, day: int) -> Seen:
    said, row = one.judged, one.row
    run = max(1, model.run_of(said.alarm[row, : day + 1]))
    first = _date(judged, day) - timedelta(days=run - 1 + one.span - 1)
    values = (float(array[row, day]) for array in (one.counts, said.expected, said.bound, said.p))
    return Seen(*named, first, _date(judged, day), *values)


def _about(card: Card, outbreak: simulated.Outbreak) -> bool:
    """Whether a card points at an outbreak: its group or a disease of it, its township or the county, in its time."""
    group = DISEASES[outbreak.disease].group
    if group not in (card.disease, KIN.get(card.disease)):
        return False
    here = {COUNTY, f"township {outbreak.township}"} & set(card.areas)
    day = (card.last - EPOCH).days
    return bool(here) and outbreak.first - FEEDS[1].leads - 3 <= day <= outbreak.last + GRACE


def _first_card(cards: tuple[Card, ...], outbreak: simulated.Outbreak) -> int | None:
    """Day of the first card about an outbreak."""
    days = [(card.last - EPOCH).days for card in cards if _about(card, outbreak)]
    return min(days) if days else None


def _date(judged: Judged, day: int) -> date:
    """The date of a judged day."""
    return EPOCH + timedelta(judged.first + day)


def _floats(values: list[int]) -> Floats:
    return np.array(values, dtype=np.float64)
