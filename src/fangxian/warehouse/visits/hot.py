"""The hot store: rows as they arrive, keyed by the id the device made, one commit for many senders.

Two of a kind: `SqliteHot`, a file a month, and `PostgresHot`, a table in the system of record with a partition a month.
Both drop a month whole when retention has passed it.
"""

from .hot_postgres import PostgresHot
from .hot_rows import HotStore
from .hot_sqlite import SqliteHot

__all__ = ["HotStore", "PostgresHot", "SqliteHot"]
