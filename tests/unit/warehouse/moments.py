"""When the tests of the visit log happen, and what they look at."""

import os
from datetime import UTC, date, datetime
from pathlib import Path

NOW = int(datetime(2022, 3, 15, 2, 0, tzinfo=UTC).timestamp())
"""10:00 in Beijing on 2022-03-15."""
TODAY = date(2022, 3, 15)
DAY = 86400

SUITE_SERVER = os.environ.get("DATABASE_URL", "")
SERVER = os.environ.get("FANGXIAN_TEST_PG_DSN") or (SUITE_SERVER if SUITE_SERVER.startswith("postgres") else None)
"""The PostgreSQL to test on: the one this run of the suite is about, or one given beside SQLite."""
STORES = (["sqlite"] if not SUITE_SERVER else []) + (["postgresql"] if SERVER else [])
"""The hot stores of this run."""


def visits(log, **how) -> list[tuple]:
    """Every visit an engine would see, in one order."""
    tables = [segment.table() for segment in log.open_store(**how).all_segments()]
    return sorted(tuple(row.values()) for table in tables for row in table.to_pylist())


def hits(folder: Path, *needles: bytes) -> int:
    """How often any of the byte strings is in any file."""
    return sum(file.read_bytes().count(needle) for file in folder.rglob("*") if file.is_file() for needle in needles)
