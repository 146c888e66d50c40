"""One drill (应急演练), from the calendar to its findings.

Read downwards: the calendar hands whoever owes a drill the task to hold it (`remind`). On the day a copy of the
installation is made (`fangxian drill start`), with its own clock and its own keys of sessions. In the copy somebody
begins (`begin`): the lines of the scenario are laid out and the clock runs. The copy's worker plays in what is due
(`play_due`); officers react in the same pages as ever; `watch` reads how each line stands. `hand_back` seals what was
observed, `evaluate` takes it into the real installation, somebody confirms it (`confirm`), and what came too late or
not at all becomes a finding that has to be mended like any other.

Running any of it again is harmless: a line is known by drill and key, a finding by the line, a task by area and period.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fangxian.core import audit, clock, drilling, scope
from fangxian.core.clock import now
from fangxian.core.drilling import Marker
from fangxian.core.ids import uuid7
from fangxian.core.officers import Officer
from fangxian.core.policy import Pack, pack
from fangxian.core.records import Record
from fangxian.systems.command import selectors as tasks
from fangxian.systems.command import services as command
from fangxian.systems.command.models import Task
from fangxian.systems.drills import rules, scenarios, selectors, services
from fangxian.systems.drills.models import Drill, DrillStep
from fangxian.systems.drills.scenarios import Scenario
from fangxian.systems.drills.selectors import Owed
from fangxian.systems.drills.words import MARKED, LineKind, LineOutcome
from fangxian.systems.inspection import selectors as findings
from fangxian.systems.inspection import services as inspection
from fangxian.systems.inspection.models import Finding
from fangxian.workflows.drilling import injects, report
from fangxian.workflows.drilling.observing import Observation, observe

WHY = "a drill is played in a copy, wherever its people live"
CALENDAR = "the calendar of drills asks every area"
HOLD = gettext_noop("Hold the drill of this period")
HOLD_HOW = gettext_noop("None has been held since %(begin)s; it is due by %(last)s. Plan it, run it, evaluate it.")
DESTROY = gettext_noop("Destroy the copy of a drill")
DESTROY_HOW = gettext_noop(
    "%(drill)s: the copy holds everybody's data a second time. Evaluate, then run: fangxian drill close %(id)s"
)


# --- the calendar ---


def remind(at: datetime | None = None) -> dict[str, int]:
    """Hand whoever owes a drill the task, and whoever left a copy lying the task to destroy it; what is done is closed.

    Runs inside a scope that reaches everywhere. Returns how many tasks were handed down of each kind.
    """
    at = at or now()
    found = selectors.owed()
    _close_done(found)
    return {"owed": sum(_hand_down(one, at) for one in found), "copies": _copies(at)}


def _hand_down(owed: Owed, at: datetime) -> bool:
    """The task of the period before where that was missed, else of this one when its end is near."""
    period = owed.missed or owed.period
    near = at >= period.over_at - rules.remind_before(rules.pack_of(owed.area.code))
    if owed.missed is None and (owed.done is not None or not near):
        return False
    command.hand_down(
        by=None, key=_key(owed, period.key), area=owed.area, title=HOLD, instructions=HOLD_HOW, role=_role(owed),
        params={"begin": str(period.begin), "last": str(period.last)}, due_at=period.over_at,
        priority=Task.Priority.HIGH if owed.missed else Task.Priority.NORMAL,
    )  # fmt: skip
    return True


def _close_done(found: Iterable[Owed]) -> None:
    """A drill that was held ends the tasks that asked for it."""
    keys = [_key(one, period.key) for one in found if one.done for period in (one.period, one.period.before)]
    rows = tasks.open_by_keys(keys)
    if rows:
        with translation.override(settings.LANGUAGE_CODE):
            command.withdraw_many(tasks=rows, by=None, reason=_("The drill was held."))


def _copies(at: datetime) -> int:
    """A copy that has outlived its time: the area of the drill destroys it."""
    late = [one for one in selectors.copies() if one.copied_at and _outlived(one, at)]
    for one in late:
        command.hand_down(
            by=None, key=f"drill:copy:{one.pk}", area=one.area, title=DESTROY, instructions=DESTROY_HOW,
            params={"drill": str(one), "id": str(one.pk)}, role="duty_officer", priority=Task.Priority.HIGH,
            due_at=at, subject=one,
        )  # fmt: skip
    return len(late)


def _outlived(drill: Drill, at: datetime) -> bool:
    return drill.copied_at is not None and drill.copied_at + rules.time_to_evaluate(rules.pack_of(drill.area_id)) < at


def _key(owed: Owed, period: str) -> str:
    return f"drill:owed:{owed.area.code}:{period}"


def _role(owed: Owed) -> str:
    return "township_officer" if owed.area.kind == "township" else "duty_officer"


# --- in the copy ---


def copied() -> Marker:
    """What this copy says it is; raises ValidationError in a real installation."""
    marker = drilling.current()
    if marker is None:
        raise ValidationError(_("This is no copy of a drill: nothing is played in where things are real."))
    return marker


def begin(*, by: Officer | None, factor: float | None = None) -> Drill:
    """Start the clock of the copy and lay out the lines; what is due at minute 0 is played in at once.

    `factor`: drill seconds in one real second, when it is to be another than the copy was made with.
    """
    marker = copied()
    with scope.everywhere(WHY):
        drill = selectors.drill(marker.drill)
        scenario = scenarios.get(drill.scenario)
        with transaction.atomic():
            services.begin(drill=drill, by=by, lines=_laid_out(drill, scenario))
        drilling.write(settings.DATA_DIR, marker.begun(clock.wall(), factor))
    play_due()
    with scope.everywhere(WHY):
        return selectors.drill(marker.drill)


def play_due() -> int:
    """Play in every inject whose minute has come; returns how many. At the end of the scenario the drill ends.

    Each is a transaction of its own: one that cannot be played in is marked so and holds up no other.
    """
    marker = drilling.current()
    if marker is None:
        return 0
    with scope.everywhere(WHY):
        drill = selectors.drill(marker.drill)
        if drill.begun_at is None or drill.ended_at is not None:
            return 0
        scenario, minute = scenarios.get(drill.scenario), (now() - drill.begun_at).total_seconds() / 60
        steps = selectors.steps(drill)
        due = [one for one in steps if one.kind == LineKind.INJECT and one.outcome == LineOutcome.WAITING
               and one.minute is not None and one.minute <= minute]  # fmt: skip
        for step in due:
            _play(drill, scenario, step, steps)
        if minute >= scenario.minutes:
            services.end(drill=drill, by=None, at=_over_at(drill, scenario))
    return len(due)


def watch(at: datetime | None = None) -> list[Observation]:
    """How every line of this copy's drill stands; empty before it has begun."""
    marker = copied()
    with scope.everywhere(WHY):
        drill = selectors.drill(marker.drill)
        return observe(drill, scenarios.get(drill.scenario), selectors.steps(drill), at or now())


def end(*, by: Officer | None) -> Drill:
    """Break the drill off, or end it before its time; nothing more is played in."""
    marker = copied()
    with scope.everywhere(WHY):
        return services.end(drill=selectors.drill(marker.drill), by=by)


def hand_back() -> str:
    """What was observed, sealed, for the real installation. Ends the drill where it has not ended.

    Raises ValidationError for a drill that has not begun.
    """
    marker = copied()
    with scope.everywhere(WHY):
        drill = selectors.drill(marker.drill)
        if drill.begun_at is None:
            raise ValidationError(_("This drill has not begun; there is nothing to evaluate."))
        scenario = scenarios.get(drill.scenario)
        drill = services.end(drill=drill, by=None, at=_over_at(drill, scenario))
        observed = observe(drill, scenario, selectors.steps(drill), now())
        return report.write(drill, marker, observed, now())


def _laid_out(drill: Drill, scenario: Scenario) -> list[DrillStep]:
    """The lines: the injects, and the reactions whose clock the pack in force knows."""
    rows = [
        DrillStep(id=uuid7(), drill=drill, area=drill.area, kind=LineKind.INJECT, key=one.key, minute=one.minute,
                  title_zh=one.text.zh, title_en=one.text.en)
        for one in scenario.injects
    ]  # fmt: skip
    found = _pack(drill, scenario)
    rows += [
        DrillStep(id=uuid7(), drill=drill, area=drill.area, kind=LineKind.REACTION, key=one.key, rule=one.clock,
                  title_zh=one.text.zh, title_en=one.text.en, pack=found.version)
        for one in scenario.reactions if rules.allowed(found, one.clock) is not None
    ]  # fmt: skip
    for number, row in enumerate(rows, start=1):
        row.number = number
    return rows


def _play(drill: Drill, scenario: Scenario, step: DrillStep, steps: list[DrillStep]) -> None:
    inject = next(one for one in scenario.injects if one.key == step.key)
    subject, trouble = _played(drill, scenario, inject)
    done = services.play(step=step, subject=subject, note=trouble)
    if trouble or done.started_at is None:
        return
    found = _pack(drill, scenario)
    clocks = {one.key: rules.allowed(found, one.clock) for one in scenario.reactions if one.after == inject.key}
    for row in steps:
        within = clocks.get(row.key) if row.kind == LineKind.REACTION else None
        if within is not None:
            services.start_clock(step=row, at=done.started_at, due_at=done.started_at + within)


def _played(drill: Drill, scenario: Scenario, inject: scenarios.Inject) -> tuple[Record | None, str]:
    """What the inject is about, or why it could not be played in."""
    try:
        with transaction.atomic():
            return injects.play(injects.stage(drill, scenario), inject), ""
    except (ValidationError, LookupError, ValueError) as error:
        return None, " ".join(error.messages) if isinstance(error, ValidationError) else f"{error}"


def _over_at(drill: Drill, scenario: Scenario) -> datetime | None:
    """When the scenario is over on the drill's clock, however late somebody looks."""
    return drill.begun_at + timedelta(minutes=scenario.minutes) if drill.begun_at else None


def _pack(drill: Drill, scenario: Scenario) -> Pack:
    return pack(disease=scenario.disease, area_code=drill.area_id)


# --- back in the real installation ---


def evaluate(*, drill: Drill, by: Officer | None, text: str) -> Drill:
    """Take the sealed report of a copy into its drill.

    Raises ValidationError when it is of another drill or installation, was changed, or its copy was not made behind an
    entry of our own audit chain.
    """
    brought = report.read(text)
    if brought.drill != drill.pk:
        raise ValidationError(_("This report is of another drill."))
    if not audit.is_ours(brought.seq, brought.mac):
        raise ValidationError(_("The copy this report comes from was not made from this installation."))
    return services.take_in(
        drill=drill, by=by, lines=brought.lines, begun_at=brought.begun_at, ended_at=brought.ended_at
    )


def confirm(
    *, drill: Drill, by: Officer, conclusion: str, chosen: Mapping[UUID, str] | Iterable[UUID]
) -> list[Finding]:  # fmt: skip
    """Confirm the evaluation; each chosen line that came too late or not at all becomes a finding of the area.

    `chosen`: ids of lines, or a mapping from ids to what the finding is to say. Raises ValidationError for a line that
    came in time.
    """
    words = dict(chosen) if isinstance(chosen, Mapping) else dict.fromkeys(chosen, "")
    steps = {step.pk: step for step in selectors.steps(drill)}
    wrong = [pk for pk in words if pk not in steps or steps[pk].outcome not in MARKED]
    if wrong:
        raise ValidationError(_("Only what came too late or not at all becomes a finding."))
    with transaction.atomic():
        closed = services.confirm(drill=drill, by=by, conclusion=conclusion)
        return [_finding(closed, steps[pk], said, by) for pk, said in words.items()]


@translation.override(settings.LANGUAGE_CODE)  # a ledger has one language, whoever acts
def _finding(drill: Drill, step: DrillStep, said: str, by: Officer) -> Finding:
    asked = {one.key: one for one in scenarios.get(drill.scenario).reactions}.get(step.key)
    facts = {"topic": asked.topic, "severity": asked.severity, "role": asked.role} if asked else {}
    return inspection.raise_finding(
        by=by, id=finding_id(step), area=drill.area, where=str(drill)[:120], what=(said or proposal(step))[:200],
        subject=drill, basis=_("Drill, clock %(rule)s") % {"rule": step.rule}, found_on=drill.held_on, **facts,
    )  # fmt: skip


def finding_id(step: DrillStep) -> UUID:
    """The id of the finding a line becomes, whether it is there or not."""
    return uuid5(step.pk, "finding")


def proposal(step: DrillStep) -> str:
    """What the finding of a line is proposed to say."""
    if step.outcome == LineOutcome.MISSED or step.observed_at is None or step.due_at is None:
        return _("Not done in the drill: %(what)s") % {"what": step.title}
    late = round((step.observed_at - step.due_at).total_seconds() / 60)
    return _("%(minutes)s minutes too late in the drill: %(what)s") % {"minutes": late, "what": step.title}


def findings_of(drill: Drill) -> list[Finding]:
    """The findings that became of a drill, as far as the reader may see them."""
    return findings.for_subject("drills.drill", drill.pk)


__all__ = [
    "begin", "confirm", "copied", "end", "evaluate", "finding_id", "findings_of", "hand_back", "play_due",
    "proposal", "remind", "watch",
]  # fmt: skip
