"""Visits for tests: written into the visit log of the test's own data folder."""

from datetime import datetime, timedelta

import pyarrow as pa

from fangxian.core.ids import uuid7
from fangxian.warehouse import visit_log


def record_visits(*rows: tuple) -> None:
    """Store (person, place, entered_at, minutes) visits of persons and places that exist."""
    columns = {
        "visit_id": [uuid7().bytes for _row in rows],
        "person": [person.pk.bytes for person, *_rest in rows],
        "place": [place.pk.bytes for _person, place, *_rest in rows],
        "entered_at": [_second(entered) for _p, _q, entered, _minutes in rows],
        "left_at": [_second(entered + timedelta(minutes=minutes)) for _p, _q, entered, minutes in rows],
    }
    kinds = {"entered_at": pa.int64(), "left_at": pa.int64()}
    visit_log().append_arrow(pa.table({n: pa.array(v, kinds.get(n, pa.binary(16))) for n, v in columns.items()}))


def _second(moment: datetime) -> int:
    return int(moment.timestamp())
