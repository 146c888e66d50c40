"""Who is missing from a round, as one task for each grid cell or village that answers for them."""

from collections.abc import Iterator
from uuid import UUID

from django.utils.translation import gettext_noop

from fangxian.core.areas import Area
from fangxian.core.officers import Officer
from fangxian.systems.command import selectors as command_selectors
from fangxian.systems.command import services as command
from fangxian.systems.command.models import Task
from fangxian.systems.testing import coverage
from fangxian.systems.testing.models import TestRound

KIND = "testing.testround"
TITLE = gettext_noop("Fetch %(count)s people to the test of round %(round)s")
INSTRUCTIONS = gettext_noop(
    "The board of the round names them. Bring each to the point, or say why they do not come: away, not reached, "
    "refuses. Whoever need not come is excused by a rule, with the reason."
)


def hand_down(test_round: TestRound, *, by: Officer | None) -> dict[str, int]:
    """One task an area with missing people, to its grid worker; tasks of areas where nobody is missing any more end.

    Run again, a task that is open stays as it is; one that was withdrawn and is wanted again is handed down anew.
    Returns how many were handed down and how many withdrawn.
    """
    missing = coverage.missing_by_area(test_round)
    areas = Area.objects.in_bulk(missing)
    wanted = list(_tasks(test_round, missing, areas))
    handed = command.hand_down_many(by=by, tasks=wanted)
    keys = {task.key for task in wanted}
    open_keys = command_selectors.open_keys(KIND, test_round.pk)
    stale = [pk for pk, key in open_keys if key not in keys]
    withdrawn = _withdraw(stale, by=by, reason="complete") if stale else 0
    return {"areas": len(wanted), "handed_down": len(handed.new), "withdrawn": withdrawn}


def call_off(test_round: TestRound, *, by: Officer | None) -> int:
    """End every open task of a round: it was closed."""
    found = [pk for pk, _key in command_selectors.open_keys(KIND, test_round.pk)]
    return _withdraw(found, by=by, reason="closed") if found else 0


def _withdraw(ids: list[UUID], *, by: Officer | None, reason: str) -> int:
    tasks = command_selectors.by_ids(ids)
    return command.withdraw_many(tasks=tasks, by=None, reason=f"{KIND} {reason}")


def _tasks(test_round: TestRound, missing: dict[str, int], areas: dict[str, Area]) -> Iterator[Task]:
    for code, count in missing.items():
        yield Task(
            key=f"testing.chase.{test_round.pk}.{code}",
            kind=Task.Kind.SAMPLE_COLLECTION,
            title=TITLE,
            instructions=INSTRUCTIONS,
            params={"count": count, "round": test_round.name},
            area=areas[code],
            from_area=test_round.area,
            role="grid_worker",
            priority=Task.Priority.HIGH,
            due_at=test_round.ends_at,
            subject_kind=KIND,
            subject_id=test_round.pk,
        )
