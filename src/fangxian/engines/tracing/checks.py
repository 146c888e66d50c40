"""Tables are checked where they enter: a wrong table raises here and nowhere deeper."""

import pyarrow as pa

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
    if chosen.schema.equals(schema):
        return chosen
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
    if (table["left_at"].to_numpy() <= table["entered_at"].to_numpy()).any():
        raise ValueError("visits: left_at must be later than entered_at")
    return table


def checked_cases(cases: pa.Table) -> pa.Table:
    """`cases` as `CASES`, ordered by case_id: unique ids, windows of at least one second.

    Raises ValueError for anything else.
    """
    table = conform(cases, CASES, "cases")
    _no_negative_ids(table, ("person_id",), "cases")
    if (table["t1"].to_numpy() <= table["t0"].to_numpy()).any():
        raise ValueError("cases: t1 must be later than t0")
    if not _rises(table["case_id"]):
        table = table.sort_by("case_id")
        if not _rises(table["case_id"]):
            raise ValueError("cases: case_id must be unique")
    return table


def _rises(column: pa.ChunkedArray) -> bool:
    values = column.to_numpy()
    return bool((values[1:] > values[:-1]).all())


def _no_negative_ids(table: pa.Table, columns: tuple[str, ...], what: str) -> None:
    for name in columns:
        if (table[name].to_numpy() < 0).any():
            raise ValueError(f"{what}: {name} must not be negative")
