"""The questions one asks of the visit log. Times are whole UTC seconds, intervals half open, tables Arrow."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

import pyarrow as pa
import pyarrow.compute as pc

from fangxian.engines.tracing import chain, on_duckdb, reference, segments
from fangxian.engines.tracing.checks import checked_cases
from fangxian.engines.tracing.kernel import Work
from fangxian.engines.tracing.model import MAX_STAY, Parameters, Places
from fangxian.engines.tracing.store import VisitStore

Engine: TypeAlias = Literal["auto", "reference", "segments", "duckdb"]
Source: TypeAlias = VisitStore | pa.Table
Window: TypeAlias = tuple[int, int, int]
"""person_id, t0, t1"""

ROW_BYTES: Final = 12
"""Bytes the segments engine reads of a row: time of entry, time of leaving, and the id of the other side."""

MEETING_COLUMNS: Final = ["place_id", "s", "e", "w_entered", "w_left", "overlap_s"]


def trace(
    source: Source,
    cases: pa.Table,
    *,
    lag: int = 0,
    min_overlap: int = 0,
    places: Places | None = None,
    max_place_rows: int | None = None,
    max_stay: int = MAX_STAY,
    engine: Engine = "auto",
) -> pa.Table:
    """Everyone who met the cases: schema `CONTACTS`, ordered by case_id and person_id.

    source: a store, or a table of visits (schema `VISITS`). cases: schema `CASES`. The parameters: see `Parameters`.
    engine: "auto" takes the segments when there are any, DuckDB over the Parquet files otherwise.

    Raises ValueError for a wrong table or parameter, or when the engine cannot read the store.
    """
    parameters = Parameters(lag, min_overlap, places or Places(), max_place_rows, max_stay)
    return _tracer(source, engine, parameters)(checked_cases(cases))


def evidence(
    source: Source,
    cases: pa.Table,
    *,
    lag: int = 0,
    min_overlap: int = 0,
    places: Places | None = None,
    max_place_rows: int | None = None,
    max_stay: int = MAX_STAY,
    engine: Engine = "auto",
) -> pa.Table:
    """Every meeting behind the rows that `trace` gives for the same arguments, for all contacts of all cases at once.

    Schema `MEETINGS`, contact by contact as it happened (`MEETING_ORDER`). Raises as `trace` does.
    """
    parameters = Parameters(lag, min_overlap, places or Places(), max_place_rows, max_stay)
    store, chosen = _opened(source, engine)
    run = {"reference": reference.evidence, "segments": segments.evidence, "duckdb": on_duckdb.evidence}[chosen]
    return run(store, checked_cases(cases), parameters)


def meetings(source: Source, window: Window, person_id: int, *, lag: int = 0, engine: Engine = "auto") -> pa.Table:
    """The evidence between one case and one person: place_id, s, e, w_entered, w_left, overlap_s, as it happened.

    window: (person_id, t0, t1) of the case. For many pairs take `evidence`, which answers all of a case in one go.
    Raises as `trace` does.
    """
    person, t0, t1 = window
    case = pa.table({"case_id": [0], "person_id": [person], "t0": [t0], "t1": [t1]})
    found = evidence(source, case, lag=lag, engine=engine)
    return found.filter(pc.equal(found["person_id"], person_id)).select(MEETING_COLUMNS)


def exposed_at(
    source: Source,
    place_id: int,
    t0: int,
    t1: int,
    *,
    lag: int = 0,
    min_overlap: int = 0,
    max_stay: int = MAX_STAY,
    engine: Engine = "auto",
) -> pa.Table:
    """Who was at a place in `[t0, t1)`, or came within `lag` seconds after it: schema `EXPOSED`, ordered by person_id.

    Raises ValueError for an empty time span or a negative place, and as `trace` does.
    """
    if t0 >= t1 or place_id < 0:
        raise ValueError("exposed_at: t1 must be later than t0, place_id not negative")
    parameters = Parameters(lag=lag, min_overlap=min_overlap, max_stay=max_stay)
    store, chosen = _opened(source, engine)
    run = {"reference": reference.exposed, "segments": segments.exposed, "duckdb": on_duckdb.exposed}[chosen]
    return run(store, place_id, t0, t1, parameters)


def trace_chain(
    source: Source,
    cases: pa.Table,
    *,
    expand_min_overlap: int,
    limit: int,
    latent: int = 0,
    lag: int = 0,
    places: Places | None = None,
    max_place_rows: int | None = None,
    max_stay: int = MAX_STAY,
    engine: Engine = "auto",
) -> chain.Chain:
    """Contacts and contacts of contacts: the first degree whole, the best `limit` of the second, and how many were cut.

    expand_min_overlap: seconds with the case from which a contact is followed further, from its first meeting with the
    case (plus `latent` seconds) on. max_place_rows keeps transport hubs out of both degrees. See `Chain`.
    Raises ValueError for a negative threshold, and as `trace` does.
    """
    if min(expand_min_overlap, limit, latent) < 0:
        raise ValueError("trace_chain: expand_min_overlap, limit and latent are 0 or more")
    parameters = Parameters(lag=lag, places=places or Places(), max_place_rows=max_place_rows, max_stay=max_stay)
    tracer = _tracer(source, engine, parameters)
    return chain.trace_chain(
        tracer, checked_cases(cases), expand_min_overlap=expand_min_overlap, limit=limit, latent=latent
    )


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a trace touches.

    engine: the one that runs. rows: visits in the store, counted once. segments, files: opened.
    rows_touched, bytes_touched: read in the segments; for the other engines all there is to read, an upper bound.
    """

    engine: str
    rows: int
    segments: int
    files: int
    rows_touched: int
    bytes_touched: int


def explain(
    source: Source,
    cases: pa.Table,
    *,
    lag: int = 0,
    places: Places | None = None,
    max_stay: int = MAX_STAY,
    engine: Engine = "auto",
) -> Explanation:
    """What `trace` with the same arguments touches (the segments engine runs and counts). Raises as `trace` does."""
    parameters = Parameters(lag=lag, places=places or Places(), max_stay=max_stay)
    store, chosen = _opened(source, engine)
    if chosen == "segments":
        work = Work()
        segments.trace(store, checked_cases(cases), parameters, work)
        touched = work.person_rows + work.place_rows
        return Explanation(chosen, store.rows, work.segments, 0, touched, touched * ROW_BYTES)
    files = [*store.by_person, *store.by_place] if chosen == "duckdb" else []
    if files:
        rows = on_duckdb.rows_in(store)
        return Explanation(chosen, rows, 0, len(files), rows, sum(file.stat().st_size for file in files))
    opened = store.all_segments()
    return Explanation(chosen, store.rows, len(opened), 0, store.rows, sum(one.info.bytes for one in opened))


def _tracer(source: Source, engine: Engine, parameters: Parameters) -> Callable[[pa.Table], pa.Table]:
    store, chosen = _opened(source, engine)
    run = {"reference": reference.trace, "segments": segments.trace, "duckdb": on_duckdb.trace}[chosen]
    return lambda cases: run(store, cases, parameters)


def _opened(source: Source, engine: Engine) -> tuple[VisitStore, str]:
    """The store, and the engine that will read it."""
    if engine not in get_args(Engine):
        raise ValueError(f"no engine {engine}; there are {', '.join(get_args(Engine))}")
    store = source if isinstance(source, VisitStore) else VisitStore.of(source)
    only_files = bool(store.by_place) and not store.segments
    if engine == "auto":
        return store, "duckdb" if only_files else "segments"
    if only_files and engine != "duckdb":
        raise ValueError(f"engine {engine} reads segments, and this store has only Parquet files")
    return store, engine
