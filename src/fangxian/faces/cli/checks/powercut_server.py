"""The program that loses its power: the real ingest handler over a real hot store, in granian on loopback.

Two things are added for the check only. A request's `x-check-tag` comes back as `x-check-ack` in a 200, so that the
log of system calls shows what was acknowledged when. POST /check/seal seals the days before today meanwhile.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

from fangxian.faces.ingest.handler import Ingest
from fangxian.warehouse.visits import VisitLog
from fangxian.warehouse.visits.hot import SqliteHot

FOLDER, SYNCHRONOUS = "FANGXIAN_CHECK_FOLDER", "FANGXIAN_CHECK_SYNCHRONOUS"


def open_log(data: Path, synchronous: str = "FULL") -> VisitLog:
    """The visit log below a folder; anything but FULL is for the control run."""
    return VisitLog(data / "visits", SqliteHot(data / "visits" / "hot.sqlite", synchronous=synchronous))


class Checked:
    """The ingest handler, with the tag of each request in its acknowledgement."""

    def __init__(self) -> None:
        self.log: VisitLog | None = None
        self.ingest = Ingest(self._open)

    def _open(self) -> VisitLog:
        if self.log is None:
            self.log = open_log(Path(os.environ[FOLDER]), os.environ[SYNCHRONOUS])
        return self.log

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        if scope["path"] == "/check/seal":
            await asyncio.to_thread(self._open().seal)
            await send({"type": "http.response.start", "status": 204, "headers": []})
            await send({"type": "http.response.body"})
            return
        tag = dict(scope["headers"]).get(b"x-check-tag")

        async def tagged(message: Any) -> None:
            if message.get("status") == 200 and tag:
                message["headers"].append((b"x-check-ack", tag))
            await send(message)

        await self.ingest(scope, receive, tagged)


app = Checked()


def serve(port: int) -> None:
    """Serve until the process is stopped."""
    from granian import Granian
    from granian.constants import Interfaces, Loops

    target = "fangxian.faces.cli.checks.powercut_server:app"
    # asyncio's loop, because uvloop hands work to the kernel in rings that strace cannot look into
    options = {"interface": Interfaces.ASGI, "loop": Loops.asyncio, "websockets": False, "log_enabled": False}
    Granian(target, address="127.0.0.1", port=port, **options).serve()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
