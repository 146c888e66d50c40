"""DuckDB over Parquet: sorted day files, each day twice, or files in the order of arrival.

In two steps, so that the places of the stays prune the second scan, and handed only the files of the days in the
windows, what a careful caller does; and, over files in the order of arrival, also as the plain one statement over all
of them. One thread takes a fifth less CPU than two.
"""

import duckdb
import pyarrow as pa

from bench.tracing import sql
from bench.tracing.days import arrived_files, listed, sorted_files, write_sorted
from bench.tracing.measure import drop_caches
from bench.tracing.native import connected
from bench.tracing.peer import Peer


class Sorted(Peer):
    name = "DuckDB over sorted Parquet"
    version = f"duckdb {duckdb.__version__}"

    def build(self) -> None:
        write_sorted(self.log, self.folder)

    def open(self) -> None:
        self.connection = connected()
        self.connection.execute("SET threads = 1")

    def files(self, order: str, cases: pa.Table) -> list[str]:
        return sorted_files(self.folder, order, cases)

    def trace(self, cases: pa.Table) -> pa.Table:
        self.connection.register("cases", cases)
        persons = listed(cases["person_id"])
        by_person = f"(FROM read_parquet({self.files('person', cases)}) WHERE person_id IN ({persons}))"
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE stays AS {sql.stays('cases', by_person)}")
        places = self.connection.sql("SELECT DISTINCT place_id FROM stays").to_arrow_table()["place_id"]
        by_place = f"(FROM read_parquet({self.files('place', cases)}) WHERE place_id IN ({listed(places)}))"
        return self.connection.sql(sql.contacts_of("stays", by_place)).to_arrow_table()

    def close(self) -> None:
        self.connection.close()


class Arrived(Sorted):
    name = "DuckDB over arrival-order Parquet, two steps"

    def build(self) -> None:
        """The log's own files are in this order."""

    def files(self, order: str, cases: pa.Table) -> list[str]:
        return arrived_files(self.log, cases)

    def cool(self) -> None:
        drop_caches(self.log.folder)
        super().cool()


class Plain(Arrived):
    name = "DuckDB over arrival-order Parquet, one statement"

    def trace(self, cases: pa.Table) -> pa.Table:
        if cases.num_rows == 1:
            source = sql.one_case(tuple(cases.to_pylist()[0].values()))
        else:
            self.connection.register("cases", cases)
            source = "cases"
        every = f"read_parquet({[str(file) for file in self.log.files]})"
        text = sql.contacts(cases=source, by_person=every, by_place=every, materialized=False)
        return self.connection.sql(text).to_arrow_table()
