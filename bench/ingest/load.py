"""Devices: prepare scans, post them over kept connections, and remember what was acknowledged."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec
import numpy as np

from fangxian.core.ids import uuid7
from fangxian.warehouse.visits.bulk import uuids7

PERSONS, PLACES = 100_000, 2_000
_encode = msgspec.json.Encoder().encode


@dataclass
class Sent:
    """What the devices saw: rows acknowledged, seconds it took, how long each request waited (seconds)."""

    rows: int = 0
    took: float = 0.0
    waits: list[float] = field(default_factory=list)

    def percentile(self, share: float) -> float:
        """Milliseconds within which this share of the requests was answered."""
        return 1000 * sorted(self.waits)[int(len(self.waits) * share)] if self.waits else 0.0


class People:
    """Who scans where: ids drawn once, so that making a request costs the devices little."""

    def __init__(self, seed: int = 0) -> None:
        self.dice = np.random.default_rng(seed)
        self.persons = [str(uuid7()) for _ in range(PERSONS)]
        self.places = [str(uuid7()) for _ in range(PLACES)]

    def bodies(self, scans: int, number: int) -> Iterator[bytes]:
        """Requests of so many scans each, made as they are taken; a single scan is an object, not a list."""
        for _ in range(number):
            now = int(time.time())
            ids = uuids7(np.full(scans, now * 1000)).to_pylist()
            who, where = self.dice.integers(0, PERSONS, scans), self.dice.integers(0, PLACES, scans)
            rows = [self._scan(*row, now) for row in zip(ids, who.tolist(), where.tolist(), strict=True)]
            yield _encode(rows[0] if scans == 1 else rows)

    def _scan(self, raw: bytes, person: int, place: int, now: int) -> dict:
        visit = raw.hex()
        return {
            "visit_id": f"{visit[:8]}-{visit[8:12]}-{visit[12:16]}-{visit[16:20]}-{visit[20:]}",
            "person": self.persons[person], "place": self.places[place], "entered_at": now - 60,
            "mask": True, "temperature": 36.6, "device_at": now,
        }  # fmt: skip


async def post(port: int, token: str, bodies: list[Iterator[bytes]], scans: int) -> Sent:
    """One connection for each iterator of requests."""
    sent, begun = Sent(), time.monotonic()
    await asyncio.gather(*(_device(port, token, some, scans, sent) for some in bodies))
    sent.took = time.monotonic() - begun
    return sent


async def _device(port: int, token: str, bodies: Iterator[bytes], scans: int, sent: Sent) -> None:
    """Post one after the other; a full queue is waited out, and the same ids are sent again."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"POST /ingest/visits HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {token}\r\n"
    for body in bodies:
        status = 429
        while status == 429:
            begun = time.monotonic()
            writer.write(f"{head}content-length: {len(body)}\r\n\r\n".encode() + body)
            status = await _status(reader)
            sent.waits.append(time.monotonic() - begun)
            await asyncio.sleep(1 if status == 429 else 0)
        if status != 200:
            raise RuntimeError(f"the server answered {status}")
        sent.rows += scans
    writer.close()
    await writer.wait_closed()


async def _status(reader: asyncio.StreamReader) -> int:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = next(line for line in head.split(b"\r\n") if line.startswith(b"content-length"))
    await reader.readexactly(int(length.split(b":")[1]))
    return int(head[9:12])
