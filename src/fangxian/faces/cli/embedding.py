"""The records of an installation on PostgreSQL as those of an embedded one: what a drill works on, wherever the
original keeps its own. The copy has no way to the original's database: its settings name a file of its own folder.

Everything is read in one snapshot (REPEATABLE READ, READ ONLY), on connections that cannot write, while others go on
working. The tables are made from the models; each value is kept as Django keeps it in SQLite; every table has to hold
as many rows as the snapshot, and every key to point at a row, or there is no copy.
"""

import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from django.apps import apps
from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import ConnectionHandler, DatabaseError
from django.utils.duration import duration_microseconds

from fangxian.faces.cli import archive
from fangxian.faces.cli.output import Advance, Problem

ROWS_AT_ONCE = 5000
ONE_MOMENT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
PATIENT = ("SET LOCAL statement_timeout = 0", "SET LOCAL idle_in_transaction_session_timeout = 0")
WHILE_FILLING = (
    "PRAGMA journal_mode=OFF", "PRAGMA synchronous=OFF", "PRAGMA cache_size=-262144", "PRAGMA foreign_keys=OFF"
)  # fmt: skip
"""Nobody reads the file before it is whole and on the disk."""
SQLITE = "django.db.backends.sqlite3"
SAME = {
    "AutoField", "BigAutoField", "SmallAutoField", "IntegerField", "BigIntegerField", "SmallIntegerField",
    "PositiveIntegerField", "PositiveBigIntegerField", "PositiveSmallIntegerField", "FloatField", "BooleanField",
    "CharField", "TextField", "SlugField", "FileField", "FilePathField",
}  # fmt: skip
"""Kinds of fields whose values both stores keep alike: numbers, truth, text (ciphertext too)."""
Convert = Callable[[Any], Any]


class Table(NamedTuple):
    """A table to copy: its name, its columns, what changes a value on the way (by place), columns that count up."""

    name: str
    columns: tuple[str, ...]
    converts: tuple[tuple[int, Convert], ...] = ()
    counts_up: tuple[str, ...] = ()


def embed(data: Path, copy: Path, advance: Advance) -> dict[str, int]:
    """Make a folder that holds what is in PostgreSQL and in the data folder; how many tables and rows that was.

    The snapshot is taken before the files are copied: a file is stored before the row that names it. Scans are read
    on a connection of their own which ends at once: a lock on their table would keep new months from being made.
    """
    from fangxian.warehouse import visit_log
    from fangxian.warehouse.visits import embedding

    log = visit_log()
    with snapshot() as source:
        with log.folder.reading(), snapshot(source) as briefly:
            archive.copy(data, copy, advance, databases=False)
            visits = embedding.embed(lambda sql: _rows(briefly, sql), copy / "visits" / "hot.sqlite")
        advance(1, 1, f"copied {sum(visits.values()):,} rows of the visit log")
        records = fill(source, copy / archive.DATABASE, advance)
    found = {**records, **visits}
    return {"tables": len(found), "rows": sum(found.values())}


@contextmanager
def snapshot(like: BaseDatabaseWrapper | None = None) -> Iterator[BaseDatabaseWrapper]:
    """One moment of the database on a connection of its own, which can only read; `like`: the same moment again."""
    exported = _one(like, "SELECT pg_export_snapshot()") if like else None
    source = connection.copy("snapshot")
    try:
        source.set_autocommit(False)
        with source.cursor() as cursor:
            for statement in (ONE_MOMENT, *PATIENT):
                cursor.execute(statement)
            # the moment is that of the first question
            cursor.execute(f"SET TRANSACTION SNAPSHOT '{exported}'" if exported else "SELECT pg_current_snapshot()")
        yield source
    finally:
        source.close()


def size(source: BaseDatabaseWrapper) -> int:
    """How many bytes the database takes."""
    return int(_one(source, "SELECT pg_database_size(current_database())"))


def fill(source: BaseDatabaseWrapper, path: Path, advance: Advance) -> dict[str, int]:
    """Write every table of ours as `source` sees it to a new SQLite file; rows by table."""
    with closing(_embedded(path)) as target:
        try:
            found = _filled(source, target, advance)
            target.connection.execute("PRAGMA journal_mode=WAL")
        except (DatabaseError, sqlite3.Error) as error:
            raise Problem(f"The records could not be copied: {error}") from error
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    return found


def models_kept() -> list[type[models.Model]]:
    """Every model with a table of its own."""
    every = apps.get_models(include_auto_created=True)
    return [model for model in every if model._meta.managed and not model._meta.proxy]


def table_of(model: type[models.Model], target: BaseDatabaseWrapper) -> Table:
    """What is copied of a model."""
    fields = [field for field in model._meta.local_concrete_fields if not field.generated]
    converts = [(place, convert) for place, field in enumerate(fields) if (convert := kept_as(field, target))]
    counting = tuple(field.column for field in fields if isinstance(field, models.AutoField))
    return Table(model._meta.db_table, tuple(field.column for field in fields), tuple(converts), counting)


def kept_as(field: models.Field, target: BaseDatabaseWrapper) -> Convert | None:
    """What makes of a value as PostgreSQL gives it the one SQLite keeps; None where they are the same.

    A kind nobody thought of is refused rather than copied as it comes: it would be found wrong in the drill.
    """
    while field.remote_field:
        field = field.target_field
    kind, ops = field.get_internal_type(), target.ops
    if kind in SAME:
        return None
    known: dict[str, Convert] = {
        "UUIDField": lambda value: value.hex,
        "DateTimeField": ops.adapt_datetimefield_value,
        "DateField": ops.adapt_datefield_value,
        "TimeField": ops.adapt_timefield_value,
        "DurationField": duration_microseconds,
        "DecimalField": lambda value: ops.adapt_decimalfield_value(value, field.max_digits, field.decimal_places),
        "JSONField": lambda text: ops.adapt_json_value(json.loads(text), field.encoder),
        "BinaryField": bytes,
        "GenericIPAddressField": str,
    }
    if kind not in known:
        raise Problem(f"{field} is of a kind ({kind}) that cannot be copied yet. Nothing was copied.")
    return known[kind]


def _filled(source: BaseDatabaseWrapper, target: BaseDatabaseWrapper, advance: Advance) -> dict[str, int]:
    """Tables first, rows next, indexes last: all of it is looked at before it counts."""
    wanted = models_kept()
    if MigrationRecorder(source).has_table():  # which version the tables are of
        wanted.append(MigrationRecorder.Migration)
    tables = [table_of(model, target) for model in wanted]
    expected = {table.name: int(_one(source, f"SELECT count(*) FROM {_quoted(table.name)}")) for table in tables}
    made, indexes = _statements(target, wanted)
    into = target.connection
    for statement in (*WHILE_FILLING, *made):
        into.execute(statement)
    _pour(source, into, tables, sum(expected.values()), advance)
    for table in tables:
        _count_on(source, into, table)
    for statement in indexes:
        into.execute(statement)
    target.check_constraints()
    found = {table.name: int(_one(target, f"SELECT count(*) FROM {_quoted(table.name)}")) for table in tables}
    if wrong := [name for name in expected if expected[name] != found[name]]:
        raise Problem(f"Not every row was copied: {', '.join(wrong)}.")
    return found


def _statements(target: BaseDatabaseWrapper, wanted: list[type[models.Model]]) -> tuple[list[str], list[str]]:
    """What makes the tables, and what makes the indexes around them."""
    with target.schema_editor(collect_sql=True, atomic=False) as editor:
        for model in wanted:
            if not model._meta.auto_created:  # made with the model that has the field of many
                editor.create_model(model)
        tables = len(editor.collected_sql)
    return editor.collected_sql[:tables], editor.collected_sql[tables:]


def _pour(
    source: BaseDatabaseWrapper, into: sqlite3.Connection, tables: list[Table], total: int, advance: Advance
) -> None:
    done = 0
    into.execute("BEGIN")
    for table in tables:
        names, marks = ", ".join(map(_quoted, table.columns)), ", ".join("?" * len(table.columns))
        insert = f"INSERT INTO {_quoted(table.name)} ({names}) VALUES ({marks})"  # noqa: S608 (names of our own)
        for rows in _parts(source, f"SELECT {names} FROM {_quoted(table.name)}"):  # noqa: S608
            into.executemany(insert, (_changed(row, table.converts) for row in rows) if table.converts else rows)
            done += len(rows)
            advance(done, total, "rows of the records")
    into.execute("COMMIT")


def _changed(row: tuple[Any, ...], converts: tuple[tuple[int, Convert], ...]) -> list[Any]:
    changed = list(row)
    for place, convert in converts:
        if changed[place] is not None:
            changed[place] = convert(changed[place])
    return changed


def _count_on(source: BaseDatabaseWrapper, into: sqlite3.Connection, table: Table) -> None:
    """Let numbers go on where they would have gone on: one that was given out and removed is not given out again."""
    for column in table.counts_up:
        sequence = f"pg_get_serial_sequence('{_quoted(table.name)}', '{column}')"
        last = _one(source, f"SELECT coalesce(pg_sequence_last_value({sequence}), 0)")  # noqa: S608
        into.execute("DELETE FROM sqlite_sequence WHERE name = ? AND seq < ?", (table.name, last))
        sql = "INSERT INTO sqlite_sequence SELECT ?, ? WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = ?)"
        into.execute(sql, (table.name, last, table.name))


def _embedded(path: Path) -> BaseDatabaseWrapper:
    target: BaseDatabaseWrapper = ConnectionHandler({"default": {"ENGINE": SQLITE, "NAME": str(path)}})["default"]
    target.ensure_connection()
    return target


def _parts(source: BaseDatabaseWrapper, sql: str) -> Iterator[list[tuple[Any, ...]]]:
    """What a question finds, some rows at a time; the server keeps the others."""
    with source.chunked_cursor() as cursor:
        cursor.execute(sql)
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            yield rows


def _rows(source: BaseDatabaseWrapper, sql: str) -> Iterator[tuple[Any, ...]]:
    for rows in _parts(source, sql):
        yield from rows


def _one(source: BaseDatabaseWrapper, sql: str) -> Any:
    with source.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def _quoted(name: str) -> str:
    return f'"{name}"'
