"""One gathering, from its notice to what was seen on the day.

Read downwards: whatever moves a gathering brings its tasks in line and sees whether a risk area lies over the place
(`follow_gathering`): whoever decides by the rules decides by the clock; whoever answers for the place looks on the day,
also at one that was refused. A risk area that is published (`follow_publication`), rules or an operating mode that
change (`look_again`, every few minutes) have what lies ahead judged anew; what was approved under milder rules is
looked at a second time by a person. What was seen against the terms becomes findings.

Running it again is harmless: every step compares what is wanted with what is stored.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid5

from django.conf import settings
from django.dispatch import receiver
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fangxian.core import jobs, scope
from fangxian.core.clock import shown
from fangxian.core.officers import Officer
from fangxian.systems.command import selectors as tasks
from fangxian.systems.command import services as command
from fangxian.systems.command.models import Task
from fangxian.systems.command.transitions import Verb, allowed
from fangxian.systems.community import rules, selectors, services
from fangxian.systems.community.announcements import gathering_moved
from fangxian.systems.community.models import Gathering
from fangxian.systems.community.rules import Verdict
from fangxian.systems.community.words import (
    ApprovalLevel,
    GatheringDecision,
    GatheringMeasure,
    GatheringState,
    SecondLook,
)
from fangxian.systems.inspection import services as inspection
from fangxian.systems.risk_areas import selectors as risk_areas
from fangxian.systems.risk_areas.announcements import published
from fangxian.systems.risk_areas.matching import Zone, level_of
from fangxian.workflows.community import holders

KIND = "community.gathering"
JOB = "community.gatherings_again"
WHY = "a gathering is judged by the rules and risk areas of its place"
DECIDE = gettext_noop("Decide about a gathering: %(name)s")
DECIDE_HOW = gettext_noop("%(count)s persons on %(day)s at %(place)s. Approve it, or refuse it with the reason.")
AGAIN = gettext_noop("Look at a gathering again: %(name)s")
AGAIN_HOW = gettext_noop(
    "It was approved under milder rules. %(count)s persons on %(day)s at %(place)s. Uphold or refuse it."
)
LOOK = gettext_noop("Look at a gathering on the day: %(name)s")
LOOK_HOW = gettext_noop(
    "%(day)s at %(place)s, %(count)s persons approved. Enter how many came and which measures were not kept."
)
NOT_HELD = gettext_noop("See that a gathering is not held: %(name)s")
NOT_HELD_HOW = gettext_noop("%(day)s at %(place)s. It was not approved. Enter whether it was held all the same.")
NO_MORE = gettext_noop("The gathering has moved on.")
S = GatheringState
DECIDERS = {
    ApprovalLevel.VILLAGE: holders.nearest, ApprovalLevel.TOWNSHIP: holders.township,
    ApprovalLevel.COUNTY: holders.county, ApprovalLevel.PROHIBITED: holders.township,
}  # fmt: skip


@receiver(gathering_moved)
def follow_gathering(sender: object, gathering: Gathering, by: Officer | None, **_named: object) -> None:
    """Tasks, the risk areas over the place, and findings of what was seen, in the transaction of the act."""
    with scope.everywhere(WHY):
        _tasks_in_line(gathering, by)
        if gathering.state in Gathering.AHEAD:
            _judge(gathering, _zones_on(gathering))
        elif gathering.state == S.HELD and by is not None:
            _raise_findings(gathering, by)


@receiver(published)
def follow_publication(sender: object, versions: Iterable[Any], by: Officer | None, **_named: object) -> None:
    """A risk area was published or changed: look at what lies ahead once the publication is kept."""
    for version in versions:
        jobs.enqueue(JOB, by=by, key=str(version.pk))


@jobs.job(JOB)
def again_job(job: jobs.Job) -> dict[str, int]:
    """The same as a job."""
    with scope.everywhere(WHY):
        return {"judged": look_again()}


def look_again() -> int:
    """Judge everything that lies ahead by the rules, the operating modes and the risk areas of now; returns how many
    came out otherwise than they stood. One look at the risk areas a day on which something is to be held."""
    changed, by_day = 0, dict[date, list[Zone]]()
    for gathering in selectors.ahead():
        day = timezone.localdate(gathering.starts_at)
        if day not in by_day:
            by_day[day] = risk_areas.in_force(day)
        changed += _judge(gathering, by_day[day])
    return changed


def _judge(gathering: Gathering, zones: list[Zone]) -> bool:
    """Whether a gathering came out otherwise than it stood."""
    verdict, cause = _verdict(gathering, zones)
    judged = services.judge_again(gathering=gathering, verdict=verdict, cause=cause)
    return judged.version != gathering.version


def _verdict(gathering: Gathering, zones: list[Zone]) -> tuple[Verdict, str]:
    """What rules and risk areas say, and what a second look would be because of."""
    verdict = services.judged(gathering)
    match = level_of(zones, gathering.area_id, timezone.localdate(gathering.starts_at))
    pack = rules.pack_of(gathering.area_id)
    if match and match.zone.managed and rules.forbidden_in_risk_area(pack):
        return replace(verdict, level=ApprovalLevel.PROHIBITED, rule=rules.RISK_AREA), SecondLook.RISK_AREA
    return verdict, SecondLook.RULES


def _zones_on(gathering: Gathering) -> list[Zone]:
    return risk_areas.in_force(timezone.localdate(gathering.starts_at))


def _tasks_in_line(gathering: Gathering, by: Officer | None) -> None:
    wanted = {task["key"]: task for task in _wanted(gathering)}
    there = [task for task in tasks.for_subject(KIND, gathering.pk) if task.status in Task.OPEN]
    over = [task for task in there if task.key not in wanted]
    looked = [task for task in over if by and gathering.checked_at and allowed(task, Verb.FINISH, by)]
    for task in looked:
        command.finish(task=task, by=by, outcome=gathering.get_state_display())
    command.withdraw_many(tasks=[task for task in over if task not in looked], by=None, reason=NO_MORE)
    for task in wanted.values():
        command.hand_down(by=None, subject=(KIND, gathering.pk), params=_params(gathering), **task)


def _wanted(gathering: Gathering) -> list[dict[str, Any]]:
    """The tasks a gathering asks for now: to decide it, to look at it on the day."""
    wanted, level = [], ApprovalLevel(gathering.level)
    if gathering.state in Gathering.UNDECIDED and level in DECIDERS:
        title, how = (AGAIN, AGAIN_HOW) if gathering.state == S.REVIEW else (DECIDE, DECIDE_HOW)
        wanted.append({
            **DECIDERS[level](gathering.area), "title": title, "instructions": how, "due_at": gathering.decide_by,
            "key": f"gathering:{gathering.state.lower()}:{gathering.pk}:{level.lower()}",
            "priority": Task.Priority.HIGH,
        })  # fmt: skip
    if gathering.state in (S.APPROVED, S.REVIEW, S.REFUSED) and gathering.granted_under != ApprovalLevel.NOBODY:
        refused = gathering.state == S.REFUSED
        due = gathering.ends_at + rules.time_to_look(rules.pack_of(gathering.area_id))
        wanted.append({
            **holders.nearest(gathering.area), "title": NOT_HELD if refused else LOOK,
            "instructions": NOT_HELD_HOW if refused else LOOK_HOW, "due_at": due,
            "key": f"gathering:look:{gathering.pk}:{'no' if refused else 'yes'}",
        })  # fmt: skip
    return wanted


def _params(gathering: Gathering) -> dict[str, Any]:
    day = shown(gathering.starts_at)
    return {"name": gathering.name, "count": gathering.expected, "day": day, "place": gathering.place}


@translation.override(settings.LANGUAGE_CODE)  # a ledger has one language, whoever acts
def _raise_findings(gathering: Gathering, by: Officer) -> None:
    """One finding for each way in which the terms were broken; a second run gives the stored ones."""
    pack = rules.pack_of(gathering.area_id)
    for breach, what in _breaches(gathering):
        inspection.raise_finding(
            by=by, id=uuid5(gathering.pk, breach), area=gathering.area, where=gathering.place, subject=gathering,
            what=f"{gathering.name}: {what}"[:200], severity=rules.breach_severity(pack, breach), topic="CROWDING",
            basis=gathering.rule or rules.APPROVAL, found_on=timezone.localdate(gathering.checked_at),
        )  # fmt: skip


def _breaches(gathering: Gathering) -> list[tuple[str, str]]:
    found, came = [], gathering.came or 0
    if not gathering.announced and gathering.level != ApprovalLevel.NOBODY:
        found.append(("UNANNOUNCED", _("held without notice")))
    if gathering.decision == GatheringDecision.REFUSED:
        found.append(("REFUSED", _("held although it was not approved")))
    most = rules.most_who_may_come(rules.pack_of(gathering.area_id), gathering.expected)
    if gathering.announced and came > most:
        told = {"came": came, "expected": gathering.expected}
        found.append(("CROWDED", _("%(came)s came, %(expected)s were told") % told))
    if gathering.not_kept:
        kept = ", ".join(str(GatheringMeasure(item).label) for item in gathering.not_kept)
        found.append(("MEASURES", _("not kept: %(measures)s") % {"measures": kept}))
    return found
