"""Writes docs/tracing.md: the definition with the drawn scenarios, so that the manual is what the tests run.

`python -m tests.spec.tracing.manual` writes it; a test fails when the file is stale.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import ModuleType

from fangxian.engines.tracing import CONTACT_COLUMNS, SOURCE_COLUMNS
from tests.spec.tracing.chapters import CHAPTERS
from tests.spec.tracing.scenario import Scenario

MANUAL = Path(__file__).parents[3] / "docs" / "tracing.md"
INTRODUCTION = Path(__file__).with_name("introduction.md")
QUESTIONS = {
    "trace": "`trace`",
    "evidence": "`evidence`",
    "exposed_at": "`exposed_at`",
    "trace_chain": "`trace_chain`, second degree",
    "sources": "`sources`",
    "explain": "`explain`",
}


def manual() -> str:
    """The whole text."""
    columns = [_columns("a contact", CONTACT_COLUMNS), _columns("a source", SOURCE_COLUMNS)]
    parts = [INTRODUCTION.read_text(encoding="utf-8").strip(), *columns, *(_chapter(one) for one in CHAPTERS)]
    return "\n\n".join(parts) + "\n"


def _columns(what: str, meanings: Mapping[str, str]) -> str:
    lines = [f"| `{name}` | {meaning} |" for name, meaning in meanings.items()]
    return "\n".join([f"## The columns of {what}", "", "| column | meaning |", "|---|---|", *lines])


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
    part = f", {scenario.part}" if scenario.question == "sources" else ""
    return QUESTIONS[scenario.question] + part + (f" with {asks}" if asks else "") + cut


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
