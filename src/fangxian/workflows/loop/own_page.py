"""What a resident sees and says on the own page: plan, rule and evidence, tests, release; temperature; appeal.

Every function takes the opened link, reads only what is about its holder, and leaves its mark in the audit.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fangxian.core import policy, scope
from fangxian.core.clock import now, today
from fangxian.core.policy import Rule
from fangxian.core.records import Source
from fangxian.systems.arrivals import appealing, residents
from fangxian.systems.arrivals import selectors as arrivals
from fangxian.systems.arrivals.models import Appeal, Loop, PersonalLink
from fangxian.systems.quarantine import selectors as quarantine_selectors
from fangxian.systems.quarantine import services as quarantine
from fangxian.systems.quarantine.models import DailyCheck, ReleaseProof
from fangxian.systems.testing import selectors as testing
from fangxian.systems.testing.models import TestDuty
from fangxian.workflows.loop import plans
from fangxian.workflows.response import plan

WHY = "a resident reads what is about themselves, wherever it was entered"


@dataclass(frozen=True)
class Day:
    """One day of the timeline: where, what is owed, what was done. state: past, today or coming."""

    on: date
    number: int
    place: str
    state: str
    checked: bool
    temperature: Decimal | None
    test: str


@dataclass
class Own:
    """Everything the page shows of one plan."""

    loop: Loop
    rule: Rule | None
    days: list[Day] = field(default_factory=list)
    tests: list[TestDuty] = field(default_factory=list)
    proof: ReleaseProof | None = None
    appeals: list[Appeal] = field(default_factory=list)
    reported: DailyCheck | None = None

    @property
    def can_appeal(self) -> bool:
        """Whether an appeal may be sent now."""
        open_ = any(appeal.state in Appeal.OPEN for appeal in self.appeals)
        return self.loop.state == Loop.State.OPEN and not open_

    @property
    def slot(self) -> str:
        """The time of day a report would be for."""
        return slot_now()


def overview(link: PersonalLink) -> list[Own]:
    """The plans of the holder, the open one first."""
    with scope.everywhere(WHY):
        residents.read(link, "overview")
        loops = arrivals.loops_of(link.person_id)
        return [own_of(loop) for loop in loops]


def report(link: PersonalLink, *, temperature: Decimal | None, symptoms: str = "") -> DailyCheck:
    """The holder's own temperature of this morning or evening; fever is flagged by the pack's rule."""
    if temperature is None:
        raise ValidationError({"temperature": _("Enter the temperature.")})
    with scope.everywhere(WHY):
        loop = next((one for one in arrivals.loops_of(link.person_id) if one.state == Loop.State.OPEN), None)
        if loop is None:
            raise ValidationError(_("You have no plan under way."))
        area = loop.present_area or loop.area
        _refuse_over_officers(link)
        return quarantine.record_check(
            by=None, person=link.person, area=area, day=today(), slot=slot_now(), temperature=temperature,
            symptoms=symptoms[:120], pack=loop.pack, source=Source.WEB,
        )  # fmt: skip


def appeal(link: PersonalLink, *, loop_id: Any, text: str) -> Appeal:
    """The holder appeals against a plan of their own; raises Loop.DoesNotExist for anybody else's."""
    with scope.everywhere(WHY):
        loop = arrivals.own_loop(loop_id, link.person_id)
        return appealing.ask(loop=loop, text=text)


def slot_now() -> str:
    """Morning until noon, evening after."""
    return DailyCheck.Slot.MORNING if timezone.localtime(now()).hour < 12 else DailyCheck.Slot.EVENING


def _refuse_over_officers(link: PersonalLink) -> None:
    """What a nurse or a grid worker has entered for this morning or evening is not overwritten by the person."""
    known = quarantine_selectors.checks_of([link.person_id], since=today())[link.person_id]
    if any((one.day, one.slot) == (today(), slot_now()) and one.changed_by_id for one in known):
        raise ValidationError(_("This has been entered already. If it is wrong, tell the person who looks after you."))


def rule_of(loop: Loop) -> Rule | None:
    """The published rule behind a plan, with its text and source; None when the packs have it no more."""
    mode = policy.mode_of(loop.pack)
    pack = policy.pack(disease=loop.disease, area_code=loop.area_id, on=loop.pack_on, mode=mode)
    try:
        return pack.rule(plan.stage_rule(loop.rule, pack))
    except policy.MissingRule:
        return None


def own_of(loop: Loop) -> Own:
    """What a page shows of one plan; the officer's page shows the same days as the resident's."""
    checks = quarantine_selectors.checks_of([loop.person_id], since=loop.begins_on)[loop.person_id]
    tests = [duty for duty in testing.duties_of([loop.subject_id]) if duty.state != TestDuty.State.CANCELLED]
    stays = quarantine_selectors.stays_for([loop.subject_id])[loop.subject_id]
    proofs = [proof for stay in stays if (proof := quarantine_selectors.proof_of(stay.pk))]
    reported = next((one for one in checks if (one.day, one.slot) == (today(), slot_now())), None)
    return Own(
        loop, rule_of(loop), _days(loop, checks, tests), tests, proofs[-1] if proofs else None,
        appealing.of_loops([loop.pk])[loop.pk], reported,
    )  # fmt: skip


def _days(loop: Loop, checks: list[DailyCheck], tests: list[TestDuty]) -> list[Day]:
    seen = {check.day: check for check in checks if check.status == DailyCheck.Status.COOPERATIVE}
    asked = {duty.due_on: duty.state for duty in tests}
    days, number = [], 0
    for stretch in plans.stretches(loop):
        for offset in range((stretch.ends_on - stretch.starts_on).days + 1):
            on, number = stretch.starts_on + timedelta(days=offset), number + 1
            state = "past" if on < today() else "today" if on == today() else "coming"
            check = seen.get(on)
            days.append(
                Day(on, number, stretch.place, state, check is not None, check.temperature if check else None,
                    asked.get(on, ""))
            )  # fmt: skip
    return days
