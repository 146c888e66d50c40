"""A million people in the villages of Jiaozuo, written set by set."""

from collections.abc import Iterator

import numpy as np
from django.db import connection, transaction

from fangxian.core import scope
from fangxian.core.areas import Area
from fangxian.core.identity.gb11643 import check_character
from fangxian.core.reference import divisions
from fangxian.systems.people import derived
from fangxian.systems.people.models import Person

SURNAMES, GIVEN = "张王李赵陈刘杨黄周吴徐孙马朱胡", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英"
BATCH = 20_000


def plant_areas() -> list[str]:
    """The tree of Jiaozuo; gives the village codes."""
    rows = [Area(code=d.code, name=d.name, kind=d.kind, parent_id=d.parent or None) for d in divisions("41")]
    Area.objects.bulk_create(rows, batch_size=500)
    return [row.code for row in rows if row.kind == "village"]


def fill(count: int, seed: int = 1) -> str:
    """Write `count` people; gives one of their identity numbers."""
    rng = np.random.default_rng(seed)
    villages = plant_areas()
    with scope.everywhere("bench"), transaction.atomic():
        for start in range(0, count, BATCH):
            Person.unscoped.bulk_create(_people(rng, villages, start, min(BATCH, count - start)), batch_size=500)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return _number(count // 2)


def _people(rng: np.random.Generator, villages: list[str], start: int, count: int) -> Iterator[Person]:
    homes = rng.integers(0, len(villages), count)
    for offset in range(count):
        name = rng.choice(list(SURNAMES)) + "".join(rng.choice(list(GIVEN), rng.integers(1, 3)))
        yield Person(
            area_id=villages[homes[offset]],
            name=name,
            initials=derived.initials(name),
            id_number=_number(start + offset),
            sex=Person.Sex.MALE if offset % 2 else Person.Sex.FEMALE,
            phone=f"138{start + offset:08d}",
        )


def _number(index: int) -> str:
    """A valid identity number for every index below ten million: 10,000 days × 999."""
    day = np.datetime64("1950-01-01") + index // 999
    first = f"410883{str(day).replace('-', '')}{index % 999 + 1:03d}"
    return first + check_character(first)
