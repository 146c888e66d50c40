"""A round of tests, from the list of who must come to the figures that explain everybody.

Read downwards: a round opens with its roster (`begin`), the day's must-test round by itself (`testing/days.py`, or at
once by `must_test_today`); people are registered into tubes and the tubes travel (the verbs of testing, called by
points and laboratories);
results move everybody in a tube, and a positive pool calls its members for samples of their own (`follow_pools`);
whoever is missing is named to their grid worker (`chase`); at the end the figures account for every person (`finish`).

The corrections, each of which may come at any time and be run again: a result withdrawn or contradicted moves its
people back by itself; a tube lost makes its people missing (`lost`), one found gives them back; registrations that
arrive after the end are taken and the closing figures made anew (`settle_late`); a round closed too early is opened
again (`resume`).
"""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.dispatch import receiver
from django.utils import timezone

from fangxian.core import jobs, policy, scope
from fangxian.core.areas import Area
from fangxian.core.clock import now, today
from fangxian.core.officers import Officer
from fangxian.systems.testing import coverage, services
from fangxian.systems.testing import selectors as testing
from fangxian.systems.testing.announcements import closed_rounds_reached
from fangxian.systems.testing.models import LabResult, TestRound, Tube
from fangxian.workflows.testing import chase as chasing
from fangxian.workflows.testing.stopping import Advice, advise

WHY = "a round reaches everybody its area answers for"


def begin(*, by: Officer | None, round_id: UUID) -> TestRound:
    """Open a planned round: its roster is taken now, and who need not come by the pack's rule is excused at once.

    The roster is what coverage is counted against until the end: people who move in later come as unlisted.
    """
    with scope.everywhere(WHY):
        opened = services.open_round(by=by, test_round=testing.test_round(round_id))
        services.excuse_tested(by=by, test_round=opened)
        return opened


def must_test_today(*, by: Officer | None, area: Area, disease: str, day: date | None = None) -> TestRound:
    """Plan and open the must-test round of a day: whose turn it is by the pack, and whoever has a test planned."""
    with scope.everywhere(WHY):
        planned = services.plan_must_test(by=by, area=area, disease=disease, day=day or today())
        return begin(by=by, round_id=planned.pk)


def follow_pools(*, by: Officer | None, round_id: UUID) -> int:
    """Call the members of every positive pool for samples of their own; returns how many pools are still open.

    Each positive is also followed by itself as soon as it stands (`positive_result`); this finds what was missed.
    """
    with scope.everywhere(WHY):
        test_round = testing.test_round(round_id)
        unresolved = [pool for pool in coverage.pools(test_round, limit=100_000) if not pool.resolved]
        for pool in unresolved:
            if pool.result.value == LabResult.Value.POSITIVE:
                services.recall_pool(pool.result, by=by)
        return len(unresolved)


def chase(*, by: Officer | None, round_id: UUID) -> dict[str, int]:
    """Name the missing to whoever answers for them, one task a cell; ends the tasks of cells that are complete."""
    with scope.everywhere(WHY):
        return chasing.hand_down(testing.test_round(round_id), by=by)


def finish(*, by: Officer | None, round_id: UUID) -> TestRound:
    """Close the round: who need not have come is excused, the chase ends, the figures account for every person."""
    with scope.everywhere(WHY):
        test_round = testing.test_round(round_id)
        if test_round.state == TestRound.State.OPEN:
            services.excuse_tested(by=by, test_round=test_round)
        closed = services.close_round(by=by, test_round=test_round)
        chasing.call_off(closed, by=by)
        return closed


def what_next(*, round_id: UUID) -> Advice:
    """Whether another region-wide round is needed, by the stop rule of the pack."""
    with scope.everywhere(WHY):
        test_round = testing.test_round(round_id)
        pack = policy.pack(disease=test_round.disease, area_code=test_round.area_id, on=timezone.localdate(now()))
        held = testing.rounds_before(test_round)
        days = [(timezone.localdate(row.begins_at), coverage.figures(row).positive) for row in held]
        return advise(days, pack)


def lost(*, by: Officer | None, tubes: Iterable[Tube], reason: str) -> int:
    """Correction: tubes are lost. Their people are missing again, with the reason, and are chased."""
    with scope.everywhere(WHY):
        tubes = list(tubes)
        count = services.lose_tubes(by=by, tubes=tubes, reason=reason)
        for round_id in {tube.round_id for tube in tubes if tube.round_id}:
            if testing.test_round(round_id).state == TestRound.State.OPEN:
                chase(by=by, round_id=round_id)
        return count


def settle_late(*, by: Officer | None, round_id: UUID) -> TestRound:
    """Correction: something reached a closed round. Its figures are made anew and say what differs."""
    with scope.everywhere(WHY):
        return services.close_round(by=by, test_round=testing.test_round(round_id))


def resume(*, by: Officer | None, round_id: UUID, reason: str) -> TestRound:
    """Correction: a round was closed too early. It counts on, and the missing are chased again."""
    with scope.everywhere(WHY):
        opened = services.reopen_round(by=by, test_round=testing.test_round(round_id), reason=reason)
        chase(by=by, round_id=opened.pk)
        return opened


@receiver(closed_rounds_reached)
def follow_late(sender: Any, round_ids: list[UUID], **_named: Any) -> None:
    """Queue the closing figures anew, in the transaction of what came late."""
    for round_id in round_ids:
        jobs.enqueue("testing.round.settle", by=None, key=str(round_id), round_id=str(round_id))


@jobs.job("testing.round.settle")
def settle_job(job: jobs.Job, round_id: str) -> dict[str, int]:
    """The figures anew as a job; opened again meanwhile, the round has none to make."""
    with scope.everywhere(WHY):
        if testing.test_round(UUID(round_id)).state != TestRound.State.CLOSED:
            return {}
    changes = settle_late(by=job.created_by, round_id=UUID(round_id)).closing.get("changes", [])
    return dict(changes[-1]["difference"]) if changes else {}


@jobs.job("testing.round.open")
def begin_job(job: jobs.Job, round_id: str) -> dict[str, int]:
    """Opening as a job: a roster of a million people takes some seconds."""
    opened = begin(by=job.created_by, round_id=UUID(round_id))
    with scope.everywhere(WHY):
        return {"people": coverage.figures(opened).roster}


@jobs.job("testing.round.chase")
def chase_job(job: jobs.Job, round_id: str) -> dict[str, int]:
    """The chase as a job: a county has thousands of cells."""
    return chase(by=job.created_by, round_id=UUID(round_id))
