"""The same question as recursive queries: PostgreSQL in a throw-away cluster with two b-trees, DuckDB in memory."""

from io import BytesIO
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from bench.tracing.measure import cpu_of
from bench.tracing.postgres import Cluster
from fangxian.engines.lots import Movements
from fangxian.engines.lots.model import COLUMNS

# Every (holding, moment) that is reached; the earliest of each holding is its contamination. UNION keeps the set small.
CLOSURE = """
WITH RECURSIVE reached(lot, place, moment) AS (
    SELECT DISTINCT lot_to, place_to, CAST({begin} AS bigint) FROM m WHERE lot_to = {lot}
  UNION
    SELECT m.lot_to, m.place_to, m.moment
    FROM reached r JOIN m ON m.lot_from = r.lot AND m.place_from = r.place
    WHERE m.moment >= r.moment AND m.moment <= {end} AND m.lot_to <> -1
), first AS (SELECT lot, place, min(moment) AS moment FROM reached GROUP BY lot, place)
SELECT f.lot, f.place,
    greatest(f.moment, coalesce((SELECT min(moment) FROM m WHERE lot_to = f.lot AND place_to = f.place), f.moment)),
    coalesce((SELECT sum(made) FROM m WHERE m.lot_to = f.lot AND m.place_to = f.place AND m.moment <= {end}), 0),
    coalesce((SELECT sum(taken) FROM m WHERE m.lot_from = f.lot AND m.place_from = f.place AND m.moment <= {end}), 0)
FROM first f ORDER BY 1, 2
"""
NAMES = tuple("moment" if name == "at" else name for name in COLUMNS)


def asked(lot: int, begin: int, end: int) -> str:
    """The statement for one lot."""
    return CLOSURE.format(lot=lot, begin=begin, end=end)


class Duck:
    """DuckDB over one table in memory."""

    name = f"DuckDB {duckdb.__version__}, recursive"

    def __init__(self, movements: Movements, _folder: Path) -> None:
        self.connection = duckdb.connect()
        table = pa.table([getattr(movements, name) for name in COLUMNS], names=list(NAMES))
        self.connection.register("given", table)
        self.connection.execute("SET threads = 1")
        self.connection.execute("CREATE TABLE m AS SELECT * FROM given ORDER BY lot_from, place_from, moment")
        self.connection.unregister("given")

    def follow(self, lot: int, begin: int, end: int) -> list[tuple[int, ...]]:
        """Lot, place, since, received, sent of every holding."""
        return [tuple(int(x) for x in row) for row in self.connection.execute(asked(lot, begin, end)).fetchall()]

    def server_cpu(self) -> float:
        """It runs in this process."""
        return 0.0

    def close(self) -> None:
        """Gone with its memory."""
        self.connection.close()


class Postgres:
    """PostgreSQL over one table with the two indexes the question wants."""

    name = "PostgreSQL 15, recursive, two b-trees"

    def __init__(self, movements: Movements, folder: Path) -> None:
        self.cluster = Cluster(folder)
        self.cluster.create()
        self.cluster.start()
        self.connection = self.cluster.connect()
        columns = ", ".join(f"{name} bigint" for name in NAMES)
        self.connection.execute(f"CREATE UNLOGGED TABLE m ({columns})")
        text = BytesIO()
        np.savetxt(text, np.column_stack([getattr(movements, name) for name in COLUMNS]), fmt="%d", delimiter="\t")
        with self.connection.cursor().copy("COPY m FROM STDIN") as copy:
            copy.write(text.getvalue())
        self.connection.execute("CREATE INDEX ON m (lot_from, place_from, moment) INCLUDE (lot_to, place_to, taken)")
        self.connection.execute("CREATE INDEX ON m (lot_to, place_to, moment) INCLUDE (made)")
        self.connection.execute("VACUUM ANALYZE m")
        self.backend = self.connection.info.backend_pid

    def follow(self, lot: int, begin: int, end: int) -> list[tuple[int, ...]]:
        """Lot, place, since, received, sent of every holding."""
        return [tuple(int(x) for x in row) for row in self.connection.execute(asked(lot, begin, end)).fetchall()]

    def server_cpu(self) -> float:
        """CPU seconds of the backend so far."""
        return cpu_of(self.backend)

    def close(self) -> None:
        """Stop the server."""
        self.connection.close()
        self.cluster.stop()
