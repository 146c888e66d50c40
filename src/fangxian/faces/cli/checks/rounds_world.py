"""A prefecture for the checks of rounds: villages with their people, a point in each, a round about to begin."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction

from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.ids import uuid7
from fangxian.registers import site
from fangxian.systems.testing import services

DISEASE, LABORATORY, COUNTY, DEVICE = "covid19", "County laboratory", "910101", "check-device"
TOWNS, PART = 20, 5000
BEGAN = timedelta(hours=7)
SPAN_S = 6 * 3600


@dataclass
class World:
    """The villages' people in the order they come, and what is true of them."""

    dice: random.Random
    villages: list[str]
    people: dict[str, list[UUID]]
    points: dict[str, UUID] = field(default_factory=dict)
    round: object = None

    def everybody(self) -> Iterator[tuple[str, UUID]]:
        """Village and person."""
        return ((village, person) for village, persons in self.people.items() for person in persons)


def make(people: int, seed: int, villages: int = 400) -> World:
    """So many people over the villages, points with teams, and a planned round that began seven hours ago."""
    world = World(random.Random(seed), _areas(min(villages, max(people // 25, 4))), {})
    share, over = divmod(people, len(world.villages))
    for number, village in enumerate(world.villages):
        world.people[village] = [uuid7() for _ in range(share + (number < over))]
    _store(world)
    register, areas = site.get("testing.samplingpoint"), Area.objects.in_bulk(world.villages)
    with transaction.atomic():
        for village, area in areas.items():
            row = {"area": area, "name": f"Point {village}", "code": f"P{village}"}
            world.points[village] = register.write(by=None, values=row).pk
    begins = (now() - BEGAN).replace(microsecond=0)  # devices send whole seconds
    world.round = services.plan_round(
        by=None, area=Area.objects.get(code=COUNTY), name="Round 1", disease=DISEASE, begins_at=begins,
        ends_at=begins + timedelta(hours=24), checked_barcodes=False,
    )  # fmt: skip
    return world


def _areas(villages: int) -> list[str]:
    top = [("91", "province", None), ("9101", "prefecture", "91"), (COUNTY, "county", "9101")]
    towns = [(f"{COUNTY}{number:03d}", "township", COUNTY) for number in range(1, TOWNS + 1)]
    below = [
        (f"{towns[number % TOWNS][0]}{number // TOWNS + 200:03d}", "village", towns[number % TOWNS][0])
        for number in range(villages)
    ]
    Area.objects.bulk_create(
        Area(code=c, name=c, kind=kind, parent_id=parent) for c, kind, parent in [*top, *towns, *below]
    )
    return sorted(code for code, _kind, _parent in below)


def _store(world: World) -> None:
    """People without papers, a set at a time: a million as records one by one would take longer than the check."""
    model = site.get("people.person").model
    fields = [one for one in model._meta.concrete_fields if not one.primary_key]
    sample = model(name="Resident", id_type="NONE", area_id=COUNTY)
    fixed = {one.column: one.get_db_prep_save(one.pre_save(sample, True), connection) for one in fields}
    columns = ["id", *fixed]
    marks = ", ".join(["%s"] * len(columns))
    insert = f"INSERT INTO people_person ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 (our own column names)
    key, at = model._meta.pk, columns.index("area_id")
    rows: list[list] = []
    with transaction.atomic(), connection.cursor() as cursor:
        for village, person in world.everybody():
            row = [key.get_db_prep_value(person, connection), *fixed.values()]
            row[at] = village
            rows.append(row)
            if len(rows) == PART:
                cursor.executemany(insert, rows)
                rows = []
        if rows:
            cursor.executemany(insert, rows)
