"""Tests of goods: ordered, taken from a range of pieces, reported with the pieces that were positive."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.clock import now
from fangxian.core.permissions import Permission
from fangxian.core.records import Source
from fangxian.core.reporting import check_reporter
from fangxian.systems.goods import judging
from fangxian.systems.goods.announcements import goods_positive
from fangxian.systems.goods.models import GoodsTest, Lot
from fangxian.systems.goods.words import Finding, Surface


def sample(
    *, by, lot: Lot, first_piece: int = 1, last_piece: int | None = None, samples: int | None = None,
    sampled_at: datetime | None = None, source: str = Source.WEB, **values: Any,
) -> GoodsTest:  # fmt: skip
    """Write down that pieces were sampled; without a range the whole lot, without a number every piece of it.

    Raises ValidationError for pieces the lot does not have, more samples than pieces, a moment yet to come.
    """
    last = last_piece or lot.pieces
    number, taken = samples or last - first_piece + 1, sampled_at or now()
    _check(lot, first_piece, last, number, taken)
    return records.create(
        GoodsTest, by=by, action="goods.test.sampled", source=source, area=lot.area, lot=lot, first_piece=first_piece,
        last_piece=last, samples=number, sampled_at=taken, **values,
    )  # fmt: skip


def order(*, by, lots: list[Lot], subject_id: UUID, surface: str = Surface.OUTER) -> list[GoodsTest]:
    """Order tests of lots because of something; one a lot and subject, however often it is asked.

    One that was taken back is ordered again.
    """
    stored = {row.lot_id: row for row in GoodsTest.unscoped.filter(subject_id=subject_id)}
    again = [stored[lot.pk] for lot in lots if lot.pk in stored and stored[lot.pk].finding == Finding.VOID]
    records.change_many(again, by=by, action="goods.test.ordered_again", finding=Finding.PENDING, correction="")
    rows = [
        GoodsTest(area_id=lot.area_id, lot=lot, surface=surface, first_piece=1, last_piece=lot.pieces,
                  samples=lot.pieces, subject_id=subject_id)
        for lot in lots if lot.pk not in stored
    ]  # fmt: skip
    return again + records.create_many(GoodsTest, rows, by=by, action="goods.test.ordered", source=Source.WORKFLOW)


def report(*, test: GoodsTest, by, positives: int, positive_pieces: str = "", at: datetime | None = None) -> GoodsTest:
    """Report a test, one taken back anew; the lot is judged at once, and a positive one is told to whoever listens.

    Raises ValidationError for a test that was reported before, more positives than samples, pieces outside the range,
    and for whoever took the sample, keeps the goods or has no right to report.
    """
    with transaction.atomic():
        current = GoodsTest.objects.select_for_update(of=("self",)).select_related("lot__area").get(pk=test.pk)
        check_hand(current, by)
        if current.finding not in (Finding.PENDING, Finding.VOID):
            raise ValidationError(_("This test has been reported already."))
        if not 0 <= positives <= current.samples:
            raise ValidationError({"positives": _("There cannot be more positive samples than samples.")})
        pieces = _pieces(current, positive_pieces)
        finding = Finding.POSITIVE if positives else Finding.NEGATIVE
        done = records.change(
            current, by=by, action="goods.test.reported", positives=positives, positive_pieces=pieces,
            finding=finding, correction="", reported_at=at or now(), sampled_at=current.sampled_at or at or now(),
        )  # fmt: skip
        judging.judge(judging.of_ids([done.lot_id]), by=by)
        if positives:
            goods_positive.send(sender=None, tests=[done], by=by)
    return done


def check_hand(test: GoodsTest, by) -> None:
    """Refuse a hand that may not say what this test found."""
    took = by is not None and test.created_by_id == by.pk and test.subject_id is None
    check_reporter(by=by, right=Permission.GOODS_TESTS_REPORT, area_code=test.area_id, took=took, is_store=True,
                   field="finding")  # fmt: skip


def tidy_pieces(text: str) -> str:
    """Numbers of pieces in one spelling: ascending, once each, a blank between; anything else as it was written."""
    words = text.replace(",", " ").replace("，", " ").replace("、", " ").split()
    if all(word.isdecimal() for word in words):
        words = [str(number) for number in sorted({int(word) for word in words})]
    return " ".join(words)


def _check(lot: Lot, first: int, last: int, samples: int, taken: datetime) -> None:
    if not 1 <= first <= last <= lot.pieces:
        raise ValidationError({"last_piece": _("This lot has the pieces 1 to %(pieces)s.") % {"pieces": lot.pieces}})
    if not 1 <= samples <= last - first + 1:
        raise ValidationError({"samples": _("There cannot be more samples than pieces.")})
    if taken > now():
        raise ValidationError({"sampled_at": _("This moment is yet to come.")})


def _pieces(test: GoodsTest, text: str) -> str:
    """Numbers of pieces as written, in order and inside the range."""
    words = tidy_pieces(text).split()
    if not all(word.isdecimal() and test.first_piece <= int(word) <= test.last_piece for word in words):
        raise ValidationError({"positive_pieces": _("Write the numbers of the pieces, such as 3, 17, 250.")})
    return " ".join(words)
