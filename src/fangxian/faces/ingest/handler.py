"""POST /ingest/visits: one scan or up to 1,000, by a known device, answered when they are on the disk.

Beside it stand doors that answer alike (`app.py`). The handler itself needs no Django, nor do the checks that cut its
power off.

    200  stored or stored before; `rejected` names the rows that were not taken, `flagged` those kept as attempts
    401  no known device (nothing was read)      404, 405  another path or method
    400  not JSON                                413  too long or too many
    422  no row could be taken; `rejected` says why, by row, field and reason
    429  too many rows wait for the disk: come again in `Retry-After` seconds
    503  the disk refused: nothing of this request may be taken as stored

Nothing a client sent is ever part of an answer. Sending a scan again is harmless: its id is made on the device.
`Device-Time` (UTC seconds) is what the device's clock says while it sends; a wrong one is set right by it.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

import msgspec

from fangxian.faces.ingest.answers import Answer, Door, Said, on_disk, taken
from fangxian.faces.ingest.body import Body, TooLong
from fangxian.faces.ingest.common import common_visits
from fangxian.faces.ingest.doors import Doors
from fangxian.faces.ingest.judged import Judged, judged
from fangxian.faces.ingest.scans import NotScans, Numbered, TooMany, read_scans
from fangxian.warehouse.visits import Device, Rejection, VisitLog
from fangxian.warehouse.visits.intake import Rules

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

TOKEN_FRESH_S = 5
_encode = msgspec.json.Encoder().encode


class Ingest:
    """The handler; `open_log` is asked for the log with the first request. Without doors it takes no venue codes.

    `others` are the doors beside visits, by the last part of their path; the device is known before they are asked.
    """

    def __init__(
        self, open_log: Callable[[], VisitLog], doors: Doors | None = None, others: Mapping[str, Door] | None = None
    ) -> None:
        self.open_log, self.doors, self.others = open_log, doors, dict(others or {})
        self._devices: dict[str, tuple[float, Device]] = {}

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

    async def _handle(self, scope: Scope, body: Body) -> Said:
        door = scope["path"].rstrip("/").removeprefix("/ingest/")
        if door != "visits" and door not in self.others:
            raise Answer(404, "not_found")
        if scope["method"] != "POST":
            raise Answer(405, "method_not_allowed", (b"allow", b"POST"))
        log = self.open_log()
        device = self._device(log, body.headers.get(b"authorization", b""))
        return await (self.others[door](device, body) if door in self.others else self._visits(log, device, body))

    async def _visits(self, log: VisitLog, device: Device, body: Body) -> Said:
        scans, unread = await _read(body)
        rules = log.rules(device.places, _seconds(body.headers.get(b"device-time")))
        rows = await self._sorted(scans, device, rules)
        rows.rejected.extend(unread)
        return await self._kept(log, rows)

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

    async def _sorted(self, scans: Numbered, device: Device, rules: Rules) -> Judged:
        """Visits, attempts and rejections; a scan says where it was by place or by code."""
        visits, others = ([], scans) if device.by_code else common_visits(scans, rules)
        rows = Judged(visits, [], [])
        coded = []
        for row, scan in others:
            if scan.code is not None:
                coded.append((row, scan))
            elif device.by_code or scan.place is None:
                rows.rejected.append(Rejection(row, "code" if device.by_code else "place", "missing"))
            else:
                rows.take(row, judged(scan, scan.place, rules))
        if coded and self.doors is None:
            rows.rejected.extend(Rejection(row, "code", "not_taken_here") for row, _scan in coded)
        elif coded and self.doors is not None:
            await on_disk(self.doors.judge(coded, device, rules, rows))
        return rows

    async def _kept(self, log: VisitLog, rows: Judged) -> Said:
        """The answer once everything is on the disk."""
        new = await taken(log.committer, rows.visits) if rows.visits else 0
        if rows.attempts and self.doors is not None:
            await on_disk(self.doors.keep([attempt for _row, attempt in rows.attempts]))
        content = {
            "accepted": new,
            "duplicates": len(rows.visits) - new,
            "rejected": [rejection._asdict() for rejection in sorted(rows.rejected)],
            "flagged": [{"row": row, "reason": attempt.reason} for row, attempt in rows.attempts],
        }
        return (200 if rows.visits or rows.attempts or not rows.rejected else 422), content, []


async def _read(body: Body) -> tuple[Numbered, list[Rejection]]:
    try:
        return read_scans(await body.read())
    except TooLong as error:
        raise Answer(413, "too_long") from error
    except TooMany as error:
        raise Answer(413, "too_many_scans") from error
    except NotScans as error:
        raise Answer(400, "not_json") from error


def _seconds(header: bytes | None) -> int | None:
    """The device's clock, where it is a plausible number of seconds."""
    return int(header) if header is not None and header.isdigit() and len(header) <= 10 else None


async def _reply(send: Send, status: int, body: Any, headers: list[tuple[bytes, bytes]]) -> None:
    content = _encode(body)
    length = (b"content-length", str(len(content)).encode())
    fixed = [(b"content-type", b"application/json"), (b"cache-control", b"no-store"), length]
    await send({"type": "http.response.start", "status": status, "headers": [*fixed, *headers]})
    await send({"type": "http.response.body", "body": content})
