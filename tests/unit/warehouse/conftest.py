"""A visit log on both databases, and what a test needs to fill it."""

import uuid

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from fangxian.core.ids import uuid7
from fangxian.warehouse.visits import Arrival, VisitLog
from fangxian.warehouse.visits.hot import PostgresHot, SqliteHot
from tests.unit.warehouse.moments import NOW, SERVER, STORES


@pytest.fixture
def postgres_dsn():
    """A schema of its own in the PostgreSQL of this run."""
    name = f"visits_{uuid.uuid4().hex}"
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(sql.SQL("create schema {}").format(sql.Identifier(name)))
        yield make_conninfo(SERVER, options=f"-csearch_path={name}")
        connection.execute(sql.SQL("drop schema {} cascade").format(sql.Identifier(name)))


@pytest.fixture(params=STORES)
def hot(request, tmp_path):
    """The hot stores of this run."""
    if request.param == "sqlite":
        store = SqliteHot(tmp_path / "visits" / "hot.sqlite")
    else:
        store = PostgresHot(request.getfixturevalue("postgres_dsn"))
    yield store
    store.close()


@pytest.fixture
def notices():
    """What the log said of repairs."""
    return []


@pytest.fixture
def log(tmp_path, hot, notices):
    """A visit log at 10:00 on 2022-03-15, Beijing."""
    opened = VisitLog(tmp_path / "visits", hot, now=lambda: NOW, notice=notices.append)
    yield opened
    opened.close()


@pytest.fixture
def arrival():
    """Factory: a visit of an hour, `ago` seconds before now, of a new person to a new place."""

    def make(ago: int = 3600, stay: int | None = 3600, **given) -> Arrival:
        entered_at = given.pop("entered_at", NOW - ago)
        left_at = given.pop("left_at", None if stay is None else entered_at + stay)
        made = {"visit_id": uuid7(), "person": uuid7(), "place": uuid7(), **given}
        return Arrival(entered_at=entered_at, left_at=left_at, **made)

    return make
