"""The promise under every acknowledgement: the system of record syncs before it says yes. Asserted at start.

Also how long a statement may be: Django splits what it writes at 999 values, the limit of SQLite before 2020.
"""

import sqlite3

from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.backends.signals import connection_created
from django.dispatch import receiver

WANTED = {
    "sqlite": {"synchronous": "2", "secure_delete": "1", "journal_mode": "wal", "foreign_keys": "1"},
    "postgresql": {"synchronous_commit": "on"},
}


def settings_in_force() -> dict[str, str]:
    """The durability settings of the open connection."""
    statement = "PRAGMA {}" if connection.vendor == "sqlite" else "SHOW {}"
    found = {}
    with connection.cursor() as cursor:
        for name in WANTED[connection.vendor]:
            cursor.execute(statement.format(name))
            found[name] = str(cursor.fetchone()[0]).lower()
    return found


def assert_durable() -> None:
    """Refuse to run on a store that may forget what it acknowledged."""
    found = settings_in_force()
    wrong = {name: found[name] for name, wanted in WANTED[connection.vendor].items() if found[name] != wanted}
    if wrong:
        raise ImproperlyConfigured(
            f"the store would lose acknowledged records: {wrong}; wanted {WANTED[connection.vendor]}"
        )


@receiver(connection_created)
def allow_long_statements(sender, connection, **_named) -> None:  # noqa: ARG001  (a signal names its sender)
    """Let set-based writes go to SQLite in as few statements as the library at hand takes."""
    if connection.vendor == "sqlite":
        connection.features.max_query_params = connection.connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)
