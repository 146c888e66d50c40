"""A morning of samples: six hours of arrivals replayed faster through the door, batches, results, recalls, the end.

What is true is known beforehand: who comes when and where, who is infected, whose tubes are still at the laboratory.
Proportions are those of a real round (Baise, 2022-02-06: 207,506 sampled, 207,321 negative, 98 preliminary positive,
87 pending); at 207,506 registrations the figures are exactly these. Some requests are sent twice, as phones do. The
control takes one registration away and moves one person past the figures: the judgement must find both.
"""

import asyncio
import gc
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from time import perf_counter, process_time
from typing import Any

from fangxian.core import scope
from fangxian.core.clock import now
from fangxian.core.ids import uuid7
from fangxian.faces.cli.checks import rounds_truth, rounds_world
from fangxian.faces.cli.checks.rounds_truth import TUBE, Found, Morning
from fangxian.faces.cli.checks.rounds_world import COUNTY, DEVICE, DISEASE, LABORATORY, World
from fangxian.faces.cli.output import Advance
from fangxian.faces.ingest import collector
from fangxian.faces.ingest.handler import Ingest
from fangxian.faces.ingest.registrations import Registrations
from fangxian.registers import site
from fangxian.systems.testing import coverage, services
from fangxian.systems.testing.services import ResultRow
from fangxian.warehouse import visit_log
from fangxian.workflows import testing_round

ABSENT, LANES, BLOCK, TWICE = 0.03, 400, 4000, 0.01


@dataclass
class Report:
    """What the replay showed."""

    registrations: int = 0
    lost: int = 0
    states_wrong: int = 0
    coverage_wrong: int = 0
    recalls_wrong: int = 0
    duplicates: int = 0
    control: Found = field(default_factory=Found)
    figures: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    cpu: dict[str, float] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 when something was registered, nobody was lost, every figure is exact, and the control was found."""
        wrong = self.lost or self.states_wrong or self.coverage_wrong or self.recalls_wrong or self.findings
        found = self.control.lost and self.control.states_wrong and self.control.coverage_wrong
        return 0 if self.registrations and found and not wrong else 1

    def line(self) -> str:
        """The last line, for machines."""
        of = {name: self.figures.get(name, 0) for name in ("roster", "negative", "positive", "pending", "missing")}
        told = " ".join(f"{name}={value}" for name, value in of.items())
        spent = " ".join(f"{name}_s={value:.1f}" for name, value in self.seconds.items())
        each = 1e6 / max(self.registrations, 1)
        cpu = " ".join(f"{name}_cpu_us={value * each:.1f}" for name, value in self.cpu.items())
        whole = f"seconds={sum(self.seconds.values()):.0f} cpu_us={sum(self.cpu.values()) * each:.1f}"
        wrong = ("lost", "states_wrong", "coverage_wrong")
        control = " ".join(f"control_{name}={getattr(self.control, name)}" for name in wrong)
        return (
            f"check=rounds registrations={self.registrations} {told} {spent} {cpu} {whole} "
            f"duplicates={self.duplicates} {control} states_wrong={self.states_wrong} "
            f"coverage_wrong={self.coverage_wrong} recalls_wrong={self.recalls_wrong} lost={self.lost}"
        )


class Phases:
    """Seconds and processor time of each part."""

    def __init__(self, report: Report) -> None:
        self.report, self.name = report, ""

    def __call__(self, name: str) -> "Phases":
        self.name = name
        return self

    def __enter__(self) -> None:
        self.begun = perf_counter(), process_time()

    def __exit__(self, *_error: Any) -> None:
        began, spent = self.begun
        self.report.seconds[self.name] = round(perf_counter() - began, 2)
        self.report.cpu[self.name] = round(process_time() - spent, 2)


def run(registrations: int, seed: int, advance: Advance) -> Report:
    """Make the world, live through the morning, compare with the truth."""
    report = Report(registrations)
    try:
        with scope.everywhere("the check of rounds has an installation of its own"):
            _live(report, seed, advance)
    finally:
        gc.unfreeze()  # what `collector.settle` had set aside
    return report


def _live(report: Report, seed: int, advance: Advance) -> None:
    phase, registrations = Phases(report), report.registrations
    absent = round(registrations * ABSENT)
    advance(0, registrations, "people")
    world = rounds_world.make(registrations + absent, seed)
    morning = rounds_truth.imagine(world, registrations, absent)
    collector.settle()  # as a server does at its start
    with phase("roster"):
        world.round = testing_round.begin(by=None, round_id=world.round.pk)
    door = Ingest(visit_log, None, {"registrations": Registrations()})
    with phase("register"):
        _register(world, morning, door, report, advance)
    with phase("batches"):
        _carry(world, morning)
    with phase("results"):
        _results(morning, sorted(set(morning.tubes) - morning.late), now())
    with phase("recall"):
        _recall(world, morning, door, report)
    with phase("close"):
        _judge_chase(world, morning, report)
        closed = testing_round.finish(by=None, round_id=world.round.pk)
    report.figures = closed.closing["total"]
    advance(registrations, registrations, "judged")
    _judge(world, morning, report)


def _register(world: World, morning: Morning, door: Ingest, report: Report, advance: Advance) -> None:
    """A tube is a request, in the order they filled; a hundredth is sent again."""
    token = visit_log().devices.issue(DEVICE, area=COUNTY)
    order = iter(morning.order())
    done = twice = 0
    while block := list(islice(order, BLOCK)):
        bodies = [_body(world, morning, code, size=TUBE) for code in block]
        repeated = world.dice.sample(range(len(block)), max(1, int(len(block) * TWICE)))
        twice += sum(len(morning.tubes[block[one]]) for one in repeated)
        answers = asyncio.run(_send(door, token, [*bodies, *(bodies[one] for one in repeated)]))
        taken = sum(answer.get("accepted", 0) for answer in answers)
        report.duplicates += sum(answer.get("duplicates", 0) for answer in answers)
        report.findings += [str(a)[:200] for a in answers if a.get("rejected") or a.get("flagged") or "error" in a][:5]
        done += taken
        advance(done, report.registrations, "registered")
    report.lost += abs(done - report.registrations)
    if report.duplicates != twice:
        report.findings.append(f"{report.duplicates} of {twice} registrations sent twice were recognised")


def _body(world: World, morning: Morning, code: str, *, size: int) -> bytes:
    point, at = str(world.points[morning.point[code]]), int(morning.at[code].timestamp())
    rows = [
        {"id": str(pk), "person": str(person), "tube": code, "size": size, "point": point, "sampled_at": at}
        for pk, person in morning.tubes[code]
    ]
    return json.dumps(rows).encode()


async def _send(door: Ingest, token: str, bodies: list[bytes]) -> list[dict]:
    """All requests, so many at once as there are lanes: each sends its next when it has its answer."""
    waiting, answers = iter(bodies), []
    headers = [(b"authorization", f"Bearer {token}".encode())]

    async def lane() -> None:
        for body in waiting:
            answers.append(await _patient(door, headers, body))

    await asyncio.gather(*(lane() for _ in range(min(LANES, len(bodies)))))
    return answers


async def _patient(door: Ingest, headers: list[tuple[bytes, bytes]], body: bytes) -> dict:
    """The answer to one request; told to come again, it does."""
    for _attempt in range(100):
        answer = await _ask(door, headers, body)
        if answer.get("error") != "busy":
            break
        await asyncio.sleep(0.05)
    return answer


async def _ask(door: Ingest, headers: list[tuple[bytes, bytes]], body: bytes) -> dict:
    sent: list[Any] = []
    given = [*headers, (b"content-length", str(len(body)).encode())]
    asked = {"type": "http", "path": "/ingest/registrations", "method": "POST", "headers": given}

    async def receive() -> dict:
        return {"type": "http.request", "body": body}

    async def send(message: Any) -> None:
        sent.append(message)

    await door(asked, receive, send)
    return json.loads(sent[1]["body"])


def _carry(world: World, morning: Morning) -> None:
    """One box a point, packed, handed over and counted in."""
    boxes: dict[str, list[str]] = {}
    for code, village in morning.point.items():
        boxes.setdefault(village, []).append(code)
    points = site.get("testing.samplingpoint").model.objects.in_bulk(world.points.values())
    packed, sent, received = (now() - timedelta(minutes=minutes) for minutes in (50, 45, 30))
    for village, codes in boxes.items():
        box = services.pack_batch(
            by=None, point=points[world.points[village]], number=f"B{village}", laboratory=LABORATORY,
            barcodes=codes, at=packed,
        )  # fmt: skip
        services.send_batch(by=None, batch=box, carrier="Van", count=len(codes), at=sent)
        services.receive_batch(by=None, batch=box, laboratory=LABORATORY, count=len(codes), barcodes=codes, at=received)


def _results(morning: Morning, codes: list[str], at: datetime) -> None:
    """The laboratory's file: a tube with an infected person is positive."""
    rows = (
        ResultRow(n, code, DISEASE, "阳性" if _positive(morning, code) else "阴性", at, LABORATORY)
        for n, code in enumerate(codes, start=1)
    )
    ledger = services.import_results(rows, by=None)
    if ledger.inserted != len(codes):
        raise RuntimeError(f"{len(codes) - ledger.inserted} results were not taken: {ledger.rejects[:3]}")


def _positive(morning: Morning, code: str) -> bool:
    return any(person in morning.infected for _id, person in morning.tubes[code])


def _recall(world: World, morning: Morning, door: Ingest, report: Report) -> None:
    """Everybody in a positive tube, and nobody else, is called; each gives a sample of their own, which decides."""
    doubted = [code for code in morning.tubes if code not in morning.late and _positive(morning, code)]
    members = {person for code in doubted for _id, person in morning.tubes[code]}
    testing_round.follow_pools(by=None, round_id=world.round.pk)
    waiting = set(coverage.members(world.round, state=coverage.State.RECALL).values_list("person", flat=True))
    called = site.get("testing.testduty").model.objects.filter(stage="single").values_list("person", flat=True)
    tasks = site.get("command.task").model.objects.filter(kind="SAMPLE_COLLECTION").values_list("person", flat=True)
    report.recalls_wrong += len(waiting ^ members) + len(set(called) ^ members) + len(set(tasks) ^ members)
    singles = Morning(infected=morning.infected)
    where = {person: morning.point[code] for code in doubted for _id, person in morning.tubes[code]}
    for number, person in enumerate(sorted(members), start=1):
        code = f"SG{number:08d}"
        singles.tubes[code], singles.point[code] = [(uuid7(), person)], where[person]
        singles.at[code] = datetime.now(UTC)
    token = visit_log().devices.issue(f"{DEVICE}-2", area=COUNTY)
    answers = asyncio.run(_send(door, token, [_body(world, singles, code, size=1) for code in singles.tubes]))
    report.lost += len(members) - sum(answer.get("accepted", 0) for answer in answers)
    door.others["registrations"].close()
    _results(singles, list(singles.tubes), now() + timedelta(seconds=2))


def _judge_chase(world: World, morning: Morning, report: Report) -> None:
    """The chase names exactly the villages where somebody is missing, with how many."""
    testing_round.chase(by=None, round_id=world.round.pk)
    tasks = site.get("command.task").model.objects.filter(role="grid_worker").values_list("area_id", "params")
    told = {area: params["count"] for area, params in tasks}
    report.coverage_wrong += sum(told.get(village, 0) != count for village, count in morning.absent.items())


def _judge(world: World, morning: Morning, report: Report) -> None:
    """The truth against what stands in the tables, then the control."""
    found = rounds_truth.judge(world, morning)
    report.lost += found.lost
    report.states_wrong += found.states_wrong
    report.coverage_wrong += found.coverage_wrong
    report.control = rounds_truth.control(world, morning)
    report.findings += [
        f"{name}: {report.figures.get(name)} instead of {count}"
        for name, count in rounds_truth.figures(morning, report.registrations).items()
        if report.figures.get(name) != count
    ]
