"""The verbs of a finding. Mending, re-checking and reopening are the verbs of its task (`command.services`)."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from fangxian.core import policy, records
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.ids import uuid7
from fangxian.core.officers import Officer
from fangxian.core.policy.files import ANY_DISEASE
from fangxian.core.records import Record, Source
from fangxian.systems.command import services as command
from fangxian.systems.command.models import Task
from fangxian.systems.inspection.models import Finding

RULE = "inspection.rectification_hours"
TITLE = gettext_noop("Rectify: %(what)s")
INSTRUCTIONS = gettext_noop("%(where)s. Mend it, add a photo of it, and report it as done; it will be looked at again.")
PRIORITY = {Finding.Severity.MINOR: Task.Priority.NORMAL}  # everything else is urgent


def raise_finding(
    *, by: Officer | None, area: Area, where: str, what: str, subject: Record | None = None,
    severity: str = Finding.Severity.MINOR, due_at: datetime | None = None, source: str = Source.WEB, **values: Any,
) -> Finding:  # fmt: skip
    """Enter what was found and hand down the task to mend it. Without a time limit it gets that of the pack."""
    about = {"subject_kind": subject._meta.label_lower, "subject_id": subject.pk} if subject is not None else {}
    wanted = {
        "id": uuid7(), **values, **about, "area": area, "where": where, "what": what, "severity": severity,
        "due_at": due_at or now() + time_allowed(severity, area_code=area.code),
    }  # fmt: skip
    with transaction.atomic():  # a phone that sends it again gets the stored task and the stored finding
        task = command.hand_down(by=by, source=source, **_task(Finding(**wanted)))
        return records.create(Finding, by=by, action="inspection.finding.raised", source=source, task=task, **wanted)


def change_finding(*, finding: Finding, by: Officer | None, base_version: int | None = None, **changes: Any) -> Finding:
    """Change what was entered, as long as nobody has reported it mended; its task changes with it."""
    with transaction.atomic():
        if finding.state != Finding.State.OPEN:
            raise ValidationError(_("This finding is reported as rectified or settled; it cannot be changed any more."))
        changed = records.change(
            finding, by=by, action="inspection.finding.changed", base_version=base_version, **changes
        )
        if changed.task_id:
            known = {**_task(changed), "subject": None, "key": None}
            fields = {name: value for name, value in known.items() if name not in ("subject", "key", "kind")}
            changed.task = records.change(changed.task, by=by, action="command.task.changed", **fields)
    return changed


def time_allowed(severity: str, *, area_code: str) -> timedelta:
    """How long mending may take by the pack in force."""
    pack = policy.pack(disease=ANY_DISEASE, area_code=area_code)
    return timedelta(hours=float(pack.number(f"{RULE}.{severity.lower()}")))


def _task(finding: Finding) -> dict[str, Any]:
    """What the task to mend it says."""
    return {
        "key": f"finding:{finding.pk}", "kind": Task.Kind.RECTIFICATION, "area": finding.area, "title": TITLE,
        "instructions": INSTRUCTIONS, "params": {"what": finding.what, "where": finding.where}, "role": finding.role,
        "officer": finding.officer, "due_at": finding.due_at, "subject": finding,
        "priority": PRIORITY.get(finding.severity, Task.Priority.HIGH),
    }  # fmt: skip
