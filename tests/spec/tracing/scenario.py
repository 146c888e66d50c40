"""A drawn scenario: what is in the log, what is asked, what is the answer."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from fangxian.engines.tracing import Places, explain
from tests.spec.tracing.drawn import Names, answer, head, length, moment
from tests.spec.tracing.engines import OnPolars, Runner

LENGTHS = ("lag", "min_overlap", "max_stay", "expand_min_overlap", "latent")


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One paragraph of the manual.

    question: "trace", "evidence", "exposed_at", "trace_chain", "sources" or "explain". asks: its parameters; lengths,
    times, places drawn. expected: the answer in the columns drawn. cut: of a chain, the number of persons cut. part:
    of sources, the table that is drawn.
    """

    title: str
    text: str
    visits: str
    expected: str
    cases: str = "case | person | from | to"
    question: str = "trace"
    asks: Mapping[str, Any] = field(default_factory=dict)
    cut: int = 0
    part: str = "places"

    def run(self, runner: Runner | OnPolars, folder: Path) -> list[dict[str, str]]:
        """The answer of an engine in the drawn columns."""
        names = Names.of(self.visits, self.cases)
        asks = {name: _value(name, value, names) for name, value in self.asks.items()}
        visits, cases = names.visits(self.visits), names.cases(self.cases)
        if self.question == "explain":
            told = asdict(explain(visits, cases, **asks))
            return [{name: str(told[name]) for name in head(self.expected)}]
        if self.question == "exposed_at":
            table = runner.exposed_at(visits, folder, **asks)
        elif self.question == "trace_chain":
            chain = runner.trace_chain(visits, cases, folder, **asks)
            assert sum(chain.counts["cut"].to_pylist()) == self.cut
            table = chain.second
        elif self.question == "sources":
            table = getattr(runner.sources(visits, cases, folder, **asks), self.part)
        else:
            table = getattr(runner, self.question)(visits, cases, folder, **asks)
        return answer(table.select(head(self.expected)), names)


def _value(name: str, value: Any, names: Names) -> Any:
    if name in LENGTHS:
        return length(value)
    if name in ("t0", "t1"):
        return moment(value)
    if name == "place":
        return names.places.index(value)
    if name == "places":
        kind, chosen = value
        return getattr(Places, kind)(names.places.index(place) for place in chosen)
    return value
