"""Many visits at once end up exactly as if they had come one by one."""

import pyarrow as pa
import pytest

from fangxian.core.ids import uuid7
from fangxian.warehouse.visits import Flag, Receipt, Rejection
from tests.unit.warehouse.moments import DAY, NOW, TODAY, visits

NAMES = ("visit_id", "person", "place")


@pytest.fixture
def table():
    """Visits of today and the two days before, as text ids; one place has an assumed stay."""
    persons, places = ([str(uuid7()) for _ in range(4)] for _ in "ab")
    rows = [(who, where, NOW - back * DAY - 60 * who) for back in range(3) for who in range(4) for where in range(4)]
    return pa.table(
        {
            "visit_id": [str(uuid7()) for _ in rows],
            "person": [persons[who] for who, _, _ in rows],
            "place": [places[where] for _, where, _ in rows],
            "entered_at": [entered for *_, entered in rows],
        }
    )


def test_past_days_are_sealed_at_once_and_today_is_hot(log, hot, table):
    assert log.append_arrow(table) == Receipt(48, 0)
    assert log.open_store().rows == 48
    assert hot.span()[0] == 16
    assert {part.day for part in log.folder.manifest.parts} < {TODAY, *log.days_around(NOW - 2 * DAY, NOW)}
    assert log.append_arrow(table) == Receipt(0, 48)
    assert log.verify() == []


def test_it_can_all_be_sealed(log, hot, table):
    from datetime import timedelta

    log.append_arrow(table, hot_from=TODAY + timedelta(days=1))
    assert hot.span() is None
    assert log.open_store().rows == 48


def test_assumed_stays_are_those_of_the_places(log, table):
    from uuid import UUID

    log.set_stays({UUID(table["place"][0].as_py()): 900})
    log.append_arrow(table)
    assert {row[3] - row[2] for row in visits(log)} == {900, 3600}


def test_given_ends_and_measurements_are_kept_and_impossible_rows_named(log, table):
    ends = [None, NOW - 9 * DAY, NOW + 50 * DAY] + [NOW + 60] * 45
    given = table.append_column("left_at", pa.array(ends, pa.int64()))
    given = given.append_column("temperature", pa.array([371] * 48)).append_column("mask", pa.array([True] * 48))
    receipt = log.append_arrow(given)
    assert receipt.accepted == 46
    assert receipt.rejected == (Rejection(1, "left_at", "before_entered_at"), Rejection(2, "left_at", "stay_too_long"))
    rows = log.hot.rows().to_pylist()
    assert {(row["temperature"], row["mask"]) for row in rows} == {(371, 1)}
    assert sum(Flag(row["flags"]) == Flag.ASSUMED_STAY for row in rows) == 1


def test_rows_without_an_id_get_one(log, table):
    import uuid

    assert log.append_arrow(table.drop_columns(["visit_id"])).accepted == 48
    assert len(set(log.tags())) == 48
    ids = {uuid.UUID(bytes=visit) for visit in log.hot.rows()["visit_id"].to_pylist()}
    assert len(ids) == 16
    assert {visit.version for visit in ids} == {7}
    assert {visit.variant for visit in ids} == {uuid.RFC_4122}


def test_a_repeated_row_in_one_table_counts_once(log, table):
    assert log.append_arrow(pa.concat_tables([table, table])) == Receipt(48, 48)


def test_ids_may_be_bytes_of_any_kind(log, table):
    from uuid import UUID

    for kind in (pa.binary(), pa.binary(16)):
        raw = {name: pa.array([UUID(text).bytes for text in table[name].to_pylist()], kind) for name in NAMES}
        assert log.append_arrow(pa.table({**raw, "entered_at": table["entered_at"]})).accepted in (48, 0)
    assert log.open_store().rows == 48
