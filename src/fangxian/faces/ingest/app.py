"""POST /ingest/visits: one scan or up to 500, by a known device, answered when they are on the disk.

    200  stored or stored before; `rejected` names the rows that were not taken
    401  no known device (nothing was read)      404, 405  another path or method
    400  not JSON                                413  too long or too many
    422  no row could be taken; `rejected` says why, by row, field and reason
    429  too many rows wait for the disk: come again in `Retry-After` seconds
    503  the disk refused: nothing of this request may be taken as stored

Nothing a client sent is ever part of an answer. Sending a scan again is harmless: its id is made on the device.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import msgspec

from fangxian.faces.ingest.body import Body, TooLong
from fangxian.faces.ingest.scans import NotScans, TooMany, read_scans
from fangxian.warehouse import visit_log
from fangxian.warehouse.visits import Arrival, Closed, Device, QueueFull, Receipt, Rejection, VisitLog

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Numbered = list[tuple[int, Arrival]]

TOKEN_FRESH_S = 5
_encode = msgspec.json.Encoder().encode
_log = logging.getLogger("fangxian.ingest")


class Answer(Exception):
    """A refusal: status, a fixed word, further headers."""

    def __init__(self, status: int, word: str, *headers: tuple[bytes, bytes]) -> None:
        super().__init__(word)
        self.status, self.word, self.headers = status, word, list(headers)


class Ingest:
    """The handler; `open_log` is asked for the log with the first request."""

    def __init__(self, open_log: Callable[[], VisitLog]) -> None:
        self.open_log = open_log
        self._devices: dict[str, tuple[float, Device | None]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        incoming = Body(dict(scope["headers"]), receive)
        try:
            status, content, headers = await self._handle(scope, incoming)
        except Answer as answer:
            await incoming.drain()
            status, content, headers = answer.status, {"error": answer.word}, answer.headers
        await _reply(send, status, content, headers)

    async def _handle(self, scope: Scope, body: Body) -> tuple[int, Any, list[tuple[bytes, bytes]]]:
        if scope["path"].rstrip("/") != "/ingest/visits":
            raise Answer(404, "not_found")
        if scope["method"] != "POST":
            raise Answer(405, "method_not_allowed", (b"allow", b"POST"))
        log = self.open_log()
        device = self._device(log, body.headers.get(b"authorization", b""))
        numbered, unread = await _read(body)
        receipt = await _stored(log, numbered, unread, device)
        return (200 if receipt.accepted or receipt.duplicates or not receipt.rejected else 422), _plain(receipt), []

    def _device(self, log: VisitLog, authorization: bytes) -> Device:
        """The device behind a bearer token; a revoked token is known for five more seconds at most."""
        scheme, _, token = authorization.decode("latin-1").partition(" ")
        refusal = Answer(401, "unknown_device", (b"www-authenticate", b"Bearer"))
        if scheme.lower() != "bearer" or not token:
            raise refusal
        read_at, device = self._devices.get(token, (0.0, None))
        if device is None or time.monotonic() - read_at > TOKEN_FRESH_S:
            device = log.devices.known(token)
            self._devices.pop(token, None)
            if device is None:
                raise refusal
            self._devices[token] = (time.monotonic(), device)
        return device


async def _read(body: Body) -> tuple[Numbered, list[Rejection]]:
    try:
        return read_scans(await body.read())
    except TooLong as error:
        raise Answer(413, "too_long") from error
    except TooMany as error:
        raise Answer(413, "too_many_scans") from error
    except NotScans as error:
        raise Answer(400, "not_json") from error


async def _stored(log: VisitLog, numbered: Numbered, unread: list[Rejection], device: Device) -> Receipt:
    """The receipt once the rows are on the disk, its rejections numbered as the client numbered its rows."""
    try:
        pending = log.submit([arrival for _, arrival in numbered], places=device.places)
    except (QueueFull, Closed) as error:
        raise Answer(429, "busy", (b"retry-after", b"1")) from error
    try:
        receipt = await asyncio.wrap_future(pending)
    except Exception as error:  # whatever the disk or the database said, the client must send again
        _log.exception("a commit of visits failed")
        raise Answer(503, "not_stored", (b"retry-after", b"5")) from error
    refused = [Rejection(numbered[row][0], field, reason) for row, field, reason in receipt.rejected]
    return receipt._replace(rejected=tuple(sorted(refused + unread)))


def _plain(receipt: Receipt) -> dict[str, Any]:
    return {**receipt._asdict(), "rejected": [rejection._asdict() for rejection in receipt.rejected]}


async def _reply(send: Send, status: int, body: Any, headers: list[tuple[bytes, bytes]]) -> None:
    content = _encode(body)
    length = (b"content-length", str(len(content)).encode())
    fixed = [(b"content-type", b"application/json"), (b"cache-control", b"no-store"), length]
    await send({"type": "http.response.start", "status": status, "headers": [*fixed, *headers]})
    await send({"type": "http.response.body", "body": content})


app = Ingest(visit_log)
