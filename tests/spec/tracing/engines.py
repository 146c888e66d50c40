"""Every way to run the definition, under one face: all of them must give the drawn answers."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fangxian.engines import tracing
from fangxian.engines.tracing import (
    CASES,
    CONTACTS,
    EXPOSED,
    MEETINGS,
    VISITS,
    Parameters,
    Places,
    Segment,
    VisitStore,
    chain,
    relational,
    sealed,
    sources_count,
    write_segment,
)
from fangxian.engines.tracing.checks import checked_cases
from fangxian.engines.tracing.compiled import INTERPRETED
from fangxian.engines.tracing.lookups import day_spans, wanted
from fangxian.engines.tracing.model import MEETING_ORDER, STAYS
from fangxian.engines.tracing.on_numba import Compiled
from fangxian.engines.tracing.sources_model import AT, EVERYWHERE, Counted, SourceRules

DAY = 86400


@dataclass(frozen=True)
class Runner:
    """One engine over one form of the visits: `source` makes what the engine reads from a table of visits."""

    engine: tracing.Engine
    source: Callable[[pa.Table, Path], tracing.VisitStore | pa.Table]

    def trace(self, visits: pa.Table, cases: pa.Table, folder: Path, **parameters: Any) -> pa.Table:
        return tracing.trace(self.source(visits, folder), cases, engine=self.engine, **parameters)

    def evidence(self, visits: pa.Table, cases: pa.Table, folder: Path, **parameters: Any) -> pa.Table:
        return tracing.evidence(self.source(visits, folder), cases, engine=self.engine, **parameters)

    def exposed_at(self, visits: pa.Table, folder: Path, place: int, t0: int, t1: int, **parameters: Any) -> pa.Table:
        return tracing.exposed_at(self.source(visits, folder), place, t0, t1, engine=self.engine, **parameters)

    def trace_chain(self, visits: pa.Table, cases: pa.Table, folder: Path, **parameters: Any) -> chain.Chain:
        return tracing.trace_chain(self.source(visits, folder), cases, engine=self.engine, **parameters)

    def sources(self, visits: pa.Table, cases: pa.Table, folder: Path, **parameters: Any) -> tracing.Sources:
        return tracing.sources(self.source(visits, folder), cases, engine=self.engine, **parameters)


class OnPolars:
    """The relational expression on Polars: not an engine of the product, a proof that the expression is portable."""

    def trace(self, visits: pa.Table, cases: pa.Table, folder: Path, **parameters: Any) -> pa.Table:
        found = self._run(relational.contacts, visits, checked_cases(cases), _parameters(parameters))
        return found.cast(CONTACTS).sort_by([("case_id", "ascending"), ("person_id", "ascending")])

    def evidence(self, visits: pa.Table, cases: pa.Table, folder: Path, **parameters: Any) -> pa.Table:
        found = self._run(relational.evidence, visits, checked_cases(cases), _parameters(parameters))
        return found.cast(MEETINGS).sort_by(MEETING_ORDER)

    def exposed_at(self, visits: pa.Table, folder: Path, place: int, t0: int, t1: int, **parameters: Any) -> pa.Table:
        stay = pa.table([[0], [-1], [place], [t0], [t1]], schema=STAYS)
        session = self._session(visits=visits, stay=stay)
        expression = relational.exposed(session.table("visits"), session.table("stay"), _parameters(parameters))
        return session.to_pyarrow(expression).cast(EXPOSED).sort_by("person_id")

    def trace_chain(self, visits: pa.Table, cases: pa.Table, folder: Path, **parameters: Any) -> chain.Chain:
        own = {name: parameters.pop(name) for name in ("expand_min_overlap", "limit", "latent") if name in parameters}
        return chain.trace_chain(
            lambda windows: self.trace(visits, windows, folder, **parameters), checked_cases(cases), **own
        )

    def sources(self, visits: pa.Table, cases: pa.Table, folder: Path, **parameters: Any) -> tracing.Sources:
        store = VisitStore(hot=visits)
        return sources_count.sources(self, store, checked_cases(cases), SourceRules(**parameters))

    def visits_of(self, store: VisitStore, persons: Any) -> pa.Table:
        session = self._session(visits=store.hot, persons=wanted(persons))
        return session.to_pyarrow(relational.own_visits(session.table("visits"), session.table("persons"))).cast(VISITS)

    def visits_by_day(self, store: VisitStore, places: Any, days: Any) -> Counted:
        spans = day_spans(days, *sealed.entered(store))
        session = self._session(visits=store.hot, places=wanted(places), days=spans)
        visits, places, days = (session.table(name) for name in ("visits", "places", "days"))
        at, everywhere = relational.visits_at(visits, places, days), relational.visits_everywhere(visits, days)
        return Counted(session.to_pyarrow(at).cast(AT), session.to_pyarrow(everywhere).cast(EVERYWHERE))

    def _run(self, question: Any, visits: pa.Table, cases: pa.Table, parameters: Parameters) -> pa.Table:
        session = self._session(visits=visits, cases=cases.cast(CASES))
        both = session.table("visits")
        return session.to_pyarrow(question(both, both, session.table("cases"), parameters))

    def _session(self, **tables: pa.Table) -> Any:
        polars = pytest.importorskip("polars", reason="Polars is not installed")
        return ibis.polars.connect({name: polars.from_arrow(table) for name, table in tables.items()})


def _parameters(given: dict[str, Any]) -> Parameters:
    return Parameters(**{"places": Places(), **given})


def in_memory(visits: pa.Table, folder: Path) -> pa.Table:
    return visits


def mapped_days(visits: pa.Table, folder: Path) -> VisitStore:
    """A mapped segment a day, and of every day a second one for "late" rows."""
    return VisitStore([_written(part, folder / f"{number}") for number, part in enumerate(_days_and_late(visits))])


def days_and_hot(visits: pa.Table, folder: Path) -> VisitStore:
    """Half of the rows sealed in a segment, half hot."""
    half = visits.num_rows // 2
    return VisitStore([_written(visits.slice(0, half), folder / "sealed")], hot=visits.slice(half))


def parquet_days(visits: pa.Table, folder: Path) -> VisitStore:
    """Sorted Parquet files, and the last row hot."""
    sealed = visits.slice(0, max(0, visits.num_rows - 1))
    files = {}
    for order, key in {"person": "person_id", "place": "place_id"}.items():
        files[order] = folder / f"{order}.parquet"
        pq.write_table(sealed.sort_by([(key, "ascending"), ("entered_at", "ascending")]), files[order])
    return VisitStore(by_person=[files["person"]], by_place=[files["place"]], hot=visits.slice(sealed.num_rows))


def _days_and_late(visits: pa.Table) -> list[pa.Table]:
    days = visits["entered_at"].to_numpy() // DAY
    late = np.arange(visits.num_rows) % 3 == 0
    parts = [(days == day) & (late == is_late) for day in np.unique(days) for is_late in (False, True)]
    return [visits.filter(pa.array(part)) for part in parts] or [VISITS.empty_table()]


def _written(visits: pa.Table, folder: Path) -> Segment:
    write_segment(visits, folder)
    return Segment.open(folder)


RUNNERS: dict[str, Runner | OnPolars] = {
    "reference": Runner("reference", in_memory),
    "segments": Runner("segments", in_memory),
    "segments mapped": Runner("segments", mapped_days),
    "segments and hot": Runner("segments", days_and_hot),
    "numba": Runner("numba", in_memory),
    "numba mapped": Runner("numba", mapped_days),
    "numba, not compiled": Runner(Compiled(threads=2, loops=INTERPRETED), days_and_hot),
    "reference over days": Runner("reference", mapped_days),
    "duckdb": Runner("duckdb", in_memory),
    "duckdb over parquet": Runner("duckdb", parquet_days),
    "polars": OnPolars(),
}
