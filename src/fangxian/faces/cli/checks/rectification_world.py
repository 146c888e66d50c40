"""The county of the rectification check: who may do what with findings, what they try, and what the truth remembers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np

from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.officers import Officer, appoint
from fangxian.registers import site as registers
from fangxian.systems.command import services as command
from fangxian.systems.inspection import selectors, services

COUNTY, TOWNS = "410883", ("410883001", "410883002")
TOPICS = ("CODES", "GOODS", "DISINFECTION", "OTHER")
SEVERITIES = ("MINOR", "MAJOR", "CRITICAL")
PLACES, UNITS = 12, 7
PHOTO = b"\x89PNG\r\n\x1a\n"


@dataclass
class Told:
    """What the truth remembers of one finding: place, unit, topic, severity, and how often each had been before."""

    pk: Any
    place: int
    topic: str
    severity: str
    is_own: bool
    before: int
    is_withdrawn: bool = False


@dataclass
class World:
    """The officers, and every finding that was raised."""

    towns: list[Area]
    inspectors: list[Officer]
    duty: list[Officer]
    township: dict[str, list[Officer]]
    told: list[Told] = field(default_factory=list)
    photos: int = 0

    def photo(self) -> tuple[tuple[str, bytes], ...]:
        """A photo that no other is like."""
        self.photos += 1
        return (("after.png", PHOTO + str(self.photos).encode()),)


@dataclass(frozen=True)
class Act:
    """One try: its name, what is done, and whether it must be refused whatever the state."""

    name: str
    do: Callable[[], Any]
    is_forbidden: bool = False


def make() -> World:
    """Two townships with two officers each, two inspectors, three duty officers."""
    county = Area.objects.get(code=COUNTY)
    towns = [Area.objects.get(code=code) for code in TOWNS]

    def some(role: str, area: Area, count: int) -> list[Officer]:
        made = [Officer.objects.create_officer(f"{role}-{area.code}-{n}", name=f"{role} {n}") for n in range(count)]
        for officer in made:
            appoint(officer, role=role, area=area, by=None)
        return made

    township = {town.code: some("township_officer", town, 2) for town in towns}
    return World(towns, some("inspector", county, 2), some("duty_officer", county, 3), township)


def draw(world: World, rng: np.random.Generator) -> Act:
    """Raise something, or try one verb on a drawn finding by a drawn officer: half of the tries are forbidden ones."""
    if len(world.told) < 3 or rng.random() < 0.14:
        return _raise(world, rng)
    alive = [one for one in world.told if not one.is_withdrawn]
    told = alive[int(rng.integers(len(alive)))]
    found = registers.get("inspection.finding").model.unscoped.select_related("area", "task").get(pk=told.pk)
    acts = _acts(world, found, told, rng)
    return acts[int(rng.integers(len(acts)))]


def _raise(world: World, rng: np.random.Generator) -> Act:
    place, topic = int(rng.integers(PLACES)), TOPICS[int(rng.integers(len(TOPICS)))]
    severity, town = SEVERITIES[int(rng.integers(3))], world.towns[place % len(TOWNS)]
    is_own = bool(rng.random() < 0.25)
    by = world.township[town.code][0] if is_own else world.inspectors[int(rng.integers(2))]
    before = [one for one in world.told if _same(one, place, topic) and not one.is_withdrawn]

    def do() -> Any:
        made = services.raise_finding(
            by=by, area=town, where=f"place {place}", unit=f"unit {place % UNITS}", what=f"{topic} not in order",
            severity=severity, topic=topic, origin="SELF_CHECK" if is_own else "INSPECTION",
        )  # fmt: skip
        world.told.append(Told(made.pk, place, topic, severity, is_own, len(before)))
        return made

    return Act("raise", do)


def _same(one: Told, place: int, topic: str) -> bool:
    """The memory: the same topic, at the same place or of the same unit."""
    return topic != "OTHER" and one.topic == topic and (one.place == place or one.place % UNITS == place % UNITS)


def _acts(world: World, found: Any, told: Told, rng: np.random.Generator) -> list[Act]:
    """Every verb there is, by those who may and by those who may not, and the ways around the verbs."""
    holder, colleague = rng.permutation(np.array(world.township[found.area_id], dtype=object))
    stranger = world.township[next(code for code in TOWNS if code != found.area_id)][0]
    one, other = rng.permutation(np.array(world.inspectors, dtype=object))

    def withdrawn(by: Officer) -> Any:
        gone = services.agree_withdrawal(finding=found, by=by)
        told.is_withdrawn = True
        return gone

    return [
        *(Act("mend", lambda: services.mend(finding=found, by=holder, evidence="mended", files=world.photo()))
          for _often in range(3)),
        *(Act("agree", lambda: services.agree(finding=found, by=one)) for _often in range(2)),
        Act("reopen", lambda: services.reopen(finding=found, by=other, reason="not mended")),
        Act("cannot", lambda: services.cannot(finding=found, by=colleague, reason="closed for good")),
        Act("receive", lambda: command.receive(task=found.task, by=holder)),
        Act("ask withdrawal", lambda: services.ask_withdrawal(finding=found, by=one, reason="entered twice")),
        Act("agree to withdrawal", lambda: withdrawn(other)),
        Act("mend without evidence", lambda: services.mend(finding=found, by=holder), True),
        Act("finish without evidence", lambda: command.finish(task=found.task, by=holder, outcome=" "), True),
        Act("mend by a stranger", lambda: services.mend(finding=found, by=stranger, evidence="mended",
                                                        files=world.photo()), True),
        Act("close by its owner", lambda: services.agree(finding=found, by=holder), True),
        Act("close by the owner's colleague", lambda: command.check(task=found.task, by=colleague), True),
        Act("close by nobody", lambda: command.check(task=found.task, by=None), True),  # type: ignore[arg-type]
        Act("withdraw by the owner", lambda: services.ask_withdrawal(finding=found, by=holder, reason="no"), True),
        Act("withdraw by the clock", lambda: command.withdraw(task=found.task, by=None, reason="no"), True),
        Act("ease the time", lambda: services.change_finding(finding=found, by=holder, due_at=later(found)), True),
        Act("close around the verbs", lambda: _force(found, state="CLOSED", closed_at=now(), settled_by=None), True),
        Act("own it and close it", lambda: _force(found, state="CLOSED", closed_at=now(), mended_at=now(),
                                                  mended_by=holder, settled_by=holder, evidence="mended"), True),
        Act("let go of the task", lambda: _force(found, task=None), True),
        Act("let go of the time", lambda: _force(found, due_at=None), True),
        Act("withdraw around the verbs", lambda: _force(found, state="WITHDRAWN", withdrawal_by=one, settled_by=one,
                                                        closed_at=None), True),
    ]  # fmt: skip


def later(found: Any) -> datetime:
    """A month more than there is."""
    return found.due_at.replace(year=found.due_at.year + 1)


def _force(found: Any, **values: Any) -> None:
    """Write to the table itself, as somebody with the database in hand would."""
    type(found).unscoped.filter(pk=found.pk).update(**values)


def off_ladder() -> int:
    """Findings that stand on no step: by the selector of the system."""
    return selectors.off_ladder().count()
