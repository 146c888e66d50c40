"""What every door says alike: refusals, waiting for the disk, asking a client to come again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from fangxian.faces.ingest.body import Body
from fangxian.warehouse.visits import Closed, Device, QueueFull
from fangxian.warehouse.visits.committer import Committer

Said = tuple[int, Any, list[tuple[bytes, bytes]]]
"""Status, content, headers."""

Door = Callable[[Device, Body], Awaitable[Said]]
"""A door beside visits: what a known device sends, and the answer once it is on the disk."""

_log = logging.getLogger("fangxian.ingest")


class Answer(Exception):
    """A refusal: status, a fixed word, further headers."""

    def __init__(self, status: int, word: str, *headers: tuple[bytes, bytes]) -> None:
        super().__init__(word)
        self.status, self.word, self.headers = status, word, list(headers)


async def taken(committer: Committer[Any, Any], rows: Sequence[Any]) -> Any:
    """What the store says of the rows, once they are on the disk; a full waiting room is an answer of its own."""
    try:
        pending = committer.submit(rows)
    except (QueueFull, Closed) as error:
        raise Answer(429, "busy", (b"retry-after", b"1")) from error
    return await on_disk(asyncio.wrap_future(pending))


async def on_disk(pending: Awaitable[Any]) -> Any:
    """What became of a write; whatever went wrong, nothing may be taken as stored."""
    try:
        return await pending
    except Exception as error:  # whatever the disk or the database said, the client must send again
        _log.exception("a commit failed, or the systems did not answer")
        raise Answer(503, "not_stored", (b"retry-after", b"5")) from error
