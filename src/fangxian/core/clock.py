"""The one clock. Nothing else in Fangxian asks the machine for the time.

Tests freeze it; the demo starts it at a chosen moment (setting CLOCK_START) and lets it run; the copy of a drill
follows the file that says what it is, at the pace written there (`core/drilling.py`).
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format

from fangxian.core import drilling

MINUTE, DAY, TIME = "%Y-%m-%d %H:%M", "%Y-%m-%d", "%H:%M"

_frozen: ContextVar[datetime | None] = ContextVar("frozen_clock", default=None)
_started = time.monotonic()


def now() -> datetime:
    """The current moment, aware, UTC."""
    frozen_at = _frozen.get()
    if frozen_at is not None:
        return frozen_at
    drill = drilling.current()
    if drill is not None:
        return drill.moment(wall())
    if settings.CLOCK_START:
        return datetime.fromisoformat(settings.CLOCK_START).astimezone(UTC) + timedelta(
            seconds=time.monotonic() - _started
        )
    return wall()


def wall() -> datetime:
    """The machine's own moment, whatever clock is in force: only for the pace of that clock."""
    return datetime.now(UTC)


def today() -> date:
    """The current day where the platform runs (setting TIME_ZONE)."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """The day a moment is on where the platform runs; moments themselves are kept in UTC."""
    return timezone.localtime(moment).date()


def shown(moment: datetime, form: str = MINUTE) -> str:
    """A moment as people there read it: in titles, tasks and papers. Pages have their own filters."""
    return timezone.localtime(moment).strftime(form)


def worded(moment: datetime | None) -> str:
    """The same in the form of the reader's language, in texts to copy; “–” for none."""
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT") if moment else "–"


def is_shifted() -> bool:
    """Whether this server runs on a drill clock; pages then say so."""
    return bool(settings.CLOCK_START) or drilling.current() is not None


@contextmanager
def frozen(moment: datetime) -> Iterator[datetime]:
    """Hold the clock at one moment. The moment must be aware."""
    if moment.tzinfo is None:
        raise ValueError("the clock needs an aware time")
    token = _frozen.set(moment.astimezone(UTC))
    try:
        yield moment
    finally:
        _frozen.reset(token)
