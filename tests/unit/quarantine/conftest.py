"""A site with three rooms in the county, and people who need them."""

from datetime import date, timedelta

import pytest

from fangxian.core.areas import Area
from fangxian.core.ids import uuid7
from fangxian.systems.people.models import Person
from fangxian.systems.quarantine import services
from fangxian.systems.quarantine.services import Need

CELL = "410883001212001"
DAY = date(2022, 3, 15)


def day(number: int) -> date:
    """The n-th day of the story; the clock stands on day 1."""
    return DAY + timedelta(days=number - 1)


@pytest.fixture
def cell(county, frozen, everywhere) -> Area:
    """Where the people live."""
    return Area.objects.get(code=CELL)


@pytest.fixture
def site(cell):
    """Factory: `site("Hotel", 3)` is a quarantine site with three rooms in 会昌街道."""

    def make(name="Hotel", rooms=3, **values):
        town = values.pop("area", None) or Area.objects.get(code="410883002")
        made = services.add_site(by=None, area=town, name=name, **values)
        services.add_rooms(by=None, site=made, numbers=[str(101 + n) for n in range(rooms)])
        return made

    return make


@pytest.fixture
def people(cell):
    """Factory: `people(3)`."""
    return lambda count: Person.objects.bulk_create(
        [Person(area=cell, name=f"P{n}", id_type="NONE") for n in range(count)]
    )


@pytest.fixture
def need(cell, people):
    """Factory: a need of a new person from day 1 to day 14; any value may be given."""

    def make(starts=1, ends=14, **values):
        person = values.pop("person", None) or people(1)[0]
        wanted = {"subject_id": uuid7(), "rule": "contact.close.isolation", "pack": "covid19-cn-v8@1", **values}
        return Need(person=person, area=person.area, starts_on=day(starts), ends_on=day(ends), **wanted)

    return make


@pytest.fixture
def stay(need):
    """Factory: a stay that is booked (and in, with `checked_in=True`)."""

    def make(*, checked_in=False, **values):
        (made,) = services.book(by=None, needs=[need(**values)]).stays
        return services.check_in(stay=made, by=None) if checked_in else made

    return make
