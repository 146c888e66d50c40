"""People at work in the small county, on a day in March 2022."""

from datetime import UTC, datetime, timedelta

import pytest

from fangxian.core import clock, scope
from fangxian.systems.workforce import services

NOW = datetime(2022, 3, 15, 0, 0, tzinfo=UTC)  # eight in the morning


@pytest.fixture
def at_eight(county):
    """The clock stands, and all of the county may be written."""
    with clock.frozen(NOW), scope.everywhere("a test of the workforce"):
        yield


@pytest.fixture
def works(county):
    """`works(officer, days_ago, hours)`: a shift entered by hand, from eight in the morning of that day on."""

    def make(who, days_ago, hours=8, kind="SITE", area=None, begins=0):
        starts = NOW - timedelta(days=days_ago) + timedelta(hours=begins)
        return services.enter_shift(
            by=None, area=area or county, officer=who, kind=kind, where="宜尚酒店", starts_at=starts,
            ends_at=starts + timedelta(hours=hours),
        )  # fmt: skip

    return make
