"""A list with the usual slips against people on record, in a real installation: how fast, and how often right.

The list goes the whole way: written as a sheet, brought, read, matched by the keyed indexes of the encrypted store,
every row kept with its reasons. Then the same people twice: a search for duplicates in the store.
"""

import gc
import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.db import connection

from fangxian.core import scope
from fangxian.core.areas import Area
from fangxian.core.ids import uuid7
from fangxian.core.officers import Officer, appoint
from fangxian.faces.cli import first_start
from fangxian.faces.cli.checks.matching_truth import COUNTY, SLIPS, Human, Line, listed, population
from fangxian.registers import sheets, site
from fangxian.systems.people import duplicates, lists, services
from fangxian.workflows import list_matching

VILLAGE, BATCH, TWICE = "410883001212", 4_000, 50
WANTED_RATE, WANTED_SEARCH_S, WANTED_PRECISION, WANTED_FOUND = 1_000, 5.0, 0.99, 0.97
PERSON = site.get("people.person").model
Advance = Callable[..., None]


@dataclass
class Tally:
    """What became of some rows of the list, beside the truth.

    known    rows of people on record; matched: taken for somebody without asking, `right` of them for the person meant
    parked   left for a person to decide; shown: of these, the person meant is among those shown
    lost     of people on record, neither matched to them nor shown beside them
    """

    rows: int = 0
    known: int = 0
    matched: int = 0
    right: int = 0
    parked: int = 0
    shown: int = 0
    strangers: int = 0

    def add(self, *, meant: UUID | None, matched: UUID | None, parked: bool, shown: bool) -> None:
        """One row: whom it means, whom it was matched to, whether it waits and shows the person meant."""
        self.rows += 1
        self.known += meant is not None
        self.matched += matched is not None
        self.right += matched is not None and matched == meant
        self.parked += parked
        self.shown += meant is not None and matched is None and shown
        self.strangers += matched is not None and meant is None

    @property
    def precision(self) -> float:
        """Share of the rows matched without asking that are the person meant."""
        return self.right / self.matched if self.matched else 0.0

    @property
    def recall(self) -> float:
        """Share of the rows of people on record that were matched to them without asking."""
        return self.right / self.known if self.known else 0.0

    @property
    def offered(self) -> float:
        """The same with those a person is asked about and shown the right one."""
        return (self.right + self.shown) / self.known if self.known else 0.0


@dataclass
class Report:
    """What was measured."""

    persons: int = 0
    rows: int = 0
    store: str = ""
    seconds: float = 0.0
    cpu: float = 0.0
    searched: int = 0
    search_s: float = 0.0
    pairs_planted: int = 0
    pairs_found: int = 0
    whole: Tally = field(default_factory=Tally)
    by_slip: dict[str, Tally] = field(default_factory=lambda: {slip: Tally() for slip in SLIPS})
    findings: list[str] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Rows a second, sheet to kept row."""
        return self.rows / self.seconds if self.seconds else 0.0

    @property
    def cpu_rate(self) -> float:
        """The same a second of this process: other work on the machine does not change it. The promise is about it."""
        return self.rows / self.cpu if self.cpu else 0.0

    @property
    def exit_code(self) -> int:
        """0 when rows were matched, and fast and right enough."""
        return 0 if self.rows and not self.findings else 1

    def line(self) -> str:
        """For machines."""
        whole = self.whole
        return (
            f"check=matching store={self.store} persons={self.persons} rows={self.rows} rows_per_s={self.rate:.0f} "
            f"rows_per_cpu_s={self.cpu_rate:.0f} precision={whole.precision:.4f} recall={whole.recall:.4f} "
            f"recall_offered={whole.offered:.4f} parked={whole.parked} strangers_matched={whole.strangers} "
            f"search_persons={self.searched} search_s={self.search_s:.2f} "
            f"duplicates={self.pairs_found}/{self.pairs_planted}"
        )

    def table(self) -> Iterator[str]:
        """Slip by slip: how often right, what waits for a person, what was missed and what taken for another."""
        yield "| slip | rows | of people on record | precision | recall | with those asked about | parked | missed |"
        yield "|---|--:|--:|--:|--:|--:|--:|--:|"
        for slip, one in self.by_slip.items():
            rates = " | ".join(f"{rate:.4f}" for rate in (one.precision, one.recall, one.offered))
            missed = one.known - one.right - one.shown
            yield f"| {slip} | {one.rows:,} | {one.known:,} | {rates} | {one.parked:,} | {missed:,} |"


def run(persons: int, rows: int, seed: int, advance: Advance, *, search_persons: int = 18_000) -> Report:
    """Fill the installation that is set up, match a list against it, look for duplicates; `search_persons` at most."""
    first_start.plant(COUNTY)
    people = population(persons, seed)
    lines = listed(people, rows, seed)
    report = Report(persons=persons, rows=len(lines), store=connection.vendor)
    with scope.everywhere("the check fills an installation of its own"):
        ids = fill(people, advance)
    os.sync()  # what the filling wrote is on disk before the clock runs
    gc.freeze()  # the truth in memory is no part of an installation: it is not walked again and again while matching
    _match(report, lines, ids, _officer(), advance)
    _search(report, people[: min(search_persons, persons)])
    _judge(report)
    return report


def fill(people: list[Human], advance: Advance) -> list[UUID]:
    """Write everybody through the verb for many; gives their ids in order."""
    made: list[UUID] = []
    for start in range(0, len(people), BATCH):
        made += _entered((_values(one) for one in people[start : start + BATCH]), VILLAGE)
        advance(len(made), len(people), "people")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return made


def _entered(people: Iterable[dict], area_code: str) -> list[UUID]:
    """Enter people set by set; gives their ids in order."""
    made = [PERSON(id=uuid7(), area_id=area_code, **values) for values in people]
    services.add_people_many(by=None, people=made)
    return [person.pk for person in made]


def sheet(lines: list[Line]) -> bytes:
    """The list as counties send it: a text sheet in GB18030."""
    rows = ([one.name, one.number, one.phone, one.address, one.birth] for one in lines)
    text = "".join(sheets.write_csv(["姓名", "身份证号", "联系电话", "现住址", "出生日期"], rows))
    return text.removeprefix("\ufeff").encode("gb18030")


def _values(one: Human) -> dict:
    number = {"id_number": one.number} if one.is_numbered else {"id_type": "NONE"}
    sex = "MALE" if one.male else "FEMALE"
    return {"name": one.name, "sex": sex, "birth_date": one.birth, "phone": one.phone, "address": one.address, **number}


def _match(report: Report, lines: list[Line], ids: list[UUID], by: Officer, advance: Advance) -> None:
    content, area = sheet(lines), Area.objects.get(code=COUNTY)
    with scope.of(by):
        began, cpu = time.perf_counter(), time.process_time()
        made, _is_new = list_matching.bring(
            content=content, filename="list.csv", origin="公安", name="check", area=area, by=by
        )
        list_matching.match(made, by=by, progress=lambda done, total: advance(done, total, "rows"))
        report.seconds, report.cpu = time.perf_counter() - began, time.process_time() - cpu
        for row in lists.rows(made).iterator(chunk_size=2_000):
            _count(report, lines[row.number - 2], row, ids)


def _count(report: Report, line: Line, row, ids: list[UUID]) -> None:
    """Compare one row with the truth. A row that repeats another was matched before it was recognised as repeating."""
    meant = ids[line.means] if line.means >= 0 else None
    matched = row.person_id if row.state in ("MATCHED", "REPEATED") else None
    shown = str(meant) in {one["person"] for one in row.found}
    for tally in (report.whole, report.by_slip[line.slip]):
        tally.add(meant=meant, matched=matched, parked=row.state == "DOUBTFUL", shown=shown)


def _search(report: Report, people: list[Human]) -> None:
    """Some of the people a second time without their number, in a village of their own: all must be proposed."""
    other = Area.objects.filter(kind="village", code__startswith="410883002").order_by("code").first()
    with scope.everywhere("the check looks for duplicates"):
        first = _entered((_renumbered(one, at) for at, one in enumerate(people)), other.code)
        second = _entered((_values(replace(one, is_numbered=False)) for one in people[:TWICE]), other.code)
        began = time.perf_counter()
        duplicates.search(other.code, by=None)
        report.search_s = time.perf_counter() - began
        found = {frozenset(pair) for pair in duplicates.open_pairs(other.code).values_list("one_id", "other_id")}
        report.searched = len(first) + len(second)
        report.pairs_planted = len(second)
        report.pairs_found = sum(frozenset(pair) in found for pair in zip(first, second, strict=False))


def _renumbered(one: Human, at: int) -> dict:
    """Who has a number has one of their own in the second village: every number is on record once."""
    number = {"id_type": "TEMPORARY", "id_number": f"T410883{at:010d}"} if one.is_numbered else {}
    return _values(one) | number


def _judge(report: Report) -> None:
    for name, value, wanted, is_least in (
        ("rows a CPU second", report.cpu_rate, WANTED_RATE, True),
        ("precision", report.whole.precision, WANTED_PRECISION, True),
        ("recall with those a person is asked about", report.whole.offered, WANTED_FOUND, True),
        ("seconds of the search for duplicates", report.search_s, WANTED_SEARCH_S, False),
    ):
        if (value < wanted) is is_least:
            report.findings.append(f"{name}: {value:.4g}, promised {wanted}")
    if report.pairs_found < report.pairs_planted:
        report.findings.append(f"{report.pairs_planted - report.pairs_found} planted duplicates were not proposed")


def _officer() -> Officer:
    by = Officer.objects.create_officer("check", name="check")
    appoint(by, role="duty_officer", area=Area.objects.get(code=COUNTY), by=None)
    return by
