"""chdb (ClickHouse in the process): two MergeTree tables by day, one ordered by place and one by person.

In two steps, as a join does not use the primary key: the stays first, then the places and hours of the stays written
out, which the key of the second table prunes by.
"""

import io

import chdb
import pyarrow as pa
from chdb.session import Session

from bench.tracing import sql
from bench.tracing.days import listed
from bench.tracing.peer import Peer
from fangxian.engines.tracing import CASES, CONTACTS, MAX_STAY

SETTINGS = "SETTINGS max_threads = 1, prefer_column_name_to_alias = 1"
COLUMNS = "person_id Int32, place_id Int32, entered_at Int32, left_at Int32"
ORDERS = {"by_person": "person_id, entered_at", "by_place": "place_id, entered_at"}


class Chdb(Peer):
    name = "chdb, two MergeTree tables, two steps"
    version = f"chdb {chdb.__version__}"

    def build(self) -> None:
        self.open()
        for table, order in ORDERS.items():
            self._run(
                f"CREATE TABLE visits.{table} ({COLUMNS}) ENGINE = MergeTree PARTITION BY intDiv(entered_at, 86400) "
                f"ORDER BY ({order})"
            )
            for file in self.log.files:
                self._run(f"INSERT INTO visits.{table} SELECT * FROM file('{file}', Parquet)")
            self._run(f"OPTIMIZE TABLE visits.{table} FINAL")
        self.close()

    def open(self) -> None:
        self.session = Session(str(self.folder))
        self._run("CREATE DATABASE IF NOT EXISTS visits")

    def trace(self, cases: pa.Table) -> pa.Table:
        source = self._source(cases)
        persons = listed(cases["person_id"])
        by_person = f"(SELECT * FROM visits.by_person WHERE person_id IN ({persons}))"
        self._run("CREATE OR REPLACE TABLE visits.stays ENGINE = Memory AS " + sql.stays(source, by_person) + SETTINGS)
        if cases.num_rows == 1:
            wanted = self._spans()
        else:
            first, last = "(SELECT min(s) FROM visits.stays)", "(SELECT max(e) FROM visits.stays)"
            wanted = f"place_id IN (SELECT place_id FROM visits.stays) AND {_between(first, last)}"
        text = sql.contacts_of("visits.stays", f"(SELECT * FROM visits.by_place WHERE {wanted})")
        return self._table(f"{text} {SETTINGS}").cast(CONTACTS)

    def _source(self, cases: pa.Table) -> str:
        if cases.num_rows == 1:
            return sql.one_case(tuple(cases.to_pylist()[0].values()))
        rows = ", ".join(str(tuple(case.values())) for case in cases.to_pylist())
        columns = "case_id Int64, person_id Int32, t0 Int32, t1 Int32"
        self._run(f"CREATE OR REPLACE TABLE visits.cases ({columns}) ENGINE = Memory")
        self._run(f"INSERT INTO visits.cases ({', '.join(CASES.names)}) VALUES {rows}")
        return "visits.cases"

    def _spans(self) -> str:
        """Place and hours of every stay, a few: each prunes by the whole key."""
        stays = self._table("SELECT place_id, s, e FROM visits.stays").to_pylist()
        spans = [f"(place_id = {stay['place_id']} AND {_between(stay['s'], stay['e'])})" for stay in stays]
        return " OR ".join(spans) or "false"

    def _run(self, text: str) -> None:
        self.session.query(text)

    def _table(self, text: str) -> pa.Table:
        answer = self.session.query(text, "Arrow").bytes()
        return pa.ipc.open_file(io.BytesIO(answer)).read_all()

    def close(self) -> None:
        self.session.close()


def _between(s: object, e: object) -> str:
    return f"entered_at > {s} - {MAX_STAY} AND entered_at < {e}"
