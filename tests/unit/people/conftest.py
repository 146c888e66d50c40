"""People of 段西村, with identity numbers whose check digits fit."""

from datetime import date
from itertools import count

import pytest

from fangxian.core.areas import Area
from fangxian.core.identity import gb11643
from fangxian.systems.people import services

CELL = "410883001212001"
_sequence = count(1)


def id_number(born: date = date(1980, 5, 17), *, male: bool = True) -> str:
    """A fresh resident number of Mengzhou."""
    number = next(_sequence)
    first = f"410883{born:%Y%m%d}{number // 5:02d}{2 * (number % 5) + male}"
    return first + gb11643.check_character(first)


@pytest.fixture
def cell(county) -> Area:
    """The first grid cell of 段西村."""
    return Area.objects.get(code=CELL)


@pytest.fixture
def person(cell, everywhere):
    """Factory: `person(name="张伟")` lives in the cell."""

    def make(name: str = "张伟", **values):
        return services.add_person(by=None, area=values.pop("area", cell), name=name, **values)

    return make


@pytest.fixture
def household(cell, everywhere):
    """Factory: `household("12")` is a household of the cell."""
    return lambda number: services.add_household(by=None, area=cell, number=number)
