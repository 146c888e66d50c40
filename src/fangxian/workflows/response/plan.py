"""What the pack asks of a person: stages of quarantine and days of tests, counted from the day the plan began.

Pure: rule and pack in, days out. A contact's plan begins on the day it was first found, an arrival's on the day of
landing, so planning it again on a later day gives the same days.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from fangxian.core.policy import Pack

CENTRAL, HOME, PERSONAL = "central", "home", "personal"


@dataclass(frozen=True)
class Stretch:
    """A stage on the calendar: where (central, home, observation, personal), first and last day, by which rule."""

    place: str
    starts_on: date
    ends_on: date
    rule: str


@dataclass(frozen=True)
class TestDay:
    """One test: the day of the stage it falls on, the calendar day, by which rule."""

    stage: str
    day: int
    due_on: date
    rule: str


@dataclass(frozen=True)
class ContactPlan:
    """Stages and tests of one contact, and the last day of follow-up."""

    stretches: list[Stretch]
    tests: list[TestDay]

    @property
    def until(self) -> date | None:
        """The last day of the last stage; None when the pack asks for nothing."""
        return max((stretch.ends_on for stretch in self.stretches), default=None)


def for_ring(ring: str, pack: Pack, *, begins: date) -> ContactPlan:
    """The plan of a contact in a ring (CLOSE, SECONDARY or GENERAL) that begins on a day."""
    return for_rule(f"contact.{ring.lower()}", pack, begins=begins)


def for_rule(prefix: str, pack: Pack, *, begins: date, tests_like: str = "", served_days: int = 0) -> ContactPlan:
    """The plan by any rule of the pack (`contact.close`, `traveller.high`, `inbound` …) that begins on a day.

    Stages follow each other without a gap: the next one's first day is the last one's end plus one. Test days count
    from 1 within the first stage (`<prefix>.test_days`) and within later stages at home (`<prefix>.home_test_days`).

    prefix: stages are `<prefix>.isolation`, else `<prefix>.management`, else the rule itself; one that says only “2
    tests in 3 days” is own monitoring of so many days with the tests spread over them.
    tests_like: whose test days are meant where the rule names none.
    served_days: days somebody else has carried out before this plan begins; the stages begin with what is left.
    Raises MissingRule when the pack has no such rule.
    """
    rule = stage_rule(prefix, pack)
    told = pack.rule(rule).data
    if isinstance(told, dict):
        return _tests_only(rule, told, begins)
    stages = _left([(stage.place, stage.days) for stage in pack.stages(rule)], served_days)
    stretches = _stretches(stages, rule, begins)
    own = prefix if _names_tests(prefix, pack) else tests_like
    if not own:
        return ContactPlan(stretches, [])
    is_later = served_days and stretches and stretches[0].place == HOME
    first, later = ([], stretches) if is_later else (stretches[:1], stretches[1:])
    home = [stretch for stretch in later if stretch.place == HOME]
    return ContactPlan(stretches, _tests(pack, f"{own}.test_days", first) + _tests(pack, f"{own}.home_test_days", home))


def stage_rule(prefix: str, pack: Pack) -> str:
    """The key of the rule that holds the stages; raises MissingRule."""
    keys = (f"{prefix}.isolation", f"{prefix}.management", prefix)
    found = next((key for key in keys if key in pack.rules and isinstance(pack.rules[key].data, list | dict)), None)
    return found or pack.rule(keys[0]).key


def follow_up_days(ring: str, pack: Pack) -> int | None:
    """Days a contact of a ring is followed after the last contact: all stages together; None for no follow-up."""
    return sum(stage.days for stage in pack.stages(f"contact.{ring.lower()}.isolation")) or None


def _left(stages: list[tuple[str, int]], served: int) -> list[tuple[str, int]]:
    """What is left of the stages when so many of their days were carried out already."""
    left = []
    for place, days in stages:
        done = min(days, served)
        served -= done
        left += [(place, days - done)] if days > done else []
    return left


def _stretches(stages: list[tuple[str, int]], rule: str, begins: date) -> list[Stretch]:
    stretches, first = [], begins
    for place, days in stages:
        last = first + timedelta(days=days - 1)
        stretches.append(Stretch(place, first, last, rule))
        first = last + timedelta(days=1)
    return stretches


def _names_tests(prefix: str, pack: Pack) -> bool:
    return f"{prefix}.test_days" in pack.rules or f"{prefix}.home_test_days" in pack.rules


def _tests_only(rule: str, told: dict, begins: date) -> ContactPlan:
    """“2 tests in 3 days”: the first on the first day, the last on the last, others between."""
    days, tests = int(told["days"]), int(told["tests"])
    on = [1 + round(number * (days - 1) / max(1, tests - 1)) for number in range(tests)]
    stretch = Stretch(PERSONAL, begins, begins + timedelta(days=days - 1), rule)
    return ContactPlan([stretch], [TestDay(PERSONAL, day, begins + timedelta(days=day - 1), rule) for day in on])


def _tests(pack: Pack, rule: str, stretches: list[Stretch]) -> list[TestDay]:
    days = pack.days(rule) if rule in pack.rules else []
    return [
        TestDay(stretch.place, day, stretch.starts_on + timedelta(days=day - 1), rule)
        for stretch in stretches
        for day in days
        if stretch.starts_on + timedelta(days=day - 1) <= stretch.ends_on
    ]
