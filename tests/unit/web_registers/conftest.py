"""People in two counties, and a client of a signed-in officer."""

import pytest

from fangxian.core import scope
from fangxian.core.areas import Area
from fangxian.systems.people import services as people

FIRST_ID, SECOND_ID = "410883199001011230", "410883198502033329"


@pytest.fixture
def person(county):
    """Factory: a person in an area."""

    def make(name: str = "张三", area: str = "410883001212", **values):
        with scope.everywhere("test data"):
            return people.add_person(by=None, area=Area.objects.get(code=area), name=name, **values)

    return make


@pytest.fixture
def investigator(officer, sign_in):
    """A signed-in investigator of the county."""
    made = officer("investigator")
    client = sign_in(made)
    client.officer = made
    return client
