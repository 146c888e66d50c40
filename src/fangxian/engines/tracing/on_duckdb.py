"""The relational expression run by DuckDB, in this process: over Parquet files, or over the rows of the segments.

The expression is compiled to SQL once a set of parameters (some 40 ms) and run against tables of fixed names.
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

import duckdb
import ibis
import pyarrow as pa
import pyarrow.parquet as pq

from fangxian.engines.tracing import relational
from fangxian.engines.tracing.checks import checked_visits
from fangxian.engines.tracing.model import CASES, CONTACTS, EXPOSED, MEETING_ORDER, MEETINGS, STAYS, VISITS, Parameters
from fangxian.engines.tracing.store import VisitStore

COLUMNS: Final = ", ".join(VISITS.names)


def trace(store: VisitStore, cases: pa.Table, parameters: Parameters) -> pa.Table:
    """Contacts of the cases (schema `CONTACTS`), ordered by case_id and person_id."""
    sql = compiled("contacts", parameters)
    return _run(store, sql, {"cases": cases}, CONTACTS).sort_by([("case_id", "ascending"), ("person_id", "ascending")])


def evidence(store: VisitStore, cases: pa.Table, parameters: Parameters) -> pa.Table:
    """Every meeting behind the rows of `trace` (schema `MEETINGS`), ordered by `MEETING_ORDER`."""
    return _run(store, compiled("evidence", parameters), {"cases": cases}, MEETINGS).sort_by(MEETING_ORDER)


def exposed(store: VisitStore, place_id: int, t0: int, t1: int, parameters: Parameters) -> pa.Table:
    """Persons who were at the place in `[t0, t1)` or arrived within the lag after it (schema `EXPOSED`)."""
    stay = pa.table([[0], [-1], [place_id], [t0], [t1]], schema=STAYS)
    return _run(store, compiled("exposed", parameters), {"stay": stay}, EXPOSED).sort_by("person_id")


def rows_in(store: VisitStore) -> int:
    """Visits in the Parquet files of one order and in the hot table."""
    counts: list[int] = [pq.read_metadata(file).num_rows for file in store.by_place]
    return sum(counts) + (0 if store.hot is None else store.hot.num_rows)


@lru_cache(maxsize=64)
def compiled(question: str, parameters: Parameters) -> str:
    """DuckDB's SQL of "contacts", "evidence" or "exposed" over tables by_person, by_place, and cases or stay."""
    by_person, by_place, cases, stay = (
        ibis.table({column.name: str(column.type) for column in schema}, name=name)
        for name, schema in {"by_person": VISITS, "by_place": VISITS, "cases": CASES, "stay": STAYS}.items()
    )
    if question == "exposed":
        expression = relational.exposed(by_place, stay, parameters)
    else:
        build = {"contacts": relational.contacts, "evidence": relational.evidence}[question]
        expression = build(by_person, by_place, cases, parameters)
    return str(ibis.to_sql(expression, dialect="duckdb"))


def _run(store: VisitStore, sql: str, tables: dict[str, pa.Table], schema: pa.Schema) -> pa.Table:
    with duckdb.connect() as connection:
        for name, table in {**tables, "hot": _hot(store)}.items():
            connection.register(name, table)
        if store.by_person or store.by_place:
            _view(connection, "by_person", store.by_person)
            _view(connection, "by_place", store.by_place)
        else:
            connection.register(
                "sealed", pa.concat_tables([VISITS.empty_table(), *(s.table() for s in store.segments)])
            )
            for name in ("by_person", "by_place"):
                connection.execute(f"CREATE VIEW {name} AS SELECT * FROM sealed UNION ALL SELECT * FROM hot")
        return connection.sql(sql).to_arrow_table().cast(schema)


def _hot(store: VisitStore) -> pa.Table:
    return VISITS.empty_table() if store.hot is None else checked_visits(store.hot)


def _view(connection: duckdb.DuckDBPyConnection, name: str, files: Sequence[Path]) -> None:
    for file in files:
        _refuse_nulls(file)
    sealed = connection.read_parquet([str(file) for file in files])
    sealed.create_view(f"sealed_{name}")
    connection.execute(f"CREATE VIEW {name} AS SELECT {COLUMNS} FROM sealed_{name} UNION ALL SELECT {COLUMNS} FROM hot")


def _refuse_nulls(file: Path) -> None:
    """A null in a sealed file would silently meet nobody; the file's own statistics tell. Raises ValueError."""
    footer = pq.read_metadata(file)
    groups = [footer.row_group(number) for number in range(footer.num_row_groups)]
    columns = [group.column(number) for group in groups for number in range(footer.num_columns) if group.num_rows]
    for column in columns:
        if column.path_in_schema in VISITS.names and (not column.statistics or column.statistics.null_count):
            raise ValueError(f"{file}: {column.path_in_schema} may hold nulls")
