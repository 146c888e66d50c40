"""The ingest handler over the real visit log, as `fangxian serve` mounts it."""

import os
from pathlib import Path

from bench.ingest.places import DSN, FOLDER
from fangxian.faces.ingest.collector import settle
from fangxian.faces.ingest.handler import Ingest
from fangxian.warehouse.visits import Options, VisitLog

_log: list[VisitLog] = []


def log() -> VisitLog:
    """The log of this process, opened with the first request."""
    if not _log:
        _log.append(VisitLog.open(Path(os.environ[FOLDER]), dsn=os.environ.get(DSN) or None, options=Options("UTC")))
    return _log[0]


def prepare() -> str:
    """The token of a device that may report any place."""
    return log().devices.issue("bench", area="0")


def stored() -> int:
    """How many rows there are."""
    span = log().hot.span()
    return span[0] if span else 0


settle()
application = Ingest(log)
