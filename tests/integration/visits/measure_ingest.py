"""What a scan costs: posts scans to a real ingest server over a full-sync store; rows a second, CPU a scan.

python -m tests.integration.visits.measure_ingest [--seconds 5]
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from pathlib import Path

from fangxian.faces.cli.checks.powercut_server import open_log
from tests.integration.visits.conftest import running
from tests.integration.visits.posting import scan

SHAPES = ((1, 64), (100, 16), (500, 8))
"""(scans a request, connections)"""


def cpu_of(group: int) -> float:
    """CPU seconds of all processes of a session."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == group:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


async def client(port: int, token: str, bodies: list[bytes], until: float, waits: list[float]) -> int:
    """Post prepared bodies over one connection until the time is up; how many were acknowledged."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    posted = 0
    while time.monotonic() < until and posted < len(bodies):
        head = f"POST /ingest/visits HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {token}\r\n"
        begun = time.monotonic()
        writer.write(f"{head}content-length: {len(bodies[posted])}\r\n\r\n".encode() + bodies[posted])
        answer = await reader.readuntil(b"\r\n\r\n")
        length = next(line for line in answer.lower().split(b"\r\n") if line.startswith(b"content-length"))
        await reader.readexactly(int(length.split(b":")[1]))
        waits.append(time.monotonic() - begun)
        posted += b" 200 " in answer[:20]
    writer.close()
    return posted


async def load(port: int, token: str, scans: int, connections: int, seconds: float) -> tuple[int, float, list[float]]:
    """(rows acknowledged, seconds, waits) of one shape."""
    most = int(60_000 * seconds / scans / connections) + 1 if scans > 1 else int(400 * seconds)
    rows = [scan() for _ in range(scans)]
    bodies = [[_renewed(rows) for _ in range(most)] for _ in range(connections)]
    begun, waits = time.monotonic(), []
    sent = [client(port, token, some, begun + seconds, waits) for some in bodies]
    acknowledged = sum(await asyncio.gather(*sent)) * scans
    return acknowledged, time.monotonic() - begun, sorted(waits)


def _renewed(rows: list[dict]) -> bytes:
    from fangxian.core.ids import uuid7

    return json.dumps([{**row, "visit_id": str(uuid7())} for row in rows]).encode()


def say(line: str) -> None:
    """One line, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=float, default=5)
    seconds = arguments.parse_args().seconds
    say("scans/request connections rows/s p50_ms p99_ms server_CPU_us/scan")
    for scans, connections in SHAPES:
        with tempfile.TemporaryDirectory() as folder:
            log = open_log(Path(folder))
            token = log.devices.issue("measure", area="0")
            log.close()
            with running(Path(folder)) as (process, port):
                asyncio.run(load(port, token, scans, connections, 0.5))
                before = cpu_of(process.pid)
                rows, took, waits = asyncio.run(load(port, token, scans, connections, seconds))
                cpu = cpu_of(process.pid) - before
        p50, p99 = (1000 * waits[int(len(waits) * share)] for share in (0.5, 0.99))
        say(f"{scans} {connections} {rows / took:,.0f} {p50:.1f} {p99:.1f} {1e6 * cpu / max(rows, 1):.1f}")


if __name__ == "__main__":
    main()
