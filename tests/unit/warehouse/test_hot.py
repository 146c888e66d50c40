"""The hot store on SQLite and on PostgreSQL: one commit for many, every visit once, numbers that stay."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from fangxian.core.ids import uuid7
from fangxian.warehouse.visits import QueueFull, Receipt, UnsafeStore
from fangxian.warehouse.visits.committer import Closed, Committer
from fangxian.warehouse.visits.database import SqliteDatabase
from fangxian.warehouse.visits.hot import SqliteHot
from tests.unit.warehouse.moments import NOW


def test_a_batch_is_counted_to_the_row(log, arrival):
    batch = [arrival() for _ in range(5)]
    assert log.append(batch) == Receipt(5, 0)
    assert log.append([*batch, arrival(), arrival(left_at=0)]).accepted == 1
    assert log.open_store().rows == 6


def test_a_large_batch_is_counted_to_the_row(log, arrival):
    batch = [arrival() for _ in range(130)]
    assert log.append(batch[40:70]) == Receipt(30, 0)
    assert log.append([*batch, *batch[:60]]) == Receipt(100, 90)
    assert log.open_store().rows == 130


def test_a_batch_with_a_row_twice_stores_it_once(log, arrival):
    row = arrival()
    assert log.append([row, row]) == Receipt(1, 1)


def test_an_empty_batch_is_answered_at_once(log):
    assert log.submit([]).result(timeout=0) == Receipt(0, 0)


def test_what_the_device_measured_is_kept(log, hot, arrival):
    log.append([arrival(mask=True, temperature=366, device_at=NOW - 3)])
    (row,) = hot.rows().to_pylist()
    assert (row["mask"], row["temperature"], row["device_at"], row["received_at"]) == (1, 366, NOW - 3, NOW)


def test_what_was_not_measured_stays_open_also_when_some_are_sent_again(log, hot, arrival):
    measured = [(True, 366, NOW - 3), (None, 371, None), (False, None, NOW), (None, None, None)]
    batch = [arrival(mask=mask, temperature=degrees, device_at=at) for mask, degrees, at in measured]
    assert log.append(batch[:2]) == Receipt(2, 0)
    assert log.append(batch) == Receipt(2, 2)
    rows = {row["visit_id"]: (row["mask"], row["temperature"], row["device_at"]) for row in hot.rows().to_pylist()}
    assert rows == {one.visit_id.bytes: kept for one, kept in zip(batch, measured, strict=True)}


def test_many_senders_share_commits_and_all_are_answered(log, arrival):
    batches = [[arrival() for _ in range(7)] for _ in range(60)]
    with ThreadPoolExecutor(8) as senders:
        receipts = list(senders.map(log.append, batches + batches))
    assert sum(receipt.accepted for receipt in receipts) == 420
    assert sum(receipt.duplicates for receipt in receipts) == 420


def test_numbers_are_never_used_twice(log, hot):
    persons = [uuid7() for _ in range(3)]
    hot.dictionary.adopt("person", [person.bytes for person in persons])
    numbers = hot.dictionary.numbers("person", persons)
    assert len(set(numbers.values())) == 3
    assert hot.dictionary.uuids("person", numbers.values()) == {number: uuid for uuid, number in numbers.items()}
    hot.erase(persons[-1].bytes)
    newcomer = uuid7()
    hot.dictionary.adopt("person", [newcomer.bytes])
    assert hot.dictionary.number("person", newcomer) > max(numbers.values())


def test_stays_are_remembered_and_changed(log, hot, arrival):
    barber = uuid7()
    log.set_stays({barber: 1800})
    log.set_stays({barber: 2400})
    log.append([arrival(place=barber, stay=None)])
    (row,) = hot.rows().to_pylist()
    assert row["left_at"] - row["entered_at"] == 2400


def test_a_device_is_known_until_revoked(log):
    place = uuid7()
    token = log.devices.issue("east gate", area="410883001", places=[place])
    assert log.devices.known(token).places == {place.bytes}
    assert log.devices.known(log.devices.issue("any", area="410883")).places is None
    assert log.devices.known("another") is None
    assert log.devices.revoke("east gate") == 1
    assert log.devices.revoke("east gate") == 0
    assert log.devices.known(token) is None
    assert [device.name for device in log.devices.all()] == ["any", "east gate"]


def test_the_token_itself_is_nowhere(tmp_path):
    hot = SqliteHot(tmp_path / "hot.sqlite")
    from fangxian.warehouse.visits import Devices

    token = Devices(hot.database, lambda: NOW).issue("gate", area="41")
    hot.close()
    assert token.encode() not in b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())


def test_a_store_that_does_not_sync_is_refused(tmp_path, monkeypatch):
    settle = SqliteDatabase._settle

    def forgetful(self, connection):
        class Deaf:
            def execute(self, statement):
                return connection.execute(statement.replace("=FULL", "=OFF"))

        settle(self, Deaf())

    monkeypatch.setattr(SqliteDatabase, "_settle", forgetful)
    with pytest.raises(UnsafeStore, match="synchronous"):
        SqliteHot(tmp_path / "hot.sqlite")


class SlowDisk:
    """A hot store whose commits wait for permission."""

    def __init__(self):
        self.go, self.groups, self.begun = threading.Semaphore(0), [], threading.Semaphore(0)

    def insert(self, batches):
        self.begun.release()
        self.go.acquire()
        if any("broken" in batch for batch in batches):
            raise sqlite3.OperationalError("disk I/O error")
        self.groups.append([len(batch) for batch in batches])
        return [len(batch) for batch in batches]


def test_what_arrives_during_a_commit_is_the_next_one():
    disk = SlowDisk()
    committer = Committer(disk)
    first = committer.submit(["a"])
    disk.begun.acquire()
    others = [committer.submit(["b"] * size) for size in (1, 2, 3)]
    assert not first.done()
    disk.go.release(2)
    assert [future.result(5) for future in (first, *others)] == [1, 1, 2, 3]
    assert disk.groups == [[1], [1, 2, 3]]
    committer.close()


def test_a_full_queue_refuses_and_recovers():
    disk = SlowDisk()
    committer = Committer(disk, waiting_rows=10)
    first = committer.submit(["a"])
    disk.begun.acquire()
    waiting = committer.submit(["b"] * 10)
    with pytest.raises(QueueFull):
        committer.submit(["c"])
    disk.go.release(3)
    assert waiting.result(5) == 10
    assert committer.submit(["c"]).result(5) == 1
    assert first.result(5) == 1
    committer.close()


def test_a_failed_commit_is_told_to_every_sender_and_the_next_works():
    disk = SlowDisk()
    committer = Committer(disk)
    held = committer.submit(["a"])
    disk.begun.acquire()
    failed = [committer.submit(["broken"]), committer.submit(["innocent"])]
    disk.go.release(3)
    assert held.result(5) == 1
    for future in failed:
        with pytest.raises(sqlite3.OperationalError):
            future.result(5)
    assert committer.submit(["b"]).result(5) == 1
    committer.close()


def test_a_sender_that_hangs_up_does_not_stop_the_others():
    disk = SlowDisk()
    committer = Committer(disk)
    committer.submit(["a"])
    disk.begun.acquire()
    gone, patient = committer.submit(["b"]), committer.submit(["c"])
    assert gone.cancel()
    disk.go.release(3)
    assert patient.result(5) == 1
    assert disk.groups == [[1], [1, 1]]
    committer.close()
    with pytest.raises(Closed):
        committer.submit(["d"])


def test_a_receipt_nobody_waits_for_harms_nobody(log, arrival):
    log.append([arrival()])
    pending = log.submit([arrival()])
    pending.cancel()
    assert log.append([arrival()]).accepted == 1
    assert log.open_store().rows == 3
