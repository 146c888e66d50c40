"""A township with two villages, its officers, and what they have to do with."""

from datetime import UTC, date, datetime

import pytest

from fangxian.core import scope
from fangxian.core.areas import Area
from fangxian.systems.community import services, tickets
from fangxian.systems.people import services as people

TOWN, CELL = "410883001", "410883001212001"


@pytest.fixture
def town(county, frozen):
    with scope.everywhere("test data"):
        yield Area.objects.get(code=TOWN)


@pytest.fixture
def cell(town):
    return Area.objects.get(code=CELL)


@pytest.fixture
def staff(officer, town):
    """The township's officer, the cell's worker, the county's duty officer and inspector."""
    return {
        "township": officer("township_officer", area=TOWN), "worker": officer("grid_worker", area=CELL),
        "duty": officer("duty_officer"), "inspector": officer("inspector"),
    }  # fmt: skip


@pytest.fixture
def person(cell):
    def make(name: str = "王建国", **values):
        return people.add_person(by=None, area=cell, name=name, sex="MALE", birth_date=date(1980, 2, 3), **values)

    return make


@pytest.fixture
def told(town):
    """Factory: a report as the page takes it."""

    def make(kind: str = "SHOP", ticket: str = "", **values):
        given = {"area": town, "words": "药店不登记就卖退烧药", "place": "大定街道合欢大街12号", **values}
        return services.report(kind=kind, ticket=ticket or tickets.new(), **given)

    return make


@pytest.fixture
def noticed(cell):
    """Factory: a gathering four days ahead."""

    def make(persons: int = 80, kind: str = "WEDDING", day: int = 19, **values):
        given = {
            "area": cell, "name": "王家婚宴", "place": "段西村文化大院", "responsible": "王建国",
            "phone": "13812345678",
            "starts_at": datetime(2022, 3, day, 3, tzinfo=UTC), "ends_at": datetime(2022, 3, day, 6, tzinfo=UTC),
            **values,
        }  # fmt: skip
        return services.notice(by=None, kind=kind, expected=persons, **given)

    return make
