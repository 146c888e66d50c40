"""People who come, and what they told."""

from datetime import date

import pytest

from fangxian.core.areas import Area
from fangxian.systems.arrivals import services
from fangxian.systems.arrivals.services import Stayed
from fangxian.systems.people import services as people

CELL, VILLAGE = "410883001212001", "410883001212"


@pytest.fixture
def person(county, everywhere):
    """Factory: a person of the cell (or another area)."""
    count = iter(range(1, 1000))

    def make(area: str = CELL, **values):
        return people.add_person(
            by=None, area=Area.objects.get(code=area), name=f"旅客{next(count)}", id_type="NONE", **values
        )

    return make


@pytest.fixture
def arrive(person):
    """Factory: an arrival of a new person with one stay in the given place."""

    def make(code: str = "140402", on: date = date(2022, 3, 15), stays=None, who=None, **values):
        who = who or person()
        stays = [Stayed(code, date(2022, 3, 1), on, "长治市潞州区")] if stays is None else stays
        area = values.pop("area", who.area)
        return services.record_arrival(by=None, person=who, area=area, arrived_on=on, stays=stays, **values)

    return make


@pytest.fixture
def rooms(county, everywhere):
    """A quarantine site with ten rooms in the county."""
    from fangxian.systems.quarantine import services as quarantine

    site = quarantine.add_site(by=None, area=Area.objects.get(code="410883001"), name="宜尚酒店")
    quarantine.add_rooms(by=None, site=site, numbers=[str(number) for number in range(101, 111)])
    return site
