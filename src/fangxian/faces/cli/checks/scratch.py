"""A throw-away installation for a check: its own folder, keys and tables, gone afterwards."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def folder() -> Iterator[Path]:
    """An empty folder, in memory where there is such a place: some checks rebuild and read thousands."""
    shared = Path("/dev/shm")
    where = str(shared) if shared.is_dir() and os.access(shared, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="fangxian-check-", dir=where) as made:
        yield Path(made)


@contextmanager
def installation(database: str = "") -> Iterator[Path]:
    """The data folder of a new installation in which Django is set up. Once a process: settings are read once.

    `database` is the address of an empty database to use instead of a file in the folder.
    """
    from fangxian.faces.cli import first_start

    with tempfile.TemporaryDirectory(prefix="fangxian-check-") as folder:
        for name in ("DATABASE_URL", "FANGXIAN_CLOCK", "FANGXIAN_HTTPS", "FANGXIAN_HOSTS"):
            os.environ.pop(name, None)
        if database:
            os.environ["DATABASE_URL"] = database
        data, keys = Path(folder) / "data", Path(folder) / "keys.json"
        first_start.make(data, keys)
        try:
            yield data
        finally:
            _close()


def _close() -> None:
    from django.db import connections

    from fangxian.warehouse import close_visit_logs

    close_visit_logs()
    connections.close_all()
