"""What a visit log must hold after some acts of its life, and whether a folder holds it."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pyarrow as pa

from fangxian.engines.tracing import CASES, VISITS, VisitStore, checksum, trace
from fangxian.warehouse.visits import VisitLog
from fangxian.warehouse.visits.calendar import Calendar
from fangxian.warehouse.visits.splitting import cuts

from .visit_life import NOW, PERSONS, Act, Fact, Life, day, name, opened

CALENDAR = Calendar("Asia/Shanghai")
TRACED = 6
WEEK_S = 7 * 86400

Stay = tuple[UUID, UUID, int, int]
"""Person, place, from, to: a visit or a piece of a long one."""


class Damaged(Exception):
    """The folder opens, but what is in it is not sound."""


@dataclass(frozen=True)
class Verdict:
    """How many stays that must be there are not, how many that must not be are, and whether it opened at all."""

    missing: int = 0
    extra: int = 0
    fault: str = ""


@dataclass(frozen=True)
class Truth:
    """Stays that are sure to be there, and all that may be; each so many times."""

    sure: Counter[Stay]
    possible: Counter[Stay]

    @classmethod
    def after(cls, life: Life, tags: Iterable[str]) -> Truth:
        """What follows from marks "begin:TAG" and "end:TAG"."""
        marks = {tuple(mark.split(":")) for mark in tags}
        begun = [life.act(tag) for mark, tag in marks if mark == "begin"]
        ended = [life.act(tag) for mark, tag in marks if mark == "end"]
        written, coming = ([fact for act in acts for fact in life.facts(act)] for acts in (ended, begun))
        sure = [fact for fact in _unerased(written, begun) if fact.entered_at >= _floor(begun)]
        return cls(_stays(sure, _floor(begun)), _stays(_unerased(coming, ended), _floor(ended)))

    def judge(self, found: Counter[Stay]) -> Verdict:
        """Compare with what a log holds."""
        return Verdict((self.sure - found).total(), (found - self.possible).total())


def _unerased(facts: list[Fact], acts: list[Act]) -> list[Fact]:
    """The visits that the erasures among `acts` leave."""
    erased = {act.person for act in acts if act.kind == "erase"}
    return [fact for fact in facts if fact.person not in erased]


def _floor(acts: list[Act]) -> int:
    """The second before which retention has dropped everything. Of a long stay across it, later days may be kept."""
    return max((CALENDAR.start(day(act.back[0])) for act in acts if act.kind == "drop"), default=0)


def _stays(facts: list[Fact], floor: int) -> Counter[Stay]:
    return Counter(
        (fact.person, fact.place, begin, end)
        for fact in facts
        for begin, end in cuts(fact.entered_at, fact.left_at, CALENDAR)
        if begin >= floor
    )


def verdict(data: Path, life: Life, tags: Iterable[str]) -> Verdict:
    """Open the log below a folder and judge it; then seal, which must change nothing, and judge again."""
    truth = Truth.after(life, tags)
    try:
        with closing(opened(data)) as log:
            first = truth.judge(held(log))
            log.seal()
            second = truth.judge(held(log))
        sound(data)
    except Exception as error:  # whatever keeps it from opening is the finding
        return Verdict(fault=f"{type(error).__name__}: {error}")
    return Verdict(max(first.missing, second.missing), max(first.extra, second.extra))


def held(log: VisitLog) -> Counter[Stay]:
    """Every stay an engine is given. Raises Damaged when a file is, or when a trace over it has another answer."""
    store = log.open_store()
    if damaged := log.verify():
        raise Damaged(f"{damaged[0].name} is {damaged[0].fault}")
    rows = pa.concat_tables([segment.table() for segment in store.all_segments()] or [VISITS.empty_table()])
    cases = traced(log)
    if checksum(trace(store, cases)) != checksum(trace(VisitStore.of(rows), cases, engine="reference")):
        raise Damaged("a trace over the log has another answer than over its rows")
    persons = log.hot.dictionary.uuids("person", rows["person_id"].to_pylist())
    places = log.hot.dictionary.uuids("place", rows["place_id"].to_pylist())
    columns = (rows[column].to_pylist() for column in VISITS.names)
    return Counter((persons[who], places[where], begin, end) for who, where, begin, end in zip(*columns, strict=True))


def traced(log: VisitLog) -> pa.Table:
    """Cases to trace: some persons, over the last week."""
    persons = [name("person", number) for number in range(min(TRACED, PERSONS))]
    numbers = sorted(log.hot.dictionary.numbers("person", persons).values())
    rows = len(numbers)
    return pa.table([range(rows), numbers, [NOW - WEEK_S] * rows, [NOW] * rows], schema=CASES)


def sound(data: Path) -> None:
    """Every database below a folder by SQLite's own word. Raises Damaged."""
    for path in sorted(data.rglob("*.sqlite")):
        with closing(sqlite3.connect(path)) as database:
            if (word := database.execute("pragma integrity_check").fetchone()[0]) != "ok":
                raise Damaged(f"{path.name}: {word}")
