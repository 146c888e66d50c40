"""Rows of people under follow-up: stays, twice-daily checks, tests by the days of a pack. Others write them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

import numpy as np

from fangxian.demo.days import MORNING, OUTBREAK_DAY, ZONE
from fangxian.systems.quarantine.models import DailyCheck, Room, Stay
from fangxian.systems.testing.models import TestDuty

DISEASE = "covid19"
UNSEEN, FEVERISH = 0.02, 0.004
"""Shares of checks at which nobody was found, and at which there was fever."""


@dataclass(frozen=True)
class Followed:
    """One person in quarantine: record id, area, first and last day, room (None at home), why, by which rule."""

    person: UUID
    area: str
    starts_on: date
    ends_on: date
    room: Room | None
    subject: UUID | None
    rule: str
    pack: str


def stay(one: Followed) -> Stay:
    """The stay: over, or still in, on the day of the outbreak."""
    over = one.ends_on < OUTBREAK_DAY
    return Stay(
        person_id=one.person,
        area_id=one.area,
        present_area_id=one.room.area_id if one.room else one.area,
        place=Stay.Place.CENTRAL if one.room else Stay.Place.HOME,
        room=one.room,
        state=Stay.State.RELEASED if over else Stay.State.IN,
        starts_on=one.starts_on,
        ends_on=one.ends_on,
        checked_in_at=_at(one.starts_on, 15),
        released_at=_at(one.ends_on, 10) if over else None,
        subject_id=one.subject,
        rule=one.rule,
        pack=one.pack,
    )


def checks(rng: np.random.Generator, one: Followed) -> Iterator[DailyCheck]:
    """Morning and evening of every day so far; the morning of the outbreak day is still to be done."""
    for day in days(one.starts_on, min(one.ends_on, OUTBREAK_DAY - timedelta(days=1))):
        for slot in DailyCheck.Slot:
            yield _check(rng, one, day, slot)


def duties(one: Followed, test_days: list[int], stage: str) -> Iterator[TestDuty]:
    """Tests by the days of a plan that begins with the stay: done, missed now and then, due from today on."""
    for number in test_days:
        due_on = one.starts_on + timedelta(days=number - 1)
        state = TestDuty.State.DONE if due_on < OUTBREAK_DAY else TestDuty.State.DUE
        if state == TestDuty.State.DONE and (one.person.int + number) % 41 == 0:
            state = TestDuty.State.MISSED
        yield TestDuty(
            person_id=one.person,
            area_id=one.area,
            disease=DISEASE,
            due_on=due_on,
            day=number,
            stage=stage,
            state=state,
            subject_id=one.subject,
            rule=one.rule,
            pack=one.pack,
        )


def days(first: date, last: date) -> Iterator[date]:
    """Every day from the first to the last, both included."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def _check(rng: np.random.Generator, one: Followed, day: date, slot: str) -> DailyCheck:
    chance = rng.random()
    if chance < UNSEEN:
        status, temperature = DailyCheck.Status.UNAVAILABLE, None
    else:
        degrees = rng.uniform(37.3, 38.4) if chance > 1 - FEVERISH else rng.uniform(36.0, 36.9)
        status, temperature = DailyCheck.Status.COOPERATIVE, Decimal(f"{degrees:.1f}")
    fever = temperature is not None and temperature >= Decimal("37.3")
    return DailyCheck(
        person_id=one.person,
        area_id=one.area,
        day=day,
        slot=slot,
        status=status,
        temperature=temperature,
        fever=fever,
        symptoms="发热" if fever else "",
    )


def _at(day: date, hour: int) -> datetime:
    """A local time on a day, never later than the morning the replay starts."""
    return min(datetime.combine(day, time(hour), ZONE), MORNING)
