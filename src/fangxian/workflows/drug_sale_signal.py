"""A sale of medicine, from the till to whoever has to act on it.

Read downwards: a sale that was kept queues its work where there is any (`follow_sales`); the work (`on_sale`) makes a
sale the ladder did not allow a finding of the pharmacy, opens the call-back of a buyer with fever, and asks the
township where the buyer lives to see that they get to a fever clinic. What the call finds ends that task, or sharpens
it (`follow_call`). A call that was not made in time goes to the township of the pharmacy (`chase_calls`, every five
minutes with the other clocks). The counts of all sales are the signal of `systems/pharmacies/signal.py`.

Running it again is harmless: a finding is known by its sale, a call-back by person and day, a task by its key.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.dispatch import receiver
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fangxian.core import jobs, scope
from fangxian.core.areas import Area, county_of
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.roles import TownshipOfficer
from fangxian.systems.command import selectors as tasks
from fangxian.systems.command import services as command
from fangxian.systems.command.models import Task
from fangxian.systems.inspection import services as inspection
from fangxian.systems.inspection.models import Finding
from fangxian.systems.medical import selectors as medical
from fangxian.systems.pharmacies import selectors, services
from fangxian.systems.pharmacies.announcements import called_back, sales_kept
from fangxian.systems.pharmacies.models import CallBack, Sale
from fangxian.systems.pharmacies.words import Called, Wrong

JOB = "pharmacies.sale"
WHY = "a buyer is followed from the till to wherever they live"

SEE = gettext_noop("See that a buyer of fever medicine gets to a fever clinic")
SEE_HOW = gettext_noop("Bought at %(at)s with fever; the pharmacy calls back in time. Clinic: %(to)s.")
STILL = gettext_noop("A buyer of fever medicine is still ill: go there")
STILL_HOW = gettext_noop("Bought at %(at)s; still ill when called. See that they get to a fever clinic: %(to)s.")
LOST = gettext_noop("A buyer of fever medicine was not reached: go there")
LOST_HOW = gettext_noop("Bought at %(at)s with fever; the call found nobody. See how they are. Clinic: %(to)s.")
LATE = gettext_noop("Call back a buyer of fever medicine: the pharmacy has not")
LATE_HOW = gettext_noop("%(at)s should have called by now. Call, or see that it does. Clinic: %(to)s.")
KEYS = {SEE: "see", STILL: "still", LOST: "lost", LATE: "late"}


@dataclass(frozen=True)
class Followed:
    """What followed from a sale: each is there whether it was made now or by an earlier run."""

    finding: Finding | None
    call_back: CallBack | None
    task: Task | None


def on_sale(*, sale_id: UUID, by: Officer | None) -> Followed:
    """Everything one sale asks for; nothing for one that was taken back meanwhile.

    Raises Sale.DoesNotExist. Source: requirements P1 and P2, rules `pharmacy.ladder` and `pharmacy.followup_hours`.
    """
    with scope.everywhere(WHY):
        sale = selectors.sale(sale_id)
        if sale.voided_at:
            return Followed(None, None, None)
        finding = _violation(sale, by) if sale.wrong else None
        call = services.open_call(sale=sale, by=by) if sale.is_fever else None
        task = _hand_down(selectors.call_back(call.pk), by, SEE, SEE_HOW) if call and call.is_open else None
        return Followed(finding, call, task)


@receiver(sales_kept)
def follow_sales(sender: Any, sales: list[Sale], by: Officer | None, **_named: Any) -> None:
    """Queue the work in the sale's own transaction; most sales ask for none."""
    for sale in sales:
        if sale.wrong or sale.is_fever:
            jobs.enqueue(JOB, by=by, key=str(sale.pk), sale_id=str(sale.pk))


@jobs.job(JOB)
def sale_job(job: jobs.Job, sale_id: str) -> dict[str, Any]:
    """What a sale asks for, as a job."""
    followed = on_sale(sale_id=UUID(sale_id), by=job.created_by)
    return {"finding": str(followed.finding.pk) if followed.finding else "", "call_back": bool(followed.call_back)}


@receiver(called_back)
def follow_call(sender: Any, call_back: CallBack, by: Officer | None, **_named: Any) -> None:
    """Well, or at the fever clinic: the tasks end. Still ill, or not reached: the township goes there."""
    with scope.everywhere(WHY):
        call = selectors.call_back(call_back.pk)
        if not call.is_open:
            _end_tasks(call)
        elif call.outcome == Called.STILL_ILL:
            _hand_down(call, by, STILL, STILL_HOW)
        else:
            _hand_down(call, by, LOST, LOST_HOW)


def chase_calls() -> int:
    """Call-backs nobody has tried within their time become a task of the pharmacy's township; returns how many are new.

    Runs inside a scope that reaches everywhere.
    """
    late = selectors.open_calls().filter(due_at__lt=now(), tries=0)
    return len([_hand_down(call, None, LATE, LATE_HOW, area=call.area) for call in late if not _is_handed(call)])


@translation.override(settings.LANGUAGE_CODE)  # a ledger has one language, whoever acts
def _violation(sale: Sale, by: Officer | None) -> Finding:
    """The finding that medicine was sold against the ladder; a second run gives the stored one."""
    severe = sale.wrong == Wrong.STOPPED
    return inspection.raise_finding(
        by=by, id=sale.pk, area=sale.area, where=str(sale.pharmacy), subject=sale.pharmacy,
        what=f"{sale.get_wrong_display()}: {sale.items}"[:200],
        severity=Finding.Severity.CRITICAL if severe else Finding.Severity.MAJOR,
        topic="DRUG_SALES", origin="RULE", found_on=timezone.localdate(sale.sold_at),
        basis=_("Receipt %(receipt)s (%(rule)s)") % {"receipt": sale.receipt, "rule": sale.rule},
    )  # fmt: skip


def _is_handed(call: CallBack) -> bool:
    """Whether the township was told already that nobody has called."""
    return f"{KEYS[LATE]}:{call.pk}" in {(key or "").partition(":")[2] for _pk, key in _keys(call)}


def _keys(call: CallBack) -> list[tuple[UUID, str | None]]:
    return tasks.open_keys(call._meta.label_lower, call.pk)


def _hand_down(call: CallBack, by: Officer | None, title: str, how: str, area: Area | None = None) -> Task:
    """A task about a buyer for the township they live in, or `area`; once a call-back and title."""
    return command.hand_down(
        by=by, key=f"drug-sale:{KEYS[title]}:{call.pk}", area=area or call.home_area or call.area, title=title,
        instructions=how, params={"at": str(call.pharmacy), "to": clinics(call.area_id)}, role=TownshipOfficer.key,
        person=call.person, priority=Task.Priority.HIGH, due_at=max(call.due_at, now()), subject=call,
        from_area=county_of(call.area_id),
    )  # fmt: skip


def clinics(area_code: str) -> str:
    """The fever clinics of the county of an area by name, which everybody may know; a dash where none is on record."""
    county = county_of(area_code)
    with scope.everywhere(WHY):
        return "、".join(row.name for row in medical.fever_clinics(county.code if county else area_code[:6])) or "—"


def _end_tasks(call: CallBack) -> None:
    """Whoever should look after the buyer need not any more."""
    open_ = [task for task in tasks.for_subject(call._meta.label_lower, call.pk) if task.status in Task.OPEN]
    if open_:
        command.withdraw_many(tasks=open_, by=None, reason=_("The buyer was called back and is looked after."))
