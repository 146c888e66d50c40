"""Which rule of the pack answers for a travel history, and what it asks for at the landing.

Pure. A local notice and the national protocol may both speak of a category: the younger rule holds, of two of the same
day the local one. So a city's own rule gives way when the protocol changes under it, as it did in 2022.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from fangxian.core.policy import MissingRule, Pack
from fangxian.systems.arrivals.words import Category
from fangxian.workflows.response import plan
from fangxian.workflows.response.plan import ContactPlan

#: prefixes of the rules for each category, the local ones first
PREFIXES: dict[str, tuple[str, ...]] = {
    Category.HIGH: ("arrival.high", "arrival.medium_high", "traveller.high"),
    Category.MEDIUM: ("arrival.medium", "arrival.medium_high", "traveller.medium"),
    Category.LOW: ("arrival.low", "traveller.low"),
    Category.OVERSEAS: ("inbound",),
    Category.RELEASED: ("arrival.overseas", "inbound"),
    Category.OUTSIDE: ("arrival.outside",),
    Category.NONE: (),
}
WITHOUT, UNDECLARED, ALL = "without", "undeclared", "all"


@dataclass(frozen=True)
class Trip:
    """What the landing rules look at: days and moments, nothing of the person.

    landed_at and tested_at are moments (None: not known); declared_on is the day of the declaration, arrives_on that
    of coming.
    """

    arrives_on: date
    landed_at: datetime | None = None
    tested_at: datetime | None = None
    declared_on: date | None = None


def prefix_for(category: str, pack: Pack) -> str:
    """The prefix of the rule that holds for a category; "" where the pack asks for nothing."""
    best, youngest = "", date.min
    for prefix in PREFIXES.get(category, ()):
        try:
            rule = pack.rule(plan.stage_rule(prefix, pack))
        except MissingRule:
            continue
        if rule.valid_from > youngest:
            best, youngest = prefix, rule.valid_from
    return best


def plan_for(prefix: str, pack: Pack, *, begins: date, served_days: int = 0) -> ContactPlan:
    """Stages and tests by a rule; where it names no test days, those of `arrival.tests_like`.

    `served_days` counts only against a rule that speaks of the whole stay since entry (`inbound`): a local rule for
    people released elsewhere already means what comes after.
    """
    served = served_days if prefix == "inbound" else 0
    like = pack.get("arrival.tests_like", "") if prefix.startswith("arrival.") else ""
    return plan.for_rule(prefix, pack, begins=begins, tests_like=like, served_days=served)


def landing_test_due(trip: Trip, pack: Pack) -> datetime | None:
    """Until when a test has to be taken at the landing; None where none is asked for.

    `arrival.landing_test` says of whom: all, whoever has no test of the last `arrival.needs_test_within_hours`
    (without), whoever did not declare `arrival.report_days_before` (undeclared).
    """
    asked = pack.get("arrival.landing_test")
    if asked is None or trip.landed_at is None or not _is_asked(asked, trip, pack):
        return None
    key = "arrival.landing_test_hours" if "arrival.landing_test_hours" in pack.rules else "arrival.first_check_hours"
    return trip.landed_at + pack.duration(key)


def _is_asked(asked: str, trip: Trip, pack: Pack) -> bool:
    if asked == WITHOUT:
        return not _has_test(trip, pack)
    return asked == ALL or not _was_declared(trip, pack)


def _has_test(trip: Trip, pack: Pack) -> bool:
    if trip.tested_at is None or trip.landed_at is None:
        return False
    return trip.tested_at >= trip.landed_at - pack.duration("arrival.needs_test_within_hours")


def _was_declared(trip: Trip, pack: Pack) -> bool:
    before = timedelta(days=int(pack.number("arrival.report_days_before")))
    return trip.declared_on is not None and trip.declared_on <= trip.arrives_on - before
