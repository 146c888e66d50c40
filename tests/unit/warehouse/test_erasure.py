"""What is erased or dropped is in no file any more, and an interrupted erasure is finished."""

from datetime import timedelta

import pytest

from fangxian.core.ids import uuid7
from fangxian.warehouse.visits import VisitLog, erasure
from fangxian.warehouse.visits.intake import Rules, judge
from tests.unit.warehouse.moments import DAY, NOW, TODAY, hits, visits


@pytest.fixture
def three(log, arrival):
    """Three persons, each seen on four days, today included; the first three days are sealed."""
    persons = [uuid7() for _ in range(3)]
    rows = [arrival(ago=day * DAY, person=person) for day in range(4) for person in persons]
    log.append(rows)
    log.seal()
    return persons, rows


def test_an_erased_person_is_gone_from_every_answer_at_once(log, three):
    persons, _ = three
    assert log.erase(persons[0]) == 4
    assert len([row for row in visits(log) if row[0] >= 0 and row[3] > 0]) == 8
    assert log.hot.dictionary.number("person", persons[0]) is None
    assert log.erase(persons[0]) == 0
    assert log.erase(uuid7()) == 0


def test_until_the_next_seal_engines_read_no_file_that_still_holds_the_person(log, three):
    persons, _ = three
    log.erase(persons[0])
    assert log.open_store().by_place == []
    log.seal()
    store = log.open_store()
    assert len(store.by_place) == 3
    assert log.folder.manifest.erased == ()


def test_after_the_next_seal_no_byte_of_the_person_is_left(log, tmp_path, three):
    persons, rows = three
    number = log.hot.dictionary.number("person", persons[0])
    own = [row.visit_id.bytes for row in rows if row.person == persons[0]]
    log.erase(persons[0])
    log.seal()
    assert hits(tmp_path, persons[0].bytes, str(persons[0]).encode(), *own) == 0
    assert number not in {row[0] for row in visits(log)}
    assert log.verify() == []
    if (tmp_path / "visits" / "hot.sqlite").exists():
        assert hits(tmp_path, persons[1].bytes) > 0  # the scan does find who is still there


def test_a_person_whose_every_row_was_alone_in_its_day_leaves_no_day(log, arrival):
    person = uuid7()
    log.append([arrival(ago=2 * DAY, person=person)])
    log.seal()
    log.erase(person)
    log.seal()
    assert log.folder.manifest.parts == ()
    assert log.open_store().rows == 0


@pytest.mark.parametrize("step", ["overwrite", "hot"])
def test_an_interrupted_erasure_is_finished_at_the_next_start(log, hot, tmp_path, three, monkeypatch, step):
    persons, _ = three

    def cut(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(*((erasure, "_overwrite") if step == "overwrite" else (type(hot), "erase")), cut)
        with pytest.raises(KeyboardInterrupt):
            log.erase(persons[0])
    again = VisitLog(tmp_path / "visits", hot, now=log.now)
    assert hot.dictionary.number("person", persons[0]) is None
    assert hot.span()[0] == 2
    assert len([row for row in visits(again) if row[0] >= 0]) == 8


def test_a_rebuilt_segment_leaves_the_erased_person_out(log, tmp_path, three):
    import shutil

    persons, _ = three
    log.erase(persons[0])
    shutil.rmtree(tmp_path / "visits" / "fast")
    assert len(visits(log)) == 8


def test_the_person_may_come_again(log, arrival, three):
    persons, _ = three
    log.erase(persons[0])
    log.append([arrival(person=persons[0])])
    log.seal(TODAY + timedelta(days=1))
    assert len(visits(log)) == 9


def test_retention_drops_days_rows_and_persons_nobody_needs(log, tmp_path, arrival, three):
    persons, rows = three
    gone = uuid7()
    old = arrival(ago=3 * DAY, person=gone)
    log.append([old])
    log.seal()
    assert log.drop_before(TODAY - timedelta(days=2)) == 4
    assert len(visits(log)) == 9
    assert hits(tmp_path, gone.bytes, old.visit_id.bytes) == 0
    assert log.hot.dictionary.numbers("person", [gone, *persons]).keys() == set(persons)


def test_what_comes_after_retention_is_not_sealed_any_more(log, arrival, three):
    log.drop_before(TODAY - timedelta(days=1))
    before = visits(log)
    log.append([arrival(ago=5 * DAY)])
    assert visits(log) == before
    assert log.seal() == []
    assert visits(log) == before


def test_retention_never_goes_back(log, three):
    log.drop_before(TODAY)
    log.drop_before(TODAY - timedelta(days=9))
    assert log.folder.manifest.dropped_before == TODAY
    assert len(visits(log)) == 3


def test_a_visit_from_the_future_does_not_outlive_retention(log, arrival):
    """Intake refuses one; a file of another system may bring it."""
    ((visit,), _) = judge([arrival(ago=-900 * DAY)], Rules(now=NOW + 900 * DAY, retention_s=DAY))
    log.hot.insert([[visit._replace(received_at=NOW)]])
    log.now = lambda: NOW + 20 * DAY
    log.append([arrival(ago=-20 * DAY)])
    assert log.drop_before(TODAY + timedelta(days=6)) == 1
    assert len(visits(log)) == 1
