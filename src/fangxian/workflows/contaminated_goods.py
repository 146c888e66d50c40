"""Contaminated goods, from the positive sample to the last piece.

Read downwards: a positive test queues its work (`follow_positive`); the work (`on_positive`) hands the county a task to
start the recall; the lot and all that was made of it are red already. One click (`recall`) searches what the lot
reached, keeps a line a holder, orders tests of goods, plans tests of whoever handled them, hands a task down for each
place, and has each place swabbed and disinfected. The steps of holders are verbs of goods; with the last piece
settled the tasks are taken back (`follow_close`).
A positive test that is taken back undoes what followed from it alone (`follow_correction`): the alarm, the recall with
its tasks, tests and duties; where another positive test holds the recall, it stays and says so.

Running it again is harmless: lines, tests, duties and tasks are known by what they are about, and what was done stays.
What else a recall asks for joins as one more step of `STEPS`.
"""

from dataclasses import dataclass, field
from uuid import UUID

from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext as _

from fangxian.core import jobs, scope
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.policy import Pack
from fangxian.systems.command.models import Task
from fangxian.systems.goods import rules, selectors, services
from fangxian.systems.goods.announcements import goods_corrected, goods_positive, recall_closed
from fangxian.systems.goods.models import GoodsTest, Lot, Recall, RecallLine
from fangxian.systems.goods.words import Finding, Surface
from fangxian.systems.testing import services as testing
from fangxian.workflows.recalls import handing, stores
from fangxian.workflows.recalls.reach import WHY, Handler, Reach, reach
from fangxian.workflows.recalls.report import report_text

__all__ = ["Handler", "Reach", "Recalled", "on_positive", "reach", "recall", "report_text"]

JOB = "goods.positive"
RULE, HANDLERS, STAGE = "goods.recall_from", "goods.handler_tests", "recall"


@dataclass
class Recalled:
    """A recall while it is made, and what became of it: lines, tests of goods, duties of people, tasks, orders for
    the places."""

    recall: Recall
    reach: Reach
    pack: Pack
    by: Officer | None
    lines: list[RecallLine] = field(default_factory=list)
    ordered: int = 0
    duties: int = 0
    tasks: dict[str, int] = field(default_factory=dict)
    orders: int = 0


@receiver(goods_positive)
def follow_positive(sender, tests: list[GoodsTest], by, **_named) -> None:
    """Queue the work in the test's own transaction."""
    for test in tests:
        jobs.enqueue(JOB, by=by, key=f"{test.pk}:{test.version}", test_id=str(test.pk))


@jobs.job(JOB)
def positive_job(job, test_id: str) -> dict:
    """What a positive test asks for, as a job."""
    task = on_positive(test_id=UUID(test_id), by=job.created_by)
    return {"task": str(task.pk)} if task else {}


def on_positive(*, test_id: UUID, by: Officer | None) -> Task | None:
    """The task to start the recall, with its clock; the same task when it runs again; None once it was taken back.

    Raises GoodsTest.DoesNotExist.
    """
    with scope.everywhere(WHY):
        test = selectors.test(test_id)
        if test.finding != Finding.POSITIVE:
            return None
        return handing.alarm(test, test.lot, rules.pack_of(test.lot.area_id), by=by)


def recall(*, lot: Lot, by: Officer | None, test: GoodsTest | None = None, reason: str = "") -> Recalled:
    """Everything a contaminated lot asks for. A second run of an open recall adds what has come since.

    `test` is the positive test; without one a reason says why, and without both the test that makes the lot positive.
    Raises ValidationError as the verbs of goods do.
    """
    with scope.everywhere(WHY):
        if test is None and not reason:
            test = selectors.positive_test(lot)
        found, pack = reach(lot), rules.pack_of(lot.area_id)
        opened = services.open_recall(
            by=by, lot=lot, test=test, reason=reason or _("Positive test"), from_at=found.from_at,
            until_at=found.until_at, rule=RULE, pack=pack.version,
        )  # fmt: skip
        made = Recalled(opened, found, pack, by)
        for step in STEPS:
            step(made)
        return made


@receiver(recall_closed)
def follow_close(sender, recall: Recall, by, **_named) -> None:
    """Nobody has to seal any more what is settled."""
    handing.withdraw(recall, by=None, reason=_("Every piece is accounted for."))


@receiver(goods_corrected)
def follow_correction(sender, tests: list[GoodsTest], by, **_named) -> None:
    """What followed from a test alone that does not hold is taken back, in the transaction of the correction."""
    with scope.everywhere(WHY):
        for test in tests:
            if selectors.positive_test(test.lot) is None:
                handing.withdraw_alarm(test.lot, reason=_("The positive test was taken back."))
            for row in selectors.recalls_resting_on(test):
                _lose(row, test, by)


def _lose(row: Recall, test: GoodsTest, by: Officer | None) -> None:
    """A recall loses the test it began with: another positive one holds it, or it is withdrawn with what it asked."""
    other = selectors.holding(row)
    if other is not None:
        services.rest_on(recall=row, test=other, by=by, reason=test.correction)
        return
    why = _("The positive test was taken back.")
    services.withdraw_recall(recall=row, by=by, reason=test.correction)
    services.withdraw_ordered(subject_ids=[row.pk], by=by, reason=test.correction)
    testing.cancel_duties(by=by, subject_ids=[row.pk], reason=why)
    handing.withdraw(row, by=None, reason=why)
    stores.withdraw(row, {line.place for line in selectors.lines_of(row) if line.place}, reason=why)


def _keep_lines(made: Recalled) -> None:
    """A line for each holder of each lot; all lots on the list are red from now on."""
    made.lines = services.keep_lines(
        recall=made.recall, holders=made.reach.holders, handlers=len(made.reach.handlers), by=made.by
    )


def _order_tests(made: Recalled) -> None:
    """Tests of every lot on the list of which pieces are left, one a lot and recall."""
    left = {line.lot_id for line in made.lines if line.open_pieces and line.place_id}
    lots = [lot for pk, lot in made.reach.lots.items() if pk in left and not lot.is_positive]
    made.ordered = len(services.order(by=made.by, lots=lots, subject_id=made.recall.pk, surface=Surface.OUTER))


def _test_handlers(made: Recalled) -> None:
    """Everybody who handled the goods is tested today, for the diseases of the pack."""
    day = timezone.localdate(now())
    rows = [
        testing.PlannedTest(
            row.person, disease, day, 1, STAGE, made.recall.pk, row.person.area, HANDLERS, made.pack.version
        )
        for row in made.reach.handlers
        for disease in rules.handler_tests(made.pack)
    ]  # fmt: skip
    testing.plan_duties(rows, by=made.by)
    made.duties = len(rows)


def _hand_down(made: Recalled) -> None:
    """A task a place to its township or to another county's command."""
    made.tasks = handing.hand_down(made.recall, made.lines, made.pack, by=made.by)


def _treat_stores(made: Recalled) -> None:
    """Swabs and final disinfection of every place that held the goods, once each."""
    made.orders = len(stores.hand_down(made.recall, made.reach.places.values(), made.pack, by=made.by))


STEPS = (_keep_lines, _order_tests, _test_handlers, _hand_down, _treat_stores)
