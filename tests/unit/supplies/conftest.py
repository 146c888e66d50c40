"""A county store and a township store, a keeper, a leader, a frozen morning."""

from datetime import UTC, datetime

import pytest

from fangxian.core import clock, records, scope
from fangxian.core.areas import Area
from fangxian.systems.supplies.models import Store

MORNING = datetime(2022, 3, 15, 0, 30, tzinfo=UTC)


@pytest.fixture
def frozen(county):
    with clock.frozen(MORNING), scope.within("410883"):
        yield MORNING


@pytest.fixture
def town(county) -> Area:
    return Area.objects.get(code="410883001")


@pytest.fixture
def keeper(officer):
    return officer("store_keeper", area="410883")


@pytest.fixture
def leader(officer):
    return officer("township_officer", area="410883001")


def made_store(area: Area, name: str, **values) -> Store:
    return records.create(Store, by=None, action="test.made", area=area, name=name, **values)


@pytest.fixture
def big(frozen, keeper) -> Store:
    return made_store(Area.objects.get(code="410883"), "市应急物资储备库", keeper=keeper)


@pytest.fixture
def small(frozen, town) -> Store:
    return made_store(town, "大定街道物资点", staff=20)
