"""Hot rows by the month of their ids: stored once, read once, and a month that is over goes as a whole."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import numpy as np
import pytest

from fangxian.core.ids import uuid7
from fangxian.warehouse.visits import Receipt, VisitLog
from fangxian.warehouse.visits.bulk import uuids7
from fangxian.warehouse.visits.hot import SqliteHot
from fangxian.warehouse.visits.months import OTHER, bounds, ended_before, month_of
from tests.unit.warehouse.moments import DAY, NOW, TODAY, visits


def made(*moment: int) -> UUID:
    """A visit's id that was made then."""
    return UUID(bytes=uuids7(np.array([int(datetime(*moment, tzinfo=UTC).timestamp() * 1000)])).to_pylist()[0])


@pytest.mark.parametrize(
    ("moment", "month"),
    [
        ((2022, 3, 1), "2022-03"),
        ((2022, 2, 28, 23, 59, 59, 999_000), "2022-02"),
        ((2099, 12, 31, 23), "2099-12"),
        ((2100, 1, 1), OTHER),
        ((2019, 12, 31, 23), OTHER),
        ((1970, 1, 1), OTHER),
    ],
)
def test_an_id_says_its_month(moment, month):
    visit = made(*moment).bytes
    assert month_of(visit) == month
    if month != OTHER:
        low, high = bounds(month)
        assert low <= visit[:6] < high


def test_when_a_month_is_over():
    first_of_april = int(datetime(2022, 4, 1, tzinfo=UTC).timestamp())
    assert ended_before("2022-03", first_of_april)
    assert not ended_before("2022-03", first_of_april - 1)
    assert ended_before("2021-12", first_of_april)
    assert not ended_before(OTHER, first_of_april)


@pytest.fixture
def several(log, arrival):
    """One batch of ids of three months and of none."""
    ids = [made(2022, 2, 27), made(2022, 3, 1), made(1970, 1, 2), made(2150, 1, 1), made(2022, 3, 2)]
    rows = [arrival(visit_id=visit, ago=DAY * 2 + number) for number, visit in enumerate(ids)]
    assert log.append(rows) == Receipt(5, 0)
    return rows


def test_a_batch_of_several_months_is_stored_once(log, hot, several):
    assert hot.months() == ["2022-02", "2022-03", OTHER]
    assert log.append(several) == Receipt(0, 5)
    assert hot.rows().num_rows == 5
    assert len(visits(log)) == 5
    before = visits(log)
    log.seal()
    assert hot.span() is None
    assert visits(log) == before


def test_a_month_that_is_over_goes_whole_and_may_come_again(log, hot, several, arrival):
    log.now = lambda: NOW + 40 * DAY
    late = arrival(visit_id=made(2022, 3, 9), entered_at=NOW + 39 * DAY)
    log.append([late])
    assert log.drop_before(TODAY + timedelta(days=30)) == 5
    assert hot.months() == ["2022-03", OTHER]
    assert len(visits(log)) == 1
    log.seal(TODAY + timedelta(days=41))
    log.drop_before(TODAY + timedelta(days=40))
    assert hot.months() == [OTHER]
    again = arrival(visit_id=made(2022, 3, 9), entered_at=NOW + 40 * DAY)
    assert log.append([again, again]) == Receipt(1, 1)
    assert len(visits(log)) == 1


def test_only_what_is_new_is_read_again_and_what_left_is_noticed(log, hot, arrival, tmp_path):
    log.append([arrival() for _ in range(3)])
    assert hot.trace_rows().num_rows == 3
    log.append([arrival(), arrival(ago=2 * DAY)])
    assert hot.trace_rows().num_rows == 5
    assert hot.trace_rows().equals(hot.trace_rows())
    second = VisitLog(tmp_path / "visits", hot, now=log.now)
    second.seal()
    assert hot.trace_rows().num_rows == 4
    gone = arrival()
    log.append([gone])
    log.erase(gone.person)
    assert hot.trace_rows().num_rows == 4
    assert hot.trace_rows().sort_by("tag").equals(hot.trace_rows().sort_by("tag"))


@pytest.mark.parametrize("first", ["writes", "reads"])
def test_who_holds_a_deleted_month_open_turns_to_the_new_one(tmp_path, arrival, first):
    logs = [VisitLog(tmp_path / "visits", SqliteHot(tmp_path / "visits" / "hot.sqlite"), now=lambda: NOW) for _ in "ab"]
    mine, theirs = logs
    mine.append([arrival(visit_id=made(2022, 1, 5), ago=30 * DAY)])
    theirs.append([arrival(visit_id=made(2022, 1, 6), ago=30 * DAY)])
    assert theirs.hot.trace_rows().num_rows == 2
    mine.drop_before(TODAY)
    assert not list((tmp_path / "visits" / "hot").glob("2022-01*"))
    rows = [arrival(visit_id=made(2022, 1, 7), person=uuid7()) for _ in range(2)]
    if first == "writes":
        assert theirs.append(rows[:1]).accepted == 1
        assert mine.append(rows).accepted == 1
    else:
        assert mine.append(rows).accepted == 2
        assert theirs.hot.trace_rows().num_rows == 2
    for log in logs:
        assert log.missing(row.visit_id.bytes for row in rows) == set()
        assert len(visits(log)) == 2
        log.close()


def test_a_deletion_that_was_cut_off_is_finished_by_the_next_writer(tmp_path, arrival):
    log = VisitLog(tmp_path / "visits", SqliteHot(tmp_path / "visits" / "hot.sqlite"), now=lambda: NOW)
    log.append([arrival(visit_id=made(2022, 1, 5))])
    with log.hot.files.writing("2022-01") as cursor:
        cursor.count("update month_state set closed = 1")
    assert log.append([arrival(visit_id=made(2022, 1, 7))]).accepted == 1
    assert len(visits(log)) == 1
    log.close()


def test_a_file_that_was_deleted_behind_ones_back_is_made_anew(tmp_path, arrival):
    hot = SqliteHot(tmp_path / "visits" / "hot.sqlite")
    log = VisitLog(tmp_path / "visits", hot, now=lambda: NOW)
    log.append([arrival(visit_id=made(2022, 1, 5))])
    log.close()
    for file in (tmp_path / "visits" / "hot").glob("2022-01*"):
        file.unlink()
    assert hot.insert([[]]) == [0]
    assert log.append([arrival(visit_id=made(2022, 1, 7))]).accepted == 1
    assert len(visits(log)) == 1
    log.close()
