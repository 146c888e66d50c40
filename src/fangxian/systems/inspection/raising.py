"""Entering what was found: the task to mend it goes out at once, and what was there before is remembered."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from fangxian.core import records
from fangxian.core.areas import Area
from fangxian.core.clock import now, today
from fangxian.core.ids import uuid7
from fangxian.core.officers import Officer
from fangxian.core.records import Record, Source
from fangxian.systems.command import services as command
from fangxian.systems.command import transitions
from fangxian.systems.command.models import Task
from fangxian.systems.inspection import rules
from fangxian.systems.inspection.models import Finding, FourParties
from fangxian.systems.inspection.words import Origin, Topic

TITLE = gettext_noop("Rectify: %(what)s")
INSTRUCTIONS = gettext_noop("%(where)s. Mend it, add a photo of it, and report it as done; it will be looked at again.")
PRIORITY = {Finding.Severity.MINOR: Task.Priority.NORMAL}  # everything else is urgent
SEVERITIES = list(Finding.Severity)


def raise_finding(
    *, by: Officer | None, area: Area, where: str, what: str, subject: Record | tuple[str, UUID] | None = None,
    severity: str = Finding.Severity.MINOR, due_at: datetime | None = None, origin: str = Origin.INSPECTION,
    source: str = Source.WEB, **values: Any,
) -> Finding:  # fmt: skip
    """Enter what was found and hand down the task to mend it. Without a time limit it gets that of the pack."""
    with transaction.atomic():  # a phone that sends it again gets the stored task and the stored finding
        if "id" in values and Finding._base_manager.filter(pk=values["id"]).exists():
            return records.create(Finding, by=by, action="inspection.finding.raised", id=values["id"], area=area)
        wanted = {
            "id": uuid7(), **values, **_about(subject), "area": area, "where": where, "what": what,
            "severity": severity, "origin": origin,
            "due_at": due_at or now() + rules.time_to_mend(rules.pack_of(area.code), severity, origin),
        }  # fmt: skip
        wanted["unit"] = wanted.get("unit") or _unit(wanted)
        wanted |= _remembered(wanted)
        task = command.hand_down(by=by, source=source, **task_of(Finding(**wanted)))
        return records.create(Finding, by=by, action="inspection.finding.raised", source=source, task=task, **wanted)


def change_finding(*, finding: Finding, by: Officer | None, base_version: int | None = None, **changes: Any) -> Finding:
    """Change what was entered, as long as nobody has reported it mended; its task changes with it.

    Whoever has to mend it neither gives themselves more time nor hands it on: that is the command's.
    """
    changes = {name: value for name, value in changes.items() if name != "due_at" or value is not None}
    with transaction.atomic():
        if finding.state != Finding.State.OPEN:
            raise ValidationError(_("This finding is reported as rectified or settled; it cannot be changed any more."))
        _refuse_easing(finding, by, changes)
        changed = records.change(
            finding, by=by, action="inspection.finding.changed", base_version=base_version, **changes
        )
        known = {**task_of(changed), "subject": None, "key": None}
        fields = {name: value for name, value in known.items() if name not in ("subject", "key", "kind")}
        changed.task = records.change(changed.task, by=by, action="command.task.changed", **fields)
    return changed


def time_allowed(severity: str, *, area_code: str, origin: str = Origin.INSPECTION) -> timedelta:
    """How long mending may take by the pack in force."""
    return rules.time_to_mend(rules.pack_of(area_code), severity, origin)


def task_of(finding: Finding) -> dict[str, Any]:
    """What the task to mend it says."""
    return {
        "key": f"finding:{finding.pk}", "kind": Task.Kind.RECTIFICATION, "area": finding.area, "title": TITLE,
        "instructions": INSTRUCTIONS, "params": {"what": finding.what, "where": finding.where}, "role": finding.role,
        "officer": finding.officer, "due_at": finding.due_at, "subject": finding,
        "priority": PRIORITY.get(finding.severity, Task.Priority.HIGH),
    }  # fmt: skip


def _about(subject: Record | tuple[str, UUID] | None) -> dict[str, Any]:
    if subject is None:
        return {}
    kind, pk = subject if isinstance(subject, tuple) else (subject._meta.label_lower, subject.pk)
    return {"subject_kind": kind, "subject_id": pk}


def _unit(wanted: dict[str, Any]) -> str:
    """The unit that answers for the place, where its four parties are named."""
    here = Q(area=wanted["area"], where=wanted["where"])
    if wanted.get("subject_id"):
        here |= Q(subject_kind=wanted["subject_kind"], subject_id=wanted["subject_id"])
    return FourParties._base_manager.filter(here).exclude(unit="").values_list("unit", flat=True).first() or ""


def _remembered(wanted: dict[str, Any]) -> dict[str, Any]:
    """The findings of the same topic at the same place or of the same unit: how many, and the last of them.

    The memory reaches over every area: a unit that moves to the next county is the same unit.
    """
    topic = wanted.get("topic", Topic.OTHER)
    if topic == Topic.OTHER:
        return {}
    same = Q(area=wanted["area"], where=wanted["where"])
    if wanted.get("subject_id"):
        same |= Q(subject_kind=wanted["subject_kind"], subject_id=wanted["subject_id"])
    if wanted["unit"]:
        same |= Q(unit=wanted["unit"])
    day = wanted.get("found_on") or today()
    since = day - rules.memory(rules.pack_of(wanted["area"].code))
    before = Finding._base_manager.filter(same, topic=topic, found_on__gte=since, found_on__lte=day)
    before = before.exclude(state=Finding.State.WITHDRAWN).order_by("-found_on", "-pk")
    return {"repeat_of": before.first(), "times_before": before.count()}


def _refuse_easing(finding: Finding, by: Officer | None, changes: dict[str, Any]) -> None:
    if by is None or not transitions.is_holder(finding.task, by):
        return
    later = changes.get("due_at", finding.due_at) > finding.due_at
    severity = changes.get("severity", finding.severity)
    lighter = SEVERITIES.index(Finding.Severity(severity)) < SEVERITIES.index(Finding.Severity(finding.severity))
    moved = any(changes.get(name, getattr(finding, name)) != getattr(finding, name) for name in ("role", "officer"))
    if later or lighter or moved:
        raise ValidationError(
            _("You have to mend this: more time, a lighter severity or another owner is for the command to give.")
        )
