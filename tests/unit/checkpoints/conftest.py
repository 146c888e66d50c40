"""A checkpoint at the boundary of the county, and what passes it on the morning of 2022-03-15."""

from decimal import Decimal

import pytest

from fangxian.core import records
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.systems.checkpoints import services
from fangxian.systems.checkpoints.models import PointOfEntry

TOWN = "410883002"


@pytest.fixture
def point(county, frozen, everywhere) -> PointOfEntry:
    """孟吉交界处防疫卡点, in 会昌街道."""
    town = Area.objects.get(code=TOWN)
    return records.create(PointOfEntry, by=None, action="test.made", area=town, name="孟吉交界处防疫卡点")


@pytest.fixture
def guard(point, officer):
    """Two who stand there, by turns."""
    return officer("checkpoint_guard", area=TOWN), officer("checkpoint_guard", area=TOWN)


@pytest.fixture
def passing(point):
    """Factory: the values of a passage; a green code, no fever, a test of today unless said otherwise."""

    def make(**values):
        usual = {"plate": "豫U12345", "code_state": "GREEN", "temperature": Decimal("36.4"), "test_hours": 24}
        return {"point": point, "passed_at": now(), **usual, **values}

    return make


@pytest.fixture
def passed(passing):
    """Factory: a passage that is stored and judged by what was seen."""

    def make(travellers=(), **values):
        entry = services.entry(passing(**values), travellers)
        return services.record_passages(by=None, entries=[entry], tell=False).new[0]

    return make
