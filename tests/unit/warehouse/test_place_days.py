"""The counting table: what sealing, folding, late rows, erasure and damage do to it, which is nothing."""

import shutil
from collections import defaultdict
from datetime import timedelta

import pyarrow as pa
import pytest

from fangxian.core.ids import uuid7
from fangxian.engines.tracing.counting import PLACE_DAYS
from fangxian.warehouse.visits import VisitLog
from fangxian.warehouse.visits.place_days import EPOCH
from tests.unit.warehouse.moments import DAY, NOW, TODAY, visits

PLACES = [uuid7() for _ in range(3)]
PERSONS = [uuid7() for _ in range(4)]


@pytest.fixture
def busy(log, arrival):
    """Four days, today included: everybody at two places, the first person twice a day at the first place."""
    seen = [(0, 0), (0, 0), (0, 1), (1, 0), (2, 0), (3, 2)]
    rows = [
        arrival(ago=back * DAY + 60 * number, person=PERSONS[who], place=PLACES[where], stay=600)
        for back in range(4)
        for number, (who, where) in enumerate(seen)
    ]
    log.append(rows)
    return rows


def counted(log) -> list[tuple]:
    """The table row by row, in its order."""
    table = log.place_days()
    assert table.schema == PLACE_DAYS
    return [tuple(row.values()) for row in table.to_pylist()]


def by_hand(log) -> list[tuple]:
    """The same from every visit an engine sees."""
    found = defaultdict(list)
    for person, place, entered, left in visits(log):
        if left > 0:
            found[(log.folder.calendar.day(entered) - EPOCH).days, place].append(person)
    return [(place, day, len(who), len(set(who))) for (day, place), who in sorted(found.items())]


def test_hot_sealed_and_late_rows_count_alike(log, busy, arrival):
    first = log.hot.dictionary
    table = counted(log)
    assert table == by_hand(log)
    assert (first.number("place", PLACES[0]), (TODAY - EPOCH).days, 4, 3) in table
    log.seal()
    assert counted(log) == table
    log.append([arrival(ago=2 * DAY, person=who, place=PLACES[0]) for who in (PERSONS[0], PERSONS[3])])
    late = counted(log)
    assert late == by_hand(log) != table
    log.seal()
    assert len(log.folder.manifest.of_day(TODAY - timedelta(days=2))) == 2
    assert counted(log) == late
    log.erase(PERSONS[2])
    log.append([arrival(ago=2 * DAY + step, person=who, place=PLACES[1]) for step, who in enumerate(PERSONS * 3)])
    more = counted(log)
    assert more == by_hand(log) != late
    log.seal()
    assert counted(log) == more


def test_a_long_stay_counts_once_a_piece(log, arrival):
    log.append([arrival(ago=3 * DAY, stay=2 * DAY, person=PERSONS[0], place=PLACES[0])])
    before = counted(log)
    assert before == by_hand(log)
    assert all(persons == 1 for *_, persons in before)
    log.seal()
    assert counted(log) == before


def test_an_erased_person_is_subtracted_at_once_and_after_the_fold(log, busy):
    log.seal()
    number = log.hot.dictionary.number("person", PERSONS[0])
    log.erase(PERSONS[0])
    after = counted(log)
    assert after == by_hand(log)
    assert number not in {row[0] for row in visits(log)}
    log.seal()
    assert counted(log) == after


@pytest.mark.parametrize("victim", ["p_vis.npy", "p_prs.npy", None])
def test_damaged_counts_are_made_again_and_said(log, hot, busy, notices, tmp_path, victim):
    log.seal()
    before = counted(log)
    (folder,) = (tmp_path / "visits" / "fast").glob("2022-03-12-*")
    if victim is None:
        shutil.rmtree(folder)
    else:
        raw = bytearray((folder / victim).read_bytes())
        raw[-3] ^= 4
        (folder / victim).write_bytes(raw)
    again = VisitLog(tmp_path / "visits", hot, now=log.now, notice=notices.append)
    assert counted(again) == before
    assert len(notices) == 1


def test_a_segment_of_an_older_layout_is_built_again(log, hot, busy, notices, tmp_path):
    log.seal()
    before = counted(log)
    for part in log.folder.manifest.parts:
        header = tmp_path / "visits" / "fast" / part.key / "seg.json"
        header.write_text(header.read_text().replace('"version": 2', '"version": 1'))
        log.folder.fast._note(part)
    again = VisitLog(tmp_path / "visits", hot, now=log.now, notice=notices.append)
    assert counted(again) == before
    assert len(notices) == 3


def test_some_days_only_and_the_borders_between_them(log, busy):
    log.seal()
    days = {TODAY - timedelta(days=2), TODAY}
    store = log.open_store(days, with_place_days=True)
    assert set(store.place_days["day"].to_pylist()) == {(day - EPOCH).days for day in days}
    assert len(store.midnights) == 4
    assert store.first_day == (TODAY - EPOCH).days - 2
    assert store.midnights[-2] <= NOW < store.midnights[-1]
    assert log.open_store(set(), with_place_days=True).midnights == ()
    assert log.open_store(include_hot=False, with_place_days=True).place_days.num_rows == 9
    assert log.open_store().place_days is None


def test_a_place_of_thousands_and_ids_far_apart():
    from fangxian.engines.tracing import Segment
    from fangxian.engines.tracing.counting import place_days

    persons = [7] * 100 + [5, 5, 2_000_000_000]
    places = [9] * 70 + [1_900_000_000] * 30 + [9, 9, 3]
    rows = {"person_id": persons, "place_id": places, "entered_at": range(103), "left_at": range(1, 104)}
    segment = Segment.of(pa.table({name: pa.array(list(column), pa.int32()) for name, column in rows.items()}))
    (found,) = [place_days(1, [(segment.by_place, segment.by_person, segment.counts())]).to_pylist()]
    assert [tuple(row.values()) for row in found] == [(3, 1, 1, 1), (9, 1, 72, 2), (1_900_000_000, 1, 30, 1)]
    assert place_days(1, []).num_rows == 0


def test_ids_and_times_as_far_apart_as_they_can_be_are_sorted_all_the_same():
    from fangxian.engines.tracing import Segment

    last = 2**31 - 1
    columns = [[last, 0, last, 1], [0, last, 0, last], [0, last - 2, 5, 1], [last, last, 6, 2]]
    names = ("person_id", "place_id", "entered_at", "left_at")
    table = pa.table({name: pa.array(column, pa.int32()) for name, column in zip(names, columns, strict=True)})
    found = [tuple(row.values()) for row in Segment.of(table).table().to_pylist()]
    assert found == [(last, 0, 0, last), (last, 0, 5, 6), (1, last, 1, 2), (0, last, last - 2, last)]
