"""Plans as a loop keeps them: from a rule to stages, tests and links, and back.

Days are ISO texts, so that a plan is the same after the store as before it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from fangxian.core.policy import Pack
from fangxian.systems.arrivals.models import Loop
from fangxian.workflows.loop import chain, rules
from fangxian.workflows.loop.chain import Clocks, Link
from fangxian.workflows.response.plan import ContactPlan, Stretch, TestDay

Stages = list[dict[str, str]]
Tests = list[dict[str, Any]]


@dataclass(frozen=True)
class Written:
    """A plan in the words of the loop: stages [{place, from, until, rule}], tests [{stage, day, on, rule}], links."""

    stages: Stages
    tests: Tests
    links: list[Link]
    ends_on: date


def write(plan: ContactPlan, pack: Pack, *, opened_at: datetime, begins: date) -> Written:
    """A plan with its chain. A plan without any stage ends on the day it begins."""
    stages = [
        {"place": one.place, "from": one.starts_on.isoformat(), "until": one.ends_on.isoformat(), "rule": one.rule}
        for one in plan.stretches
    ]
    tests = [{"stage": one.stage, "day": one.day, "on": one.due_on.isoformat(), "rule": one.rule} for one in plan.tests]
    links = chain.build(stages, Clocks.of(pack), opened_at=opened_at)
    return Written(stages, tests, links, plan.until or begins)


def again(loop: Loop, pack: Pack, *, today: date) -> Written:
    """What another pack makes of a loop: the same rule, counted from the same first day.

    Nothing of it lies in the past: a plan that would be over already ends today, days of tests that are gone and were
    not owed before are not owed now, days that were owed stay owed.
    """
    served = int(loop.because.get("served_days", 0))
    prefix = prefix_of(loop, pack)
    made = rules.plan_for(prefix, pack, begins=loop.begins_on, served_days=served)
    kept = {one["on"] for one in loop.tests}
    tests = [one for one in made.tests if one.due_on >= today or one.due_on.isoformat() in kept]
    past = [_test(one) for one in loop.tests if date.fromisoformat(one["on"]) < today]
    wanted = {one.due_on for one in tests}
    plan = ContactPlan(_until_today(made.stretches, today), [one for one in past if one.due_on not in wanted] + tests)
    return write(plan, pack, opened_at=loop.opened_at, begins=loop.begins_on)


def prefix_of(loop: Loop, pack: Pack) -> str:
    """The rule a loop follows under another pack: that of its category where it has one, else the same rule."""
    category = loop.because.get("category", "")
    return (rules.prefix_for(category, pack) if category else "") or loop.rule


def stretches(loop: Loop) -> list[Stretch]:
    """The stages of a loop as days."""
    return [
        Stretch(one["place"], date.fromisoformat(one["from"]), date.fromisoformat(one["until"]), one["rule"])
        for one in loop.stages
    ]


def tests(loop: Loop) -> list[TestDay]:
    """The tests of a loop as days."""
    return [_test(one) for one in loop.tests]


def places(stages: Iterable[dict[str, str]]) -> list[str]:
    """The places of a plan in their order."""
    return [stage["place"] for stage in stages]


def _test(one: dict[str, Any]) -> TestDay:
    return TestDay(one["stage"], int(one["day"]), date.fromisoformat(one["on"]), one["rule"])


def _until_today(made: list[Stretch], today: date) -> list[Stretch]:
    """A plan that another pack has ended in the past ends today, in its last stage."""
    if not made or made[-1].ends_on >= today:
        return made
    last = made[-1]
    return [*made[:-1], Stretch(last.place, last.starts_on, today, last.rule)]
