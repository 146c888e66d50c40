"""What a question touches: which engine answers and why, which segments it opens, how many rows and bytes it reads."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final, Literal, TypeAlias

import numpy as np
import pyarrow as pa

from fangxian.engines.tracing import chain, following, sources_segments
from fangxian.engines.tracing.checks import checked_cases
from fangxian.engines.tracing.choice import READS_FILES, CountsWork, Engine, choose
from fangxian.engines.tracing.kernel import Work
from fangxian.engines.tracing.model import MAX_STAY, Parameters, Places
from fangxian.engines.tracing.segment import Segment
from fangxian.engines.tracing.store import VisitStore

Question: TypeAlias = Literal["trace", "trace_chain", "sources"]
Why: TypeAlias = Literal["named", "only files", "many cases", "segments"]

ROW_BYTES: Final = 12
"""Bytes the segments engine reads of a row: time of entry, time of leaving, and the id of the other side."""

FOLLOWED_FROM_S: Final = 900
"""Seconds with the case from which `explain` follows a contact, where nobody says otherwise."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a question touches.

    engine: the one that answers, and why: "named" by the caller; "only files", there are no segments; "many cases",
        so that the compiled kernel is worth loading; "segments", the ordinary way.
    rows: visits in the store, counted once. segments: those of the days asked for. files: opened.
    rows_touched, bytes_touched: read in the segments; for an engine that does not count, all there is to read.
    """

    question: Question
    engine: str
    why: Why
    rows: int
    segments: int
    files: int
    rows_touched: int
    bytes_touched: int


def explain(
    source: VisitStore | pa.Table,
    cases: pa.Table,
    *,
    question: Question = "trace",
    lag: int = 0,
    places: Places | None = None,
    max_place_rows: int | None = None,
    max_stay: int = MAX_STAY,
    expand_min_overlap: int = FOLLOWED_FROM_S,
    latent: int = 0,
    engine: Engine = "auto",
) -> Explanation:
    """What `trace`, `trace_chain` or `sources` with the same arguments touches; an engine over segments runs it.

    expand_min_overlap, latent: of a chain. Raises as the question itself does.
    """
    parameters = Parameters(lag=lag, places=places or Places(), max_place_rows=max_place_rows, max_stay=max_stay)
    store = source if isinstance(source, VisitStore) else VisitStore.of(source)
    asked = checked_cases(cases)
    name, chosen = choose(store, engine, asked.num_rows)
    if not isinstance(chosen, CountsWork):
        return _at_most(question, name, _why(engine, name), store)
    segments = _near(store.all_segments(), asked, question, lag)
    if question == "sources":
        rows = _rows_of_sources(store, asked)
    else:
        counting = _Counting(chosen, store, parameters)
        if question == "trace":
            counting(asked)
        else:
            follow = partial(following.follow, segments, parameters=parameters, work=counting.work)
            chain.trace_chain(
                counting,
                asked,
                expand_min_overlap=expand_min_overlap,
                limit=0,
                latent=latent,
                follow=follow if engine == "auto" or name == "segments" else None,
            )
        rows = counting.work.person_rows + counting.work.place_rows
    return Explanation(question, name, _why(engine, name), store.rows, len(segments), 0, rows, rows * ROW_BYTES)


@dataclass(slots=True)
class _Counting:
    """Traces, and adds up the rows that were read."""

    engine: CountsWork
    store: VisitStore
    parameters: Parameters
    work: Work = field(default_factory=Work)

    def __call__(self, cases: pa.Table) -> pa.Table:
        work = self.engine.touched(self.store, cases, self.parameters)
        self.work.person_rows += work.person_rows
        self.work.place_rows += work.place_rows
        return self.engine.trace(self.store, cases, self.parameters)


def _near(segments: Sequence[Segment], cases: pa.Table, question: Question, lag: int) -> list[Segment]:
    """The segments of the days asked for; to tell regulars, all of them."""
    if question == "sources" or not cases.num_rows:
        return [one for one in segments if one.info.rows and cases.num_rows]
    begin, end = int(cases["t0"].to_numpy().min()), int(cases["t1"].to_numpy().max()) + lag
    return [one for one in segments if one.overlaps(begin, end)]


def _rows_of_sources(store: VisitStore, cases: pa.Table) -> int:
    """The cases' own rows, and the kept counts; without counts the place order is searched for erased rows."""
    own: int = sources_segments.visits_of(store, np.unique(cases["person_id"].to_numpy())).num_rows
    return own + (store.rows if store.place_days is None else int(store.place_days.num_rows))


def _why(engine: Engine, name: str) -> Why:
    if engine != "auto":
        return "named"
    reasons: dict[str, Why] = {"duckdb": "only files", "numba": "many cases"}
    return reasons.get(name, "segments")


def _at_most(question: Question, name: str, why: Why, store: VisitStore) -> Explanation:
    files = [*store.by_person, *store.by_place] if name in READS_FILES else []
    if files:
        from fangxian.engines.tracing import on_duckdb  # brings Ibis, half a second that only this engine needs

        rows = on_duckdb.rows_in(store)
        return Explanation(question, name, why, rows, 0, len(files), rows, sum(one.stat().st_size for one in files))
    segments = store.all_segments()
    size = sum(one.info.bytes for one in segments)
    return Explanation(question, name, why, store.rows, len(segments), 0, store.rows, size)
