"""Goods come: announced, taken in with container and seal looked at, their papers attached once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import records, scope
from fangxian.core.clock import now
from fangxian.core.records import Source
from fangxian.systems.goods import judging, rules
from fangxian.systems.goods.models import Consignment, GoodsPlace, Lot, Movement, Paper
from fangxian.systems.goods.tidying import tidy
from fangxian.systems.goods.words import Moved, PaperKind

DEFAULTS = {
    "origin": "", "is_bulk": False, "touched": True, "departed_at": None, "temperature": Decimal("-18"),
}  # fmt: skip


@dataclass(frozen=True)
class LotIn:
    """One lot as it stands on the papers."""

    number: str
    pieces: int
    weight_kg: Decimal | None = None
    produced_on: date | None = None
    expires_on: date | None = None
    goods: str = ""


def announce(*, by, to_place: GoodsPlace, source: str = Source.WEB, **values: Any) -> Consignment:
    """Announce goods before they come. The grade follows from the facts; the notice counts from now.

    The area is the target store's.
    """
    judged = _graded({**DEFAULTS, **values}, to_place.area_id, disinfected=False)
    return records.create(
        Consignment, by=by, action="goods.consignment.announced", source=source, area=to_place.area, to_place=to_place,
        noticed_at=now(), **tidy(values), **judged,
    )  # fmt: skip


def correct(*, consignment: Consignment, by, base_version: int | None = None, **changes: Any) -> Consignment:
    """Correct what was announced; the grade and the lots are judged anew. What has arrived keeps its store."""
    if consignment.arrived_at and changes.get("to_place", consignment.to_place) != consignment.to_place:
        raise ValidationError({"to_place": _("These goods have arrived: move them instead.")})
    with transaction.atomic():
        facts = {name: changes.get(name, getattr(consignment, name)) for name in DEFAULTS}
        judged = _graded(facts, consignment.area_id, disinfected=_is_disinfected(consignment))
        done = records.change(
            consignment, by=by, action="goods.consignment.changed", base_version=base_version,
            **tidy(changes), **judged,
        )  # fmt: skip
        judging.judge(_lots_of(done), by=by)
    return done


def accept(
    *, consignment: Consignment, by, lots: Iterable[LotIn], container_seen: str = "", seal_seen: str = "",
    at: datetime | None = None, source: str = Source.WEB,
) -> list[Lot]:  # fmt: skip
    """Take goods in: every lot is counted, container and seal are compared with the papers, and all is held.

    Raises ValidationError for goods taken in before, for no lot, and for more or fewer pieces than announced.
    """
    lots, at = list(lots), at or now()
    with transaction.atomic():
        current = Consignment.objects.select_for_update().select_related("to_place", "area").get(pk=consignment.pk)
        _check_arrival(current, lots, at)
        seen = tidy({"container_seen": container_seen, "seal_seen": seal_seen})
        current = records.change(current, by=by, action="goods.consignment.accepted", arrived_at=at, **seen)
        return [_take_in(current, lot, at, by, source) for lot in lots]


def take_stock(*, by, place: GoodsPlace, number: str, pieces: int, source: str = Source.WEB, **values: Any) -> Lot:
    """Put a lot on record that lies at a place already, bought before or elsewhere; it is held like any other."""
    with transaction.atomic():
        return _lot(by, source, place, now(), number=number, pieces=pieces, **values)


def attach_paper(*, by, kind: str, number: str, issued_on: date, consignment: Consignment | None = None,
                 lot: Lot | None = None, source: str = Source.WEB, **values: Any) -> Paper:  # fmt: skip
    """Put a paper to a consignment, valid for all its lots, or to one lot; what it answers for is judged anew.

    A lot of another consignment than the one named is refused; with a lot, the paper holds for that lot alone.
    """
    about = lot or consignment
    if about is None:
        raise ValidationError(_("A paper belongs to a consignment or to a lot: choose one."))
    if lot and consignment and lot.consignment_id != consignment.pk:
        raise ValidationError({"lot": _("This lot is not of that consignment.")})
    if kind == PaperKind.OUTBOUND:
        raise ValidationError({"kind": _("The outbound certificate is given by the release.")})
    with transaction.atomic():
        paper = records.create(
            Paper, by=by, action="goods.paper.attached", source=source, area=about.area, consignment=consignment,
            lot=lot, kind=kind, number=number, issued_on=issued_on, **values,
        )  # fmt: skip
        _answer_for(paper, by)
    return paper


def correct_paper(*, paper: Paper, by, base_version: int | None = None, **changes: Any) -> Paper:
    """Correct a paper; what it answers for is judged anew. It stays with what it was put to."""
    kept = {name: value for name, value in changes.items() if name not in ("area", "consignment", "lot")}
    with transaction.atomic():
        done = records.change(paper, by=by, action="goods.paper.changed", base_version=base_version, **kept)
        _answer_for(done, by)
    return done


def _answer_for(paper: Paper, by) -> None:
    """What a paper is about is judged anew; a proof of disinfection may change the grade of a whole consignment."""
    if paper.lot:
        judging.judge([paper.lot], by=by)
    elif paper.kind == PaperKind.DISINFECTION:
        correct(consignment=paper.consignment, by=by)
    else:
        judging.judge(_lots_of(paper.consignment), by=by)


def _check_arrival(consignment: Consignment, lots: list[LotIn], at: datetime) -> None:
    if consignment.arrived_at:
        raise ValidationError(_("These goods have been taken in already."))
    if at > now():
        raise ValidationError({"at": _("This moment is yet to come.")})
    counted = sum(lot.pieces for lot in lots)
    if counted != consignment.pieces:
        raise ValidationError(
            {"pieces": _("Announced were %(announced)s pieces, the lots have %(counted)s: correct one of the two.")
             % {"announced": consignment.pieces, "counted": counted}}
        )  # fmt: skip


def _take_in(consignment: Consignment, lot: LotIn, at: datetime, by, source: str) -> Lot:
    """A lot of a consignment, with the movement by which it came."""
    return _lot(
        by, source, consignment.to_place, at, number=lot.number, pieces=lot.pieces, consignment=consignment,
        goods=lot.goods or consignment.goods, weight_kg=lot.weight_kg, produced_on=lot.produced_on,
        expires_on=lot.expires_on,
    )  # fmt: skip


def _lot(by, source: str, place: GoodsPlace, at: datetime, *, pieces: int, **values: Any) -> Lot:
    facts = {"area": place.area, "place": place, "pieces": pieces, "begun_at": at, **values}
    with scope.everywhere(judging.WHY):
        facts |= judging.judged(Lot(**facts))
    made = records.create(Lot, by=by, action="goods.lot.received", source=source, **facts)
    records.create(
        Movement, by=by, action="goods.movement.received", source=source, area=place.area, to_area=place.area,
        kind=Moved.RECEIVE, lot=made, to_lot=made, to_place=place, at=at, pieces=pieces, made=pieces,
    )  # fmt: skip
    return made


def _graded(facts: dict[str, Any], area_code: str, *, disinfected: bool) -> dict[str, str]:
    pack = rules.pack_of(area_code)
    grade = rules.grade({**facts, "disinfected": disinfected}, pack, now())
    return {"grade": grade, "rule": rules.GRADE if grade != "COLD" else "goods.cold_up_to_c", "pack": pack.version}


def _is_disinfected(consignment: Consignment) -> bool:
    return Paper.objects.filter(consignment=consignment, lot=None, kind=PaperKind.DISINFECTION).exists()


def _lots_of(consignment: Consignment) -> list[Lot]:
    return list(Lot.unscoped.filter(consignment=consignment).select_related("area", "consignment"))
