"""R7: an import accounts for every row. A sheet is made whose every row has a known fate; the ledger must say the same.

The rejected rows are then mended and imported again: nothing is rejected, and everybody of the sheet is on record once.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from fangxian.core.areas import Area
from fangxian.core.officers import Officer, appoint
from fangxian.demo import names, numbers
from fangxian.faces.cli import first_start
from fangxian.registers import imports, site
from fangxian.registers.sheets import Table

FIELDS = ("name", "sex", "birth_date", "id_number", "phone", "area")
COUNTY, VILLAGE, ELSEWHERE = "410883", "410883001", "410882"
Row = list[Any]
Advance = Callable[..., None]

# How a row goes wrong, and which field the ledger must name.
DEFECTS: dict[str, tuple[str, Callable[[Row], Any]]] = {
    "no name": ("name", lambda row: ""),
    "name too long": ("name", lambda row: "王" * 61),
    "sex unknown": ("sex", lambda row: "第三种"),
    "day that is none": ("birth_date", lambda row: "1990-02-30"),
    "day that is no day": ("birth_date", lambda row: "昨天"),
    "wrong check character": ("id_number", lambda row: row[3][:-1] + ("1" if row[3][-1] != "1" else "2")),
    "rounded by a spreadsheet": ("id_number", lambda row: float(row[3][:17]) * 10),
    "number too short": ("id_number", lambda row: row[3][:11]),
    "phone of letters": ("phone", lambda row: "无手机"),
    "area that is none": ("area", lambda row: "999999"),
    "area of another county": ("area", lambda row: ELSEWHERE),
    "area name that is none": ("area", lambda row: "桃花源"),
}


@dataclass
class Report:
    """What was imported, and every row whose fate was another than known."""

    rows: int = 0
    bad: int = 0
    difference: int = 0
    repaired: int = 0
    repair_rejects: int = 0
    seconds: float = 0
    findings: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 when rows were imported, each met its fate, and the repair came in clean."""
        sound = not (self.difference or self.repair_rejects or self.findings)
        return 0 if self.rows and sound else 1

    def line(self) -> str:
        """The last line, for machines."""
        rate = self.rows / self.seconds if self.seconds else 0
        return (
            f"promise=R7 rows={self.rows} bad={self.bad} defects={len(DEFECTS)} difference={self.difference} "
            f"repaired={self.repaired} repair_rejects={self.repair_rejects} rows_per_second={rate:.0f}"
        )


def run(rows: int, bad: int, seed: int, advance: Advance) -> Report:
    """Make the sheet, import it, compare, mend, import again."""
    first_start.plant(COUNTY)
    officer, register = _officer(), site.get("people.person")
    people, sheet, fates = _sheet(rows, min(bad, rows - 3), np.random.default_rng(seed))
    report = Report(rows=rows, bad=sum(isinstance(fate, str) and fate in DEFECTS for fate in fates.values()))
    started = time.perf_counter()
    ledger = _import(register, officer, sheet, advance)
    report.seconds = time.perf_counter() - started
    _compare(report, ledger, fates)
    _mend(report, register, officer, sorted(people[row] for row in fates if fates[row] in DEFECTS), advance)
    with register.scope(officer, "read"):
        stored = register.rows().count()
    if stored != len({person[3] for person in people.values()}):
        report.findings.append(f"{stored} people are on record, the sheet names {len(people)}")
    return report


def _officer() -> Officer:
    made = Officer.objects.create_officer("check", name="check")
    appoint(made, role="duty_officer", area=Area.objects.get(code=COUNTY), by=None)
    return made


def _sheet(count: int, bad: int, rng: np.random.Generator) -> tuple[dict[int, Row], list[Row], dict[int, str]]:
    """The people as they should be, by row of the sheet; the rows as they are; what must become of each."""
    plain = _people(count, rng)
    people: dict[int, Row] = {}
    sheet: list[Row] = []
    fates: dict[int, str] = {}
    wrong = set(rng.choice(np.arange(2, count), bad, replace=False).tolist())
    kinds = list(DEFECTS)
    for index, person in enumerate(plain):
        number, row, fate = index + 2, list(person), "inserted"
        if index in wrong:
            fate = kinds[len(fates) % len(kinds)]
            where = FIELDS.index(DEFECTS[fate][0])
            row[where] = DEFECTS[fate][1](row)
        elif index and index % 97 == 0:
            row, fate = ["", " ", "", None, "", "　"], "blank"
        elif index and index % 89 == 0 and fates[number - 1] == "inserted":
            row, fate = list(sheet[-1]), "duplicate"
        if fate in ("inserted", *DEFECTS):
            people[number] = person
        sheet.append(row)
        fates[number] = fate
    return people, sheet, fates


def _people(count: int, rng: np.random.Generator) -> list[Row]:
    """Persons as people write them: days with strokes and dots, wide digits, spaces."""
    male = rng.random(count) < 0.5
    birth = rng.integers(1940, 2020, count) * 10_000 + rng.integers(1, 13, count) * 100 + rng.integers(1, 29, count)
    ids = numbers.identity_numbers(np.full(count, 410883), birth, male)
    called = np.char.add(names.surnames(rng, count), names.given_names(rng, male)).tolist()
    phones = numbers.phones(rng, count)
    return [
        [called[i], "男" if male[i] else "女", _day(int(birth[i]), i), ids[i], _wide(phones[i], i), VILLAGE]
        for i in range(count)
    ]


def _day(digits: int, index: int) -> str:
    year, month, day = digits // 10_000, digits // 100 % 100, digits % 100
    styles = ("{}-{:02}-{:02}", "{}/{}/{}", "{}.{}.{}", "{}年{}月{}日")
    return styles[index % len(styles)].format(year, month, day)


def _wide(text: str, index: int) -> str:
    return text if index % 5 else "".join(chr(ord(digit) + 0xFEE0) for digit in text)


def _import(register, officer: Officer, sheet: list[Row], advance: Advance):
    with register.scope(officer, "import"):
        return imports.run(register, Table(list(FIELDS), sheet), by=officer,
                           progress=lambda done, total: advance(done, total, "rows"))  # fmt: skip


def _compare(report: Report, ledger, fates: dict[int, str]) -> None:
    """The figures, and row by row the reason's field."""
    wanted = {name: sum(fate == name for fate in fates.values()) for name in ("inserted", "duplicate", "blank")}
    wanted |= {"rejected": report.bad, "updated": 0, "unchanged": 0, "rows": report.rows}
    for name, number in wanted.items():
        report.difference += abs(ledger.counts()[name] - number)
    named: dict[int, set[str]] = {}
    for reject in ledger.rejects:
        named.setdefault(reject.row, set()).add(reject.field)
    for row, fate in fates.items():
        if fate in DEFECTS and DEFECTS[fate][0] not in named.get(row, set()):
            report.findings.append(f"row {row} ({fate}): the ledger names {sorted(named.get(row, set())) or 'nothing'}")
        if fate not in DEFECTS and row in named:
            report.findings.append(f"row {row} ({fate}) was rejected: {sorted(named[row])}")


def _mend(report: Report, register, officer: Officer, mended: list[Row], advance: Advance) -> None:
    ledger = _import(register, officer, mended, advance) if mended else None
    report.repaired = ledger.inserted if ledger else 0
    report.repair_rejects = ledger.rejected if ledger else 0
