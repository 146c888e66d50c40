"""A positive sample of the environment, from the laboratory to whoever has to act on it (人物同防).

Read downwards: a positive result queues its work (`follow_positive`); the work (`on_positive`) looks at what lies there
(`surroundings/lying.py`), orders its disinfection, has the goods in it and the people who work there tested, and hands
the investigators one task with all of it. Whether visits of the place are traced is for them to decide: a trace is
asked for a case, by a person, with a reason. A sample of a lot counts as a test of that lot, so that the story of
contaminated goods begins. A result that is corrected takes that test back, and with it the recall that rests on it,
and what nobody has done yet (`follow_correction`).

Running it again is harmless: orders, tests, duties and tasks are known by the sample they come from.
"""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fangxian.core import jobs, scope
from fangxian.core.areas import county_of
from fangxian.core.clock import now, worded
from fangxian.core.officers import Officer
from fangxian.core.policy import Pack
from fangxian.core.roles import Investigator
from fangxian.systems.command import selectors as tasks
from fangxian.systems.command import services as command
from fangxian.systems.command.models import Task
from fangxian.systems.environment import rules, selectors, services
from fangxian.systems.environment.announcements import sample_corrected, sample_positive
from fangxian.systems.environment.models import EnvironmentOrder, EnvironmentSample
from fangxian.systems.environment.words import Result
from fangxian.systems.goods import selectors as lots
from fangxian.systems.goods import services as goods
from fangxian.systems.goods.words import Finding
from fangxian.systems.testing import services as testing
from fangxian.workflows.surroundings.lying import LOT, Lying, lying
from fangxian.workflows.surroundings.report import report_text

__all__ = ["Acted", "found_at", "on_positive", "report"]

JOB = "environment.positive"
WHY = "what lies at a positive place is followed wherever it belongs"
STAGE = "environment"
TITLE = gettext_noop("A sample of the environment is positive: %(where)s")
HOW = gettext_noop(
    "Taken %(at)s. There since %(since)s: %(lots)s lots of goods, %(people)s people at work. Disinfection and tests "
    "are ordered. Look at the page of the sample, and decide whether visits are traced."
)


@dataclass
class Acted:
    """What a positive sample asks for, while it is done: the order (None where nothing is disinfected), tests of goods
    ordered now, duties planned, the task of the investigators."""

    sample: EnvironmentSample
    lying: Lying
    pack: Pack
    by: Officer | None
    order: EnvironmentOrder | None = None
    goods_tests: int = 0
    duties: int = 0
    task: Task | None = field(default=None)


@receiver(sample_positive)
def follow_positive(sender: Any, sample: EnvironmentSample, by: Officer | None, **_named: Any) -> None:
    """Queue the work in the result's own transaction."""
    jobs.enqueue(JOB, by=by, key=f"{sample.pk}:{sample.version}", sample_id=str(sample.pk))


@jobs.job(JOB)
def positive_job(job: jobs.Job, sample_id: str) -> dict[str, Any]:
    """What a positive sample asks for, as a job; nothing when it was corrected meanwhile."""
    acted = on_positive(sample_id=UUID(sample_id), by=job.created_by)
    return {"goods_tests": acted.goods_tests, "duties": acted.duties} if acted else {}


def on_positive(*, sample_id: UUID, by: Officer | None) -> Acted | None:
    """Everything a positive sample asks for; None for one that is not positive (any more).

    Raises EnvironmentSample.DoesNotExist. Source: requirement K5, rules `environment.*` of the pack.
    """
    with scope.everywhere(WHY):
        sample = selectors.sample(sample_id)
        if sample.result != Result.POSITIVE:
            return None
        pack = rules.pack_of(sample.area_id)
        acted = Acted(sample, lying(sample, pack, now()), pack, by)
        for step in STEPS:
            step(acted)
        return acted


def found_at(sample: EnvironmentSample) -> Lying:
    """What lies at the place of a sample, for its page; read in the scope in force."""
    return lying(sample, rules.pack_of(sample.area_id), now())


def report(sample: EnvironmentSample) -> str:
    """The report of a sample from what is stored now, in the reader's language; read in the scope in force."""
    return report_text(found_at(sample), selectors.orders_for([sample.pk]))


@receiver(sample_corrected)
def follow_correction(sender: Any, sample: EnvironmentSample, by: Officer | None, **_named: Any) -> None:
    """Nobody has to act on a sample that was not positive: what is still open is taken back, done work stays."""
    why = _("The result of the sample was corrected.")
    with scope.everywhere(WHY):
        _unsay(sample, by, sample.correction or why)
        about = tasks.for_subject(sample._meta.label_lower, sample.pk)
        about += [order.task for order in selectors.orders_for([sample.pk]) if order.task and _is_of(order, sample)]
        open_ = [task for task in about if task.status in Task.OPEN]
        if open_:
            command.withdraw_many(tasks=open_, by=None, reason=why)


def _unsay(sample: EnvironmentSample, by: Officer | None, reason: str) -> None:
    """The test of the lot that the sample was, the tests of goods and people it asked for."""
    test = lots.test_known(sample.pk)
    if test is not None and test.finding == Finding.POSITIVE:
        goods.withdraw_test(test=test, by=by, reason=reason)
    goods.withdraw_ordered(subject_ids=[sample.pk], by=by, reason=reason)
    testing.cancel_duties(by=by, subject_ids=[sample.pk], reason=reason)


def _disinfect(acted: Acted) -> None:
    """Final disinfection of what was sampled; a check of an order has sent that order back already."""
    sample = acted.sample
    if sample.kind in acted.pack.items("environment.disinfect_when") and sample.order_id is None:
        about = (sample.subject_kind, sample.subject_id) if sample.subject_id else _self(sample)
        acted.order = services.order_once(
            by=acted.by, because=_self(sample), about=about, area=sample.area, where=sample.where,
            spot=sample.spot, setting=sample.kind,
        )  # fmt: skip


def _test_goods(acted: Acted) -> None:
    """A sampled lot is positive itself; every other lot that lies there is tested."""
    sample, lots = acted.sample, acted.lying.lots
    if sample.subject_kind == LOT and lots:
        test = goods.sample(by=None, lot=lots[0], id=sample.pk, first_piece=1, last_piece=1,
                            sampled_at=sample.sampled_at, laboratory=sample.laboratory)  # fmt: skip
        if test.finding in (Finding.PENDING, Finding.VOID):
            goods.report(test=test, by=acted.by, positives=1, positive_pieces="1")
        return
    acted.goods_tests = len(goods.order(by=acted.by, lots=lots, subject_id=sample.pk))


def _test_workers(acted: Acted) -> None:
    """Everybody who works there is tested today, for the diseases of the pack."""
    day = timezone.localdate(now())
    rows = [
        testing.PlannedTest(person, disease, day, 1, STAGE, acted.sample.pk, person.area, rules.POSITIVE,
                            acted.pack.version)
        for person in acted.lying.people.values()
        for disease in rules.worker_tests(acted.pack)
    ]  # fmt: skip
    testing.plan_duties(rows, by=acted.by)
    acted.duties = len(rows)


def _tell(acted: Acted) -> None:
    """One task for the investigators of the county, with what was found."""
    sample, found = acted.sample, acted.lying
    county = county_of(sample.area_id) or sample.area
    params = {"where": f"{sample.where} {sample.spot}".strip(), "at": worded(sample.sampled_at),
              "since": worded(found.from_at), "lots": len(found.lots), "people": len(found.people)}  # fmt: skip
    acted.task = command.hand_down(
        by=acted.by, key=f"environment:positive:{sample.pk}", area=county, from_area=county, title=TITLE,
        instructions=HOW, params=params, role=Investigator.key, priority=Task.Priority.HIGH, subject=sample,
        due_at=now() + rules.time_to_act(acted.pack),
    )  # fmt: skip


def _self(sample: EnvironmentSample) -> tuple[str, UUID]:
    return sample._meta.label_lower, sample.pk


def _is_of(order: EnvironmentOrder, sample: EnvironmentSample) -> bool:
    return order.because_id == sample.pk


STEPS = (_disinfect, _test_goods, _test_workers, _tell)
