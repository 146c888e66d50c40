"""The questions one asks of the visit log. Times are whole UTC seconds, intervals half open, tables Arrow."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final, TypeAlias, cast

import pyarrow as pa
import pyarrow.compute as pc

from fangxian.engines.tracing import chain, following, segments, sources_count, sources_reference
from fangxian.engines.tracing.checks import checked_cases
from fangxian.engines.tracing.choice import READS_FILES, Answers, Engine, Follows, choose, follower
from fangxian.engines.tracing.model import CASES, MAX_STAY, Int64Array, Parameters, Places
from fangxian.engines.tracing.sources_model import LooksUp, SourceRules, Sources
from fangxian.engines.tracing.store import VisitStore

Source: TypeAlias = VisitStore | pa.Table
Window: TypeAlias = tuple[int, int, int]
"""person_id, t0, t1"""

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
    engine: a name or an engine made by hand. "auto" takes the segments when there are any (compiled, where Numba is
        installed and there is much to do), DuckDB over the Parquet files otherwise.

    Raises ValueError for a wrong table or parameter, or when the engine cannot read the store, and EngineMissing when
    the engine needs a package that is not installed.
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
    store, _, chosen = _opened(source, engine, cases.num_rows)
    return chosen.evidence(store, checked_cases(cases), parameters)


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
    store, _, chosen = _opened(source, engine)
    return chosen.exposed(store, place_id, t0, t1, parameters)


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
    store, name, chosen = _opened(source, engine, cases.num_rows)
    store = _with_hot(store, name)
    return chain.trace_chain(
        _tracer(store, engine, parameters),
        checked_cases(cases),
        expand_min_overlap=expand_min_overlap,
        limit=limit,
        latent=latent,
        follow=_follower(store, name, engine, chosen, parameters),
    )


def sources(
    source: Source,
    cases: pa.Table,
    *,
    window: tuple[int, int] | None = None,
    k: int = 3,
    min_peak: int = 2,
    subtract_regulars: bool = True,
    regular_days: int = 3,
    regular_share: int = 40,
    places: Places | None = None,
    zone_s: int = 0,
    limit: int | None = None,
    engine: Engine = "auto",
) -> Sources:
    """Where they may have caught it: places that several cases share beyond chance, the likeliest first.

    cases: schema `CASES`, every case with the time in which it may have been infected. window: (t0, t1) that narrows
    all of them; a case with nothing left has no stays. The other parameters: see `SourceRules`; the definition and the
    tables of the answer: `sources_model`. The days before and after the windows matter as well, they tell who is a
    regular: give a store of all days there are.

    Raises ValueError for an empty window, and as `trace` does.
    """
    rules = SourceRules(k, min_peak, subtract_regulars, regular_days, regular_share, places or Places(), zone_s, limit)
    asked = checked_cases(cases) if window is None else _narrowed(checked_cases(cases), *window)
    store, name, chosen = _opened(source, engine, asked.num_rows)
    store = _with_hot(store, name)
    if name == "reference":
        return sources_reference.sources(store, asked, rules)
    return sources_count.sources(_looks_up(chosen), store, asked, rules)


def _looks_up(engine: object) -> LooksUp:
    """The engine itself where it can; the plain segments for another one that reads segments."""
    return engine if isinstance(engine, LooksUp) else cast(LooksUp, segments)


def _narrowed(cases: pa.Table, begin: int, end: int) -> pa.Table:
    if begin >= end:
        raise ValueError("sources: a window ends after it begins")
    t0, t1 = pc.max_element_wise(cases["t0"], begin), pc.min_element_wise(cases["t1"], end)
    columns = [cases["case_id"], cases["person_id"], t0, t1]
    return pa.table(columns, names=CASES.names).cast(CASES).filter(pc.less(t0, t1))


def _tracer(source: Source, engine: Engine, parameters: Parameters) -> Callable[[pa.Table], pa.Table]:
    """Cases to contacts; the engine is chosen anew for every table of cases, by how many they are."""
    store = _store(source)
    return lambda cases: choose(store, engine, cases.num_rows)[1].trace(store, cases, parameters)


def _with_hot(store: VisitStore, name: str) -> VisitStore:
    """The store with its hot rows as a segment: a question of several steps sorts them once."""
    return store if name in READS_FILES else replace(store, segments=store.all_segments(), hot=None)


def _follower(
    store: VisitStore, name: str, engine: Engine, chosen: Answers, parameters: Parameters
) -> chain.Follow | None:
    """Over segments contacts are followed together; another engine asked for by name traces each of them itself."""
    if isinstance(chosen, Follows):
        return partial(chosen.follow, store, parameters)
    if name in READS_FILES or engine not in ("auto", "segments"):
        return None
    return partial(_follow_at_best if engine == "auto" else _follow, store, parameters)


def _follow_at_best(store: VisitStore, parameters: Parameters, contacts: pa.Table, known: Int64Array) -> chain.Links:
    compiled = follower(store, contacts.num_rows)
    return (compiled.follow if compiled else _follow)(store, parameters, contacts, known)


def _follow(store: VisitStore, parameters: Parameters, contacts: pa.Table, known: Int64Array) -> chain.Links:
    return following.follow(store.segments, contacts, known, parameters)


def _opened(source: Source, engine: Engine, cases: int = 1) -> tuple[VisitStore, str, Answers]:
    """The store, the name of the engine that will read it, and the engine."""
    store = _store(source)
    return store, *choose(store, engine, cases)


def _store(source: Source) -> VisitStore:
    return source if isinstance(source, VisitStore) else VisitStore.of(source)
