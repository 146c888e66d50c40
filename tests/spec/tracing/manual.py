"""Writes docs/tracing.md: the definition with the drawn scenarios, so that the manual is what the tests run.

`python -m tests.spec.tracing.manual` writes it; a test fails when the file is stale.
"""

from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

from fangxian.engines.tracing import CONTACT_COLUMNS
from tests.spec.tracing.chapters import CHAPTERS
from tests.spec.tracing.scenario import Scenario

MANUAL = Path(__file__).parents[3] / "docs" / "tracing.md"
INTRODUCTION = Path(__file__).with_name("introduction.md")
QUESTIONS = {
    "trace": "`trace`",
    "evidence": "`evidence`",
    "exposed_at": "`exposed_at`",
    "trace_chain": "`trace_chain`, second degree",
}


def manual() -> str:
    """The whole text."""
    parts = [INTRODUCTION.read_text(encoding="utf-8").strip(), _columns(), *(_chapter(one) for one in CHAPTERS)]
    return "\n\n".join(parts) + "\n"


def _columns() -> str:
    lines = [f"| `{name}` | {meaning} |" for name, meaning in CONTACT_COLUMNS.items()]
    return "\n".join(["## The columns of a contact", "", "| column | meaning |", "|---|---|", *lines])


def _chapter(chapter: ModuleType) -> str:
    return "\n\n".join([f"## {chapter.TITLE}", chapter.TEXT, *(_scenario(one) for one in chapter.SCENARIOS)])


def _scenario(scenario: Scenario) -> str:
    parts = [f"### {scenario.title}", scenario.text, _drawing("visits", scenario.visits)]
    if scenario.question != "exposed_at":
        parts.append(_drawing("cases", scenario.cases))
    return "\n\n".join(part for part in [*parts, _drawing(_asked(scenario), scenario.expected)] if part)


def _asked(scenario: Scenario) -> str:
    asks = ", ".join(f"{name} = {_plain(value)}" for name, value in scenario.asks.items())
    cut = f"; {scenario.cut} cut" if scenario.cut else ""
    return QUESTIONS[scenario.question] + (f" with {asks}" if asks else "") + cut


def _plain(value: object) -> str:
    if isinstance(value, tuple):
        kind, places = value
        return f"{kind} {', '.join(places)}"
    return str(value)


def _drawing(title: str, drawing: str) -> str:
    lines = drawing.strip().splitlines()
    body = lines[1:] or ["(none)"]
    return "\n".join([f"{title}:", "", *_indented([lines[0], *body])])


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"    {line}" for line in lines]


if __name__ == "__main__":
    MANUAL.write_text(manual(), encoding="utf-8")
