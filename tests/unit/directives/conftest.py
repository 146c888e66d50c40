"""A county, two townships with a village each, their officers, and a directive on its way."""

from datetime import UTC, datetime, timedelta

import pytest

from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.systems.directives import services
from fangxian.systems.directives.models import Handing

COUNTY, TOWN, OTHER, VILLAGE = "410883", "410883001", "410883002", "410883001212"
START = datetime(2022, 3, 15, 0, 0, tzinfo=UTC)


@pytest.fixture
def staff(officer, county, frozen, everywhere):
    """Duty officers of prefecture and county, two township officers, one village secretary."""
    return {
        "city": officer("duty_officer", area="4108"), "duty": officer("duty_officer", area=COUNTY),
        "second": officer("duty_officer", area=COUNTY), "town": officer("township_officer", area=TOWN),
        "other": officer("township_officer", area=OTHER), "village": officer("village_secretary", area=VILLAGE),
    }  # fmt: skip


@pytest.fixture
def area(county):
    return lambda code: Area.objects.get(code=code)


@pytest.fixture
def issued(staff, area):
    """Factory: a directive of the county, due in eight hours, straight down to the villages."""

    def make(**values):
        given = {
            "title": "全面排查药店退烧药登记",
            "text": "各村今日内完成排查",
            "due_at": now() + timedelta(hours=8),
            **values,
        }
        return services.issue(by=staff["duty"], area=area(COUNTY), **given)

    return make


@pytest.fixture
def at_unit():
    """Factory: the row of a directive at a unit."""
    return lambda directive, code: Handing.objects.get(directive=directive, area_id=code)
