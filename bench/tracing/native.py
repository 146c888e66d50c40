"""DuckDB with its own storage: two tables, one sorted by person and one by place, one SQL statement.

One thread for the questions: that takes a tenth less CPU than two.
"""

from pathlib import Path

import duckdb
import pyarrow as pa

from bench.tracing import sql
from bench.tracing.measure import own_cpu


class Native:
    key = "duckdb_native"
    name = "DuckDB native, two sorted tables"
    version = f"duckdb {duckdb.__version__}"
    cpu = staticmethod(own_cpu)

    def load(self, visits: pa.Table, folder: Path) -> None:
        self.connection = duckdb.connect(str(folder / "visits.duckdb"))
        self.connection.register("arrived", visits)
        for table, key in {"by_person": "person_id", "by_place": "place_id"}.items():
            order = f"entered_at // 86400, {key}, entered_at"
            self.connection.execute(f"CREATE TABLE {table} AS SELECT * FROM arrived ORDER BY {order}")
        self.connection.execute("CHECKPOINT")
        self.connection.unregister("arrived")
        self.connection.execute("SET threads = 1")

    def trace(self, cases: pa.Table) -> pa.Table:
        if cases.num_rows == 1:
            source = sql.one_case(tuple(cases.to_pylist()[0].values()))
        else:
            self.connection.register("cases", cases)
            source = "cases"
        text = sql.contacts(cases=source, by_person="by_person", by_place="by_place", materialized=False)
        return self.connection.sql(text).to_arrow_table()

    def close(self) -> None:
        self.connection.close()
