"""Who is compared: where each peer's class is, what it needs, and how many times our CPU it is expected to take."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path


@dataclass(frozen=True)
class Spec:
    """A peer by name.

    target: module and class. store: the folder of its copy; several may share one. small: runs on the smaller log only.
    single, batch: at least so many times our CPU for one case and for a thousand; 0 where no target is set.
    """

    key: str
    target: str
    store: str
    needs: str = ""
    small: bool = False
    single: float = 0
    batch: float = 0
    chains: bool = False

    def missing(self) -> str:
        """Why it cannot run here; empty when it can."""
        if self.key in OTHERWISE and not OTHERWISE[self.key]():
            return "it is not on this machine"
        return f"{self.needs} is not installed" if self.needs and find_spec(self.needs) is None else ""


def _compiled() -> bool:
    from bench.tracing.ours import compiled_is_there

    return compiled_is_there()


def _postgres() -> bool:
    return Path("/usr/lib/postgresql/15/bin/initdb").exists()


OTHERWISE: dict[str, Callable[[], bool]] = {
    "fangxian_numba": _compiled,
    "postgresql": _postgres,
    "postgresql_covering": _postgres,
}

OURS = Spec("fangxian", "bench.tracing.ours:Ours", "fangxian")
PEERS = (
    Spec("fangxian_numba", "bench.tracing.ours:Compiled", "fangxian", "numba", chains=True),
    Spec("duckdb_native", "bench.tracing.native:Native", "duckdb", single=5, batch=2.5, chains=True),
    Spec("duckdb_sorted", "bench.tracing.parquet:Sorted", "sorted", single=30, batch=5),
    Spec("polars_sorted", "bench.tracing.in_polars:Sorted", "sorted", "polars", single=30, batch=5),
    Spec("postgresql", "bench.tracing.postgres:Postgres", "postgresql", single=3, batch=20),
    Spec("chdb", "bench.tracing.clickhouse:Chdb", "chdb", "chdb", batch=10),
    Spec("duckdb_arrived", "bench.tracing.parquet:Plain", "nothing", single=300),
    Spec("duckdb_arrived_pruned", "bench.tracing.parquet:Arrived", "nothing"),
    Spec("polars_arrived", "bench.tracing.in_polars:Arrived", "nothing", "polars"),
    Spec("spark", "bench.tracing.on_spark:Spark", "sorted", "pyspark"),
    Spec("sqlite", "bench.tracing.in_sqlite:Sqlite", "sqlite", small=True),
    Spec("pandas", "bench.tracing.in_pandas:Pandas", "pandas", "pandas", small=True),
    Spec("postgresql_covering", "bench.tracing.postgres:Covering", "covering", small=True),
)
