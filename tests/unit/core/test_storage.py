"""The store must sync before it says yes; a store that does not is refused at start."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from fangxian.core import storage


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
