"""python -m bench.passages: the same passages one a request and many a request; CPU and wall time, and the ratio.

A fresh SQLite installation with full sync; the real handler is called in this process, so that nothing but entering is
measured. Fails when a passage that was acknowledged is not stored.
"""

import argparse
import asyncio
import json
import os
import tempfile
import time
from pathlib import Path

POINT_AREA = "410883002"


def main() -> None:
    """Install, run both, print, compare."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--single", type=int, default=200, help="passages sent one a request")
    parser.add_argument("--batched", type=int, default=5000, help="passages sent many a request")
    parser.add_argument("--size", type=int, default=500, help="passages a request")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        point, token = _installed(Path(folder) / "data")
        app = _app()
        single = asyncio.run(_sent(app, token, point, given.single, 1))
        batched = asyncio.run(_sent(app, token, point, given.batched, given.size))
        app.others["passages"].close()
        _report(single, batched, given)


def _installed(data: Path) -> tuple[str, str]:
    """A data folder with an area, a point and a device; its point and token."""
    _plain(data)
    from django.core.management import call_command

    from fangxian.core import records, scope
    from fangxian.core.areas import Area
    from fangxian.systems.checkpoints.models import PointOfEntry
    from fangxian.warehouse import visit_log

    call_command("migrate", verbosity=0)
    with scope.everywhere("bench"):
        area = Area.objects.create(code=POINT_AREA, name="会昌街道", kind="township")
        point = records.create(PointOfEntry, by=None, action="bench.made", area=area, name="bench")
    return str(point.pk), visit_log().devices.issue("bench", area=POINT_AREA)


def _plain(data: Path) -> None:
    import django

    from fangxian.core import keys

    data.mkdir(parents=True)
    key_file = Path(f"{data}.keys.json")
    keys.KeyRing.create(key_file)
    os.environ |= {"FANGXIAN_DATA": str(data), "FANGXIAN_KEYS": str(key_file), "DATABASE_URL": "",
                   "DJANGO_SETTINGS_MODULE": "fangxian.config.settings"}  # fmt: skip
    django.setup()


def _app():
    from fangxian.faces.ingest.handler import Ingest
    from fangxian.faces.ingest.passages import Passages
    from fangxian.warehouse import visit_log

    return Ingest(visit_log, others={"passages": Passages()})


async def _sent(app, token: str, point: str, count: int, size: int) -> dict[str, float]:
    """Send and time; every answer is looked at."""
    bodies = [_body(point, range(begin, min(begin + size, count)), size) for begin in range(0, count, size)]
    cpu, wall, accepted = time.process_time(), time.perf_counter(), 0
    for body in bodies:
        accepted += await _post(app, token, body)
    return {"rows": count, "accepted": accepted, "cpu_ms": 1e3 * (time.process_time() - cpu) / count,
            "wall_ms": 1e3 * (time.perf_counter() - wall) / count}  # fmt: skip


def _body(point: str, numbers: range, size: int) -> bytes:
    from fangxian.core.ids import uuid7

    rows = [
        {"id": str(uuid7()), "point": point, "passed_at": int(time.time()), "plate": f"豫U{number % 100_000:05d}",
         "code_state": "GREEN", "test_hours": 24, "temperature": 36.5, "people": 1 + number % 3,
         "from_code": "419001", "from_name": f"{size}"} for number in numbers
    ]  # fmt: skip
    return json.dumps(rows).encode()


async def _post(app, token: str, body: bytes) -> int:
    sent: list[dict] = []
    headers = [(b"authorization", f"Bearer {token}".encode()), (b"content-length", str(len(body)).encode())]
    scope = {"type": "http", "path": "/ingest/passages", "method": "POST", "headers": headers}

    async def receive():
        return {"type": "http.request", "body": body}

    async def send(message):
        sent.append(message)

    await app(scope, receive, send)
    said = json.loads(sent[1]["body"])
    assert sent[0]["status"] == 200, said
    return said["accepted"]


def _report(single: dict, batched: dict, given: argparse.Namespace) -> None:
    from fangxian.systems.checkpoints.models import Passage

    lost = single["accepted"] + batched["accepted"] - Passage.unscoped.count()
    for name, found in (("one a request", single), (f"{given.size} a request", batched)):
        print(f"{name}: {found['rows']} passages, {found['cpu_ms']:.2f} ms CPU, {found['wall_ms']:.2f} ms each")
    ratios = (single[name] / batched[name] for name in ("cpu_ms", "wall_ms"))
    print("bench=passages lost={} cpu_ratio={:.1f} wall_ratio={:.1f}".format(lost, *ratios))
    raise SystemExit(1 if lost else 0)


if __name__ == "__main__":
    main()
