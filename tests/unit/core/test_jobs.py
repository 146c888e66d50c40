"""Jobs: claimed once, resumed after a death, visible progress, failures kept."""

from datetime import timedelta

import pytest

from fangxian.core import clock, jobs
from fangxian.core.jobs import Job

DONE = []


@jobs.job("test.count")
def count(job, upto: int) -> dict:
    for number in range(job.checkpoint.get("at", 0), upto):
        DONE.append(number)
        job.save_checkpoint(at=number + 1)
        job.progress(number + 1, upto, f"number {number}")
    return {"counted": upto}


@jobs.job("test.fails")
def fails(job) -> None:
    raise ValueError("broken")


@pytest.fixture(autouse=True)
def _fresh():
    DONE.clear()


def test_a_job_runs_and_keeps_result_and_progress(db):
    made = jobs.enqueue("test.count", by=None, upto=3)
    assert jobs.run_pending() == 1
    made.refresh_from_db()
    assert (made.state, made.result, made.done, made.total, made.percent) == ("done", {"counted": 3}, 3, 3, 100)
    assert str(made) == "test.count done"


def test_the_same_open_key_is_one_job(db):
    first = jobs.enqueue("test.count", by=None, key="a", upto=1)
    assert jobs.enqueue("test.count", by=None, key="a", upto=1) == first
    jobs.run_pending()
    assert jobs.enqueue("test.count", by=None, key="a", upto=1) != first
    with pytest.raises(LookupError):
        jobs.enqueue("test.unknown", by=None)


def test_a_round_is_queued_once_for_ever(db):
    assert jobs.enqueue_once("test.count", by=None, key="2022-03-15", upto=1)
    jobs.run_pending()
    assert jobs.enqueue_once("test.count", by=None, key="2022-03-15", upto=1) is None


def test_a_dead_workers_job_goes_on_where_it_stopped(db, frozen):
    made = jobs.enqueue("test.count", by=None, upto=5)
    dead = jobs.claim()
    dead.save_checkpoint(at=3)
    assert jobs.claim() is None  # the lease still holds
    with clock.frozen(frozen + jobs.LEASE + timedelta(seconds=1)):
        assert jobs.run_pending() == 1
    made.refresh_from_db()
    assert DONE == [3, 4] and made.attempts == 2


def test_a_failing_job_is_tried_again_and_then_kept_as_failed(db):
    made = jobs.enqueue("test.fails", by=None)
    assert jobs.run_pending() == jobs.MAX_ATTEMPTS
    made.refresh_from_db()
    assert (made.state, made.error) == ("failed", "ValueError: broken")
    assert made.finished_at and made.percent == 0


def test_a_limit_stops_early_and_progress_is_a_share(db):
    jobs.enqueue("test.count", by=None, upto=1)
    jobs.enqueue("test.count", by=None, upto=1)
    assert jobs.run_pending(limit=1) == 1
    assert Job(done=1, total=4).percent == 25


def test_a_job_taken_by_another_worker_is_not_taken_twice(db, monkeypatch):
    jobs.enqueue("test.count", by=None, upto=1)
    real, taken = jobs._claimable, []

    def somebody_is_faster():
        found = list(real())
        if found and not taken:
            taken.append(real().update(state="running", attempts=1, lease_until=clock.now() + jobs.LEASE))
            return found
        return real()

    monkeypatch.setattr(jobs, "_claimable", somebody_is_faster)
    assert jobs.claim() is None


def test_done_jobs_are_forgotten_in_time(db, frozen):
    jobs.enqueue("test.count", by=None, upto=1)
    jobs.run_pending()
    assert jobs.forget_done(before=frozen) == 0
    assert jobs.forget_done(before=frozen + timedelta(seconds=1)) == 1
