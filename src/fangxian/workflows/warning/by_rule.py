"""Dated rules: so many cases of a disease in so many days in one place; one case of what allows none."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from fangxian.core import modes
from fangxian.core.areas import Area
from fangxian.systems.surveillance import rules
from fangxian.systems.surveillance.rules import ClusterRule
from fangxian.systems.surveillance.services import Found
from fangxian.systems.surveillance.settings import ANY, Settings, settings_of
from fangxian.systems.surveillance.words import FeedChannel, SignalKind, SignalMethod
from fangxian.warehouse.boundaries import COUNTY, TOWNSHIP
from fangxian.warehouse.clusters import At, Known, known_cases

SHOWN = timedelta(days=30)
"""What the little curve of a card shows at least; a rule may look back longer."""
DIGITS = (12, 9, 6, 4, 2)
COUNTED = {"cases": "day", "deaths": "died_on", "admissions": "admitted_on"}
"""What a rule counts, and which day of a case that is."""
Shared = dict[str, tuple[At, list[Known]]]
"""A place as each setting it is, with the cases that belong there as such."""


@dataclass(frozen=True)
class Met:
    """A rule that is met: how many of what (`cases`, `deaths`, `admissions`) it asks for, and the cases it counted."""

    rule: ClusterRule
    at: At
    counted: str
    least: int
    cases: list[Known]


def by_rule(area_code: str, as_of: date) -> list[Found]:
    """Every place of an area in which a rule is met on a day, with the gravest of them; inside the scope in force.

    Source: the packs of the diseases (`cluster.*`, `outbreak.*`, `emergency.*`, dated); the table of notifiable
    diseases (one case).
    """
    first = as_of - max(SHOWN, rules.longest_window())
    asked = cache(lambda disease, area: rules.cluster_rules(disease, area, as_of))
    settings = cache(lambda area: settings_of(area, as_of))
    with modes.remembered():
        known = known_cases(area_code, first, as_of, settings)
        areas = Area.objects.in_bulk({code for case in known for code in _codes(case)})
        made = []
        for (disease, place), there in sorted(_shared(known).items(), key=lambda item: item[0]):
            met = [_met(rule, there, as_of) for rule in asked(disease, place[0][:TOWNSHIP])]
            gravest = next(filter(None, reversed(met)), None)
            made += [_found(gravest, disease, as_of, areas, settings)] if gravest else []
        return made


def _codes(case: Known) -> set[str]:
    own = {case.area_code, *(at.area_code for at in case.places)}
    return own | {code[:digits] for code in own for digits in DIGITS}


def _nearest(code: str, case: Known, areas: dict[str, Area]) -> Area:
    """The area of a code, or the one above it where the list of areas has no such part; else that of a case there."""
    codes = [code, *(code[:digits] for digits in DIGITS), case.area_code]
    return next(areas[one] for one in codes if one in areas)


def _shared(known: Iterable[Known]) -> dict[tuple[str, tuple[str, str, str]], Shared]:
    """By disease and place, as each setting the place is: its cases. A case counts in every place it belongs to."""
    found: dict[tuple[str, tuple[str, str, str]], Shared] = defaultdict(dict)
    for case in known:
        for at in case.places:
            found[case.disease, at.place].setdefault(at.setting, (at, []))[1].append(case)
    return found


def _met(rule: ClusterRule, there: Shared, as_of: date) -> Met | None:
    """The rule with what meets it: enough cases, or enough deaths or admissions of them, where it says so."""
    if rule.setting not in there:
        return None
    at, cases = there[rule.setting]
    for counted, least in rule.least:
        within = [case for case in cases if _counts(case, counted, rule, as_of)]
        if len(within) >= least:
            return Met(rule, at, counted, least, within)
    return None


def _counts(case: Known, counted: str, rule: ClusterRule, as_of: date) -> bool:
    day = getattr(case, COUNTED[counted])
    return day is not None and as_of - rule.window < day <= as_of and not (rule.local and case.imported)


def _found(
    met: Met, disease: str, as_of: date, areas: dict[str, Area], settings: Callable[[str], Settings]
) -> Found:  # fmt: skip
    """The finding with its cases by day; the rule's number stands as the bound."""
    days = [getattr(case, COUNTED[met.counted]) for case in met.cases]
    said = rules.told(met.rule, settings(met.at.area_code[:COUNTY]), met.counted, met.least)
    single = met.at.setting == ANY and met.least == 1
    return Found(
        area=_nearest(met.at.area_code, met.cases[0], areas), kind=SignalKind.RULE, rule=met.rule.key,
        channel=FeedChannel.CASES, method=SignalMethod.SINGLE if single else SignalMethod.CLUSTER, disease=disease,
        first_on=min(days), observed=float(len(days)), bound=float(met.least), where=met.at.name[:120],
        subject_id=met.at.id, series={**_curve(days, as_of, met.rule.window), "rule": said},
    )  # fmt: skip


def _curve(found: list[date], as_of: date, window: timedelta) -> dict[str, Any]:
    by_day, back = Counter(found), max(SHOWN, window)
    days = [as_of - back + timedelta(days=number) for number in range(back.days + 1)]
    counts = [by_day.get(day, 0) for day in days]
    return {"step": "DAY", "days": [day.isoformat() for day in days], "counts": counts, "expected": [], "bound": []}
