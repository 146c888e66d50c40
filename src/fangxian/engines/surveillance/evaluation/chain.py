"""Early warning of a simulated county from end to end, and its score.

Every day: cases of seven days a disease, in each township and in the county, by improved Farrington; channels of each
group and township by ESSENCE's switch; both combined over three days; each held against the fourth year; those rarer
than the budget allows and left by Benjamini and Hochberg; the lowest level; cards; the budget of four in four weeks.

It uses the engine's own functions, put together as `docs/early-warning-methods.md` describes; the nightly run
(`workflows/early_warning.py`) puts them together otherwise in the places named there.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from fangxian.engines.surveillance.combination import (
    Calibration,
    benjamini_hochberg,
    budget_level,
    mid_p,
    together,
    within_budget,
)
from fangxian.engines.surveillance.essence import essence_switch
from fangxian.engines.surveillance.evaluation import county as model
from fangxian.engines.surveillance.evaluation.county import DISEASES, GROUPS, HISTORY, TOWNSHIPS, YEAR, County
from fangxian.engines.surveillance.evaluation.scoring import Share, share
from fangxian.engines.surveillance.farrington import Farrington, farrington
from fangxian.engines.surveillance.merging import Card, Excess, lowest, merged
from fangxian.engines.surveillance.panel import Floats

FALSE_SHARE = 0.2
"""Largest share of false ones Benjamini and Hochberg may let through."""
WINDOW, BUDGET = 28, 4
"""Days and cards of the budget: one a week, on the average of four weeks."""
LEAD_IN = 42
"""Days of feeds before the first judged one, for baselines."""
GRACE = 7
"""Days after the last report in which a card still is about the outbreak."""
EPOCH = date(2020, 1, 6)
COUNTY = "county"
SETTINGS = Farrington(years=2)
PARENTS = {f"township {number}": COUNTY for number in range(TOWNSHIPS)}


@dataclass(frozen=True)
class Judged:
    """Each series of a county on every judged day: as many before the first scored one as from it on.

    first                   number of the first judged day
    p                       diseases × (townships, then the county), then groups × townships
    cases, expected, bound  of seven days, the first of these; NaN where there are too few to judge
    """

    first: int
    p: Floats
    cases: Floats
    expected: Floats
    bound: Floats


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
        county = model.simulate(np.random.default_rng([seed, number]))
        _score(report, county, judge(county, days))
        advance(number + 1)
    return report


def judge(county: County, days: int = YEAR) -> Judged:
    """Every series on so many days before the scored time, and on as many of it."""
    judged = range(HISTORY - days, HISTORY + days)
    areas = np.concatenate([county.cases, county.cases.sum(axis=1, keepdims=True)], axis=1)
    weeks = _seven_days(areas.reshape(-1, areas.shape[2]))
    by_cases, expected, bound = _farrington(weeks, judged)
    both = [_group(county, group, by_cases, judged) for group in range(len(GROUPS))]
    p = np.concatenate([_own_past(by_cases, TOWNSHIPS + 1, days), *(_own_past(one, TOWNSHIPS, days) for one in both)])
    return Judged(judged.start, p, weeks[:, judged.start : judged.stop], expected, bound)


def _farrington(weeks: Floats, judged: range) -> tuple[Floats, Floats, Floats]:
    """p, expectation and bound of the seven days that end on each judged day."""
    found = [np.full((len(weeks), len(judged)), np.nan) for _array in range(3)]
    for place, day in enumerate(judged):
        ending = weeks[:, day % 7 : day + 1 : 7]
        newest = ending.shape[1] - 1
        one = farrington(ending, range(newest, newest + 1), SETTINGS)
        told = np.where(np.isnan(one.bound), np.nan, mid_p(ending[:, -1:], one.expected, np.nan_to_num(one.phi, nan=1)))
        for into, values in zip(found, (told, one.expected, one.bound), strict=True):
            into[:, place] = values[:, 0]
    return found[0], found[1], found[2]


def _group(county: County, group: int, by_cases: Floats, judged: range) -> Floats:
    """All channels of a group in each township, with the least likely of its diseases, over three days."""
    days = np.arange(judged.start - LEAD_IN, judged.stop)
    feeds = [essence_switch(feed[:, days], days % 7).p[:, LEAD_IN:] for feed in county.feeds[group]]
    members = [number for number, disease in enumerate(DISEASES) if disease.group == GROUPS[group]]
    shaped = by_cases.reshape(len(DISEASES), TOWNSHIPS + 1, -1)[members, :TOWNSHIPS]
    least = np.where(np.isnan(shaped), 1.0, shaped).min(axis=0)
    return together(np.stack([*feeds, 1 - (1 - least) ** len(members)]))


def _own_past(p: Floats, series: int, days: int) -> Floats:
    """Every value held against the time before the scored one, series of one disease pooled; a share without a
    judgement is as ordinary as can be."""
    known = np.where(np.isnan(p), 1.0, p)
    blocks = [known[start : start + series] for start in range(0, len(known), series)]
    return np.concatenate([Calibration.of(block[:, :days]).p(block) for block in blocks])


def _seven_days(counts: Floats) -> Floats:
    """Sums of seven days up to each day; NaN before there are seven."""
    sums = np.full_like(counts, np.nan)
    sums[:, 6:] = np.lib.stride_tricks.sliding_window_view(counts, 7, axis=1).sum(axis=2)
    return sums


def _score(report: Report, county: County, judged: Judged) -> None:
    cards, joined, held = cards_of(judged)
    end = judged.first + judged.p.shape[1]
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
    under_way: list[Excess] = []
    held = 0
    for day in range(judged.p.shape[1] // 2, judged.p.shape[1]):
        today = _date(judged, day)
        under_way = [one for one in under_way if one.last >= today - timedelta(days=7)]
        new, going_on = _of_today(judged, day, under_way)
        before = {(one.disease, one.area) for one in under_way}
        joined += [Card(one.disease, (one,)) for one in going_on if (one.disease, one.area) not in before]
        spent = sum(card.last > today - timedelta(days=WINDOW) for card in raised)
        chances = np.array([card.strongest.p for card in new])
        kept = within_budget(chances, np.zeros(len(new), dtype=bool), spent=spent, budget=BUDGET)
        raised += [card for card, yes in zip(new, kept, strict=True) if yes]
        under_way += going_on + [one for card, yes in zip(new, kept, strict=True) if yes for one in card.excesses]
        held += int((~kept).sum())
    return tuple(raised), tuple(joined), held


def _of_today(judged: Judged, day: int, under_way: list[Excess]) -> tuple[list[Card], list[Excess]]:
    """Cards that are new today, and excesses that go on in cards that are there."""
    today = _date(judged, day)
    cards = merged([*lowest(_excesses(judged, day), PARENTS), *under_way], parents=PARENTS)
    new = [card for card in cards if card.first == today]
    known = [one for card in cards if card.first < today for one in card.excesses if one.last == today]
    return new, known


def _excesses(judged: Judged, day: int) -> Iterator[Excess]:
    """What is rarer today than the budget allows, and left after the number of series."""
    p = judged.p[:, day]
    unusual = (p <= budget_level(len(p))) & (benjamini_hochberg(p) <= FALSE_SHARE)
    for place in np.flatnonzero(unusual):
        number, area = _place(int(place), judged, day)
        cases, expected, bound = _counted(judged, number, area, day)
        today = _date(judged, day)
        yield Excess(area, DISEASES[number].name, today, today, cases, expected, bound, float(p[place]))


def _counted(judged: Judged, number: int, area: str, day: int) -> tuple[float, float, float]:
    """Cases, expectation and bound of a disease in an area; too few cases to judge are expected to be none."""
    at = number * (TOWNSHIPS + 1) + (TOWNSHIPS if area == COUNTY else int(area.split()[1]))
    cases, expected, bound = (float(values[at, day]) for values in (judged.cases, judged.expected, judged.bound))
    return cases, 0.0 if np.isnan(expected) else expected, cases if np.isnan(bound) else bound


def _place(place: int, judged: Judged, day: int) -> tuple[int, str]:
    """Disease and area of a series; of a group's, the disease that is least likely there today."""
    diseases = len(DISEASES) * (TOWNSHIPS + 1)
    if place < diseases:
        number, area = divmod(place, TOWNSHIPS + 1)
        return number, COUNTY if area == TOWNSHIPS else f"township {area}"
    group, area = divmod(place - diseases, TOWNSHIPS)
    members = [number for number, disease in enumerate(DISEASES) if disease.group == GROUPS[group]]
    chances = judged.p[[number * (TOWNSHIPS + 1) + area for number in members], day]
    return members[int(np.argmin(chances))], f"township {area}"


def _about(card: Card, outbreak: model.Outbreak) -> bool:
    """Whether a card points at an outbreak: its disease or another of its group, its township or the county."""
    name = {one.name: one.group for one in DISEASES}
    if name[card.disease] != DISEASES[outbreak.disease].group:
        return False
    here = {COUNTY, f"township {outbreak.township}"} & set(card.areas)
    day = (card.first - EPOCH).days
    return bool(here) and outbreak.first - model.FEEDS[1].leads - 3 <= day <= outbreak.last + GRACE


def _first_card(cards: tuple[Card, ...], outbreak: model.Outbreak) -> int | None:
    """Day of the first card about an outbreak."""
    days = [(card.first - EPOCH).days for card in cards if _about(card, outbreak)]
    return min(days) if days else None


def _date(judged: Judged, day: int) -> date:
    """The date of a judged day."""
    return EPOCH + timedelta(judged.first + day)


def _floats(values: list[int]) -> Floats:
    return np.array(values, dtype=np.float64)
