"""Every row of the drawn table is asked of the engine under the packs of its day; the answer must be the drawn one."""

from dataclasses import dataclass, field
from datetime import date

from fangxian.engines.schedules import Condition, Facts, Given, Outcome, Verdict, judge
from fangxian.faces.cli.checks.eligibility_table import TABLE
from fangxian.systems.immunization import rules

VACCINES = {"I": "inactivated", "A": "adenovirus", "S": "subunit", "X": "unknown"}
LETTERS = {vaccine: letter for letter, vaccine in VACCINES.items()}
DISEASE, NOTHING = "covid19", "-"


@dataclass(frozen=True)
class Drawn:
    """One row: the line as it stands, what is known of the person, what is asked when, and what must be answered."""

    line: str
    facts: Facts
    vaccine: str
    on: date
    wanted: str


@dataclass
class Report:
    """Rows asked, and every one answered otherwise."""

    rows: int = 0
    wrong: int = 0
    outcomes: int = 0
    findings: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 when rows were asked, each was answered as drawn, and every kind of answer was among them."""
        return 0 if self.rows and not self.wrong and self.outcomes == len(Outcome) else 1

    def line(self) -> str:
        """The last line, for machines."""
        return f"promise=eligibility rows={self.rows} outcomes={self.outcomes}/{len(Outcome)} wrong={self.wrong}"


def run() -> Report:
    """Ask every row."""
    report, seen = Report(), set()
    for row in drawn():
        verdict = ask(row)
        report.rows += 1
        seen.add(verdict.outcome)
        if (said := told(verdict)) != row.wanted:
            report.wrong += 1
            report.findings.append(f"{row.line}   but the answer is: {said}")
    report.outcomes = len(seen)
    return report


def ask(row: Drawn) -> Verdict:
    """The engine's answer under the packs of the day."""
    schedule = rules.schedule(rules.pack_of(DISEASE, on=row.on))
    return judge(schedule, row.facts, row.on, row.vaccine)


def told(verdict: Verdict) -> str:
    """An answer as the table writes it."""
    why = verdict.condition or verdict.reason
    vaccines = ",".join(LETTERS[vaccine] for vaccine in verdict.vaccines) or NOTHING
    return f"{verdict.outcome} {why} {verdict.number} {verdict.role} {vaccines} {verdict.from_on or NOTHING}"


def drawn() -> list[Drawn]:
    """The rows of the table; lines that begin with # only say what follows."""
    lines = [line for line in TABLE.strip().splitlines() if not line.startswith("#")]
    return [_row(line) for line in lines]


def _row(line: str) -> Drawn:
    born, given, asked, on, conditions, wanted = (cell.strip() for cell in line.split("|"))
    facts = Facts(
        None if born == NOTHING else date.fromisoformat(born),
        tuple(Given(VACCINES[word[0]], date.fromisoformat(word[1:])) for word in given.split() if word != NOTHING),
        tuple(_condition(word) for word in conditions.split() if word != NOTHING),
    )
    return Drawn(line, facts, VACCINES.get(asked, ""), date.fromisoformat(on), wanted)


def _condition(word: str) -> Condition:
    key, _at, since = word.partition("@")
    return Condition(key, date.fromisoformat(since) if since else None)
