"""P1, P5, P12: canaries are planted the way personal data come in, then every byte of the installation is read.

Identity numbers, phones and addresses must be nowhere in plain text; visits must be findable before a purge and
nowhere after it, nor in a backup taken afterwards and restored.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa

from fangxian.core import keys, scope
from fangxian.core.areas import Area
from fangxian.core.clock import now, today
from fangxian.core.ids import uuid7
from fangxian.demo import numbers
from fangxian.faces.cli import archive, bytescan, first_start, purge
from fangxian.registers import runs, site
from fangxian.systems.people import services
from fangxian.warehouse import close_visit_logs, visit_log
from fangxian.warehouse.visits.tags import tags_of_bytes

COUNTY, VILLAGE = "410883", "410883001"
OLD_DAYS = 20
Advance = Callable[..., None]


@dataclass
class Report:
    """What was planted, what was read, what was found."""

    canaries: int = 0
    visits: int = 0
    files: int = 0
    bytes: int = 0
    plain: int = 0
    before_purge: int = 0
    after_purge: int = 0
    in_restored_backup: int = 0
    findings: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 when canaries were planted, the search can find, and found none where there must be none."""
        tested = self.canaries and self.visits and self.before_purge >= self.visits
        return 0 if tested and not self.findings else 1

    def line(self) -> str:
        """The last line, for machines."""
        return (
            f"promise=P5 canaries={self.canaries} visits={self.visits} files={self.files} bytes={self.bytes} "
            f"plain={self.plain} before_purge={self.before_purge} after_purge={self.after_purge} "
            f"in_restored_backup={self.in_restored_backup} findings={len(self.findings)}"
        )


def run(data: Path, persons: int, advance: Advance) -> Report:
    """Plant, read, purge, read, back up, restore, read."""
    first_start.plant(COUNTY)
    words, visits = _people(persons), _visits(persons)
    report = Report(canaries=len(words), visits=len(visits))
    _checkpoint()
    report.before_purge = sum(bytescan.scan_visits(data, visits, advance).hits.values())
    _read_for_words(report, data, words)
    purge.purged(data, today(), "covid19", "")
    _checkpoint()
    after = bytescan.scan_visits(data, visits, advance)
    report.after_purge = sum(after.hits.values())
    report.findings += [f"{name}: {hits} visits after the purge" for name, hits in after.hits.items()]
    _back_up_and_restore(report, data, visits, advance)
    return report


def _people(count: int) -> list[bytes]:
    """Persons, and a sheet of further persons that was uploaded but not imported; gives what must not be readable."""
    rng = np.random.default_rng(secrets.randbits(64))
    ids = numbers.identity_numbers(
        np.full(2 * count, 410883), np.full(2 * count, 19800101), rng.random(2 * count) < 0.5
    )
    phones = numbers.phones(rng, 2 * count)
    addresses = [f"金丝雀路{secrets.token_hex(5)}号" for _ in range(2 * count)]
    area = Area.objects.get(code=VILLAGE)
    with scope.everywhere("the check plants canaries"):
        for one in zip(ids[:count], phones[:count], addresses[:count], strict=True):
            values = dict(zip(("id_number", "phone", "address"), one, strict=True))
            services.add_person(by=None, area=area, name="金丝雀", **values)
    rows = "\n".join(f"金丝雀,{i},{p},{a},{VILLAGE}" for i, p, a in zip(ids, phones, addresses, strict=True))
    _upload(f"name,id_number,phone,address,area\n{rows}\n".encode())
    return [word.encode() for word in (*ids, *phones, *addresses)]


def _upload(sheet: bytes) -> None:
    from fangxian.core.officers import Officer, appoint

    officer = Officer.objects.create_officer("check", name="check")
    appoint(officer, role="duty_officer", area=Area.objects.get(code=COUNTY), by=None)
    runs.begin(site.get("people.person"), sheet, "canaries.csv", by=officer)


def _visits(count: int) -> np.ndarray:
    """Visits beyond retention, half sealed, half still hot; and recent ones that stay. Gives the old ones' tags."""
    log, old = visit_log(), int((now() - timedelta(days=OLD_DAYS)).timestamp())
    gone = [uuid7().bytes for _ in range(2 * count)]
    for ids, at, hot_from in (
        (gone[:count], old, today()), (gone[count:], old, today() - timedelta(days=60)),
        ([uuid7().bytes for _ in range(count)], int(now().timestamp()) - 7200, today()),
    ):  # fmt: skip
        table = pa.table({
            "visit_id": pa.array(ids, pa.binary(16)), "person": [uuid7().bytes for _ in ids],
            "place": [uuid7().bytes for _ in ids], "entered_at": pa.array([at] * len(ids), pa.int32()),
        })  # fmt: skip
        log.append_arrow(table, hot_from=hot_from)
    return np.sort(tags_of_bytes(b"".join(gone)))


def _read_for_words(report: Report, data: Path, words: list[bytes]) -> None:
    """Every file below the data folder, its audit and job tables included, for every canary in plain text."""
    for path in sorted(path for path in data.rglob("*") if path.is_file()):
        content = path.read_bytes()
        report.files += 1
        report.bytes += len(content)
        hits = sum(word in content or word.decode().encode("utf-16-le") in content for word in words)
        if hits:
            report.plain += hits
            report.findings.append(f"{path.relative_to(data)}: {hits} canaries in plain text")


def _back_up_and_restore(report: Report, data: Path, visits: np.ndarray, advance: Advance) -> None:
    file, restored = data.parent / "backup.fxb", data.parent / "restored"
    archive.write(file, data, advance)
    ring = keys.current().path
    if ring is None:
        report.findings.append("the keys of the check have no file")
        return
    archive.restore(file, restored, ring, advance)
    scan = bytescan.scan_visits(restored, visits, advance)
    report.in_restored_backup = sum(scan.hits.values())
    report.findings += [f"restored {name}: {hits} visits" for name, hits in scan.hits.items()]
    close_visit_logs()


def _checkpoint() -> None:
    from django.db import connection

    time.sleep(0.05)
    with connection.cursor() as cursor:
        cursor.execute("pragma wal_checkpoint(truncate)")
