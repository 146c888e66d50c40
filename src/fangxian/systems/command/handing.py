"""Handing tasks down, one or many: the same key never makes a second task."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction

from fangxian.core import records
from fangxian.core.areas import Area
from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission
from fangxian.core.records import Source
from fangxian.systems.command.models import Task
from fangxian.systems.people.models import Person

CHUNK = 5_000
_NEW_START = {
    "status": Task.Status.PENDING, "received_at": None, "received_by": None, "done_at": None, "done_by": None,
    "checked_at": None, "checked_by": None, "escalated_at": None, "outcome": "",
}  # fmt: skip
_WANTED = ("title", "instructions", "params", "address", "officer", "role", "group", "area", "from_area", "priority",
           "due_at")  # fmt: skip


class HandedDown(NamedTuple):
    """What became of a list of tasks: handed down now, and known before by their key."""

    new: list[Task]
    kept: list[Task]


def hand_down(
    *, by: Officer | None, area: Area, title: str, kind: str = Task.Kind.GENERAL, key: str | None = None,
    instructions: str = "", params: dict | None = None, from_area: Area | None = None, role: str = "",
    officer: Officer | None = None, priority: str = Task.Priority.NORMAL, due_at: datetime | None = None,
    person: Person | None = None, subject: tuple[str, Any] | None = None, address: str = "",
    source: str = Source.WEB, **values: Any,
) -> Task:  # fmt: skip
    """Hand one task down. A known key answers with the stored task; a withdrawn one is handed down again.

    `subject` is what the task is about: a record, or (kind, id).
    """
    subject_kind, subject_id = _subject(subject)
    wanted = {
        **values, "area": area, "title": title, "kind": kind, "key": key, "instructions": instructions,
        "params": params or {}, "from_area": from_area or _commanding(by, area), "role": role, "officer": officer,
        "priority": priority, "due_at": due_at, "person": person, "subject_kind": subject_kind,
        "subject_id": subject_id, "address": address,
    }  # fmt: skip
    with transaction.atomic():
        known = Task.unscoped.select_for_update().filter(key=key).first() if key else None
        if known is None:
            return records.create(Task, by=by, action="command.task.handed_down", source=source, **wanted)
        return _again(known, Task(**wanted), by) if known.status == Task.Status.REMOVED else known


def hand_down_many(
    *,
    by: Officer | None,
    tasks: Iterable[Task],
    source: str = Source.WORKFLOW,
    action: str = "command.tasks.handed_down",
) -> HandedDown:
    """Hand many tasks down at once; known keys are kept as they are, withdrawn ones handed down again."""
    tasks = list(tasks)
    with transaction.atomic():
        known = _by_keys([task.key for task in tasks if task.key])
        new = _first_of_each_key(task for task in tasks if task.key not in known)
        for start in range(0, len(new), CHUNK):
            records.create_many(Task, new[start : start + CHUNK], by=by, action=action, source=source)
        again, kept = [], []
        for task in (task for task in tasks if task.key in known):
            stored = known[task.key]
            removed = stored.status == Task.Status.REMOVED
            (again if removed else kept).append(_again(stored, task, by) if removed else stored)
    return HandedDown(new + again, kept)


def _first_of_each_key(tasks: Iterable[Task]) -> list[Task]:
    first: dict[Any, Task] = {}
    for task in tasks:
        first.setdefault(task.key or task.pk, task)
    return list(first.values())


def _commanding(by: Officer | None, area: Area) -> Area | None:
    """Where a task comes from that a person hands down: the widest area of theirs that commands the task's area."""
    posts = by.posts_with(Permission.COMMAND_WRITE) if by else []
    covering = [post.area for post in posts if post.covers(area.code)]
    return min(covering, key=lambda commanded: len(commanded.code), default=None)


def _again(stored: Task, wanted: Task, by: Officer | None) -> Task:
    changes = {name: getattr(wanted, name) for name in _WANTED}
    return records.change(stored, by=by, action="command.task.handed_down_again", **_NEW_START, **changes)


def _by_keys(keys: list[str]) -> dict[str | None, Task]:
    found: dict[str | None, Task] = {}
    for start in range(0, len(keys), CHUNK):
        rows = Task.unscoped.select_for_update(of=("self",)).filter(key__in=keys[start : start + CHUNK])
        found.update({row.key: row for row in rows.select_related("area")})
    return found


def _subject(subject: Any) -> tuple[str, Any]:
    if subject is None:
        return "", None
    return subject if isinstance(subject, tuple) else (subject._meta.label_lower, subject.pk)
