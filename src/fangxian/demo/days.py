"""The days of the demo: a fortnight of ordinary life in March 2022 (protocol v8), then the morning it is found out."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
FIRST_DAY = date(2022, 3, 1)
DAYS = 14
OUTBREAK_DAY = FIRST_DAY + timedelta(days=DAYS)
MORNING = datetime(2022, 3, 15, 8, tzinfo=ZONE)
"""When the first positive result arrives; the clock of the replay starts here."""

HOUR, DAY = 3600, 86400
BEGIN = int(datetime(2022, 3, 1, tzinfo=ZONE).timestamp())
NOW = int(MORNING.timestamp())


def moment(second: int) -> datetime:
    """A UTC second as an aware local time."""
    return datetime.fromtimestamp(int(second), ZONE)


def day_of(second: int) -> date:
    """The local day of a UTC second."""
    return moment(second).date()


def second(moment_: datetime) -> int:
    """UTC second of an aware time."""
    return int(moment_.timestamp())


def is_weekend(index: int) -> bool:
    """Whether day `index` of the fortnight (0 is FIRST_DAY) is a Saturday or Sunday."""
    return (FIRST_DAY + timedelta(days=index)).weekday() >= 5
