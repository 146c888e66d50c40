"""What is true of the morning that `rounds` replays, and whether the installation says the same."""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from fangxian.core.ids import uuid7
from fangxian.faces.cli.checks.rounds_world import SPAN_S, World
from fangxian.registers import site
from fangxian.systems.testing import coverage

SAMPLED, POSITIVE, PENDING = 207_506, 98, 87
TUBE, NOBODY = 10, UUID(int=0)
RUSH = (0.5, 3, 2, 1, 1, 1.5)
"""How many come in each of the six hours, against the others: few while it is dark, most from seven to nine."""


@dataclass
class Morning:
    """What is true: who is in which tube, and what the laboratory will find."""

    tubes: dict[str, list[tuple[UUID, UUID]]] = field(default_factory=dict)
    point: dict[str, str] = field(default_factory=dict)
    at: dict[str, datetime] = field(default_factory=dict)
    infected: set[UUID] = field(default_factory=set)
    late: set[str] = field(default_factory=set)
    absent: Counter = field(default_factory=Counter)

    def order(self) -> list[str]:
        """The tubes as they filled."""
        return sorted(self.tubes, key=lambda code: (self.at[code], code))

    @property
    def pending(self) -> set[UUID]:
        """Whose tubes are still at the laboratory."""
        return {person for code in self.late for _id, person in self.tubes[code]}


def imagine(world: World, registrations: int, absent: int) -> Morning:
    """Who stays away, who comes when, ten to a tube; and who of them is infected."""
    morning = Morning()
    away = set(world.dice.sample([person for _village, person in world.everybody()], absent))
    began = world.round.begins_at
    for village, persons in world.people.items():
        coming = [person for person in persons if person not in away]
        morning.absent[village] = len(persons) - len(coming)
        world.dice.shuffle(coming)
        for number in range(0, len(coming), TUBE):
            barcode = f"CK{len(morning.tubes) + 1:08d}"
            morning.tubes[barcode] = [(NOBODY, person) for person in coming[number : number + TUBE]]
            morning.point[barcode] = village
            morning.at[barcode] = began + timedelta(seconds=_moment(world.dice))
    morning.late = _late(morning, _share(registrations, PENDING))
    sure = [person for code, rows in morning.tubes.items() if code not in morning.late for _id, person in rows]
    morning.infected = set(world.dice.sample(sure, _share(registrations, POSITIVE)))
    for code in morning.order():  # devices make the ids while people come
        morning.tubes[code] = [(uuid7(), person) for _nobody, person in morning.tubes[code]]
    return morning


def _share(registrations: int, people: int) -> int:
    return max(1, round(registrations * people / SAMPLED))


def _late(morning: Morning, people: int) -> set[str]:
    """Tubes still at the laboratory: of exactly so many people. A full tube is cut where they do not come out even."""
    late, left = set(), people
    for code, rows in morning.tubes.items():
        if left >= len(rows):
            late.add(code)
            left -= len(rows)
    if left:
        code = next(code for code, rows in morning.tubes.items() if code not in late and len(rows) > left)
        rest = f"{code}B"
        morning.tubes[rest] = morning.tubes[code][left:]
        morning.tubes[code] = morning.tubes[code][:left]
        morning.point[rest], morning.at[rest] = morning.point[code], morning.at[code]
        late.add(code)
    return late


def _moment(dice: random.Random) -> int:
    hour = dice.choices(range(6), RUSH)[0]
    return hour * 3600 + dice.randrange(SPAN_S // 6)


@dataclass
class Found:
    """What the installation says otherwise than the truth."""

    lost: int = 0
    states_wrong: int = 0
    coverage_wrong: int = 0

    @property
    def exact(self) -> bool:
        """Whether it says exactly what is true."""
        return not (self.lost or self.states_wrong or self.coverage_wrong)


def judge(world: World, morning: Morning) -> Found:
    """Every person's state, every village's figures, every stored registration."""
    found = Found(lost=_lost(morning), states_wrong=_states_wrong(world, morning))
    by_village = coverage.by_area(world.round, 12)
    found.coverage_wrong = coverage.drift(world.round) + sum(
        by_village[village].missing != morning.absent[village] or by_village[village].roster != len(persons)
        for village, persons in world.people.items()
    )
    return found


def control(world: World, morning: Morning) -> Found:
    """The same with one registration gone and one person moved past the figures; both are taken back afterwards."""
    found = Found()
    with transaction.atomic():
        samples, members = site.get("testing.sample").model.objects, coverage.members(world.round)
        samples.filter(pk=next(iter(morning.tubes.values()))[0][0]).delete()
        members.filter(pk=members.filter(state=coverage.State.NEGATIVE)[0].pk).update(state=coverage.State.MISSING)
        found = judge(world, morning)
        transaction.set_rollback(True)
    return found


def figures(morning: Morning, registrations: int) -> dict[str, int]:
    """What the round must be closed with."""
    infected, pending = len(morning.infected), len(morning.pending)
    return {"negative": registrations - infected - pending, "positive": infected, "pending": pending,
            "missing": sum(morning.absent.values())}  # fmt: skip


def _lost(morning: Morning) -> int:
    stored = site.get("testing.sample").model.objects.order_by().values_list("pk", flat=True)
    sent = {pk for rows in morning.tubes.values() for pk, _person in rows}
    for pk in stored.iterator(10_000):
        sent.discard(pk)
    return len(sent)


def _states_wrong(world: World, morning: Morning) -> int:
    state = coverage.State
    expected = {person: state.NEGATIVE for rows in morning.tubes.values() for _id, person in rows}
    expected |= dict.fromkeys(morning.pending, state.PENDING) | dict.fromkeys(morning.infected, state.POSITIVE)
    stood = coverage.members(world.round).order_by().values_list("person_id", "state")
    return sum(expected.get(person, state.MISSING) != at for person, at in stood.iterator(10_000))
