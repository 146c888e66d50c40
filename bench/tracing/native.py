"""DuckDB with its own storage: two tables, one sorted by person and one by place, one SQL statement.

One thread for the questions: that takes a tenth less CPU than two. Cases of one constant range a stay instead of a join
are better only where memory is short or the file is cold.
"""

from pathlib import Path

import duckdb
import pyarrow as pa

from bench.tracing import sql
from bench.tracing.peer import Peer

MEMORY = "4GB"


class Native(Peer):
    name = "DuckDB native, two sorted tables"
    version = f"duckdb {duckdb.__version__}"

    def build(self) -> None:
        connection = self._connect()
        for table, key in {"by_person": "person_id", "by_place": "place_id"}.items():
            connection.execute(f"CREATE TABLE {table} (person_id INT, place_id INT, entered_at INT, left_at INT)")
            for file in self.log.files:
                connection.execute(f"INSERT INTO {table} FROM read_parquet('{file}') ORDER BY {key}, entered_at")
        connection.execute("CHECKPOINT")
        connection.close()

    def open(self) -> None:
        self.connection = self._connect()
        self.connection.execute("SET threads = 1")

    def _connect(self) -> duckdb.DuckDBPyConnection:
        return connected(self.folder / "visits.duckdb")

    def trace(self, cases: pa.Table) -> pa.Table:
        return self.connection.sql(self._contacts(self._named(cases))).to_arrow_table()

    def second_degree(self, case: pa.Table, seconds: int, limit: int) -> pa.Table:
        """In two questions: the contacts are cases of their own in the second."""
        run = self.connection.execute
        run(f"CREATE OR REPLACE TEMP TABLE root AS FROM {self._named(case)}")
        run(f"CREATE OR REPLACE TEMP TABLE first AS {self._contacts('root')}")
        run(f"CREATE OR REPLACE TEMP TABLE followed AS {sql.FOLLOWED.format(seconds=seconds)}")
        text = sql.SECOND.format(contacts=self._contacts("followed"), limit=limit)
        return self.connection.sql(text).to_arrow_table()

    def _contacts(self, cases: str) -> str:
        return sql.contacts(cases=cases, by_person="by_person", by_place="by_place", materialized=False)

    def _named(self, cases: pa.Table) -> str:
        """The cases as something to select from; one is written out, which plans better."""
        if cases.num_rows == 1:
            return sql.one_case(tuple(cases.to_pylist()[0].values()))
        self.connection.register("cases", cases)
        return "cases"

    def close(self) -> None:
        self.connection.close()


def connected(path: Path | str = ":memory:") -> duckdb.DuckDBPyConnection:
    """DuckDB within its share of memory, without a progress bar in the log."""
    connection = duckdb.connect(str(path), config={"memory_limit": MEMORY})
    connection.execute("SET enable_progress_bar = false")
    return connection
