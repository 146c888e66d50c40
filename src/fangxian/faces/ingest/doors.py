"""The venue codes of scans: read once, checked against what is known of their places, kept as attempts where doubted.

A signature costs 0.2 ms to check and a code hangs at its door for months: what was read is remembered. What the
systems know (places, withdrawn codes, retired keys) is looked up for codes not seen lately, never for each scan.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from uuid import UUID

from fangxian.core import keys
from fangxian.systems.screening import codes
from fangxian.systems.screening.codes import Code, NotOurs, Reason
from fangxian.systems.screening.plausible import Attempt, Ground, Seen, doubt
from fangxian.warehouse.visits import Device
from fangxian.warehouse.visits.intake import Rules
from fangxian.warehouse.visits.rows import Visit

from .judged import Judged, judged
from .scans import Numbered, Scan

FRESH_S = 5
REMEMBERED = 50_000
NOWHERE = bytes(16)


class Doors:
    """What a process remembers of codes and places; one a server."""

    def __init__(self) -> None:
        self._ring: keys.KeyRing | None = None
        self._read: dict[str, tuple[Code | None, str]] = {}
        self._areas: dict[bytes, str] = {}
        self._coarse: dict[str, str] = {}
        self._ground, self._asked_at = Ground(), 0.0
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="venue-codes")

    async def judge(self, scans: Numbered, device: Device, rules: Rules, into: Judged) -> None:
        """Scans with codes: visits where they prove presence, attempts where they do not."""
        shown = [(row, scan, *self._reading(scan.code or "")) for row, scan in scans]
        await self._ready({code.place for _row, _scan, code, _digest in shown if code}, device.area)
        anywhere = replace(rules, places=None)
        for row, scan, code, digest in shown:
            outcome = judged(scan, (code.place if code else NOWHERE).hex(), anywhere)
            if isinstance(outcome, Visit) and (reason := self._doubt(code, digest, self._seen(scan, device, outcome))):
                into.attempts.append((row, _attempt(scan, outcome, device, code, digest, reason)))
            else:
                into.take(row, outcome)

    async def keep(self, attempts: Sequence[Attempt]) -> None:
        """On the disk when it returns."""
        from fangxian.systems.screening import flagged

        await self._aside(flagged.keep, attempts)

    def close(self) -> None:
        """Let go of the thread and of its connection."""
        from django.db import connections

        self._thread.submit(connections.close_all).result()
        self._thread.shutdown()

    def _doubt(self, code: Code | None, digest: str, seen: Seen) -> Reason | None:
        if code is None or self._ring is None:
            return Reason.FORGED
        return doubt(code, digest, seen, self._ring.venue[code.key_id], self._ground)

    def _seen(self, scan: Scan, device: Device, visit: Visit) -> Seen:
        area = scan.area or self._coarse.get(device.area, "")
        named = scan.place.replace("-", "").lower() if scan.place else None
        return Seen(visit.entered_at, area, device.places, named)

    def _reading(self, text: str) -> tuple[Code | None, str]:
        """What a code says (None: it is not ours) and its digest."""
        self._look_at_keys()
        found = self._read.get(text)
        if found is None:
            if len(self._read) >= REMEMBERED:
                self._read.pop(next(iter(self._read)))
            found = self._read[text] = (_code(text), codes.digest(text))
        return found

    def _look_at_keys(self) -> None:
        """Every few seconds: a key may have been added or retired. What was read with other keys is forgotten."""
        if time.monotonic() - self._asked_at > FRESH_S:
            ring, self._asked_at = keys.refreshed(), time.monotonic()
            self._areas.clear()
            if ring is not self._ring:
                self._ring = ring
                self._read.clear()

    async def _ready(self, places: set[bytes], area: str) -> None:
        """Ask the systems for what is not known yet; unknown places are asked for again."""
        missing = places - self._areas.keys()
        if missing or area not in self._coarse:
            self._ground, self._coarse[area] = await self._aside(_asked, missing, area)
            self._areas.update(self._ground.areas)
            self._ground = Ground(self._areas, self._ground.zones, self._ground.withdrawn)

    async def _aside(self, ask: Any, *given: Any) -> Any:
        """In the one thread that talks to the systems' tables, so that scans without codes never wait for them."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, _with_connection, ask, *given)


def _with_connection(ask: Any, *given: Any) -> Any:
    from django.db import close_old_connections

    close_old_connections()
    try:
        return ask(*given)
    finally:
        close_old_connections()


def _asked(places: set[bytes], area: str) -> tuple[Ground, str]:
    from fangxian.systems.screening import selectors

    return selectors.ground(UUID(bytes=place) for place in places), selectors.coarse_area(area)


def _code(text: str) -> Code | None:
    try:
        return codes.read(text)
    except NotOurs:
        return None


def _attempt(scan: Scan, visit: Visit, device: Device, code: Code | None, digest: str, reason: Reason) -> Attempt:
    return Attempt(
        id=UUID(bytes=visit.visit_id),
        reason=str(reason),
        person=UUID(bytes=visit.person),
        place=code.place if code else None,
        scanned_at=visit.entered_at,
        device_at=visit.device_at,
        device=device.name,
        area=scan.area or device.area,
        digest=digest,
    )
