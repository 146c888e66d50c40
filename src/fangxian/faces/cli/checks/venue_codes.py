"""S17: no scan of a forged, expired, withdrawn or copied code is anybody's presence, and none is lost.

A case is at a place by a good code. Attackers scan bad codes of the same place at the same time through the real
handler. Whoever of them a trace names is an exposure; whoever is not among the flagged scans is lost. Scans of good
codes must be taken and found by the trace, or the check would prove nothing; and with the check of the signature taken
out, forgeries must get through, or it is not what keeps them out.
"""

import asyncio
import json
import random
from base64 import b32encode
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from fangxian.core import clock, keys, scope
from fangxian.core.areas import Area
from fangxian.core.clock import now, today
from fangxian.core.ids import uuid7
from fangxian.core.keys import KeyRing
from fangxian.core.venue_keys import VenueKey
from fangxian.faces.cli.output import Advance
from fangxian.faces.ingest.doors import Doors
from fangxian.faces.ingest.handler import Ingest
from fangxian.registers import site
from fangxian.systems.screening import codes, printing, selectors, services
from fangxian.warehouse import visit_log
from fangxian.warehouse.tracing import Tracer, Window

DAY = 86_400
AREAS = [("91", "province", None), ("9101", "prefecture", "91"), ("910101", "county", "9101"),
         ("910102", "county", "9101")]  # fmt: skip
HERE, ELSEWHERE = "910101", "910102"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
BATCH = 500


@dataclass
class Report:
    """What became of the scans, by kind of code."""

    codes: int = 0
    forged_accepted: int = 0
    exposures: int = 0
    attempts_lost: int = 0
    good: int = 0
    good_refused: int = 0
    control_accepted: int = 0
    reasons: Counter = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 when bad codes were tried, none counted, none was lost, good ones held, and the control failed."""
        held = not (self.forged_accepted or self.exposures or self.attempts_lost or self.good_refused or self.findings)
        return 0 if held and self.codes and self.good and self.control_accepted else 1

    def line(self) -> str:
        """The last line, for machines."""
        return (
            f"promise=S17 codes={self.codes} forged_accepted={self.forged_accepted} exposures={self.exposures} "
            f"attempts_lost={self.attempts_lost} good={self.good} good_refused={self.good_refused} "
            f"control_accepted={self.control_accepted}"
        )


@dataclass(frozen=True)
class Kind:
    """A kind of bad code: how one is made, why it must be flagged, and what the device says beside it."""

    name: str
    reason: str
    make: Callable[[], str]
    token: str = "gate"
    says: dict[str, Any] = field(default_factory=dict)


class World:
    """A place with a good code, its neighbour, devices at both, and the handler."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.day = int(now().timestamp())
        self.ingest = Ingest(visit_log, Doors())
        for code, kind, parent in AREAS:
            Area.objects.create(code=code, name=code, kind=kind, parent_id=parent)
        here, there = (Area.objects.get(code=code) for code in (HERE, ELSEWHERE))
        self.place = services.add_place(by=None, area=here, name="Market", kind="MARKET")
        self.other = services.add_place(by=None, area=there, name="School", kind="SCHOOL")
        self.lasting = self.issue(self.place.pk)
        self.withdrawn = self._withdrawn()
        devices = visit_log().devices
        self.tokens = {
            "gate": devices.issue("gate", area=HERE, places=[self.place.pk]),
            "other gate": devices.issue("other gate", area=ELSEWHERE, places=[self.other.pk]),
            "phone": devices.issue("phone", area=HERE, by_code=True),
        }

    def issue(self, place: UUID, begin: int = -30, end: int = 60, ring: KeyRing | None = None) -> str:
        """A code of our key (or another ring's), valid between two days counted from today."""
        shift = self.dice.randrange(3600)  # no two alike
        return codes.issue(
            place, valid_from=self.day + begin * DAY - shift, valid_until=self.day + end * DAY - shift, ring=ring
        )

    def _withdrawn(self) -> str:
        day = today()
        (sheet,) = printing.print_codes(
            places=[self.place], by=None, valid_from=day - timedelta(3), valid_until=day + timedelta(3)
        )
        with clock.frozen(now() - timedelta(1)):
            printing.withdraw_others(place=self.place, by=None)
        return sheet.text

    def renew(self) -> None:
        """As a server that starts anew: nothing of codes and keys is remembered."""
        self.close()
        self.ingest.doors = Doors()

    def close(self) -> None:
        """Let go of the thread behind the doors."""
        if self.ingest.doors is not None:
            self.ingest.doors.close()

    def post(self, token: str, scans: list[dict]) -> dict:
        """What the handler answers."""
        answer = ask(self.ingest, self.tokens[token], json.dumps(scans).encode())
        return {"accepted": 0, "flagged": [], "rejected": [], **answer}


def run(each: int, seed: int, advance: Advance) -> Report:
    """`each` codes of every kind."""
    report = Report()
    with scope.everywhere("the check of venue codes has an installation of its own"):
        world = World(seed)
        kinds = list(_kinds(world))
        case, friends = uuid7(), [uuid7() for _ in range(BATCH)]
        _good(world, report, case, friends)
        attackers: dict[UUID, Kind] = {}
        for number, kind in enumerate(kinds):
            advance(number, len(kinds) + 1, kind.name)
            attackers |= _attack(world, kind, each, report)
        _retire(world, each, report, attackers)
        _judge(world, report, case, friends, attackers)
        advance(len(kinds) + 1, len(kinds) + 1, "control")
        _control(world, each, report)
        world.close()
    return report


def _kinds(world: World) -> Iterator[Kind]:
    """Everything a bad code can be, except one of a retired key, which ends the good ones as well."""
    stranger = KeyRing.generate()
    own_name = VenueKey(keys.current().venue_current.id, stranger.venue_current.seed)
    pretender = KeyRing(**{**stranger.__dict__, "venue": {own_name.id: own_name}})
    forged = codes.Reason.FORGED.value
    yield Kind("random text", forged, lambda: _random(world.dice))
    yield Kind("another installation's key", forged, lambda: world.issue(world.place.pk, ring=stranger))
    yield Kind("another key under our name", forged, lambda: world.issue(world.place.pk, ring=pretender))
    yield Kind("one bit flipped", forged, lambda: flipped(world.lasting, world.dice))
    yield Kind("another place under our signature", forged, lambda: _moved(world))
    yield Kind("expired", codes.Reason.EXPIRED.value, lambda: world.issue(world.place.pk, -90, -1))
    yield Kind("not yet valid", codes.Reason.NOT_YET.value, lambda: world.issue(world.place.pk, 2, 90))
    yield Kind("withdrawn", codes.Reason.WITHDRAWN.value, lambda: world.withdrawn)
    yield Kind("of no place", codes.Reason.UNKNOWN_PLACE.value, lambda: world.issue(uuid7()))
    copied = codes.Reason.ELSEWHERE.value
    yield Kind("copied to another gate", copied, lambda: world.lasting, token="other gate")
    yield Kind("copied to another county", copied, lambda: world.lasting, "phone", {"area": ELSEWHERE})
    yield Kind("copied to another door", copied, lambda: world.lasting, "phone", {"place": str(world.other.pk)})
    far = {"area": "420100"}
    yield Kind("copied to another province", copied, lambda: world.lasting, "phone", far)


def flipped(text: str, dice: random.Random) -> str:
    """The code with one bit of what was signed, or of the signature, turned over."""
    at, bit = dice.randrange(len(codes.PREFIX), len(text)), 1 << dice.randrange(5)
    return text[:at] + LETTERS[LETTERS.index(text[at]) ^ bit] + text[at + 1 :]


def _random(dice: random.Random) -> str:
    return codes.PREFIX + b32encode(dice.randbytes(92)).decode().rstrip("=")


def _moved(world: World) -> str:
    """The signature of one place's code under the body of another's."""
    mine, theirs = world.issue(world.place.pk), world.issue(world.other.pk)
    letters = 44  # 27 bytes of the body: key, place, and most of the validity
    return mine[: len(codes.PREFIX) + letters] + theirs[len(codes.PREFIX) + letters :]


def _scan(world: World, person: UUID, code: str, says: dict[str, Any]) -> dict:
    ids = {"visit_id": str(uuid7()), "person": str(person)}
    return {**ids, "code": code, "entered_at": world.day - 600, "left_at": world.day - 60, **says}


def _good(world: World, report: Report, case: UUID, friends: list[UUID]) -> None:
    scans = [_scan(world, person, world.lasting, {}) for person in [case, *friends]]
    half = len(scans) // 2
    taken = sum(
        world.post(token, some)["accepted"] for token, some in (("gate", scans[:half]), ("phone", scans[half:]))
    )
    report.good, report.good_refused = len(scans), len(scans) - taken


def _attack(world: World, kind: Kind, each: int, report: Report) -> dict[UUID, Kind]:
    people = {uuid7(): kind for _ in range(each)}
    scans = [_scan(world, person, kind.make(), kind.says) for person in people]
    for start in range(0, each, BATCH):
        answer = world.post(kind.token, scans[start : start + BATCH])
        report.forged_accepted += answer["accepted"]
        wrong = {flagged["reason"] for flagged in answer["flagged"]} - {kind.reason}
        if wrong:
            report.findings.append(f"{kind.name}: flagged as {', '.join(sorted(wrong))}")
    report.codes += each
    return people


def _retire(world: World, each: int, report: Report, attackers: dict[UUID, Kind]) -> None:
    """The key is retired as of yesterday: codes it signed, and codes a thief signs with it, are worth nothing."""
    ring = keys.current()
    keys.use(ring.with_new_venue_key().with_venue_key_retired(ring.venue_current.id, at=world.day - DAY))
    retired = codes.Reason.RETIRED_KEY.value
    world.ingest.doors = Doors()
    for name, make in (
        ("retired key", lambda: world.lasting),
        ("thief", lambda: world.issue(world.place.pk, ring=ring)),
    ):
        attackers |= _attack(world, Kind(name, retired, make), each, report)


def _judge(world: World, report: Report, case: UUID, friends: list[UUID], attackers: dict[UUID, Kind]) -> None:
    """Ask the trace whom the case met, the log who was there, and the register who tried."""
    begin, end = (datetime.fromtimestamp(world.day + shift, UTC) for shift in (-DAY, DAY))
    met = {contact.person for contact in Tracer().trace([Window("case", case, begin, end)])}
    report.exposures = len(met & attackers.keys())
    report.good_refused += len(set(friends) - met)
    kept = Counter(site.get("screening.flaggedscan").rows().values_list("person", "reason"))
    report.reasons = Counter(kind.reason for kind in attackers.values())
    report.attempts_lost = sum(kept[person, kind.reason] != 1 for person, kind in attackers.items())
    if selectors.place(world.place.pk) != world.place:
        report.findings.append("the place itself is gone")


def _control(world: World, each: int, report: Report) -> None:
    """Without the check of the signature, the same forgeries are presence."""
    with _believing_all():
        world.renew()
        scans = [_scan(world, uuid7(), flipped(world.issue(world.place.pk), world.dice), {}) for _ in range(each)]
        report.control_accepted = sum(
            world.post("gate", scans[start : start + BATCH])["accepted"] for start in range(0, each, BATCH)
        )


@contextmanager
def _believing_all() -> Iterator[None]:
    checked = VenueKey.signed
    VenueKey.signed = lambda *_given: True  # type: ignore[method-assign]
    try:
        yield
    finally:
        VenueKey.signed = checked  # type: ignore[method-assign]


def ask(app: Ingest, token: str, body: bytes, **more: str) -> dict:
    """One request to the handler, without a server around it; `device_time` is a header `device-time`."""
    given = {"authorization": f"Bearer {token}", "content-length": str(len(body)), **more}
    headers = [(name.replace("_", "-").encode(), value.encode()) for name, value in given.items()]
    asked = {"type": "http", "path": "/ingest/visits", "method": "POST", "headers": headers}
    sent: list[Any] = []

    async def receive() -> dict:
        return {"type": "http.request", "body": body}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(app(asked, receive, send))
    return json.loads(sent[1]["body"])
