"""An area changes its operating mode (平战结合): looked at before, carried out when it begins.

Read downwards: `look_ahead` says which rules change, how many open records each of them concerns, what becomes of the
open plans, who has to be told and which areas below go their own way; it writes nothing. A declaration queues the
switch (`follow_declaration`), or the rounds do when a coming one begins (`begin_due`). The `switch` hands a task
to every officer with a post there, to acknowledge the mode, takes back those about the mode before, and re-plans the
open plans area by area. What asks the packs from now on gets the rules of the mode without anybody doing anything:
whose turn it is to be tested, how often doors and facilities are seen, how long a shift is.

Running it again is harmless: tasks have keys, a plan that already follows the rules stays, a job goes on where it
stopped.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.dispatch import receiver
from django.utils.translation import gettext_noop as _

from fangxian.core import areas, jobs, modes, policy, scope
from fangxian.core.areas import Area, code_range
from fangxian.core.clock import now, shown
from fangxian.core.modes import Mode, OperatingMode, Said
from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission
from fangxian.core.policy.files import ANY_DISEASE
from fangxian.registers import site
from fangxian.systems.command import mode_selectors, selectors, services
from fangxian.systems.command import modes as declaring
from fangxian.systems.command.announcements import mode_declared
from fangxian.systems.command.models import Task
from fangxian.workflows.loop import replanning

JOB = "command.mode_switch"
KIND = OperatingMode._meta.label_lower
WHY = "an area's mode concerns everybody with a post in it"
ACKNOWLEDGE = "command.mode.acknowledge_hours"
TITLES = {
    Mode.NORMAL: _("%(area)s is in normal operation"),
    Mode.ALERT: _("%(area)s is on alert"),
    Mode.EMERGENCY: _("%(area)s is in a state of emergency"),
}
WHAT = _("From %(from_at)s on, by %(basis)s: %(reason)s. Look at what changes for you, then report that it is done.")
SUPERSEDED = _("Another mode has been declared.")
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class RuleChange:
    """A rule that says something else in the other mode, and how many records it concerns; None where none can be
    counted. register: slug of the ledger they stand in."""

    change: policy.Change
    disease: str
    register: str = ""
    concerned: int | None = None


@dataclass(frozen=True)
class Ahead:
    """What a declaration would change. plans: None where the mode stays; apart: areas below that do not follow."""

    before: Mode
    after: Mode
    needs_second: bool
    rules: tuple[RuleChange, ...]
    plans: replanning.Difference | None
    officers: int
    apart: tuple[mode_selectors.Standing, ...]

    @property
    def changes(self) -> bool:
        """Whether the area would be in another mode than it is."""
        return self.before != self.after


def look_ahead(area: Area, mode: str) -> Ahead:
    """What declaring a mode for an area would change if it began now; nothing is written.

    Reads plans and records inside the scope in force. mode: a `Mode`, or `modes.FOLLOW`.
    """
    at = now()
    before, after = modes.mode_of(area.code, at), declaring.resulting(area, mode, at)
    second = declaring.needs_second(area, mode, at)
    apart = tuple(mode_selectors.apart(area.code, at))
    if before == after:
        return Ahead(before, after, second, (), None, 0, apart)
    told = len(_told(area, apart))
    with modes.supposing(Said(at, at, str(mode), area.code)):
        rules = tuple(_rules(area, before, after))
        return Ahead(before, after, second, rules, replanning.preview(area_code=area.code), told, apart)


def switch(*, declaration: OperatingMode, by: Officer | None, job: jobs.Job | None = None) -> dict[str, int]:
    """Do what follows from a declaration that has begun; returns how many officers were told and plans changed.

    Nothing follows twice, and nothing from one whose place another has taken.
    """
    area, at, done = declaration.area, declaration.from_at, {"told": 0, "replanned": 0}
    with scope.everywhere(WHY):
        if declaration.followed_at is not None:
            return done
        before = modes.mode_of(area.code, at - timedelta(microseconds=1))
        after = modes.mode_of(area.code, now())
        if before != after and not mode_selectors.superseded(declaration, now()):
            done["told"] = _tell(declaration, after, by)
            done["replanned"] = _replan(_parts(area), by, job)
        declaring.followed(declaration=declaration, by=by)
    return done


@jobs.job(JOB)
def switch_job(job: jobs.Job, declaration_id: str) -> dict[str, int]:
    """The switch as a job, resumed part by part."""
    with scope.everywhere(WHY):
        declaration = mode_selectors.declaration(declaration_id)
    return switch(declaration=declaration, by=job.created_by, job=job)


@receiver(mode_declared)
def follow_declaration(sender: Any, declaration: OperatingMode, by: Officer | None, **_named: Any) -> None:
    """Queue the switch of a declaration that begins at once, in the transaction of the declaration."""
    if declaration.from_at <= now():
        _queue(declaration, by)


def begin_due() -> int:
    """Queue the switch of every declaration that has begun since; the rounds call this. Returns how many."""
    with scope.everywhere(WHY):
        due = mode_selectors.begun(now())
    for declaration in due:
        _queue(declaration, None)
    return len(due)


def _queue(declaration: OperatingMode, by: Officer | None) -> None:
    jobs.enqueue(JOB, by=by, key=str(declaration.pk), declaration_id=str(declaration.pk))


def _rules(area: Area, before: Mode, after: Mode) -> Iterable[RuleChange]:
    """The difference of the rules of two modes: those of all diseases, and of each disease a pack for a mode names."""
    named = sorted({pack.disease for pack in policy.store().packs if pack.modes} - {ANY_DISEASE})
    general: set[str] = set()
    for disease in (ANY_DISEASE, *named):
        old, new = (policy.pack(disease=disease, area_code=area.code, mode=mode) for mode in (before, after))
        changed = [change for change in policy.diff(old, new) if change.key not in general]
        general |= {change.key for change in changed} if disease == ANY_DISEASE else set()
        yield from (_concerning(change, disease, area) for change in changed)


#: which ledger's open rows a rule concerns: the beginning of its key, the register, its condition
CONCERNED: tuple[tuple[str, str, Callable[[str], Q]], ...] = (
    ("testing.group.", "testing.groupmember", lambda last: Q(group=last)),
    ("door.", "people.household", lambda last: Q()),
    ("medical.infection_control_", "medical.facility", lambda last: Q()),
    ("medical.fever_referral_", "medical.referral", lambda last: Q(state__in=["REQUESTED", "APPROVED", "IN_PROGRESS"])),
    ("inspection.rectification_hours.", "inspection.finding", lambda last: Q(state="OPEN", severity=last.upper())),
)


def _concerning(change: policy.Change, disease: str, area: Area) -> RuleChange:
    low, high = code_range(area.code)
    for beginning, slug, condition in CONCERNED:
        if change.key.startswith(beginning):
            rows = site.get(slug).rows().filter(condition(change.key.rpartition(".")[2]))
            return RuleChange(change, disease, slug, rows.filter(area_id__gte=low, area_id__lt=high).count())
    return RuleChange(change, disease)


def _told(area: Area, apart: Iterable[mode_selectors.Standing]) -> list[tuple[Officer, Area]]:
    """Everybody with a post there who is shown tasks; areas that go their own way are not concerned."""
    without = [one.area.code for one in apart]
    return mode_selectors.officers_in(area, Permission.COMMAND_READ, without)


def _tell(declaration: OperatingMode, mode: Mode, by: Officer | None) -> int:
    """Hand down the tasks to acknowledge the mode; those about an earlier mode are taken back. Returns how many."""
    area = declaration.area
    known = {declaration.created_by_id, declaration.decided_by_id}
    told = [one for one in _told(area, mode_selectors.apart(area.code)) if one[0].pk not in known]
    reached = {officer.pk for officer, _post_area in told} | known
    old = [task for task in selectors.open_of_kind(Task.Kind.MODE_SWITCH)
           if task.officer_id in reached and task.subject_id != declaration.pk]  # fmt: skip
    services.withdraw_many(tasks=old, by=None, reason=SUPERSEDED)
    due = now() + policy.pack(disease=ANY_DISEASE, area_code=area.code).duration(ACKNOWLEDGE)
    tasks = [_task(declaration, mode, officer, place, due) for officer, place in told]
    return len(services.hand_down_many(by=by, tasks=tasks, action="command.mode.told").new)


def _task(declaration: OperatingMode, mode: Mode, officer: Officer, place: Area, due: Any) -> Task:
    return Task(
        key=f"mode:{declaration.pk}:{officer.pk}", kind=Task.Kind.MODE_SWITCH, title=TITLES[mode], instructions=WHAT,
        params={"area": declaration.area.name, "from_at": shown(declaration.from_at), "basis": declaration.basis,
                "reason": declaration.reason},
        area=place, from_area=declaration.area, officer=officer, priority=Task.Priority.HIGH, due_at=due,
        subject_kind=KIND, subject_id=declaration.pk,
    )  # fmt: skip


def _parts(area: Area) -> list[str]:
    """The areas whose plans are done one after the other; the whole comes last, for what lies in none of them."""
    below = Area.objects.filter(parent=area).order_by("code").values_list("code", flat=True)
    members = [low for low, _high in areas.ranges(area) if low != area.code]
    return [*below, *members, area.code]


def _replan(parts: list[str], by: Officer | None, job: jobs.Job | None) -> int:
    """Re-plan the open plans by the rules now in force, part by part; returns how many changed."""
    finished = set(job.checkpoint.get("parts", [])) if job else set()
    changed = int(job.checkpoint.get("changed", 0)) if job else 0
    for number, code in enumerate(parts, start=1):
        if code in finished:
            continue
        seen = replanning.preview(area_code=code)
        if seen.changed:
            changed += replanning.apply(area_code=code, digest=seen.digest, by=by).changed
        finished.add(code)
        if job:
            job.save_checkpoint(parts=sorted(finished), changed=changed)
            job.progress(number, len(parts), "replan")
    return changed


__all__ = ["Ahead", "RuleChange", "begin_due", "follow_declaration", "look_ahead", "switch", "switch_job"]
