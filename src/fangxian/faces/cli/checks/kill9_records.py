"""R2 for the records: a server killed at any moment has kept every result it acknowledged, and the work it asks for.

The real server process takes laboratory results of registered tubes from several clients over HTTP and gets SIGKILL
with all its processes at a random moment; another is started on the same folder, and what was not answered is sent
again. In the end every acknowledged finding must be in force once, and every positive one must have its case with
tasks, or the job that will make them: neither is ever without the other. The control counts what had been sent and not
answered when the server died: had it been acknowledged at receipt, that much would be lost.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection

from fangxian.core import audit, jobs, scope
from fangxian.core.areas import Area
from fangxian.core.clock import now, today
from fangxian.core.officers import Officer, Post
from fangxian.faces.api import models as api
from fangxian.faces.cli import first_start
from fangxian.registers import site
from fangxian.systems.cases import selectors as cases
from fangxian.systems.command import selectors as command
from fangxian.systems.people import services as people
from fangxian.systems.testing import services as testing

from .kill9 import Report, Tally
from .visit_truth import Verdict

COUNTY, VILLAGE = "410883", "410883001"
CLIENTS = 6
FINDINGS_A_KILL = 40
POSITIVE_EVERY = 4
START_S, ANSWER_S = 120, 60
Advance = Callable[..., None]


@dataclass
class Findings:
    """What the laboratory has to say by barcode, and of whom; what was answered with success, what was sent."""

    values: dict[str, str]
    persons: dict[str, UUID]
    answered: set[str] = field(default_factory=set)
    waiting: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def sent(self, barcode: str) -> None:
        """It is on its way."""
        with self.lock:
            self.waiting.add(barcode)

    def acknowledged(self, barcode: str) -> None:
        """The server has said that it is stored."""
        with self.lock:
            self.waiting.discard(barcode)
            self.answered.add(barcode)


def run(data: Path, kills: int, seed: int, advance: Advance) -> Report:
    """Kill the server so many times, then let one work through what is left and compare."""
    first_start.plant(COUNTY)
    token, findings = _laboratory(), _tubes(kills * FINDINGS_A_KILL)
    connection.close()
    real, control, dice = Tally(), Tally(), random.Random(seed)
    for number in range(kills):
        with _served(data) as (server, port):
            _post_until_killed(server, port, token, findings, dice)
        real.kills += 1
        real.unfinished += bool(findings.waiting)
        control.kills += 1
        control.lost += len(findings.waiting - _stored(findings.waiting).keys())
        real.note(_verdict(findings), f"kill {number + 1}")
        advance(number + 1, kills, "killed")
    _work_off(real, findings)
    real.acknowledged = len(findings.answered)
    return Report("records", real, control)


def _laboratory() -> str:
    """A token of a laboratory's officer."""
    officer = Officer.objects.create_officer("check", name="check")
    post = Post.objects.create(officer=officer, role="laboratory", area_id=COUNTY, valid_from=today())
    return api.issue(post, name="check", expires_at=now() + timedelta(days=1), by=officer)[1]


def _tubes(count: int) -> Findings:
    """Registered tubes of one person each, and what will be found in them."""
    values, persons = {}, {}
    with scope.everywhere("the check registers tubes"):
        area = Area.objects.get(code=VILLAGE)
        for number in range(count):
            barcode = f"CHECK{number:06d}"
            person = people.add_person(by=None, area=area, name="check")
            tube = testing.register_tube(by=None, area=area, barcode=barcode)
            testing.add_sample(by=None, tube=tube, person=person, sampled_at=now() - timedelta(hours=2))
            values[barcode] = "NEGATIVE" if number % POSITIVE_EVERY else "POSITIVE"
            persons[barcode] = person.pk
    return Findings(values, persons)


@contextmanager
def _served(data: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """The server, in a process group of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    keys = os.environ["FANGXIAN_KEYS"]
    command = [sys.executable, "-m", "fangxian.faces.cli", "serve", "--quiet", "--port", str(port)]
    with subprocess.Popen(
        [*command, "--data", str(data), "--keys", keys], start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as server:  # fmt: skip
        try:
            _wait_for(port, server)
            yield server, port
        finally:
            _kill(server)
            server.wait(30)


def _kill(server: subprocess.Popen[bytes]) -> None:
    """SIGKILL to every process of it at once."""
    try:
        os.killpg(server.pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_S
    while server.poll() is None and time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("the server did not start")


def _post_until_killed(
    server: subprocess.Popen[bytes], port: int, token: str, findings: Findings, dice: random.Random
) -> None:
    """Post what has no answer yet from several clients; the server dies after some answers."""
    left = sorted(findings.values.keys() - findings.answered)
    dice.shuffle(left)
    enough = len(findings.answered) + dice.randint(1, FINDINGS_A_KILL // 2)
    dead = threading.Event()
    with ThreadPoolExecutor(CLIENTS) as pool:
        clients = [pool.submit(_client, port, token, findings, left[turn::CLIENTS], dead) for turn in range(CLIENTS)]
        deadline = time.monotonic() + ANSWER_S
        while len(findings.answered) < enough and time.monotonic() < deadline:
            time.sleep(0.001)
        time.sleep(dice.uniform(0, 0.02))
        dead.set()
        _kill(server)
        for client in clients:
            client.result()


def _client(port: int, token: str, findings: Findings, barcodes: list[str], dead: threading.Event) -> None:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_S)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    tested_at = (now() - timedelta(hours=1)).isoformat()
    for barcode in barcodes:
        if dead.is_set():
            return
        body = {"barcode": barcode, "disease": "covid19", "value": findings.values[barcode], "tested_at": tested_at,
                "laboratory": "check"}  # fmt: skip
        findings.sent(barcode)
        try:
            link.request("POST", "/api/results", json.dumps(body), headers)
            answer = link.getresponse()
            said = answer.read()
        except (OSError, http.client.HTTPException):
            return
        if answer.status != 200:
            raise RuntimeError(f"the server answered {answer.status}: {said[:300]!r}")
        findings.acknowledged(barcode)


def _stored(barcodes: set[str]) -> dict[str, list[Any]]:
    """Results in force of some tubes."""
    with scope.everywhere("the check compares results"):
        rows = site.get("testing.labresult").rows()
        found = list(rows.filter(tube__barcode__in=barcodes, state="IN_FORCE").select_related("tube"))
    by_tube: dict[str, list[Any]] = {}
    for result in found:
        by_tube.setdefault(result.tube.barcode, []).append(result)
    return by_tube


def _verdict(findings: Findings) -> Verdict:
    """Every answered finding once, with its value; its work queued or done; database and audit sound."""
    stored = _stored(set(findings.values))
    missing = [
        code for code in findings.answered if [one.value for one in stored.get(code, ())] != [findings.values[code]]
    ]
    idle = [one for found in stored.values() for one in found if one.value == "POSITIVE" and not _has_work(one)]
    twice = sum(len(found) - 1 for found in stored.values())
    return Verdict(len(missing) + len(idle), twice, _fault())


def _has_work(result: Any) -> bool:
    return jobs.Job.objects.filter(kind="testing.result", payload__result_id=str(result.pk)).exists()


def _fault() -> str:
    with connection.cursor() as cursor:
        cursor.execute("pragma integrity_check")
        word = cursor.fetchone()[0]
    breaks = audit.verify().breaks
    connection.close()
    return "" if word == "ok" and not breaks else f"database: {word}; audit: {breaks[:3]}"


def _work_off(real: Tally, findings: Findings) -> None:
    """All waiting work, as the next server does once leases have run out; then everybody positive has a case."""
    jobs.Job.objects.filter(state=jobs.Job.State.RUNNING).update(lease_until=now() - timedelta(seconds=1))
    jobs.run_pending()
    failed = jobs.Job.objects.filter(state=jobs.Job.State.FAILED).values_list("kind", "error")
    real.findings += [f"a job failed: {kind}: {error[:200]}" for kind, error in failed]
    positive = {findings.persons[code] for code in findings.answered if findings.values[code] == "POSITIVE"}
    with scope.everywhere("the check looks for cases and tasks"):
        found = cases.cases_in(COUNTY).filter(person__in=positive).values_list("person_id", flat=True)
        forgotten, tasks = positive - set(found), command.open_in(COUNTY).count()
    real.lost += len(forgotten)
    real.findings += [f"an acknowledged positive has no case: person {one}" for one in forgotten]
    if positive and not tasks:
        real.findings.append("no task was handed down")
