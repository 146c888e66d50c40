"""SQLite: one table, two covering indexes.

The join order is fixed (`CROSS JOIN`), or it may start at the visits.
"""

import re
import sqlite3

import pyarrow as pa

from bench.tracing import sql
from bench.tracing.peer import Peer
from fangxian.engines.tracing import CASES, CONTACTS

PART = 200_000
INDEXES = {
    "by_person": "person_id, entered_at, left_at, place_id",
    "by_place": "place_id, entered_at, left_at, person_id",
}


class Sqlite(Peer):
    name = "SQLite, two covering indexes"
    version = f"sqlite {sqlite3.sqlite_version}"

    def build(self) -> None:
        self.open()
        run = self.connection.execute
        for pragma in ("journal_mode = off", "synchronous = off", "temp_store = memory"):
            run(f"PRAGMA {pragma}")
        run("CREATE TABLE visits (person_id INT, place_id INT, entered_at INT, left_at INT)")
        for _, table in self.log.days():
            for part in table.to_batches(max_chunksize=PART):
                rows = zip(*(column.to_pylist() for column in part.columns), strict=True)
                self.connection.executemany("INSERT INTO visits VALUES (?, ?, ?, ?)", rows)
        for name, columns in INDEXES.items():
            run(f"CREATE INDEX {name} ON visits ({columns})")
        run("ANALYZE")
        self.connection.commit()
        self.close()

    def open(self) -> None:
        self.connection = sqlite3.connect(self.folder / "visits.sqlite")
        self.connection.execute("PRAGMA cache_size = -1000000")
        self.connection.execute("PRAGMA mmap_size = 4000000000")

    def trace(self, cases: pa.Table) -> pa.Table:
        rows = list(zip(*(column.to_pylist() for column in cases.columns), strict=True))
        if len(rows) == 1:
            source = sql.one_case(rows[0])
        else:
            source = "cases"
            self.connection.execute("DROP TABLE IF EXISTS temp.cases")
            self.connection.execute(f"CREATE TEMP TABLE cases ({', '.join(CASES.names)})")
            self.connection.executemany("INSERT INTO cases VALUES (?, ?, ?, ?)", rows)
        found = self.connection.execute(_dialect(sql.contacts(cases=source, materialized=True, **_TABLES))).fetchall()
        columns = zip(*found, strict=True) if found else [[]] * len(CONTACTS)
        arrays = [pa.array(column, kind) for column, kind in zip(columns, CONTACTS.types, strict=True)]
        return pa.table(arrays, schema=CONTACTS)

    def close(self) -> None:
        self.connection.close()


_TABLES = {"by_person": "visits", "by_place": "visits"}


def _dialect(text: str) -> str:
    """The statement with SQLite's names of the larger and the smaller of two values, and in the order written."""
    text = re.sub(r"\bgreatest\(", "max(", text)
    text = re.sub(r"\bleast\(", "min(", text)
    return text.replace(" JOIN ", " CROSS JOIN ")
