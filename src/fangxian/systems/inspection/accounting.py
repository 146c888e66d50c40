"""Accountability: proposed by one or by the clock, decided by another, appealed within its days, heard by a third."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fangxian.core import records, scope, second_person
from fangxian.core.areas import county_of
from fangxian.core.clock import DAY, now, shown
from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, Refused, require
from fangxian.core.reasons import stated
from fangxian.core.roles import DutyOfficer
from fangxian.systems.command import selectors as tasks_of
from fangxian.systems.command import services as command
from fangxian.systems.command import transitions
from fangxian.systems.command.models import Task
from fangxian.systems.inspection import rules
from fangxian.systems.inspection.models import Accountability, Finding
from fangxian.systems.inspection.words import Measure

S = Accountability.State
KIND = Accountability._meta.label_lower
NOT_MENDED = gettext_noop("Not mended in time: due %(due)s, reopened %(reopened)s times, %(before)s times before.")
HEAR = gettext_noop("Hear an appeal: %(unit)s")
HEAR_HOW = gettext_noop("%(where)s. Somebody hears it who neither proposed nor decided it.")
HEARD = gettext_noop("The appeal was heard.")


def propose(
    *, finding: Finding, by: Officer | None, unit: str, reason: str, measure: str = Measure.TALK,
    officer: Officer | None = None,
) -> Accountability:  # fmt: skip
    """Say who is to answer for a finding, and how; somebody else decides."""
    if not unit.strip():
        raise ValidationError({"unit": _("Name the unit that answers.")})
    if by is not None:
        require(by, Permission.INSPECTION_WRITE, finding.area_id)
    return records.create(
        Accountability, by=by, action="inspection.account.proposed", area=finding.area, finding=finding,
        unit=unit.strip()[:120], reason=stated(reason)[:400], measure=measure, officer=officer,
    )  # fmt: skip


def propose_by_clock(finding: Finding) -> Accountability:
    """The last step of the ladder: the unit of the finding is to answer, once."""
    known = Accountability._base_manager.filter(finding=finding, created_by=None).first()
    told = {"due": shown(finding.due_at, DAY), "reopened": finding.times_reopened, "before": finding.times_before}
    unit = finding.unit or finding.where
    return known or propose(finding=finding, by=None, unit=unit, reason=_(NOT_MENDED) % told)


def decide(*, account: Accountability, by: Officer, decision: str, measure: str = "") -> Accountability:
    """Decide it: from now on the unit answers, and may appeal within the days of the pack."""
    until = now() + rules.time_to_appeal(rules.pack_of(account.area_id))
    measures = {"measure": measure} if measure else {}
    return _move(account, "decided", by, (S.PROPOSED,), state=S.IN_FORCE, decided_at=now(), decided_by=by,
                 decision=stated(decision)[:400], appeal_until=until, **measures)  # fmt: skip


def drop(*, account: Accountability, by: Officer, reason: str) -> Accountability:
    """Decide that nobody has to answer, and why; the finding stays where it is."""
    return _move(account, "dropped", by, (S.PROPOSED,), state=S.DROPPED, decided_at=now(), decided_by=by,
                 decision=stated(reason)[:400])  # fmt: skip


def appeal(*, account: Accountability, by: Officer, appeal: str) -> Accountability:
    """The officer who answers, or whoever holds the finding for the unit, does not agree."""
    text = stated(appeal)[:500]
    with transaction.atomic():
        current = _locked(account, (S.IN_FORCE,))
        if by.pk != current.officer_id and not transitions.is_holder(current.finding.task, by):
            raise Refused(_("Only who has to answer may appeal."))
        if current.appeal_until is None or now() > current.appeal_until:
            raise ValidationError(_("The time to appeal is over."))
        appealed = records.change(
            current, by=by, action="inspection.account.appealed", state=S.APPEALED, appeal=text, appealed_at=now(),
            appealed_by=by,
        )  # fmt: skip
        with scope.everywhere("the county hears what a township appeals"):
            command.hand_down(by=None, **_task(appealed))
    return appealed


def hear(*, account: Accountability, by: Officer, outcome: str, reason: str, measure: str = "") -> Accountability:
    """A third person hears the appeal: upheld, changed to another measure, or revoked."""
    if outcome not in Accountability.HEARD:
        raise ValidationError(_("Say whether it is upheld, changed or revoked."))
    if outcome == S.CHANGED and measure in ("", account.measure):
        raise ValidationError({"measure": _("Say to which measure it is changed.")})
    changed = {"measure": measure} if outcome == S.CHANGED else {}
    with transaction.atomic():
        heard = _move(account, "heard", by, (S.APPEALED,), state=outcome, heard_at=now(), heard_by=by,
                      hearing=stated(reason)[:400], **changed)  # fmt: skip
        command.withdraw_many(tasks=tasks_of.for_subject(KIND, heard.pk), by=None, reason=HEARD)
    return heard


def _move(account: Accountability, act: str, by: Officer, states: tuple[str, ...], **changes: Any) -> Accountability:
    """One decision: by somebody who may, who is a new person to it and does not answer for it."""
    require(by, Permission.INSPECTION_DECIDE, account.area_id)
    with second_person.deciding(account, by=by, action=f"inspection.account.{act}"):
        current = _locked(account, states)
        known = (current.created_by_id, current.decided_by_id, current.appealed_by_id, current.officer_id)
        second_person.require_other(by, [one for one in known if one])
        return records.change(current, by=by, action=f"inspection.account.{act}", **changes)


def _locked(account: Accountability, states: tuple[str, ...]) -> Accountability:
    rows = Accountability.objects.select_for_update(of=("self",)).select_related("area", "finding__task")
    current = rows.get(pk=account.pk)
    if current.state not in states:
        raise ValidationError(_("This was decided meanwhile. Look at it again."))
    return current


def _task(account: Accountability) -> dict[str, Any]:
    area = county_of(account.area_id) or account.area
    return {
        "key": f"account:hear:{account.pk}", "area": area, "title": HEAR, "instructions": HEAR_HOW,
        "role": DutyOfficer.key, "subject": account, "priority": Task.Priority.HIGH,
        "params": {"unit": account.unit, "where": account.finding.where},
        "due_at": now() + rules.time_to_appeal(rules.pack_of(account.area_id)),
    }  # fmt: skip
