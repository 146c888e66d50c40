"""Views of public pages, gathered in memory and written once in a while, so that a view costs no write.

Nothing of who asked is looked at. A process that stops loses what it has gathered since the last writing, at most a
minute of views: the figures are a lower bound, and a browser that shows its own copy is not counted.
"""

from collections import Counter
from datetime import datetime
from threading import Lock

from django.db import DatabaseError, transaction

from fangxian.core.clock import now
from fangxian.systems.publicity import services

EVERY_SECONDS = 60
_lock = Lock()
_gathered: Counter[str] = Counter()
_written_at: list[datetime] = []


def seen(page: str) -> None:
    """A page was asked for."""
    with _lock:
        _gathered[page] += 1
        due = not _written_at or abs((now() - _written_at[-1]).total_seconds()) >= EVERY_SECONDS
    if due:
        flush()


def flush() -> None:
    """Write what was gathered; where the store is busy it is kept for the next time."""
    with _lock:
        taken = Counter(_gathered)
        _gathered.clear()
        _written_at[:] = [now()]
    if not taken:
        return
    try:
        with transaction.atomic():
            services.count_views(taken)
    except DatabaseError:
        with _lock:
            _gathered.update(taken)
