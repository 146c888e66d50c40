"""A county of any size, poured into the tables: people, cases, contacts, stays, tests, doses, tasks, passages.

Rows are written as rows (no verb could make a million in a minute), from one valid template a table; what a figure
asks of them (class, state, day, term, area) is drawn by a seed. The audit then says, as an import does, that the
systems were written.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from itertools import islice
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection, transaction

from fangxian.core import audit, scope
from fangxian.core.areas import Area
from fangxian.core.clock import now, today
from fangxian.core.ids import uuid7
from fangxian.faces.cli import first_start
from fangxian.faces.cli.output import Advance
from fangxian.registers import site

COUNTY, DISEASE = "410883", "covid19"
PART = 20_000
SYSTEMS = ("people", "cases", "quarantine", "testing", "immunization", "command", "arrivals", "checkpoints")
Values = dict[str, Any]
Draw = Callable[[int], Values]


class World:
    """The rows made so far: ids of people with their areas, and of what others point at."""

    def __init__(self, persons: int, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.villages = list(Area.objects.filter(code__startswith=COUNTY, kind="village").values_list("pk", flat=True))
        self.size, self.rows = persons, 0
        self.people: list[UUID] = []
        self.homes: list[str] = []

    def pour(self, slug: str, number: int, draw: Draw) -> list[UUID]:
        """So many rows of a table, each the template with what is drawn for it; returns their ids."""
        model, ids = site.get(slug).model, [uuid7() for _ in range(number)]
        first = model(id=ids[0] if ids else None, **draw(0))
        fields = list(model._meta.concrete_fields)
        fixed = {field.attname: field.get_db_prep_save(getattr(first, field.attname), connection) for field in fields}
        by_name = {field.attname: field for field in fields}

        def row(at: int) -> list[Any]:
            made = dict(fixed)
            for name, value in {**draw(at), "id": ids[at]}.items():
                made[name] = by_name[name].get_db_prep_save(value, connection)
            return list(made.values())

        _insert(model, fields, map(row, range(number)))
        self.rows += number
        return ids

    def person(self, at: int) -> Values:
        """Somebody, with the village they live in."""
        return {"person_id": self.people[at % self.size], "area_id": self.homes[at % self.size]}


def make(persons: int, seed: int, advance: Advance) -> World:
    """The county with everything in it."""
    first_start.plant(COUNTY)
    world = World(persons, seed)
    for number, (name, step) in enumerate(STEPS.items()):
        advance(number, len(STEPS), name)
        step(world)
    with scope.everywhere("the check fills a county of its own"), transaction.atomic():
        for label in SYSTEMS:
            audit.write(f"{label}.imported", by=None, detail={"rows": world.rows})
    return world


def _people(world: World) -> None:
    homes = world.rng.integers(len(world.villages), size=world.size)
    world.homes = [world.villages[at] for at in homes]
    world.people = world.pour("people.person", world.size, lambda at: {"area_id": world.homes[at], "name": "居民"})


def _cases(world: World) -> None:
    classes = ["CONFIRMED", "CONFIRMED_NO_SYMPTOMS", "SUSPECT", "PROBABLE", "NO_CASE"]
    number = world.size // 10
    days = world.rng.geometric(0.1, size=max(number, 1)) - 1
    cases = world.pour("cases.case", number, lambda at: {
        **world.person(at), "present_area_id": world.homes[at % world.size], "disease": DISEASE,
        "number": f"BOARD-{at:08d}", "classification": classes[at % 5],
        "created_at": now() - timedelta(days=int(days[at])), "onset_on": today() - timedelta(days=int(days[at]) + 2),
    })  # fmt: skip
    rings, states = ("CLOSE", "SECONDARY", "GENERAL"), ("ACTIVE", "ACTIVE", "DROPPED", "CONVERTED")
    world.pour("cases.contact", world.size * 115 // 1000, lambda at: {
        **world.person(at + 7), "case_id": cases[at % number], "case_area_id": world.homes[at % world.size],
        "ring": rings[at % 3], "status": states[at % 4], "follow_up": "FOLLOW_UP",
        "created_at": now() - timedelta(hours=at % 96),
    })  # fmt: skip


def _quarantine(world: World) -> None:
    sites = world.pour("quarantine.site", 20, lambda at: {
        "area_id": world.villages[at % len(world.villages)], "name": f"隔离点{at}", "kind": "QUARANTINE"})  # fmt: skip
    rooms = world.pour("quarantine.room", max(40, world.size // 100), lambda at: {
        "area_id": world.villages[at % 20 % len(world.villages)], "site_id": sites[at % 20], "number": str(at),
        "zone": "CONTAMINATED", "purpose": "GUEST", "beds": 1, "state": ("READY", "READY", "CLEANING")[at % 3],
    })  # fmt: skip
    world.pour("quarantine.stay", world.size // 50, lambda at: {
        **world.person(at + 7), "present_area_id": world.homes[at % world.size], "place": ("CENTRAL", "HOME")[at % 2],
        "room_id": rooms[at] if at < len(rooms) and not at % 2 else None, "starts_on": today(),
        "ends_on": today() + timedelta(days=14), "state": ("IN", "IN", "BOOKED", "RELEASED", "NO_ROOM")[at % 5],
    })  # fmt: skip


def _tests(world: World) -> None:
    states = ("DUE", "DONE", "DONE", "MISSED", "CANCELLED")
    world.pour("testing.testduty", world.size, lambda at: {
        **world.person(at), "disease": DISEASE, "due_on": today() - timedelta(days=at % 3), "day": 1,
        "state": states[at % 5]})  # fmt: skip
    tubes = world.pour("testing.tube", max(1, world.size // 10), lambda at: {
        "area_id": world.homes[at], "barcode": f"B{at:09d}", "size": 10})  # fmt: skip
    world.pour("testing.sample", world.size, lambda at: {
        **world.person(at), "tube_id": tubes[at % len(tubes)], "sampled_at": now() - timedelta(hours=at % 60),
    })  # fmt: skip
    world.pour("testing.labresult", len(tubes), lambda at: {
        "area_id": world.homes[at], "tube_id": tubes[at], "disease": DISEASE, "state": "IN_FORCE",
        "value": "NEGATIVE" if at % 50 else "POSITIVE", "tested_at": now() - timedelta(hours=at % 60),
        "reported_at": now() - timedelta(hours=at % 60)})  # fmt: skip


def _doses(world: World) -> None:
    world.pour("immunization.dose", world.size * 26 // 10, lambda at: {
        **world.person(at), "home_area_id": world.homes[at % world.size], "disease": DISEASE, "vaccine": "inactivated",
        "given_on": today() - timedelta(days=at % 30 + 40 * (at // world.size)), "state": "VALID",
        "number": 1 + at // world.size,
        "completes": world.size <= at < 2 * world.size})  # fmt: skip


def _ledgers(world: World) -> None:
    points = world.pour("checkpoints.pointofentry", 6, lambda at: {
        "area_id": world.villages[at % len(world.villages)], "name": f"卡口{at}", "kind": "ROAD",
        "opened_on": today()})  # fmt: skip
    world.pour("checkpoints.passage", world.size // 5, lambda at: {
        "area_id": world.villages[at % 6 % len(world.villages)], "point_id": points[at % 6], "people": 1,
        "passed_at": now() - timedelta(minutes=at % 4000), "decision": "LET_THROUGH" if at % 40 else "HELD",
        "is_open": not at % 400})  # fmt: skip
    world.pour("arrivals.arrival", world.size // 50, lambda at: {
        **world.person(at), "present_area_id": world.homes[at % world.size], "arrived_on": today(),
        "created_at": now() - timedelta(hours=at % 96), "disease": DISEASE})  # fmt: skip
    world.pour("command.task", world.size // 10, lambda at: {
        **world.person(at), "from_area_id": COUNTY, "kind": "GENERAL", "title": "任务", "role": "village_secretary",
        "status": ("PENDING", "PENDING", "REMOVED")[at % 3], "due_at": now() + timedelta(minutes=at % 4000 - 600),
    })  # fmt: skip


STEPS: dict[str, Callable[[World], None]] = {
    "people": _people, "cases and contacts": _cases, "quarantine": _quarantine, "tests": _tests, "doses": _doses,
    "ledgers": _ledgers,
}  # fmt: skip


def _insert(model: Any, fields: list[Any], rows: Iterable[list[Any]]) -> None:
    quoted = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} ({quoted}) VALUES ({marks})"
    for part in _parts(iter(rows)):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(statement, part)


def _parts(rows: Iterator[list[Any]]) -> Iterator[list[list[Any]]]:
    while part := list(islice(rows, PART)):
        yield part
