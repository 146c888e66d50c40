"""The verbs between a finding and its end. Each is a verb of its task; following.py says what the ladder refuses."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.officers import Officer
from fangxian.core.permissions import Refused
from fangxian.core.reasons import stated
from fangxian.registers import attachments
from fangxian.systems.command import services as command
from fangxian.systems.command import transitions
from fangxian.systems.inspection.models import Finding

File = tuple[str, bytes]
"""Name and content of a photo or paper."""


def mend(*, finding: Finding, by: Officer, evidence: str = "", files: tuple[File, ...] = ()) -> Finding:
    """Whoever has to mend it has, with what proves it. Raises Refused, ValidationError."""
    with transaction.atomic():
        if not transitions.is_holder(finding.task, by):
            raise Refused(str(_("This task is for somebody else.")))
        for name, content in files:
            attachments.attach(finding.task, name=name, content=content, by=by)
        command.finish(task=finding.task, by=by, outcome=evidence.strip())
    return _stored(finding)


def agree(*, finding: Finding, by: Officer) -> Finding:
    """Somebody else has looked again, and it is mended."""
    command.check(task=finding.task, by=by)
    return _stored(finding)


def reopen(*, finding: Finding, by: Officer, reason: str) -> Finding:
    """Somebody else has looked again, and it is not mended; or it is not impossible after all."""
    command.send_back(task=finding.task, by=by, reason=reason)
    return _stored(finding)


def cannot(*, finding: Finding, by: Officer, reason: str) -> Finding:
    """Whoever has to mend it says that and why it cannot be done; the command decides what becomes of it."""
    command.cannot(task=finding.task, by=by, reason=reason)
    return _stored(finding)


def ask_withdrawal(*, finding: Finding, by: Officer, reason: str) -> Finding:
    """Say why this is no finding after all; a second person has to agree. Nobody who has to mend it may ask."""
    if finding.state not in (Finding.State.OPEN, Finding.State.IMPOSSIBLE):
        raise ValidationError(_("Only what is still to be mended can be withdrawn."))
    if finding.task.role and transitions.is_holder(finding.task, by):
        raise ValidationError(_("Who has to mend a finding does not withdraw it."))
    if not transitions.is_giver(finding.task, by):
        raise Refused(str(_("Only who handed the task down may do this.")))
    return records.change(
        finding, by=by, action="inspection.finding.withdrawal_asked", withdrawal=stated(reason)[:200], withdrawal_by=by
    )


def agree_withdrawal(*, finding: Finding, by: Officer) -> Finding:
    """The second person agrees: the finding leaves the ladder, with both names and the reason."""
    finding = _stored(finding)
    command.withdraw(task=finding.task, by=by, reason=finding.withdrawal or str(_("withdrawn")))
    return _stored(finding)


def _stored(finding: Finding) -> Finding:
    return Finding._base_manager.select_related("area", "task", "officer").get(pk=finding.pk)
