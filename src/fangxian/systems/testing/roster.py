"""The roster of a round: taken at its opening, and the only place where a person moves from one state to another.

Every move writes the people and the kept figures (`RoundCount`) in one transaction: the figures are what a count would
give, at any moment. All of it is by sets; a morning moves a million people twice.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, models, transaction
from django.db.models import Count, F, Value

from fangxian.core.among import Among
from fangxian.systems.people import selectors as people
from fangxian.systems.testing.models import GroupMember, RoundCount, RoundHour, RoundMember, Sample, TestRound

State = RoundMember.State
PART = 2000
UNLISTED = "unlisted"
"""The group of whoever came without being on the roster."""
COLUMNS = "round, person_id, area_id, grp, state, reason, tubes, listed"
UPSERT_COUNT = (
    "INSERT INTO testing_roundcount (round, area_id, grp, listed, state, people) VALUES (%s, %s, %s, %s, %s, %s) "
    "ON CONFLICT (round, area_id, grp, listed, state) "
    "DO UPDATE SET people = testing_roundcount.people + excluded.people"
)
UPSERT_HOUR = (
    "INSERT INTO testing_roundhour (round, hour, sampling_point_id, samples) VALUES (%s, %s, %s, %s) "
    "ON CONFLICT (round, hour, sampling_point_id) DO UPDATE SET samples = testing_roundhour.samples + excluded.samples"
)
NEGATIVE_TUBES = (
    "UPDATE testing_roundmember SET state = %s WHERE round = %s AND state = %s AND tubes = 1 AND person_id IN "
    "(SELECT person_id FROM testing_sample WHERE tube_id IN ({})) RETURNING area_id, grp, listed"
)


class Place(NamedTuple):
    """Under which figure a person counts, and where they stand."""

    area: str
    group: str
    listed: bool
    state: int

    def at(self, state: int) -> "Place":
        """The same person, standing elsewhere."""
        return Place(self.area, self.group, self.listed, state)


def take(test_round: TestRound, groups: Iterable[str]) -> int:
    """Everyone the area answers for; `groups` (first ones first) say under which group somebody counts."""
    living = people.in_area(test_round.area_id).order_by()
    with transaction.atomic():
        taken = _insert(test_round, living, id_field="pk", group=Value(""))
        for group in reversed(list(groups)):
            listed = GroupMember.objects.filter(group=group).values("person")
            RoundMember.objects.filter(round=test_round, person__in=listed).update(group=group)
        recount(test_round)
    return taken


def take_due(test_round: TestRound, due: dict[str, models.QuerySet], planned: models.QuerySet) -> int:
    """The must-test list of a day: the due people of each group in turn, then whoever has a test planned that day.

    A person on two lists counts once, under the group named first.
    """
    taken = 0
    with transaction.atomic():
        for group, rows in due.items():
            taken += _insert(test_round, _absent(rows, test_round), id_field="person_id", group=Value(group))
        rows = _absent(planned, test_round).order_by("person_id").distinct()
        taken += _insert(test_round, rows, id_field="person_id", group=Value("planned"))
        recount(test_round)
    return taken


def _absent(rows: models.QuerySet, test_round: TestRound) -> models.QuerySet:
    there = RoundMember.objects.filter(round=test_round).values("person")
    return rows.exclude(person__in=there).filter(person__left_on__isnull=True).order_by()


def _insert(test_round: TestRound, rows: models.QuerySet, *, id_field: str, group: Value) -> int:
    """One statement, however many people: the rows never come through Python."""
    area = "area_id" if id_field == "pk" else "person__area_id"
    chosen = rows.values_list(id_field, area).annotate(grp=group)
    query, params = chosen.query.sql_with_params()
    # the statement is made of our own names and Django's compiled query; every value is a parameter
    wrapped = (
        f"INSERT INTO testing_roundmember ({COLUMNS}) "  # noqa: S608
        f"SELECT {int(test_round.number)}, chosen.*, {int(State.MISSING)}, '', 0, {_true()} FROM ({query}) AS chosen"
    )
    with connection.cursor() as cursor:
        cursor.execute(wrapped, params)
        return cursor.rowcount


def _true() -> str:
    return "true" if connection.vendor == "postgresql" else "1"


def recount(test_round: TestRound) -> None:
    """The figures anew from the people: at the opening, and whenever somebody doubts them."""
    counted = RoundMember.objects.filter(round=test_round).values("area_id", "group", "listed", "state").order_by()
    with transaction.atomic():
        RoundCount.objects.filter(round=test_round).delete()
        rows = [RoundCount(round=test_round, **row) for row in counted.annotate(people=Count("pk"))]
        RoundCount.objects.bulk_create(rows, batch_size=PART)


def move(number: int, places: dict[int, Place], to: int, *, tubes: bool = False, reason: str | None = None) -> None:
    """People (by row, with where they stand now) come to stand at `to`; with `tubes`, each gave into one more tube."""
    if not places:
        return
    changes: dict[str, Any] = {"state": to, **({"tubes": F("tubes") + 1} if tubes else {})}
    changes |= {} if reason is None else {"reason": reason}
    keys = sorted(places)
    for start in range(0, len(keys), PART):
        RoundMember.objects.filter(pk__in=Among(keys[start : start + PART])).update(**changes)
    keep(number, (place for place in places.values() if place.state != to), to)


def keep(number: int, left: Iterable[Place], to: int) -> None:
    """The kept figures follow people who left these places for `to`."""
    deltas: Counter = Counter()
    for place in left:
        deltas[place] -= 1
        deltas[place.at(to)] += 1
    add(number, deltas)


def add(number: int, deltas: dict[Place, int]) -> None:
    """Add to the kept figures; in one order, so that two writers never wait for each other in a circle."""
    rows = [
        (number, place.area, place.group, place.listed, place.state, count)
        for place, count in sorted(deltas.items(), key=lambda row: (row[0].area, row[0].group, row[0].state))
        if count
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(UPSERT_COUNT, rows)


def add_hours(number: int, samples: dict[tuple[Any, UUID], int]) -> None:
    """Samples registered, by hour and point."""
    field = RoundHour._meta.get_field("hour")
    point = RoundHour._meta.get_field("sampling_point").target_field
    rows = [
        (number, field.get_db_prep_value(hour, connection), point.get_db_prep_value(where, connection), count)
        for (hour, where), count in sorted(samples.items(), key=str)
    ]
    with connection.cursor() as cursor:
        cursor.executemany(UPSERT_HOUR, rows)


def settle_negative(number: int, tube_ids: list[UUID]) -> int:
    """The plain case, nineteen of twenty: pending people whose only tube is negative. How many moved."""
    field = Sample._meta.get_field("tube").target_field
    ids = [field.get_db_prep_value(pk, connection) for pk in tube_ids]
    moved: Counter = Counter()
    with connection.cursor() as cursor:
        for start in range(0, len(ids), PART):
            part = ids[start : start + PART]
            marks = ", ".join(["%s"] * len(part))
            given = [int(State.NEGATIVE), number, int(State.PENDING), *part]
            cursor.execute(NEGATIVE_TUBES.format(marks), given)
            moved.update(Place(area, grp, bool(listed), State.PENDING) for area, grp, listed in cursor.fetchall())
    deltas: Counter = Counter()
    for place, count in moved.items():
        deltas[place] -= count
        deltas[place.at(State.NEGATIVE)] += count
    add(number, deltas)
    return sum(moved.values())
