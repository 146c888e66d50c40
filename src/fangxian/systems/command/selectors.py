"""Reading tasks: my ledger, tasks about something, counts by area."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When

from fangxian.core.areas import code_range
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.systems.command.group_selectors import groups_of
from fangxian.systems.command.models import Task

OPEN = [str(status) for status in Task.OPEN]
_RANK = Case(
    When(priority=Task.Priority.HIGH, then=Value(0)),
    When(priority=Task.Priority.NORMAL, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


@dataclass
class Counts:
    """How many tasks of an area stand where."""

    pending: int = 0
    in_progress: int = 0
    overdue: int = 0
    done: int = 0
    checked: int = 0
    not_executable: int = 0

    @property
    def open(self) -> int:
        """Handed down or received, not done."""
        return self.pending + self.in_progress


def task(task_id: UUID | str) -> Task:
    """One task with what its page shows; raises Task.DoesNotExist outside the scope as for no such task."""
    return Task.objects.select_related("area", "from_area", "officer", "group", "person", "received_by", "done_by").get(
        pk=task_id
    )


def ledger(officer: Officer) -> QuerySet[Task]:
    """My open tasks: mine by name, those of my groups, those of my roles and areas that name nobody; what is due first
    first."""
    mine = [Task.unscoped.filter(officer=officer, status__in=OPEN)]
    groups = groups_of(officer)
    mine.append(Task.unscoped.filter(group__in=groups, officer__isnull=True, status__in=OPEN))
    for post in officer.current_posts:
        for low, high in post.ranges:
            theirs = Task.unscoped.filter(role=post.role, area_id__gte=low, area_id__lt=high, status__in=OPEN)
            mine.append(theirs.filter(officer__isnull=True, group__isnull=True))
    # ids through one index each; as one condition, the scope would make the store walk all tasks of the county
    ids = [rows.order_by().values("pk") for rows in mine]
    return _by_due(Task.objects.filter(pk__in=ids[0].union(*ids[1:]) if ids[1:] else ids[0]))


def open_in(area_code: str) -> QuerySet[Task]:
    """Open tasks of an area and all below it; what is due first first."""
    low, high = code_range(area_code)
    return _by_due(Task.objects.filter(status__in=OPEN, area_id__gte=low, area_id__lt=high))


def open_of_kind(kind: str) -> QuerySet[Task]:
    """Open tasks of a kind inside the scope."""
    return _by_due(Task.objects.filter(kind=kind, status__in=OPEN))


def overdue(area_code: str, at: datetime | None = None) -> QuerySet[Task]:
    """Open tasks of an area whose time is up."""
    return open_in(area_code).filter(due_at__lt=at or now())


def to_check(area_code: str) -> QuerySet[Task]:
    """What was handed down from an area, is reported done or impossible, and waits for a look."""
    low, high = code_range(area_code)
    waiting = [Task.Status.DONE, Task.Status.NOT_EXECUTABLE]
    return _by_due(Task.objects.filter(status__in=waiting, from_area_id__gte=low, from_area_id__lt=high))


def for_subject(kind: str, subject_id: UUID) -> list[Task]:
    """All tasks about one case, contact, result …, oldest first."""
    found = Task.objects.filter(subject_kind=kind, subject_id=subject_id)
    return list(found.select_related("area", "officer", "person").order_by("created_at", "pk"))


def open_keys(kind: str, subject_id: UUID) -> list[tuple[UUID, str | None]]:
    """Id and key of the open tasks about one subject, where the tasks themselves are not needed."""
    found = Task.objects.filter(subject_kind=kind, subject_id=subject_id, status__in=Task.OPEN)
    return list(found.order_by("created_at", "pk").values_list("pk", "key"))


def open_by_keys(keys: Iterable[str]) -> list[Task]:
    """Open tasks by the keys they were handed down with."""
    return list(Task.objects.filter(key__in=list(keys), status__in=OPEN).select_related("area").order_by("pk"))


def by_ids(ids: Iterable[UUID]) -> list[Task]:
    """Tasks by id; ids outside the scope are missing."""
    return list(Task.objects.filter(pk__in=list(ids)).select_related("area", "officer", "person").order_by("pk"))


def for_subjects(kind: str, subject_ids: Iterable[UUID]) -> dict[UUID, list[Task]]:
    """The same for many subjects in one query; every id has an entry."""
    found: dict[UUID, list[Task]] = {subject_id: [] for subject_id in subject_ids}
    rows = Task.objects.filter(subject_kind=kind, subject_id__in=found.keys()).select_related("area", "officer")
    for row in rows.order_by("created_at", "pk"):
        found[row.subject_id].append(row)
    return found


def counts_by_area(area_codes: Iterable[str], at: datetime | None = None) -> dict[str, Counts]:
    """For each area the tasks of itself and all below it, one query; areas may lie inside each other."""
    counts = {code: Counts() for code in area_codes}
    late = Q(due_at__lt=at or now(), status__in=OPEN)
    rows = Task.objects.filter(_inside(counts)).values_list("area_id", "status")
    for area, status, tasks, behind in rows.annotate(tasks=Count("pk"), behind=Count("pk", filter=late)):
        for code in _above(area, counts):
            _add(counts[code], status, tasks, behind)
    return counts


def counts_by_kind(area_code: str) -> dict[str, int]:
    """Open tasks of an area by kind."""
    rows = open_in(area_code).order_by().values_list("kind").annotate(tasks=Count("pk"))
    return defaultdict(int, rows)


def _inside(codes: Iterable[str]) -> Q:
    inside = Q(pk__in=[])
    for low, high in map(code_range, codes):
        inside |= Q(area_id__gte=low, area_id__lt=high)
    return inside


def _above(area: str, codes: dict[str, Counts]) -> list[str]:
    return [area[:length] for length in range(len(area) + 1) if area[:length] in codes]


def _add(counts: Counts, status: str, tasks: int, behind: int) -> None:
    name = status.lower()
    if hasattr(counts, name):
        setattr(counts, name, getattr(counts, name) + tasks)
    counts.overdue += behind


def _by_due(rows: QuerySet[Task]) -> QuerySet[Task]:
    ordered = rows.order_by(F("due_at").asc(nulls_last=True), _RANK, "pk")
    return ordered.select_related("area", "from_area", "officer", "group", "person")
