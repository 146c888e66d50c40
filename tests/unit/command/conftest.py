"""Officers of three levels and a task from the county to a grid cell."""

from datetime import timedelta

import pytest

from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.systems.command import services

CELL = "410883001212001"


@pytest.fixture
def area(county):
    """Factory: `area("410883001")`."""
    return lambda code: Area.objects.get(code=code)


@pytest.fixture
def task(area, frozen, everywhere):
    """Factory: a task of two hours from the county to the grid worker of the cell; any value may be given."""

    def make(**values):
        wanted = {
            "area": area(CELL), "from_area": area("410883"), "role": "grid_worker", "title": "Knock at No. 12",
            "due_at": now() + timedelta(hours=2), **values,
        }  # fmt: skip
        return services.hand_down(by=values.pop("by", None), **{k: v for k, v in wanted.items() if k != "by"})

    return make


@pytest.fixture
def county_officer(officer):
    """The duty officer of the county."""
    return officer("duty_officer", area="410883")


@pytest.fixture
def worker(officer):
    """The grid worker of the cell."""
    return officer("grid_worker", area=CELL)
