"""The verbs of a closed loop, set-based: opening, carrying on, ending. Who may is asked above, in the story."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from fangxian.core import records
from fangxian.core.officers import Officer
from fangxian.core.records import Source
from fangxian.systems.arrivals.models import Loop

PLAN = (
    "rule", "because", "pack", "pack_on", "begins_on", "ends_on", "stages", "tests", "links", "next_kind",
    "next_due_at", "missed", "gap_minutes",
)  # fmt: skip
PROGRESS = (
    "links", "state", "next_kind", "next_due_at", "missed", "days_owed", "days_checked", "tests_owed", "tests_done",
    "gap_minutes", "closed_at", "reason",
)  # fmt: skip
BATCH = 2_000


def open_many(*, by: Officer | None, loops: Iterable[Loop]) -> list[Loop]:
    """Enter new loops."""
    return records.create_many(Loop, loops, by=by, action="arrivals.loops.opened", source=Source.WORKFLOW)


def replan_many(*, by: Officer | None, loops: Sequence[Loop], detail: dict | None = None) -> int:
    """Save loops whose plan another rule or another version of a pack has made; returns how many."""
    return _saved(loops, PLAN, by=by, action="arrivals.loops.replanned", detail=detail)


def carry_many(*, by: Officer | None, loops: Sequence[Loop]) -> int:
    """Save how far loops have come; returns how many."""
    return _saved(loops, PROGRESS, by=by, action="arrivals.loops.carried_on")


def close_many(*, by: Officer | None, loops: Sequence[Loop]) -> int:
    """Save loops that end before their plan does, each with its reason; returns how many."""
    return _saved(loops, PROGRESS, by=by, action="arrivals.loops.closed")


def _saved(loops: Sequence[Loop], fields: Iterable[str], *, by, action: str, detail: dict | None = None) -> int:
    return sum(
        records.save_many(loops[start : start + BATCH], list(fields), by=by, action=action, detail=detail)
        for start in range(0, len(loops), BATCH)
    )


def of_subjects(subject_ids: Iterable[UUID], *, open_only: bool = False) -> dict[UUID, Loop]:
    """The loop of each reason, the open one or else the latest; reasons without one are missing."""
    ids, found = list(dict.fromkeys(subject_ids)), {}
    for start in range(0, len(ids), BATCH):
        rows = Loop.objects.filter(subject_id__in=ids[start : start + BATCH])
        rows = rows.filter(state=Loop.State.OPEN) if open_only else rows
        for row in rows.select_related("area", "present_area", "person").order_by("opened_at", "pk"):
            if found.get(row.subject_id) is None or found[row.subject_id].state != Loop.State.OPEN:
                found[row.subject_id] = row
    return found
