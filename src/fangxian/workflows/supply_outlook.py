"""How long the supplies of an area last, with the work that is planned there.

Supplies know use, stock and staff; testing knows the rounds. Here they meet: the samples of the rounds that begin
within the days of the pack, spread over these days, are the work from which an item not used before gets its rate.
"""

from collections.abc import Iterable
from datetime import timedelta

from fangxian.core.areas import Area, covers
from fangxian.core.clock import now
from fangxian.systems.supplies import rules, selectors
from fangxian.systems.supplies.outlook import Row
from fangxian.systems.supplies.rules import Work
from fangxian.systems.testing import selectors as testing
from fangxian.systems.testing.models import TestRound

__all__ = ["outlook", "work_planned"]
LOOKED_AT = 50


def outlook(area: Area, *, items: Iterable[str] = ()) -> list[Row]:
    """Every item of an area (or those named), shortest first, inside the scope in force.

    Amounts are in the units of the items, rates in units a day, `days_left` in whole days from today.
    """
    return selectors.outlook(area, work=work_planned(area), items=items)


def work_planned(area: Area) -> Work:
    """A day of planned work: people of the rounds under way or to come within `supplies.plan_days`, a day; staff.

    A round of a wider area counts with the people of this one; a round inside it with its own.
    """
    days = rules.plan_days(rules.pack_of(area.code))
    until = now() + timedelta(days=days)
    coming = [one for one in testing.latest_rounds(LOOKED_AT) if _is_coming(one) and one.begins_at <= until]
    people = sum(
        selectors.people_in(area if covers(one.area_id, area.code) else one.area) for one in _meeting(coming, area)
    )
    return Work(samples=people / days, staff=selectors.staff_of(area.code))


def _is_coming(one: TestRound) -> bool:
    return one.state != TestRound.State.CLOSED and one.kind == TestRound.Kind.REGION and one.ends_at > now()


def _meeting(rounds: Iterable[TestRound], area: Area) -> list[TestRound]:
    return [one for one in rounds if covers(one.area_id, area.code) or covers(area.code, one.area_id)]
