"""Which engine answers: named by the caller, handed in, or chosen by what the store holds and what is asked of it."""

from importlib import import_module
from importlib.util import find_spec
from typing import Final, Literal, Protocol, TypeAlias, cast, get_args, runtime_checkable

import pyarrow as pa

from fangxian.engines.tracing.chain import Links
from fangxian.engines.tracing.kernel import Work
from fangxian.engines.tracing.model import Int64Array, Parameters
from fangxian.engines.tracing.store import VisitStore

Named: TypeAlias = Literal["auto", "reference", "segments", "numba", "duckdb", "spark"]


@runtime_checkable
class Answers(Protocol):
    """What an engine does. The modules `reference`, `segments` and `on_duckdb` are engines as they stand."""

    def trace(self, store: VisitStore, cases: pa.Table, parameters: Parameters) -> pa.Table: ...
    def evidence(self, store: VisitStore, cases: pa.Table, parameters: Parameters) -> pa.Table: ...
    def exposed(self, store: VisitStore, place_id: int, t0: int, t1: int, parameters: Parameters) -> pa.Table: ...


@runtime_checkable
class CountsWork(Answers, Protocol):
    """An engine that can say what a trace touches."""

    def touched(self, store: VisitStore, cases: pa.Table, parameters: Parameters) -> Work: ...


@runtime_checkable
class Follows(Answers, Protocol):
    """An engine that follows the contacts of a case together."""

    def follow(self, store: VisitStore, parameters: Parameters, contacts: pa.Table, known: Int64Array) -> Links: ...


Engine: TypeAlias = Named | Answers
"""The name of an engine, or an engine made by hand: `Spark(session)`, `Compiled(threads=4)`."""

MODULES: Final = {
    name: f"fangxian.engines.tracing.{module}"
    for name, module in {
        "reference": "reference",
        "segments": "segments",
        "numba": "on_numba",
        "duckdb": "on_duckdb",
        "spark": "on_spark",
    }.items()
}
EXTRAS: Final = {"numba": ("numba", "fast"), "spark": ("pyspark", "spark")}
"""Engines that need more than the base installation: the package, and the extra that brings it."""

READS_FILES: Final = ("duckdb", "spark")

COMPILED_FROM_CASES: Final = 5000
COMPILED_FROM_ROWS: Final = 1_000_000
"""From both on, "auto" loads the compiled kernel: below, loading it (about a second, the first time five) takes longer
than it saves. A server that asks `engine="numba"` by name pays once."""


COMPILED_FROM_CONTACTS: Final = 2500
"""Contacts of one case from which "auto" loads the compiled kernel to follow them: it saves more than its loading."""


class EngineMissing(ImportError):
    """The engine asked for is not installed; the message names the extra that brings it."""


def choose(store: VisitStore, engine: Engine, cases: int = 1) -> tuple[str, Answers]:
    """The name of the engine that answers for so many cases, and the engine.

    Raises ValueError for an unknown name or when the engine cannot read the store, EngineMissing when it needs a
    package that is not installed.
    """
    if not isinstance(engine, str):
        return type(engine).__name__.lower(), engine
    if engine not in get_args(Named):
        raise ValueError(f"no engine {engine}; there are {', '.join(get_args(Named))}")
    only_files = bool(store.by_place) and not store.segments
    name = _automatic(store, only_files, cases) if engine == "auto" else engine
    if only_files and name not in READS_FILES:
        raise ValueError(f"engine {name} reads segments, and this store has only Parquet files")
    return name, load(name)


def follower(store: VisitStore, contacts: int) -> Follows | None:
    """The compiled engine, where it pays to follow so many contacts of one case with it."""
    much = contacts >= COMPILED_FROM_CONTACTS and store.rows >= COMPILED_FROM_ROWS
    return cast(Follows, load("numba")) if much and installed("numba") else None


def load(name: str) -> Answers:
    """The engine of a name. Raises EngineMissing when it needs a package that is not installed."""
    need(name)
    module = import_module(MODULES[name])
    return cast(Answers, module.default() if name in EXTRAS else module)


def need(name: str) -> None:
    """Raises EngineMissing when the engine of that name needs a package that is not installed."""
    package, extra = EXTRAS.get(name, ("", ""))
    if package and not installed(package):
        raise EngineMissing(f"engine {name} needs the package {package}: pip install fangxian[{extra}]")


def installed(package: str) -> bool:
    """Whether a package can be imported, without importing it."""
    return find_spec(package) is not None


def _automatic(store: VisitStore, only_files: bool, cases: int) -> str:
    if only_files:
        return "duckdb"
    much = cases >= COMPILED_FROM_CASES and store.rows >= COMPILED_FROM_ROWS
    return "numba" if much and installed("numba") else "segments"
