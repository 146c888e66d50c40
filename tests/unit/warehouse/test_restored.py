"""A state that was saved before an erasure, put back afterwards: the person stays erased."""

import shutil

import pytest

from fangxian.core.ids import uuid7
from fangxian.warehouse.visits import Options, VisitLog, erasure
from fangxian.warehouse.visits.erasure_list import DamagedErasures, ErasureList
from tests.unit.warehouse.moments import DAY, NOW, hits, visits

PERSON, OTHER = uuid7(), uuid7()


@pytest.fixture
def outside(tmp_path):
    """Where the list of erasures is."""
    return tmp_path / "keys.json.erasures.json"


@pytest.fixture
def reopened(tmp_path, outside, notices):
    """Factory: the log below the data folder, as a new process opens it."""
    opened = []

    def make():
        while opened:
            opened.pop().close()
        options = Options(erasures=outside)
        opened.append(VisitLog.open(tmp_path / "data", now=lambda: NOW, options=options, notice=notices.append))
        return opened[-1]

    yield make
    for log in opened:
        log.close()


@pytest.fixture
def saved(tmp_path, reopened, arrival):
    """A log with two persons, sealed and hot, and a copy of it."""
    log = reopened()
    log.append([arrival(ago=back * DAY, person=person) for back in range(3) for person in (PERSON, OTHER)])
    log.seal()
    log.hot.scrub()
    log.close()
    shutil.copytree(tmp_path / "data", tmp_path / "backup")
    return tmp_path / "backup"


def put_back(saved, data, *names):
    """The copy in place of what is there, all of it or some."""
    for name in names or ("",):
        target = data / "visits" / name if name else data
        shutil.rmtree(target) if target.is_dir() else target.unlink()
        source = saved / "visits" / name if name else saved
        shutil.copytree(source, target) if source.is_dir() else shutil.copy2(source, target)


def of_person(log) -> list:
    rows = visits(log)  # gives numbers to the new
    number = log.hot.dictionary.number("person", PERSON)
    return [row for row in rows if row[0] == number]


def test_a_restored_backup_brings_nobody_back(tmp_path, reopened, saved, notices):
    reopened().erase(PERSON)
    reopened().close()
    put_back(saved, tmp_path / "data")
    log = reopened()
    assert len([row for row in visits(log) if row[0] >= 0]) == 3
    assert log.hot.dictionary.number("person", PERSON) is None
    assert notices == ["1 persons had been erased since this state was saved: erased again"]
    log.seal()
    assert hits(tmp_path / "data", PERSON.bytes) == 0
    reopened()
    assert len(notices) == 1


def test_sealed_days_restored_without_their_database_are_known_by_number(tmp_path, reopened, saved, arrival):
    log = reopened()
    log.erase(PERSON)
    log.append([arrival(person=PERSON)])
    assert len(of_person(log)) == 1
    log.seal()
    log.close()
    put_back(saved, tmp_path / "data", "manifest.json", "sealed", "fast")
    log = reopened()
    assert len([row for row in visits(log) if row[0] >= 0]) == 4
    assert len(of_person(log)) == 1


def test_an_erasure_cut_off_before_its_first_row_is_finished_though_nobody_has_a_number(reopened, arrival, monkeypatch):
    log = reopened()
    log.append([arrival(person=PERSON), arrival(person=OTHER)])

    def cut(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(erasure, "_erase", cut)
        with pytest.raises(KeyboardInterrupt):
            log.erase(PERSON)
    log = reopened()
    assert len(visits(log)) == 1
    assert log.missing([]) == set()
    assert of_person(log) == []


def test_who_came_again_after_the_erasure_stays_in_a_later_backup(reopened, arrival, saved):
    reopened().erase(PERSON)
    log = reopened()
    log.append([arrival(person=PERSON)])
    assert len(of_person(reopened())) == 1


def test_erasures_of_long_ago_are_forgotten_and_places_go_on(outside):
    kept = ErasureList(outside)
    assert kept.add(PERSON, 1, at=NOW - 60 * DAY, keep_s=44 * DAY, behind=6) == 7
    assert kept.add(OTHER, None, at=NOW, keep_s=44 * DAY, behind=0) == 8
    last, (only,) = kept.read()
    assert (last, only.number, only.is_of(OTHER.bytes), only.is_of(PERSON.bytes)) == (8, None, True, False)
    assert hits(outside.parent, OTHER.bytes, str(OTHER).encode()) == 0
    assert ErasureList(None).add(OTHER, None, at=NOW, keep_s=0, behind=2) == 3


def test_a_damaged_list_is_refused(outside, reopened):
    outside.write_text('{"last": 3')
    with pytest.raises(DamagedErasures):
        reopened()
