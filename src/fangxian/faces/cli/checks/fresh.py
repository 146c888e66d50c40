"""S3 and S21: a new installation has no account, shares no secret with another, and listens to this machine alone."""

import json
import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TIMEOUT_S = 120


@dataclass
class Report:
    """Two installations compared."""

    installs: int = 0
    accounts: int = 0
    shared_secrets: int = 0
    secrets: int = 0
    refused_addresses: int = 0
    findings: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 when two installations were made and nothing was found."""
        sound = self.installs == 2 and self.secrets > 0 and self.refused_addresses > 0
        return 0 if sound and not self.accounts and not self.shared_secrets and not self.findings else 1

    def line(self) -> str:
        """The last line, for machines."""
        return (
            f"promise=S3 installs={self.installs} accounts={self.accounts} shared_secrets={self.shared_secrets} "
            f"secrets={self.secrets} refused_addresses={self.refused_addresses} findings={len(self.findings)}"
        )


def run() -> Report:
    """Make two installations as an operator would, and look at them from outside."""
    report = Report()
    with tempfile.TemporaryDirectory(prefix="fangxian-fresh-") as folder:
        made = [_install(Path(folder) / name) for name in ("one", "two")]
        report.installs = len(made)
        for data, keys, code in made:
            report.accounts += _accounts(data)
            report.findings += _modes(keys, data)
            if not code:
                report.findings.append(f"{data.name}: no set-up code was printed")
        first, second = (_secrets(keys) | {code} for _data, keys, code in made)
        report.secrets, report.shared_secrets = len(first | second), len(first & second)
        report.refused_addresses = _refusals(made[0][0], made[0][1], report)
    return report


def _fangxian(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("FANGXIAN", "DATABASE_URL"))
    }
    return subprocess.run(
        [sys.executable, "-m", "fangxian.faces.cli", *arguments],
        env=environment, capture_output=True, text=True, timeout=TIMEOUT_S, check=False,
    )  # fmt: skip


def _install(folder: Path) -> tuple[Path, Path, str]:
    data, keys = folder / "data", folder / "keys.json"
    done = _fangxian("init", "--data", str(data), "--keys", str(keys), "--areas", "none", "--json")
    if done.returncode:
        raise RuntimeError(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout)
    return data, keys, found["setup_code"] or ""


def _accounts(data: Path) -> int:
    with closing(sqlite3.connect(data / "fangxian.sqlite")) as database:
        return database.execute("select count(*) from core_officer").fetchone()[0]


def _modes(*paths: Path) -> list[str]:
    return [f"{path.name} can be read by others" for path in paths if path.stat().st_mode & 0o077]


def _secrets(keys: Path) -> set[str]:
    """Every random value of a key file."""

    def values(part: Any) -> set[str]:
        if isinstance(part, dict):
            return set().union(*(values(one) for name, one in part.items() if name not in ("note", "hash", "suite")))
        return {part} if isinstance(part, str) else set()

    return values(json.loads(keys.read_text("utf-8")))


def _refusals(data: Path, keys: Path, report: Report) -> int:
    """`serve` on addresses that others reach must refuse without a word about a proxy."""
    refused = 0
    for address in ("0.0.0.0", "::", socket.gethostname()):
        done = _fangxian("serve", "--data", str(data), "--keys", str(keys), "--address", address, "--port", "1")
        refused += done.returncode == 2
        if done.returncode != 2 or "Traceback" in done.stderr:
            report.findings.append(f"serve on {address} was not refused")
    return refused
