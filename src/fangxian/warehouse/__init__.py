"""The way from the systems' tables to the engines' tables: the visit log and the bridge to tracing."""

from __future__ import annotations

import atexit
import logging
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fangxian.warehouse.visits import VisitLog

_open: dict[tuple[Path, str | None], VisitLog] = {}
_opening = Lock()


def visit_log() -> VisitLog:
    """The visit log of this installation, opened once a process: below DATA_DIR, hot rows where DATABASES says."""
    from django.conf import settings
    from django.db import connections

    from fangxian.core.clock import now
    from fangxian.warehouse.visits import Options, VisitLog

    key = (Path(settings.DATA_DIR), _dsn(connections.settings["default"]))
    with _opening:
        if key not in _open:
            retention_days, key_file = (
                getattr(settings, "VISIT_RETENTION_DAYS", 14),
                getattr(settings, "KEY_FILE", None),
            )
            beside = Path(f"{key_file}.erasures.json") if key_file else None
            options = Options(settings.TIME_ZONE, retention_days, erasures=beside)
            notice = logging.getLogger("fangxian.visits").warning
            clock = lambda: int(now().timestamp())  # noqa: E731
            _open[key] = VisitLog.open(key[0], dsn=key[1], options=options, now=clock, notice=notice)
        return _open[key]


def visit_log_load() -> float:
    """How full the waiting room for scans is, 0 to 1; 0 while this process has no log open."""
    return max((log.load for log in list(_open.values())), default=0.0)


def close_visit_logs() -> None:
    """Commit what waits and close every log of this process; the next `visit_log()` opens anew."""
    with _opening:
        while _open:
            _open.popitem()[1].close()


def _dsn(database: dict[str, Any]) -> str | None:
    if "postgresql" not in str(database["ENGINE"]):
        return None
    from psycopg import pq
    from psycopg.conninfo import make_conninfo

    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    given = {ours: database[theirs] for theirs, ours in names.items() if database.get(theirs)}
    libpq = {option.keyword.decode() for option in pq.Conninfo.get_defaults()}
    options = {name: value for name, value in database.get("OPTIONS", {}).items() if name in libpq}
    return make_conninfo("", **{**given, **options})


atexit.register(close_visit_logs)
