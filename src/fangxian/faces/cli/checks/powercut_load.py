"""Clients that post visits to the recorded server while it seals, and what they were told."""

from __future__ import annotations

import http.client
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from fangxian.core.ids import uuid7

from .powercut_events import LONGEST_STRING, TRACED
from .powercut_server import FOLDER, SYNCHRONOUS, open_log

CLIENTS = 4
START_S = 60
MODULE = "fangxian.faces.cli.checks.powercut_server"

Posts = dict[str, list[str]]
"""Tag of a request → ids of the visits it holds."""


class NotServing(RuntimeError):
    """The recorded server did not start or answered something else."""


def prepare(data: Path) -> str:
    """An empty log below `data` with one device; its token."""
    log = open_log(data)
    token = log.devices.issue("check", area="0")
    log.close()
    return token


@contextmanager
def recorded_server(data: Path, trace: Path, synchronous: str) -> Iterator[int]:
    """The server under strace on a free port; ended by SIGTERM."""
    base = base_of(trace)
    shutil.copytree(data, base)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    strace = ["strace", "-f", "-y", "-xx", "-s", str(LONGEST_STRING), "-e", f"trace={TRACED}", "-o", str(trace)]
    known = {FOLDER: str(data), SYNCHRONOUS: synchronous}
    command = [*strace, sys.executable, "-m", MODULE, str(port)]
    with subprocess.Popen(command, env={**os.environ, **known}, start_new_session=True) as server:
        try:
            _wait_for(port, server)
            yield port
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(30)


def base_of(trace: Path) -> Path:
    """Where the folder is kept as it was before the recording."""
    return trace.with_suffix(".base")


def post_visits(port: int, token: str, *, posts: int, seed: int) -> Posts:
    """Post visits of yesterday and today from several clients, sealing in between; what was sent under which tag."""
    sent: Posts = {}
    with ThreadPoolExecutor(CLIENTS + 1) as pool:
        shares = [range(client, posts, CLIENTS) for client in range(CLIENTS)]
        clients = [pool.submit(_client, port, token, share, seed) for share in shares]
        sealer = pool.submit(_seal_now_and_then, port, clients)
        for client in clients:
            sent.update(client.result())
        sealer.result()
    return sent


def _client(port: int, token: str, share: range, seed: int) -> Posts:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    sent: Posts = {}
    for number in share:
        dice = random.Random(f"{seed}.{number}")
        ids = [uuid7() for _ in range(dice.choice((1, 1, 1, 3, 20)))]
        sent[str(number)] = [str(visit) for visit in ids]
        _post(connection, token, str(number), json.dumps([_scan(visit, dice) for visit in ids]))
    connection.close()
    return sent


def _scan(visit: UUID, dice: random.Random) -> dict[str, object]:
    entered_at = int(time.time()) - dice.choice((60, 86400, 2 * 86400))
    person, place = (str(UUID(int=dice.getrandbits(128))) for _ in range(2))
    return {"visit_id": str(visit), "person": person, "place": place, "entered_at": entered_at, "temperature": 36.5}


def _post(connection: http.client.HTTPConnection, token: str, tag: str, body: str) -> None:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "X-Check-Tag": tag}
    connection.request("POST", "/ingest/visits", body, headers)
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        raise NotServing(f"the server answered {answer.status}")


def _seal_now_and_then(port: int, clients: list) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    while not all(client.done() for client in clients):
        time.sleep(0.3)
        connection.request("POST", "/check/seal")
        connection.getresponse().read()
    connection.close()


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_S
    while server.poll() is None and time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise NotServing("the server did not start")
