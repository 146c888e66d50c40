"""Red or green: what a lot lacks, counted from its papers, tests, arrival, the lots it was made of, and recalls.

Whatever changes one of these calls `judge`, in its own transaction. A lot made of others lacks what any of them lacks;
so a change is carried down to everything made of the lot.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from fangxian.core import records, scope
from fangxian.core.clock import now
from fangxian.systems.goods import rules
from fangxian.systems.goods.models import GoodsTest, Lot, Movement, Paper, RecallLine
from fangxian.systems.goods.words import Finding, Grade, Missing, Surface

WHY = "a lot is judged with all that was ever written down about it, also elsewhere"
WRITTEN = ["missing", "is_held", "is_positive", "rule", "pack"]


def judge(lots: Iterable[Lot], *, by) -> list[Lot]:
    """Judge lots and everything made of them anew; returns those that changed."""
    changed: list[Lot] = []
    with scope.everywhere(WHY):
        wave = {lot.pk: lot for lot in lots}
        while wave:
            moved = [lot for lot in wave.values() if _judge_one(lot)]
            records.save_many(moved, WRITTEN, by=by, action="goods.lot.judged")  # the next wave reads it
            changed += moved
            made = Movement.objects.filter(lot__in=moved, to_lot__isnull=False).exclude(to_lot__in=moved)
            wave = {row.pk: row for row in Lot.objects.filter(pk__in=made.values("to_lot")).select_related("area")}
    return changed


def lacking(lot: Lot) -> list[str]:
    """What a lot lacks now, as codes of `Missing`; a positive parent is enough for a positive lot."""
    parents = _parents(lot)
    if parents:
        found = sorted({code for parent in parents for code in parent.reasons})
    else:
        found = _own(lot, rules.pack_of(lot.area_id))
    found = [code for code in found if code not in (Missing.POSITIVE, Missing.RECALLED)]
    if _is_positive(lot) or any(parent.is_positive for parent in parents):
        found.append(str(Missing.POSITIVE))
    if RecallLine.objects.filter(lot=lot, recall__closed_at=None).exists():
        found.append(str(Missing.RECALLED))
    return found


def asked(lot: Lot) -> list[tuple[str, str]]:
    """Everything the rule asks of a lot, as (code, words), in the order it is looked at."""
    pack, grade = rules.pack_of(lot.area_id), _grade(lot)
    codes = [str(kind) for kind in rules.papers(grade, pack)]
    if lot.consignment and rules.notice(grade, pack):
        codes.append(str(Missing.NOTICE))
    codes += [str(Missing.CONTAINER)] if lot.consignment else []
    codes += [str(Missing.OUTER_TESTS)] if rules.outer_tests(grade, lot.pieces, pack) else []
    codes += [str(Missing.INNER_TESTS)] if rules.inner_tests(grade, lot.pieces, pack) else []
    extra = [code for code in lacking(lot) if code not in codes]
    return [(code, Missing(code).label) for code in (*codes, *extra)]


def judged(lot: Lot) -> dict[str, Any]:
    """What a judgement writes to a lot, also to one that is not stored yet."""
    found = lacking(lot)
    positive = str(Missing.POSITIVE) in found
    return {
        "missing": " ".join(found), "is_held": bool(found), "is_positive": positive,
        "rule": rules.POSITIVE if positive else rules.HOLD, "pack": rules.pack_of(lot.area_id).version,
    }  # fmt: skip


def _judge_one(lot: Lot) -> bool:
    """Set what a lot lacks; whether that is something new."""
    wanted = judged(lot)
    is_new = any(getattr(lot, name) != value for name, value in wanted.items())
    for name, value in wanted.items():
        setattr(lot, name, value)
    return is_new


def _parents(lot: Lot) -> list[Lot]:
    """The lots a lot was made of."""
    made = Movement.objects.filter(to_lot=lot).exclude(lot=lot)
    return list(Lot.objects.filter(pk__in=made.values("lot")))


def _is_positive(lot: Lot) -> bool:
    return GoodsTest.objects.filter(lot=lot, finding=Finding.POSITIVE).exists()


def _grade(lot: Lot) -> str:
    """The grade of its consignment; a lot without one is treated as strictly as any."""
    return lot.consignment.grade if lot.consignment else Grade.COLD


def _own(lot: Lot, pack) -> list[str]:
    """What a lot that came as it is lacks by itself."""
    grade, there = _grade(lot), {paper.kind for paper in papers(lot)}
    found = [str(kind) for kind in rules.papers(grade, pack) if kind not in there]
    if lot.consignment:
        found += _entry(lot.consignment, pack)
    tests = GoodsTest.objects.filter(lot=lot, finding=Finding.NEGATIVE)
    for code, surface, needed in (
        (Missing.OUTER_TESTS, Surface.OUTER, rules.outer_tests(grade, lot.pieces, pack)),
        (Missing.INNER_TESTS, Surface.INNER, rules.inner_tests(grade, lot.pieces, pack)),
    ):
        ranges = tests.filter(surface=surface).values_list("first_piece", "last_piece", "samples")
        if covered(ranges, lot.pieces) < needed:
            found.append(str(code))
    return found


def papers(lot: Lot) -> list[Paper]:
    """Papers of the lot and of its consignment that are valid today."""
    about = Q(lot=lot) | Q(consignment=lot.consignment_id, lot=None) if lot.consignment_id else Q(lot=lot)
    valid = Q(valid_until=None) | Q(valid_until__gte=timezone.localdate(now()))
    return list(Paper.objects.filter(about).filter(valid))


def _entry(consignment, pack) -> list[str]:
    """Whether the notice was in time (a late one holds until its time has passed) and container and seal fitted."""
    found = []
    if held_until(consignment, pack) > now():
        found.append(str(Missing.NOTICE))
    written = (consignment.container, consignment.seal)
    if consignment.arrived_at is None or (consignment.container_seen, consignment.seal_seen) != written:
        found.append(str(Missing.CONTAINER))
    return found


def held_until(consignment, pack) -> datetime:
    """The moment from which the notice is fulfilled."""
    return consignment.noticed_at + rules.notice(consignment.grade, pack)


def covered(ranges: Iterable[tuple[int, int, int]], pieces: int) -> int:
    """How many pieces of 1…`pieces` were sampled: each range (first, last, samples) counts at most its samples, and a
    piece in several ranges once."""
    counted, end = 0, 0
    for first, last, samples in sorted(ranges):
        begin = max(first, end + 1)
        fresh = max(0, min(last, pieces) - begin + 1)
        counted += min(fresh, samples)
        end = max(end, last)
    return counted


def of_ids(ids: Iterable[UUID]) -> list[Lot]:
    """Lots to be judged, wherever they are."""
    return list(Lot.unscoped.filter(pk__in=list(ids)).select_related("area", "consignment"))
