"""The life of a visit log as a list of acts, the same for the process that lives it and for the one that judges.

Two threads act at once: one changes the log (loads, late rows, seals, erasures, retention), the other takes arrivals
in, as at a door that does not close while the office works. Every act is announced before it begins and after it has
ended; what lies between the two may or may not have happened, what ended has.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Literal, NamedTuple
from uuid import UUID

import pyarrow as pa

from fangxian.warehouse.visits import Arrival, VisitLog

NOW = int(datetime(2022, 3, 13, 2, tzinfo=UTC).timestamp())
TODAY = date(2022, 3, 13)
DAY_S = 86400
PERSONS, PLACES = 40, 8
OLDEST = 13
MOST_ROUNDS = 8
LONG_S = 40 * 3600
WRONG_CLOCKS_S = (20 * DAY_S, 20 * DAY_S, 4000 * DAY_S)
"""How long before the visit some ids seem to be made: in the month before, and in no month that is believed."""
DOOR_S, ARRIVALS_A_CHANGE = 0.01, 6
"""How long the door pauses, and how many batches may come in while one change is made, however slow that is."""

Kind = Literal["load", "late", "seal", "fold", "erase", "drop", "read"]
Tell = Callable[[str], None]


class Fact(NamedTuple):
    """One visit."""

    visit: UUID
    person: UUID
    place: UUID
    entered_at: int
    left_at: int


class Act(NamedTuple):
    """One thing done to the log; `back` counts days before today, `person` is who is erased, then or later."""

    tag: str
    kind: Kind
    rows: int = 0
    back: tuple[int, ...] = ()
    person: UUID | None = None


def name(kind: str, number: int) -> UUID:
    """The uuid of a person or place of these checks."""
    return made_uuid(random.Random(f"{kind} {number}"), NOW - 90 * DAY_S)


def made_uuid(dice: random.Random, second: int) -> UUID:
    """A UUIDv7 of a moment, the same for the same dice."""
    raw = bytearray((second * 1000).to_bytes(6, "big") + dice.randbytes(10))
    raw[6], raw[8] = 0x70 | raw[6] & 0x0F, 0x80 | raw[8] & 0x3F
    return UUID(bytes=bytes(raw))


@dataclass(frozen=True)
class Life:
    """Everything that will be done to one log, from a seed; `rounds` of changes, `rows` a load."""

    seed: int
    rounds: int = 3
    rows: int = 24
    _facts: dict[str, list[Fact]] = field(default_factory=dict, compare=False)

    @cached_property
    def changes(self) -> list[Act]:
        """What the office does, in order."""
        return [act for turn in range(self.rounds) for act in self._round(turn)]

    def _round(self, turn: int) -> list[Act]:
        """Everything once. Who is erased has visits before, and none after."""
        leaver, oldest = name("leaver", self.seed * MOST_ROUNDS + turn), OLDEST - turn
        steps: list[tuple[Kind, int, tuple[int, ...]]] = [
            ("load", self.rows, (oldest, 3, 2, 1)), ("late", 6, (oldest, 3, 1, 0)), ("seal", 0, ()),
            ("late", 4, (3, 2)),
            ("seal", 0, ()), ("erase", 0, ()), ("late", 3, (1, 0)), ("seal", 0, ()), ("read", 0, ()), ("late", 3, (2,)),
            ("seal", 0, ()), ("fold", 0, ()), ("drop", 0, (oldest - 1,)),
        ]  # fmt: skip
        erased = [kind for kind, _rows, _back in steps].index("erase")
        return [
            Act(f"c{turn * len(steps) + at}", kind, rows, back, leaver if at <= erased and kind != "seal" else None)
            for at, (kind, rows, back) in enumerate(steps)
        ]

    def arrivals(self) -> Iterator[Act]:
        """What comes in meanwhile, without end."""
        return (self.arrival(number) for number in count())

    def arrival(self, number: int) -> Act:
        """One batch at the door."""
        rows = random.Random(f"{self.seed} a{number}").choice((1, 1, 1, 3, 12))
        return Act(f"a{number}", "late", rows, (0, 0, 0, 1, 2))

    def act(self, tag: str) -> Act:
        """The act of that tag."""
        number = int(tag[1:])
        return self.changes[number] if tag[0] == "c" else self.arrival(number)

    def facts(self, act: Act) -> list[Fact]:
        """The visits an act brings in."""
        if act.tag not in self._facts:
            dice = random.Random(f"{self.seed} {act.tag} facts")
            self._facts[act.tag] = [self._fact(dice, act) for _ in range(act.rows)]
        return self._facts[act.tag]

    def _fact(self, dice: random.Random, act: Act) -> Fact:
        second = NOW - dice.choice(act.back) * DAY_S - dice.randrange(4 * 3600)
        person = name("person", dice.randrange(PERSONS))
        if act.person and dice.random() < 0.25:
            person = act.person
        stay = LONG_S if dice.random() < 0.05 and act.back[-1] else dice.randrange(300, 7200)
        made_at = second - (dice.choice(WRONG_CLOCKS_S) if dice.random() < 0.15 else 0)
        return Fact(made_uuid(dice, made_at), person, name("place", dice.randrange(PLACES)), second, second + stay)


def opened(data: Path, notice: Callable[[str], None] = lambda _: None) -> VisitLog:
    """The log below a folder, at the moment of these checks."""
    return VisitLog.open(data, now=lambda: NOW, notice=notice)


def day(back: int) -> date:
    """So many days before today."""
    return TODAY - timedelta(days=back)


def do(log: VisitLog, life: Life, act: Act) -> None:
    """Do one act; it has happened when this returns."""
    match act.kind:
        case "load":
            log.append_arrow(as_table(life.facts(act)), hot_from=day(0))
        case "late":
            log.append(as_arrivals(life.facts(act)))
        case "seal":
            log.seal()
        case "fold":
            log.fold()
        case "erase":
            log.erase(act.person or UUID(int=0))
        case "drop":
            log.drop_before(day(act.back[0]))
        case "read":
            log.open_store()


def as_arrivals(facts: list[Fact]) -> list[Arrival]:
    """Visits as devices report them."""
    return [Arrival(*fact) for fact in facts]


def as_table(facts: list[Fact]) -> pa.Table:
    """Visits as a file of them is handed over."""
    columns = list(zip(*facts, strict=True))
    ids = {
        header: pa.array([one.bytes for one in column], pa.binary(16))
        for header, column in zip(("visit_id", "person", "place"), columns, strict=False)
    }
    times = {
        header: pa.array(column, pa.int32())
        for header, column in zip(("entered_at", "left_at"), columns[3:], strict=True)
    }
    return pa.table({**ids, **times})


def live(data: Path, life: Life, tell: Tell, *, ended: Collection[str] = (), hasty: bool = False) -> None:
    """Open the log and do what is not done yet, in two threads, until the changes are through.

    hasty: tell of every act that it has ended before it has begun, as the control of a check.
    """
    log = opened(data)
    over, turns = threading.Event(), threading.Semaphore(ARRIVALS_A_CHANGE)
    door = threading.Thread(target=_keep_the_door, args=(log, life, tell, ended, hasty, over, turns))
    door.start()
    try:
        for act in life.changes:
            if act.tag not in ended:
                _told(log, life, act, tell, hasty)
                turns.release(ARRIVALS_A_CHANGE)
    finally:
        over.set()
        turns.release()
        door.join()
        log.close()


def _keep_the_door(
    log: VisitLog,
    life: Life,
    tell: Tell,
    ended: Collection[str],
    hasty: bool,
    over: threading.Event,
    turns: threading.Semaphore,
) -> None:
    for act in life.arrivals():
        if act.tag in ended:
            continue
        turns.acquire()
        if over.wait(DOOR_S):
            return
        _told(log, life, act, tell, hasty)


def _told(log: VisitLog, life: Life, act: Act, tell: Tell, hasty: bool) -> None:
    tell(f"begin:{act.tag}")
    if hasty:
        tell(f"end:{act.tag}")
    do(log, life, act)
    if not hasty:
        tell(f"end:{act.tag}")
