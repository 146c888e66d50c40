"""The body of a request: read whole up to a limit, or let pass so that a refused client hears its answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

LONGEST_BODY = 512 * 1024
LONGEST_DRAINED = 4 * LONGEST_BODY


class TooLong(Exception):
    """More bytes than one request may hold."""


class Body:
    """What a client is sending; never asked for more than it sends."""

    def __init__(self, headers: dict[bytes, bytes], receive: Receive) -> None:
        self.headers, self.receive, self.ended = headers, receive, False

    async def read(self) -> bytes:
        """All of it. Raises TooLong, at once where the client says so itself."""
        said = self.headers.get(b"content-length", b"0")
        if not said.isdigit() or int(said) > LONGEST_BODY:
            raise TooLong
        body = bytearray()
        while not self.ended:
            body += await self._piece()
            if len(body) > LONGEST_BODY:
                raise TooLong
        return bytes(body)

    async def drain(self) -> None:
        """Let a refused client finish, within reason: otherwise it sees a broken pipe, not the answer."""
        thrown_away = 0
        while not self.ended and thrown_away < LONGEST_DRAINED:
            thrown_away += len(await self._piece())

    async def _piece(self) -> bytes:
        message = await self.receive()
        self.ended = message["type"] == "http.disconnect" or not message.get("more_body")
        return message.get("body", b"")
