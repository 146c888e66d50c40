"""Tables are checked where they enter: a wrong table raises here and nowhere deeper."""

import pyarrow as pa
import pyarrow.compute as pc

from fangxian.engines.tracing.model import CASES, VISITS


def conform(table: pa.Table, schema: pa.Schema, what: str) -> pa.Table:
    """The columns of `schema`, in its order and types; other columns are left out.

    Raises ValueError when a column is missing, holds a null, or a value does not fit its type.
    """
    missing = [name for name in schema.names if name not in table.column_names]
    if missing:
        raise ValueError(f"{what}: missing column {', '.join(missing)}")
    chosen = table.select(schema.names)
    empty = [name for name in schema.names if chosen.column(name).null_count]
    if empty:
        raise ValueError(f"{what}: no value in some rows of {', '.join(empty)}")
    try:
        return chosen.cast(schema)
    except pa.ArrowInvalid as error:
        raise ValueError(f"{what}: {error}") from error


def checked_visits(visits: pa.Table) -> pa.Table:
    """`visits` as `VISITS`: no nulls, ids of 0 or more, every stay at least one second long.

    An open visit is not a visit: whoever takes visits in fills `left_at` from the place's assumed stay first.
    Raises ValueError for anything else.
    """
    table = conform(visits, VISITS, "visits")
    _no_negative_ids(table, ("person_id", "place_id"), "visits")
    if pc.any(pc.less_equal(table["left_at"], table["entered_at"])).as_py():
        raise ValueError("visits: left_at must be later than entered_at")
    return table


def checked_cases(cases: pa.Table) -> pa.Table:
    """`cases` as `CASES`, ordered by case_id: unique ids, windows of at least one second.

    Raises ValueError for anything else.
    """
    table = conform(cases, CASES, "cases")
    _no_negative_ids(table, ("person_id",), "cases")
    if pc.any(pc.less_equal(table["t1"], table["t0"])).as_py():
        raise ValueError("cases: t1 must be later than t0")
    if pc.count_distinct(table["case_id"]).as_py() != table.num_rows:
        raise ValueError("cases: case_id must be unique")
    return table.sort_by("case_id")


def _no_negative_ids(table: pa.Table, columns: tuple[str, ...], what: str) -> None:
    for name in columns:
        if pc.any(pc.less(table[name], 0)).as_py():
            raise ValueError(f"{what}: {name} must not be negative")
