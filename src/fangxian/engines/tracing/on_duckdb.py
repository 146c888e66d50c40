"""The relational expression run by DuckDB, in this process: over Parquet files, or over the rows of the segments."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from fangxian.engines.tracing import sealed
from fangxian.engines.tracing.checks import checked_visits
from fangxian.engines.tracing.lookups import day_spans, wanted
from fangxian.engines.tracing.model import (
    CONTACTS,
    EXPOSED,
    MEETING_ORDER,
    MEETINGS,
    STAYS,
    VISITS,
    Int32Array,
    Parameters,
)
from fangxian.engines.tracing.sources_model import AT, EVERYWHERE, Counted, Days
from fangxian.engines.tracing.sql import compiled
from fangxian.engines.tracing.store import VisitStore

COLUMNS: Final = ", ".join(VISITS.names)


def trace(store: VisitStore, cases: pa.Table, parameters: Parameters) -> pa.Table:
    """Contacts of the cases (schema `CONTACTS`), ordered by case_id and person_id."""
    sql = compiled("contacts", "duckdb", parameters)
    return _run(store, sql, {"cases": cases}, CONTACTS).sort_by([("case_id", "ascending"), ("person_id", "ascending")])


def evidence(store: VisitStore, cases: pa.Table, parameters: Parameters) -> pa.Table:
    """Every meeting behind the rows of `trace` (schema `MEETINGS`), ordered by `MEETING_ORDER`."""
    return _run(store, compiled("evidence", "duckdb", parameters), {"cases": cases}, MEETINGS).sort_by(MEETING_ORDER)


def exposed(store: VisitStore, place_id: int, t0: int, t1: int, parameters: Parameters) -> pa.Table:
    """Persons who were at the place in `[t0, t1)` or arrived within the lag after it (schema `EXPOSED`)."""
    stay = pa.table([[0], [-1], [place_id], [t0], [t1]], schema=STAYS)
    return _run(store, compiled("exposed", "duckdb", parameters), {"stay": stay}, EXPOSED).sort_by("person_id")


def visits_of(store: VisitStore, persons: Int32Array) -> pa.Table:
    """Every visit of some persons (schema `VISITS`), in no order. persons: shape (persons,), ascending."""
    return _run(store, compiled("own_visits", "duckdb"), {"persons": wanted(persons)}, VISITS)


def visits_by_day(store: VisitStore, places: Int32Array, days: Days) -> Counted:
    """Visits to some places, and to all, by day. places: shape (places,), ascending."""
    first, last = sealed.entered(store)
    tables = {"places": wanted(places), "days": day_spans(days, first, last)}
    at = _run(store, compiled("visits_at", "duckdb"), tables, AT)
    return Counted(at, _run(store, compiled("visits_everywhere", "duckdb"), tables, EVERYWHERE))


def rows_in(store: VisitStore) -> int:
    """Visits in the Parquet files of one order and in the hot table."""
    return sealed.rows_in(store.by_place) + (0 if store.hot is None else store.hot.num_rows)


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
        sealed.refuse_nulls(file)
    connection.read_parquet([str(file) for file in files]).create_view(f"sealed_{name}")
    connection.execute(f"CREATE VIEW {name} AS SELECT {COLUMNS} FROM sealed_{name} UNION ALL SELECT {COLUMNS} FROM hot")
