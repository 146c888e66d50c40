"""A county with three officers who publish, and a draft."""

from datetime import UTC, datetime, timedelta

import pytest

from fangxian.core import clock, scope
from fangxian.systems.publicity import services

NOON = datetime(2022, 3, 20, 4, tzinfo=UTC)


@pytest.fixture
def noon(county):
    with clock.frozen(NOON), scope.everywhere("test data"):
        yield NOON


@pytest.fixture
def trio(officer):
    """A writer and the two who approve."""
    return officer("township_officer", area="410883001"), officer("duty_officer"), officer("duty_officer")


@pytest.fixture
def draft(noon, county, trio):
    def make(**values):
        told = {"title": "勤洗手", "text": "回家先洗手。", "area": county, "by": trio[0]}
        return services.draft(**{**told, "until_at": NOON + timedelta(days=7), **values})

    return make


@pytest.fixture
def publish(trio):
    def go(message):
        services.submit(message=message, by=trio[1])
        services.approve(message=message, by=trio[1])
        return services.approve(message=message, by=trio[2])

    return go
