"""How something is played in: each with the real verbs, on people and goods that exist nowhere but in the copy.

A drill invents its cast. Nobody who lives in the county is ever marked as ill, not even in a copy.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings
from django.utils.translation import gettext_noop

from fangxian.core import records
from fangxian.core.areas import Area, code_range
from fangxian.core.clock import now, today
from fangxian.core.records import Record, Source
from fangxian.systems.arrivals import services as arrivals
from fangxian.systems.arrivals.services import Stayed
from fangxian.systems.command import services as command
from fangxian.systems.command.models import Task
from fangxian.systems.drills.models import Drill
from fangxian.systems.drills.scenarios import Inject, Scenario
from fangxian.systems.goods import services as goods
from fangxian.systems.goods.models import GoodsPlace
from fangxian.systems.medical import services as medical
from fangxian.systems.medical.models import Facility
from fangxian.systems.people import services as people
from fangxian.systems.people.models import Household, Person
from fangxian.systems.testing import services as testing
from fangxian.systems.testing.models import Tube

TITLE = gettext_noop("Drill: %(said)s")
NAMES = "甲乙丙丁戊己庚辛壬癸"
LABORATORY = "演练实验室"
PIECES, POSITIVE_PIECES = 40, 5
FEVER = Decimal("38.8")
SAMPLED_BEFORE, AWAY = timedelta(minutes=30), timedelta(days=5)


@dataclass
class Stage:
    """Where a drill is played: its area, a village of it for the cast, who is in the cast so far."""

    drill: Drill
    scenario: Scenario
    home: Area
    cast: list[Person] = field(default_factory=list)


def stage(drill: Drill, scenario: Scenario) -> Stage:
    """The stage of a drill with its cast: one invented household, made at the first use and the same afterwards."""
    low, high = code_range(drill.area_id)
    inside = Area.objects.filter(code__gte=low, code__lt=high).exclude(kind=Area.Kind.GRID_CELL)
    home = inside.filter(kind=Area.Kind.VILLAGE).order_by("code").first() or drill.area
    house = people.add_household(
        by=None, id=_same(drill, "household"), area=home, number=f"演练{str(drill.pk)[-6:]}", source=Source.WORKFLOW
    )
    return Stage(drill, scenario, home, [_invented(drill, home, house, name) for name in _names(scenario.cast)])


def play(on: Stage, inject: Inject) -> Record | None:
    """Play one in; returns what it is about. Raises LookupError for an unknown kind, ValidationError as the verbs."""
    return KINDS[inject.what](on, inject)


def message(on: Stage, inject: Inject) -> Task:
    """Somebody calls or writes: a task of the role that has to answer."""
    said = inject.text.zh if settings.LANGUAGE_CODE.startswith("zh") else inject.text.en
    return command.hand_down(
        by=None, key=f"drill:{on.drill.pk}:{inject.key}", area=on.drill.area, title=TITLE, params={"said": said},
        role=inject.values.get("role", "duty_officer"), priority=Task.Priority.HIGH, subject=on.drill,
        source=Source.WORKFLOW,
    )  # fmt: skip


def pool(on: Stage, inject: Inject) -> Record:
    """The laboratory finds a tube positive that holds a sample of everybody in the cast."""
    return _result(on, inject, on.cast, max(len(on.cast), 2))


def positive(on: Stage, inject: Inject) -> Record:
    """The laboratory finds the single tube of one of the cast positive: the answer is about that person."""
    person = on.cast[int(inject.values.get("person", 0))]
    _result(on, inject, [person], 1)
    return person


def fever_visit(on: Stage, inject: Inject) -> Record:  # noqa: ARG001  (all kinds are called alike)
    """A village clinic of the drill sees one of the cast with fever and keeps them."""
    house = records.create(
        Facility, by=None, action="drills.house.added", id=_same(on.drill, "house"), source=Source.WORKFLOW,
        area=on.home, name="演练村卫生室",
        kind=Facility.Kind.VILLAGE_CLINIC,
    )  # fmt: skip
    return medical.record_visit(by=None, facility=house, person=on.cast[0], temperature=FEVER, outcome="OBSERVED",
                                source=Source.WORKFLOW)  # fmt: skip


def contaminated(on: Stage, inject: Inject) -> Record:
    """A lot of the drill that lies in a cold store of the drill is positive on its packing."""
    store = records.create(
        GoodsPlace, by=None, action="drills.store.added", id=_same(on.drill, "store"), source=Source.WORKFLOW,
        area=on.home, name="演练冷库",
        kind="COLD_STORE", company="演练冷库",
    )  # fmt: skip
    lot = goods.take_stock(by=None, place=store, number=f"YL-{inject.key}", pieces=PIECES, goods="演练冻品",
                           source=Source.WORKFLOW)  # fmt: skip
    test = goods.sample(by=None, lot=lot, laboratory=LABORATORY, source=Source.WORKFLOW)
    goods.report(test=test, by=None, positives=POSITIVE_PIECES)
    return lot


def arrival(on: Stage, inject: Inject) -> Record:
    """One of the cast comes home from elsewhere; the rules judge the way, nobody has checked them yet."""
    stay = Stayed(str(inject.values["from"]), today() - AWAY, today(), inject.values.get("place", ""))
    return arrivals.record_arrival(by=None, person=on.cast[0], area=on.home, arrived_on=today(), stays=[stay],
                                   channel="CHECKPOINT", source=Source.WORKFLOW)  # fmt: skip


KINDS: dict[str, Callable[[Stage, Inject], Record | None]] = {
    "message": message, "pool": pool, "positive": positive, "fever_visit": fever_visit, "goods": contaminated,
    "arrival": arrival,
}  # fmt: skip


def _names(count: int) -> list[str]:
    return [f"演练人员{NAMES[number]}" for number in range(count)]


def _same(drill: Drill, name: str) -> UUID:
    """The id of something a drill invents: asked for twice, it is answered with what is stored."""
    return uuid5(drill.pk, name)


def _invented(drill: Drill, home: Area, house: Household, name: str) -> Person:
    return people.add_person(
        by=None, id=_same(drill, name), area=home, name=name, id_type="NONE", household=house, source=Source.WORKFLOW
    )


def _result(on: Stage, inject: Inject, persons: list[Person], size: int) -> Any:
    barcode = f"DRILL{str(on.drill.pk)[-6:]}{inject.key}".upper()
    testing.register_tube(by=None, area=on.home, barcode=barcode, size=_size(size))
    testing.add_samples(by=None, tube=barcode, persons=persons, sampled_at=now() - SAMPLED_BEFORE)
    return testing.enter_result(
        by=None, barcode=barcode, disease=on.scenario.disease, value="POSITIVE", tested_at=now(), laboratory=LABORATORY
    )


def _size(wanted: int) -> int:
    """The smallest tube that takes so many samples."""
    return min(size for size in Tube.Size.values if size >= wanted)
