"""A main flow of March 2022, replayed between two installations: Xiuwu asks, others answer, one of them down meanwhile.

Xiuwu county had 467 close and 2,051 secondary contacts of 7 infections; 1,460 of the 2,518 belonged elsewhere
(henan.china.com, 2022-03-21). The same numbers go through the real thing: two data folders, two servers on loopback,
letters split by the stated addresses, sealed, sent while the partner is down, sent again, handed down to villages,
answered from the tasks, some recalled. In the end both sides must say the same about everybody, and nobody is lost.
"""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fangxian.core.identity.gb11643 import check_character
from fangxian.core.reference import divisions

ASKING, ANSWERING = "410821", "410882"
CONTACTS, OUTSIDE, RECALLED, MISSING_EVERY = 2518, 1460, 12, 40
START_S = 120
OWN = ("FANGXIAN", "DATABASE_URL", "DJANGO_")
ROOT = "/healthz-of-letters"  # any address: a 404 says that the server is there


@dataclass
class Report:
    """Both sides compared."""

    contacts: int = 0
    sent: int = 0
    received: int = 0
    answered: int = 0
    not_found: int = 0
    recalled: int = 0
    lost: int = 0
    retries: int = 0
    replayed: int = 0
    seconds: float = 0.0
    findings: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 when letters went out, everybody was answered, and nothing was found."""
        return 0 if self.sent and self.answered == self.sent and not self.lost and not self.findings else 1

    def line(self) -> str:
        """The last line, for machines."""
        return (
            f"promise=letters contacts={self.contacts} sent={self.sent} received={self.received} "
            f"answered={self.answered} not_found={self.not_found} recalled={self.recalled} retries={self.retries} "
            f"findings={len(self.findings)} lost={self.lost} seconds={self.seconds:.1f}"
        )


class Office:
    """One installation: its data folder, an office process that acts as its officers, and its server."""

    def __init__(self, folder: Path, county: str):
        self.county, self.data, self.keys = county, folder / "data", folder / "keys.json"
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("FANGXIAN", "DATABASE_URL", "DJANGO_"))
        }
        self.port = _free_port()
        self.server: subprocess.Popen[bytes] | None = None
        command = [sys.executable, "-m", "fangxian.faces.cli.checks.letters_office", str(self.data), str(self.keys)]
        self.process = subprocess.Popen(
            command, env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    @property
    def url(self) -> str:
        """Where its server listens."""
        return f"http://127.0.0.1:{self.port}"

    def act(self, act: str, **said: Any) -> dict[str, Any]:
        """One act of its officers; raises when it failed."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps({"act": act, **said}) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline() or '{"error": "the office is gone"}')
        if "error" in answer:
            raise RuntimeError(f"{self.county} {act}: {answer['error']}")
        return answer

    def open(self) -> None:
        """Start its server and wait until it answers."""
        command = [
            sys.executable, "-m", "fangxian.faces.cli", "serve", "--data", str(self.data), "--keys", str(self.keys),
            "--port", str(self.port), "--quiet",
        ]  # fmt: skip
        self.server = subprocess.Popen(
            command, env=self.environment, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until = time.monotonic() + START_S
        while not self.answers():
            if time.monotonic() > until:
                raise RuntimeError(f"the server of {self.county} does not answer")
            time.sleep(0.2)

    def answers(self) -> bool:
        """Whether its server is there."""
        try:
            urllib.request.urlopen(self.url + ROOT, timeout=5).close()
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True

    def shut(self) -> None:
        """Take its server down, with its processes."""
        if self.server is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.server.pid, signal.SIGKILL)
            self.server.wait()
            self.server = None

    def close(self) -> None:
        """End the installation."""
        self.shut()
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(timeout=30)
        self.process.stdout.close()


@contextmanager
def two_offices() -> Iterator[tuple[Office, Office]]:
    """Two installations that trust each other; no server runs yet."""
    with tempfile.TemporaryDirectory(prefix="fangxian-letters-") as folder:
        offices = [Office(Path(folder) / code, code) for code in (ASKING, ANSWERING)]
        try:
            keys = [office.act("set_up", county=office.county) for office in offices]
            for mine, other, known in zip(offices, reversed(offices), reversed(keys), strict=True):
                mine.act("trust", own=mine.county, code=other.county, url=other.url, **known)
            yield offices[0], offices[1]
        finally:
            for office in offices:
                office.close()


def run(contacts: int, seed: int, advance: Any) -> Report:
    """Replay the day with so many contacts, the share of those elsewhere as it was."""
    outside = round(contacts * OUTSIDE / CONTACTS)
    people = xiuwu(contacts, outside, seed)
    report, steps = Report(contacts=contacts), 8
    with two_offices() as (asking, answering):
        started = time.perf_counter()
        told = asking.act("ask", own=ASKING, people=people, because="核酸检测阳性感染者的密接、次密接")
        report.sent = told["people"]
        if told["parked"] or told["ours"] != contacts - outside or told["channels"] != ["PEER"]:
            report.findings.append(f"split: {told}")
        advance(1, steps, "letters are sent while the partner is down")
        asking.act("clock")
        asking.open()
        answering.open()
        advance(2, steps, "the partner is up")
        report.retries = _until_quiet(asking, report)
        advance(3, steps, "letters are delivered")
        answering.act("hand_on", own=ANSWERING)
        answering.act("look_for", own=ANSWERING, missing_every=MISSING_EVERY)
        advance(5, steps, "everybody was looked for")
        answering.act("clock")
        _until_quiet(answering, report)
        asking.act("recall", own=ASKING, count=min(RECALLED, outside // 10), reason="复核排除")
        _until_quiet(asking, report)
        advance(7, steps, "answers are back")
        _compare(report, asking.act("stands", own=ASKING), answering.act("stands", own=ANSWERING))
        report.seconds = time.perf_counter() - started
    advance(steps, steps, "compared")
    return report


def xiuwu(contacts: int, outside: int, seed: int) -> list[dict[str, str]]:
    """People with name, number, phone and address: so many of the partner's villages, the others of our own."""
    rng = random.Random(seed)
    homes = {code: [row for row in divisions(code) if row.kind == "village"] for code in (ASKING, ANSWERING)}
    names = {row.code: row.name for code in (ASKING, ANSWERING) for row in divisions(code)}
    people = []
    for number in range(contacts):
        code = ANSWERING if number < outside else ASKING
        village = rng.choice(homes[code])
        born = f"19{rng.randrange(50, 99)}{rng.randrange(1, 13):02d}{rng.randrange(1, 29):02d}"
        digits = f"{code}{born}{number % 1000:03d}"
        town = names.get(village.code[:9], "")
        people.append({
            "name": "".join(map(rng.choice, ("王李张刘陈杨赵黄周吴", "伟芳娜敏静丽强磊军洋", "一国平华明红"))),
            "id_number": digits + check_character(digits), "phone": f"139{number:08d}",
            "address": f"河南省焦作市{names[code]}{town}{village.name}{rng.randrange(1, 300)}号",
        })  # fmt: skip
    return people


def _until_quiet(office: Office, report: Report) -> int:
    """Let the clock try what waits until nothing waits; how many rounds that took."""
    for turn in range(1, 30):
        office.act("clock", later_minutes=1)
        stands = office.act("stands", own=office.county)
        if not stands["waiting"]:
            return turn
        time.sleep(0.3)
    report.findings.append(f"{office.county}: messages still wait: {stands['errors']}")
    return turn


def _compare(report: Report, asked: dict[str, Any], answered: dict[str, Any]) -> None:
    """What both sides say of everybody; a person one of them does not know of is lost."""
    report.received, report.answered = answered["twins"], asked["answered"]
    report.not_found, report.recalled = asked["not_found"], asked["recalled"]
    report.lost = asked["people"] - answered["twins"]
    for figure in ("people", "answered", "found", "not_found", "recalled"):
        if asked[figure] != answered[figure]:
            report.findings.append(f"{figure}: {asked[figure]} here, {answered[figure]} there")
    for name in ("refused", "refusals", "waiting"):
        if asked[name] or answered[name]:
            report.findings.append(f"{name}: {asked[name]} here, {answered[name]} there")
    if not (asked["audit"] and answered["audit"]):
        report.findings.append("an audit chain is broken")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
