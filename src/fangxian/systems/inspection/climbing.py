"""The ladder: what is late, comes back or was reopened goes up, step by step, to accountability.

    step         reached by                                          who is told
    OWNER        being found                                         whoever mends it
    SUPERVISED   time over for so long; a repeat; a late re-check    the inspectors of the county
    SUMMONED     later; several repeats; reopened again              the duty officer, to summon the owner
    ACCOUNT      later still                                         the duty officer, to decide an accountability

Hours, repeats and factors are the pack's. A finding never goes down, and looking again changes nothing.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_noop

from fangxian.core import records
from fangxian.core.areas import Area, county_of
from fangxian.core.clock import now, shown
from fangxian.core.roles import DutyOfficer, Inspector
from fangxian.systems.command import services as command
from fangxian.systems.command.models import Task
from fangxian.systems.inspection import accounting, rules
from fangxian.systems.inspection.models import Finding
from fangxian.systems.inspection.words import Step, higher

HOLDERS = {Step.SUPERVISED: Inspector.key, Step.SUMMONED: DutyOfficer.key, Step.ACCOUNT: DutyOfficer.key}
TITLES = {
    Step.SUPERVISED: gettext_noop("Supervise: %(what)s"),
    Step.SUMMONED: gettext_noop("Summon the owner: %(what)s"),
    Step.ACCOUNT: gettext_noop("Decide on accountability: %(what)s"),
}
HOW = {
    Finding.State.OPEN: gettext_noop("%(where)s. Not mended by %(due)s, or not for the first time."),
    Finding.State.RECTIFIED: gettext_noop("%(where)s. Reported mended; nobody has looked again in time."),
    Finding.State.IMPOSSIBLE: gettext_noop("%(where)s. Said to be impossible to mend; nobody has decided in time."),
}


def waiting(at: datetime) -> QuerySet[Finding]:
    """The unsettled findings that may have to go up; whether they do says `wanted_step`."""
    reported = Q(state__in=[Finding.State.RECTIFIED, Finding.State.IMPOSSIBLE], state_since__lt=at)
    marked = Q(times_before__gt=0) | Q(times_reopened__gt=0)
    rows = Finding.objects.filter(Q(due_at__lt=at) | reported | marked, state__in=Finding.UNSETTLED)
    return rows.exclude(step=Step.ACCOUNT).select_related("area", "task").order_by("due_at", "pk")


def wanted_step(finding: Finding, at: datetime) -> str:
    """The step a finding has to stand on at a moment; never below the one it stands on."""
    pack = rules.pack_of(finding.area_id)
    step = higher(finding.step, _by_clock(finding, at, pack))
    marks = {"repeats": finding.times_before, "reopened": finding.times_reopened, "origin": finding.origin}
    return higher(step, rules.step_of_memory(pack, **marks))


def climb(*, finding: Finding, at: datetime | None = None) -> Finding:
    """Bring a finding to its step and tell whoever has to act there; nothing where it stands there already."""
    at = at or now()
    with transaction.atomic():
        current = Finding._base_manager.select_for_update(of=("self",)).get(pk=finding.pk)
        step = wanted_step(current, at)
        if step == current.step or current.state not in Finding.UNSETTLED:
            return current
        current = records.change(current, by=None, action=f"inspection.finding.{step.lower()}", step=step)
        if step == Step.ACCOUNT:
            accounting.propose_by_clock(current)
        command.hand_down(by=None, **_task(current, step, at))
    return current


def _by_clock(finding: Finding, at: datetime, pack: Any) -> str:
    if finding.state == Finding.State.OPEN:
        passed = [step for late, step in rules.clock_steps(pack, finding.severity) if at >= finding.due_at + late]
        return passed[-1] if passed else Step.OWNER.value
    rectified = finding.state == Finding.State.RECTIFIED
    allowed = rules.time_to_recheck(pack) if rectified else rules.time_to_decide(pack)
    return (Step.SUPERVISED if at >= finding.state_since + allowed else Step.OWNER).value


def _task(finding: Finding, step: str, at: datetime) -> dict[str, Any]:
    area = county_of(finding.area_id) or Area.objects.get(code=finding.area_id)
    due = shown(finding.due_at)
    return {
        "key": f"finding:{finding.pk}:{step}", "area": area, "title": TITLES[Step(step)],
        "instructions": HOW[Finding.State(finding.state)], "role": HOLDERS[Step(step)], "subject": finding,
        "params": {"what": finding.what, "where": finding.where, "due": due},
        "priority": Task.Priority.HIGH, "due_at": at + rules.time_to_step_in(rules.pack_of(finding.area_id)),
    }  # fmt: skip
