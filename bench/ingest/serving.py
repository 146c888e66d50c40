"""A granian server as `fangxian serve` starts it, and the CPU it and its database used."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.ingest.places import free_port

SERVE = """
import sys
from granian import Granian
from granian.constants import Interfaces
Granian(sys.argv[1], address="127.0.0.1", port=int(sys.argv[2]), interface=Interfaces.ASGI, workers=1,
        websockets=False, log_enabled=False).serve()
"""
TICK = os.sysconf("SC_CLK_TCK")


@contextmanager
def server(target: str, environment: dict[str, str]) -> Iterator[tuple[int, int]]:
    """(port, session) of a server of an ASGI application; stopped afterwards."""
    port = free_port()
    command = [sys.executable, "-c", SERVE, target, str(port)]
    with subprocess.Popen(command, env={**os.environ, **environment}, start_new_session=True) as process:
        try:
            _wait_for(port)
            yield port, process.pid
        finally:
            process.terminate()


def _wait_for(port: int) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError("the server did not start")


def cpu_of(sessions: set[int], postmasters: set[int] = frozenset()) -> float:
    """CPU seconds of all processes of these sessions, and of PostgreSQL servers with all their children, also of those
    that ended: each of theirs has a session of its own."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) in sessions or {int(fields[1]), int(stat.parent.name)} & postmasters:
            ticks += sum(map(int, fields[11:15]))
    return ticks / TICK
