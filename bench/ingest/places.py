"""Where a run keeps its rows, as the servers are told in their environment."""

import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree

FOLDER, DSN = "BENCH_FOLDER", "BENCH_DSN"


@contextmanager
def folder() -> Iterator[Path]:
    """A folder of the run, gone afterwards."""
    made = Path(tempfile.mkdtemp(prefix="fangxian-bench-ingest-"))
    try:
        yield made
    finally:
        rmtree(made, ignore_errors=True)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]
