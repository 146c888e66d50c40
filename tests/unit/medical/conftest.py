"""A village clinic, a fever clinic, a hospital with beds, and a patient."""

from datetime import date

import pytest

from fangxian.core import records, scope
from fangxian.core.areas import Area
from fangxian.systems.medical.models import Beds, Facility
from fangxian.systems.people import services as people


@pytest.fixture
def town(county):
    with scope.everywhere("test data"):
        yield Area.objects.get(code="410883001")


@pytest.fixture
def patient(town):
    return people.add_person(by=None, area=town, name="王建国", sex="MALE", birth_date=date(1980, 2, 3))


@pytest.fixture
def house(town):
    def make(kind: str, name: str = "", **values) -> Facility:
        return records.create(
            Facility, by=None, action="medical.facility.added", area=town, kind=kind, name=name or kind, **values
        )

    return make


@pytest.fixture
def village(house):
    return house("VILLAGE_CLINIC", latitude=34.90, longitude=112.78)


@pytest.fixture
def clinic(house):
    return house("FEVER_CLINIC", latitude=34.91, longitude=112.79)


@pytest.fixture
def hospital(house, town):
    made = house("DESIGNATED_HOSPITAL")
    for kind, count in (("ISOLATION", 2), ("ICU", 1)):
        records.create(Beds, by=None, action="medical.beds.added", area=town, facility=made, kind=kind, count=count)
    return made
