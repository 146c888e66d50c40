"""Results taken back: a test that does not hold, and what becomes of the recalls that rest on it.

A recall stays while any other positive test holds it: of its own lot, of what that was made of, of a lot on its list.
"""

from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.reasons import stated
from fangxian.systems.goods import judging
from fangxian.systems.goods.announcements import goods_corrected
from fangxian.systems.goods.models import GoodsTest, Recall, RecallLine
from fangxian.systems.goods.sampling import check_hand
from fangxian.systems.goods.words import Finding


def withdraw_test(*, test: GoodsTest, by: Officer | None, reason: str) -> GoodsTest:
    """Take back a result that was reported: it counts for nothing, the lot is judged anew, and who acted is told.

    A result known better is then reported as for a new test. Raises ValidationError without a result or a reason.
    """
    words = stated(reason)
    with transaction.atomic():
        current = GoodsTest.objects.select_for_update(of=("self",)).select_related("lot__area").get(pk=test.pk)
        check_hand(current, by)
        was = current.finding
        if was in (Finding.PENDING, Finding.VOID):
            raise ValidationError(_("Only a result that was reported can be taken back."))
        done = records.change(
            current, by=by, action="goods.test.withdrawn", finding=Finding.VOID, positives=0, positive_pieces="",
            correction=words[:200],
        )  # fmt: skip
        judging.judge(judging.of_ids([done.lot_id]), by=by)
        if was == Finding.POSITIVE:
            goods_corrected.send(sender=None, tests=[done], by=by)
    return done


def withdraw_ordered(*, subject_ids: Iterable[UUID], by: Officer | None, reason: str) -> int:
    """Take back tests ordered because of something, as far as no sample was taken; returns how many."""
    waiting = GoodsTest.unscoped.filter(
        subject_id__in=list(subject_ids), finding=Finding.PENDING, sampled_at__isnull=True
    )
    return records.change_many(
        waiting, by=by, action="goods.test.withdrawn", finding=Finding.VOID, correction=reason[:200]
    )


def withdraw_recall(*, recall: Recall, by: Officer | None, reason: str) -> Recall:
    """End a recall whose test does not hold; what holders did stays on their lines, the lots are judged anew."""
    with transaction.atomic():
        done = records.change(
            recall, by=by, action="goods.recall.withdrawn", closed_at=now(), is_withdrawn=True, correction=reason[:200]
        )
        lots = RecallLine.unscoped.filter(recall=recall).values_list("lot", flat=True)
        judging.judge(judging.of_ids({recall.lot_id, *lots}), by=by)
    return done


def rest_on(*, recall: Recall, test: GoodsTest, by: Officer | None, reason: str) -> Recall:
    """The test a recall began with is taken back, but another one holds it: it rests on that from now on."""
    return records.change(recall, by=by, action="goods.recall.rests_on", test=test, correction=reason[:200])
