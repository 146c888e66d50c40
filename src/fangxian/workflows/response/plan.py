"""What the pack asks of each contact: stages of quarantine and days of tests, counted from the day the plan began.

Pure: contact and pack in, days out. A contact's plan begins on the day it was first found, so planning it again on
a later day gives the same days.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from fangxian.core.policy import Pack

CENTRAL, HOME = "central", "home"


@dataclass(frozen=True)
class Stretch:
    """A stage on the calendar: where (central, home, observation), first and last day, by which rule."""

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
    """The plan of a contact in a ring (CLOSE, SECONDARY or GENERAL) that begins on a day.

    Stages follow each other without a gap: the next one's first day is the last one's end plus one. Test days count
    from 1 within isolation (`contact.<ring>.test_days`) and within home monitoring (`contact.<ring>.home_test_days`).
    """
    prefix = f"contact.{ring.lower()}"
    stretches = _stretches(pack, f"{prefix}.isolation", begins)
    tests = _tests(pack, f"{prefix}.test_days", stretches[:1])
    home = [stretch for stretch in stretches[1:] if stretch.place == HOME]
    return ContactPlan(stretches, tests + _tests(pack, f"{prefix}.home_test_days", home))


def follow_up_days(ring: str, pack: Pack) -> int | None:
    """Days a contact of a ring is followed after the last contact: all stages together; None for no follow-up."""
    return sum(stage.days for stage in pack.stages(f"contact.{ring.lower()}.isolation")) or None


def _stretches(pack: Pack, rule: str, begins: date) -> list[Stretch]:
    stretches, first = [], begins
    for stage in pack.stages(rule):
        last = first + timedelta(days=stage.days - 1)
        stretches.append(Stretch(stage.place, first, last, rule))
        first = last + timedelta(days=1)
    return stretches


def _tests(pack: Pack, rule: str, stretches: list[Stretch]) -> list[TestDay]:
    days = pack.days(rule) if rule in pack.rules else []
    return [
        TestDay(stretch.place, day, stretch.starts_on + timedelta(days=day - 1), rule)
        for stretch in stretches
        for day in days
        if stretch.starts_on + timedelta(days=day - 1) <= stretch.ends_on
    ]
