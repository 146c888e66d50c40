"""What follows from an adverse event, from a recalled lot, and from somebody who went before the time was up.

Read downwards: an event that is reported or moves on queues its work (`follow_event`); the work (`on_event`) hands down
what is owed with the clocks of the pack, moves a task whose clock has changed, takes back what is done, and points at a
cluster. A recall (`follow_recall`) has every fridge set the lot aside and everybody who had it lately asked how they
are. Who left too early is called (`follow_left_early`). A day's round (`remind`) hands out whom to ask again.

Running it again is harmless: each task is known by what it follows from.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.dispatch import receiver
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fangxian.core import jobs, scope
from fangxian.core.areas import Area, county_of
from fangxian.core.clock import TIME, day_of, now, shown, today
from fangxian.core.officers import Officer
from fangxian.core.roles import GridWorker, Investigator, Vaccinator
from fangxian.systems.command import selectors as tasks
from fangxian.systems.command import services as command
from fangxian.systems.command.models import Task
from fangxian.systems.immunization import rules, selectors
from fangxian.systems.immunization.announcements import event_changed, left_early, lot_recalled
from fangxian.systems.immunization.models import Aefi, Dose, VaccineLot, Visit
from fangxian.systems.people import selectors as people

EVENT_JOB, RECALL_JOB = "immunization.event", "immunization.recall"
WHY = "an event after a dose is followed wherever the person lives and wherever the lot is"

REPORT = gettext_noop("Report an adverse event after vaccination")
INVESTIGATE = gettext_noop("Investigate an adverse event after vaccination")
CONCLUDE = gettext_noop("Conclude an adverse event after vaccination")
WHAT = gettext_noop("%(what)s, after %(vaccine)s, lot %(lot)s, given at %(at)s.")
CLUSTER = gettext_noop("Possible cluster after vaccination: lot %(lot)s")
CLUSTER_HOW = gettext_noop(
    "%(count)s events after %(vaccine)s of this lot or at this site within days. Decide whether to stop using the lot."
)
ASIDE = gettext_noop("Set a recalled lot aside: %(lot)s")
ASIDE_HOW = gettext_noop("%(vaccine)s, %(left)s doses left at %(at)s. Seal them, mark them, send them back. %(why)s")
ASK = gettext_noop("Ask how somebody is who had a recalled lot")
ASK_HOW = gettext_noop("%(vaccine)s, lot %(lot)s, on %(day)s. Report anything unusual as an adverse event.")
CALL = gettext_noop("Call somebody who left the observation early")
CALL_HOW = gettext_noop("Left at %(left)s, should have stayed until %(until)s. Ask how they are.")
AGAIN = gettext_noop("Ask %(count)s people again about vaccination")
AGAIN_HOW = gettext_noop("Their day to be asked again has come; their reasons stand in the list of refusals.")
MOVED = gettext_noop("The clock of this task has changed.")
SETTLED = gettext_noop("This step is done.")


@dataclass(frozen=True)
class Owed:
    """One step an event asks for: its key, title, when it is due, and whether it is done."""

    key: str
    title: str
    due_at: datetime | None
    is_done: bool


@receiver(event_changed)
def follow_event(sender, event: Aefi, by, **_named) -> None:
    """Queue the work in the event's own transaction."""
    jobs.enqueue(EVENT_JOB, by=by, key=str(event.pk), event_id=str(event.pk))


@jobs.job(EVENT_JOB)
def event_job(job, event_id: str) -> dict:
    """What an event asks for, as a job."""
    return {"open": on_event(event_id=UUID(event_id), by=job.created_by)}


def on_event(*, event_id: UUID, by: Officer | None) -> int:
    """Hand down what an event still owes, with its clocks; returns how many steps are open.

    Raises Aefi.DoesNotExist.
    """
    with scope.everywhere(WHY):
        event = selectors.event(event_id)
        known = {task.key: task for task in tasks.for_subject(event._meta.label_lower, event.pk)}
        open_ = [step for step in owed(event) if not step.is_done]
        _withdraw(known, [step.key for step in owed(event) if step.is_done], _(SETTLED))
        for step in open_:
            _hand_down(event, step, known, by)
        if event.is_cluster:
            _point_at_cluster(event, by)
    return len(open_)


def owed(event: Aefi) -> tuple[Owed, ...]:
    """The three steps of an event, from its own record. Source: pack `aefi-cn`, its three time limits."""
    concluded = event.stage == Aefi.Stage.FINAL
    return (
        Owed(f"aefi:report:{event.pk}", REPORT, event.report_due_at, concluded or event.reported_at is not None),
        Owed(f"aefi:investigate:{event.pk}", INVESTIGATE, event.investigate_due_at, event.stage != Aefi.Stage.FIRST),
        Owed(f"aefi:conclude:{event.pk}", CONCLUDE, event.conclude_due_at, concluded),
    )


@receiver(lot_recalled)
def follow_recall(sender, lots: list[VaccineLot], by, **_named) -> None:
    """Queue the work in the recall's own transaction: one job a number, whatever the number of fridges."""
    one = lots[0]
    jobs.enqueue(RECALL_JOB, by=by, key=f"{one.vaccine}:{one.number}", vaccine=one.vaccine, number=one.number)


@jobs.job(RECALL_JOB)
def recall_job(job, vaccine: str, number: str) -> dict:
    """What a recall asks for, as a job."""
    aside, asked = on_recall(vaccine=vaccine, number=number, by=job.created_by)
    return {"set_aside": aside, "asked": asked}


def on_recall(*, vaccine: str, number: str, by: Officer | None) -> tuple[int, int]:
    """Every fridge sets the lot aside, everybody who had it lately is asked how they are; returns how many of each.

    vaccine, number: as on the vial. “Lately” is `vaccination.recall_days` of the pack.
    """
    with scope.everywhere(WHY):
        lots = [lot for lot in selectors.lots_called(vaccine, number) if lot.left and lot.recalled_at]
        for lot in lots:
            _set_aside(lot, by)
        pack = rules.general()
        since, due = today() - pack.duration("vaccination.recall_days"), pack.duration("vaccination.recall_hours")
        doses = list(selectors.given_of(vaccine, number).filter(given_on__gte=since))
        workers = people.workers_of(dose.home_area_id or dose.area_id for dose in doses)
        asked = [_asking(dose, workers[dose.home_area_id or dose.area_id], now() + due) for dose in doses]
        command.hand_down_many(by=by, tasks=asked)
    return len(lots), len(asked)


@receiver(left_early)
def follow_left_early(sender, visit: Visit, by, **_named) -> None:
    """The site calls, at the latest when the time would have been up."""
    told = {"left": shown(visit.left_at, TIME), "until": shown(visit.observed_until, TIME)}
    command.hand_down(
        by=by, key=f"observation:{visit.pk}", area=visit.area, title=CALL, instructions=CALL_HOW, params=told,
        role=Vaccinator.key, person=visit.person, due_at=visit.observed_until, subject=visit,
    )  # fmt: skip


def remind(*, area_code: str, by: Officer | None) -> int:
    """Hand out whom to ask again today, one task a village or cell; returns how many tasks are new."""
    with scope.everywhere(WHY):
        by_area: dict[str, int] = {}
        for refusal in selectors.to_ask(area_code, today()):
            by_area[refusal.area_id] = by_area.get(refusal.area_id, 0) + 1
        areas = {area.code: area for area in Area.objects.filter(pk__in=list(by_area))}
        workers = people.workers_of(by_area)
        rows = [
            Task(
                key=f"refusals:{code}:{today()}", area=areas[code], title=AGAIN, instructions=AGAIN_HOW,
                params={"count": count}, role=GridWorker.key, officer=workers[code],
                due_at=now() + timedelta(days=1),
            )
            for code, count in sorted(by_area.items())
        ]  # fmt: skip
        return len(command.hand_down_many(by=by, tasks=rows).new)


def _hand_down(event: Aefi, step: Owed, known: dict[str | None, Task], by: Officer | None) -> None:
    """One step as a task; a task whose clock has changed is taken back and handed down anew."""
    stored = known.get(step.key)
    if stored is not None and stored.due_at != step.due_at:
        _withdraw(known, [step.key], _(MOVED))
    command.hand_down(
        by=by, key=step.key, area=county_of(event.area_id) or event.area, title=step.title, instructions=WHAT,
        params=_told(event), role=Investigator.key, person=event.dose.person, subject=event, due_at=step.due_at,
        priority=_priority(event),
    )  # fmt: skip


def _priority(event: Aefi) -> str:
    grave = event.severity == Aefi.Type.SERIOUS or event.is_cluster
    return str(Task.Priority.HIGH if grave else Task.Priority.NORMAL)


def _point_at_cluster(event: Aefi, by: Officer | None) -> None:
    """One task a lot and day: people judge whether it is a cluster."""
    dose = event.dose
    command.hand_down(
        by=by, key=f"aefi:cluster:{dose.vaccine}:{dose.lot_number}:{day_of(event.found_at)}",
        area=county_of(event.area_id) or event.area, title=CLUSTER, instructions=CLUSTER_HOW,
        params={"lot": dose.lot_number, "vaccine": dose.vaccine_name, "count": _alike(event)}, role=Investigator.key,
        subject=event, due_at=event.report_due_at, priority=Task.Priority.HIGH,
    )  # fmt: skip


def _alike(event: Aefi) -> int:
    return len(selectors.cluster_of(event))


def _told(event: Aefi) -> dict[str, str]:
    dose = event.dose
    return {
        "what": event.symptoms,
        "vaccine": dose.vaccine_name,
        "lot": dose.lot_number or "-",
        "at": dose.where or "-",
    }


def _set_aside(lot: VaccineLot, by: Officer | None) -> None:
    told = {"lot": lot.number, "vaccine": lot.vaccine_name, "left": lot.left, "at": str(lot.site),
            "why": lot.recall_reason}  # fmt: skip
    hours = rules.general(lot.area_id).duration("vaccination.recall_hours")
    command.hand_down(
        by=by, key=f"recall:{lot.pk}", area=lot.area, title=ASIDE, instructions=ASIDE_HOW, params=told,
        role=Vaccinator.key, subject=lot, due_at=(lot.recalled_at or now()) + hours, priority=Task.Priority.HIGH,
    )  # fmt: skip


def _asking(dose: Dose, worker: Officer | None, due_at: datetime) -> Task:
    told = {"vaccine": dose.vaccine_name, "lot": dose.lot_number, "day": dose.given_on.isoformat()}
    return Task(
        key=f"recall:ask:{dose.pk}", area=dose.home_area or dose.area, title=ASK, instructions=ASK_HOW, params=told,
        role=GridWorker.key, officer=worker, person=dose.person, due_at=due_at,
        subject_kind=dose._meta.label_lower, subject_id=dose.pk,
    )  # fmt: skip


def _withdraw(known: dict[str | None, Task], keys: list[str], reason: str) -> None:
    """Take back what is open of these; what was done stays done."""
    found = [known[key] for key in keys if key in known and known[key].status in Task.OPEN]
    if found:
        command.withdraw_many(tasks=found, by=None, reason=reason)
