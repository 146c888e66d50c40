"""The store must sync before it says yes; a store that does not is refused at start."""

import sqlite3
from contextlib import closing
from types import SimpleNamespace

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from fangxian.core import storage
from fangxian.core.areas import Area


def test_the_settings_in_force_are_durable(db):
    storage.assert_durable()


@pytest.mark.django_db(transaction=True)
def test_a_store_that_forgets_is_refused():
    weak = "PRAGMA synchronous=NORMAL" if connection.vendor == "sqlite" else "SET synchronous_commit=off"
    with connection.cursor() as cursor:
        cursor.execute(weak)
    try:
        with pytest.raises(ImproperlyConfigured, match="lose acknowledged"):
            storage.assert_durable()
    finally:
        connection.close()


def test_a_set_goes_to_the_store_in_one_statement(db, django_assert_num_queries):
    areas = [Area(code=f"99{number:04d}", name=f"村{number}", kind=Area.Kind.VILLAGE) for number in range(400)]
    with django_assert_num_queries(1):
        Area.objects.bulk_create(areas)


def test_sqlite_takes_as_many_values_as_its_library():
    features = SimpleNamespace(max_query_params=999)
    with closing(sqlite3.connect(":memory:")) as opened:
        opened.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 20_000)
        storage.allow_long_statements(None, SimpleNamespace(vendor="sqlite", features=features, connection=opened))
    assert features.max_query_params == 20_000


def test_other_stores_keep_their_own_limit():
    features = SimpleNamespace(max_query_params=None)
    storage.allow_long_statements(None, SimpleNamespace(vendor="postgresql", features=features))
    assert features.max_query_params is None
