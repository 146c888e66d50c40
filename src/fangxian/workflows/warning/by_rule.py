"""Dated rules: so many cases of a disease in so many days in one place; one case of what allows none."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from fangxian.core import diseases
from fangxian.core.areas import Area
from fangxian.systems.surveillance import rules
from fangxian.systems.surveillance.rules import ClusterRule
from fangxian.systems.surveillance.services import Found
from fangxian.systems.surveillance.words import FeedChannel, SignalKind, SignalMethod
from fangxian.warehouse.clusters import At, Known, known_cases

LOOK_BACK = timedelta(days=30)
"""What the little curve of a cluster shows, and the longest window any rule has."""
SINGLE = "fixed:1"
SINGLE_DAYS = timedelta(days=7)
TOWNSHIP = 9
DIGITS = (12, 9, 6, 4, 2)


def by_rule(area_code: str, as_of: date) -> list[Found]:
    """Every rule that is met in an area on a day, inside the scope in force.

    Source: the packs of the diseases (`cluster.*`, `outbreak.*`, dated); the table of notifiable diseases (one case).
    """
    words = [str(word) for word in rules.pack_of(area_code, as_of).items("warning.school_words")]
    known = known_cases(area_code, as_of - LOOK_BACK, as_of, words)
    areas = Area.objects.in_bulk({code for case in known for code in _codes(case)})
    return [*_singles(known, as_of, areas), *_clusters(known, as_of, areas)]


def _codes(case: Known) -> set[str]:
    own = {case.area_code, *(at.area_code for at in case.places)}
    return own | {code[:digits] for code in own for digits in DIGITS}


def _nearest(code: str, areas: dict[str, Area]) -> Area:
    """The area of a code, or the one above it where the list of areas has no such part."""
    return next(areas[code[:digits]] for digits in (len(code), *DIGITS) if code[:digits] in areas)


def _singles(known: Iterable[Known], as_of: date, areas: dict[str, Area]) -> list[Found]:
    """One case is enough for what the law manages most strictly: a card a township and disease."""
    there: dict[tuple[str, str], list[Known]] = defaultdict(list)
    for case in known:
        strict = case.disease in diseases.KEYS and diseases.get(case.disease).warning_method == SINGLE
        if strict and case.day > as_of - SINGLE_DAYS:
            there[case.area_code[:TOWNSHIP], case.disease].append(case)
    return [
        _found(_nearest(code, areas), SignalMethod.SINGLE, SINGLE, disease, found, as_of, bound=1)
        for (code, disease), found in sorted(there.items())
    ]


def _clusters(known: list[Known], as_of: date, areas: dict[str, Area]) -> list[Found]:
    there: dict[tuple[str, At], list[Known]] = defaultdict(list)
    for case in known:
        for at in case.places:
            there[case.disease, at].append(case)
    asked: dict[tuple[str, str], list[ClusterRule]] = {}
    made = []
    for (disease, at), found in sorted(there.items(), key=lambda item: (item[0][0], item[0][1].area_code)):
        if len(found) < 2:
            continue
        key = (disease, at.area_code[:6])
        if key not in asked:
            asked[key] = rules.cluster_rules(disease, at.area_code, as_of)
        met = [rule for rule in asked[key] if rule.setting == at.setting and _is_met(rule, found, as_of)]
        if met:  # the gravest of them: an outbreak is a cluster too
            made.append(_cluster(_nearest(at.area_code, areas), disease, at, met[-1], found, as_of))
    return made


def _is_met(rule: ClusterRule, found: list[Known], as_of: date) -> bool:
    return sum(case.day > as_of - rule.window for case in found) >= rule.min_cases


def _cluster(area: Area, disease: str, at: At, rule: ClusterRule, found: list[Known], as_of: date) -> Found:
    within = [case for case in found if case.day > as_of - rule.window]
    return _found(area, SignalMethod.CLUSTER, rule.key, disease, within, as_of, bound=rule.min_cases, at=at)


def _found(
    area: Area, method: str, rule: str, disease: str, cases: list[Known], as_of: date, *, bound: int,
    at: At | None = None,
) -> Found:  # fmt: skip
    """The finding with its cases by day; the rule's number stands as the bound."""
    return Found(
        area=area, kind=SignalKind.RULE, method=method, rule=rule, channel=FeedChannel.CASES, disease=disease,
        first_on=min(case.day for case in cases), observed=float(len(cases)), bound=float(bound),
        where=_name(at), subject_id=_id(at), series=_curve(cases, as_of),
    )  # fmt: skip


def _curve(cases: list[Known], as_of: date) -> dict[str, Any]:
    by_day = Counter(case.day for case in cases)
    days = [as_of - LOOK_BACK + timedelta(days=number) for number in range(LOOK_BACK.days + 1)]
    counts = [by_day.get(day, 0) for day in days]
    return {"step": "DAY", "days": [day.isoformat() for day in days], "counts": counts, "expected": [], "bound": []}


def _name(at: At | None) -> str:
    return at.name[:120] if at else ""


def _id(at: At | None) -> UUID | None:
    return at.id if at else None
