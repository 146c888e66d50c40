"""Questions to goods, inside the scope in force."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from fangxian.core import scope
from fangxian.core.clock import now
from fangxian.core.standing import standing
from fangxian.systems.goods import judging, rules
from fangxian.systems.goods.models import (
    Consignment,
    GoodsPlace,
    GoodsTest,
    Lot,
    Movement,
    Paper,
    Recall,
    RecallLine,
    Worker,
)
from fangxian.systems.goods.words import Finding, HolderState, PaperKind

WHY = "goods are followed to whatever place they went"


@dataclass(frozen=True)
class Evidence:
    """One thing a lot needs: what, whether it is there, and what shows it."""

    code: str
    label: str
    is_there: bool
    shown: str


@dataclass(frozen=True)
class Stock:
    """What lies at a place of a lot."""

    lot: Lot
    pieces: int


def lot(pk: UUID | str) -> Lot:
    """One lot; raises DoesNotExist."""
    return Lot.objects.select_related("area", "consignment", "place").get(pk=pk)


def lots_by_ids(ids: Iterable[UUID]) -> dict[UUID, Lot]:
    """Lots wherever they are, by id."""
    with scope.everywhere(WHY):
        return {row.pk: row for row in Lot.objects.filter(pk__in=list(ids)).select_related("area", "consignment")}


def places_by_ids(ids: Iterable[UUID]) -> dict[UUID, GoodsPlace]:
    """Places wherever they are, by id."""
    with scope.everywhere(WHY):
        return {row.pk: row for row in GoodsPlace.objects.filter(pk__in=list(ids)).select_related("area")}


def find_lots(text: str) -> list[Lot]:
    """Lots whose number begins with a text, or whose outbound certificate it is."""
    rows = Lot.objects.filter(Q(number__startswith=text) | Q(certificate=text)) if text else Lot.objects.none()
    return list(rows.select_related("place", "area").order_by("number")[:20])


def place(pk: UUID | str) -> GoodsPlace:
    """One place of goods; raises DoesNotExist."""
    return GoodsPlace.objects.select_related("area").get(pk=pk)


def stores() -> QuerySet[GoodsPlace]:
    """Open places that are no vehicles, by name."""
    return GoodsPlace.objects.filter(standing()).exclude(kind="VEHICLE").select_related("area").order_by("name")


def consignment(pk: UUID | str) -> Consignment:
    """One consignment; raises DoesNotExist."""
    return Consignment.objects.select_related("area", "to_place").get(pk=pk)


def expected() -> QuerySet[Consignment]:
    """What is announced and has not come, the next first."""
    return Consignment.objects.filter(arrived_at=None).select_related("to_place", "area").order_by("expected_at")


def lots_of(consignment: Consignment) -> list[Lot]:
    """The lots of a consignment."""
    return list(Lot.objects.filter(consignment=consignment).select_related("place").order_by("number"))


def held_lots() -> QuerySet[Lot]:
    """Lots that are red, positive ones first."""
    rows = Lot.objects.filter(is_held=True).select_related("place", "area", "consignment")
    return rows.order_by("-is_positive", "-begun_at", "number")


def counts() -> dict[str, int]:
    """Lots held, positive, green; tests without a result; recalls under way."""
    lots = Lot.objects.aggregate(
        held=Count("pk", filter=Q(is_held=True)), positive=Count("pk", filter=Q(is_positive=True)),
        green=Count("pk", filter=Q(is_held=False)),
    )  # fmt: skip
    pending = GoodsTest.objects.filter(finding=Finding.PENDING).count()
    return {**lots, "pending": pending, "recalls": open_recalls().count()}


def evidence(lot: Lot) -> list[Evidence]:
    """Everything a lot needs by its rule, what is there and what is not; read anew, so time that passed counts."""
    with scope.everywhere(WHY):
        lacking = set(judging.lacking(lot))
        asked = judging.asked(lot)
        papers = {row.kind: row for row in judging.papers(lot)}
    return [
        Evidence(code, str(label), code not in lacking, str(papers[code].number) if code in papers else "")
        for code, label in asked
    ]


def papers_of(lot: Lot) -> list[Paper]:
    """Papers of a lot, those of its consignment with them."""
    with scope.everywhere(WHY):
        return sorted(judging.papers(lot), key=lambda paper: (paper.kind, paper.number))


def tests_of(lot: Lot) -> list[GoodsTest]:
    """Tests of a lot, the latest first."""
    return list(GoodsTest.objects.filter(lot=lot).order_by("-created_at", "-pk"))


def test(pk: UUID | str) -> GoodsTest:
    """One test of goods; raises DoesNotExist."""
    return GoodsTest.objects.select_related("lot__area", "lot__place", "area").get(pk=pk)


def test_known(pk: UUID) -> GoodsTest | None:
    """A test of goods by its id, None where there is none."""
    return GoodsTest.objects.select_related("lot__area").filter(pk=pk).first()


def positive_test(lot: Lot) -> GoodsTest | None:
    """The first positive test of a lot or, wave by wave, of what it was made of: the one that makes it positive."""
    with scope.everywhere(WHY):
        wave, seen = {lot.pk}, set()
        while wave:
            found = _positives(wave).first()
            if found:
                return found
            seen |= wave
            made = Movement.objects.filter(to_lot__in=wave)
            wave = set(made.values_list("lot", flat=True)) - seen
    return None


def holding(recall: Recall) -> GoodsTest | None:
    """The positive test that holds a recall: of its lot, of what that was made of, of a lot on its list."""
    listed = RecallLine.unscoped.filter(recall=recall).values("lot")
    return positive_test(recall.lot) or _positives(listed).first()


def recalls_resting_on(test: GoodsTest) -> list[Recall]:
    """Recalls under way that name a test as what they began with."""
    return list(Recall.unscoped.filter(test=test, closed_at=None).select_related("lot__area", "area"))


def movements_of(lot: Lot) -> list[Movement]:
    """What happened to a lot, in order."""
    rows = Movement.objects.filter(Q(lot=lot) | Q(to_lot=lot))
    return list(rows.select_related("from_place", "to_place", "lot", "to_lot", "vehicle").order_by("at", "pk")[:500])


def movements_by_ids(ids: Iterable[UUID]) -> list[Movement]:
    """Movements wherever they were, in order, with lots, places, vehicle and handler."""
    with scope.everywhere(WHY):
        rows = Movement.objects.filter(pk__in=list(ids)).select_related(
            "from_place", "to_place", "vehicle", "handler", "lot", "to_lot"
        )
        return list(rows.order_by("at", "pk"))


def stock_of(lot: Lot) -> list[tuple[GoodsPlace, int]]:
    """Where the pieces of a lot are now; places with none are left out."""
    came = _summed(Movement.objects.filter(to_lot=lot, to_place__isnull=False), "to_place", "made")
    left = _summed(Movement.objects.filter(lot=lot, from_place__isnull=False), "from_place", "pieces")
    there = {pk: came[pk] - left.get(pk, 0) for pk in came}
    places = places_by_ids(pk for pk, pieces in there.items() if pieces > 0)
    return sorted(((places[pk], there[pk]) for pk in places), key=lambda row: (-row[1], row[0].name))


def stock_at(place: GoodsPlace) -> list[Stock]:
    """What lies at a place now, lot by lot."""
    came = _summed(Movement.objects.filter(to_place=place, to_lot__isnull=False), "to_lot", "made")
    left = _summed(Movement.objects.filter(from_place=place), "lot", "pieces")
    there = {pk: came[pk] - left.get(pk, 0) for pk in came}
    lots = lots_by_ids(pk for pk, pieces in there.items() if pieces > 0)
    rows = [Stock(row, there[pk]) for pk, row in lots.items()]
    return sorted(rows, key=lambda row: (not row.lot.is_held, row.lot.number))


def workers_at(places: Iterable[UUID], since: date, until: date) -> list[Worker]:
    """Who worked at places on some day of a span, wherever they are."""
    with scope.everywhere(WHY):
        rows = Worker.objects.filter(place__in=list(places), from_on__lte=until)
        rows = rows.filter(Q(until_on=None) | Q(until_on__gte=since)).select_related("person__area", "place")
        return list(rows.order_by("place_id", "person_id"))


def roster(place: GoodsPlace) -> list[Worker]:
    """Who works at a place today."""
    day = timezone.localdate(now())
    rows = Worker.objects.filter(place=place, from_on__lte=day).filter(Q(until_on=None) | Q(until_on__gte=day))
    return list(rows.select_related("person__area").order_by("job", "pk"))


def recall(pk: UUID | str) -> Recall:
    """One recall; raises DoesNotExist."""
    return Recall.objects.select_related("lot__area", "test__lot", "area").get(pk=pk)


def recall_line(pk: UUID | str) -> RecallLine:
    """One holder of a recall; raises DoesNotExist."""
    return RecallLine.objects.select_related("recall", "lot", "place", "area").get(pk=pk)


def open_recalls() -> QuerySet[Recall]:
    """Recalls under way, the latest first."""
    return Recall.objects.filter(closed_at=None).select_related("lot", "area").order_by("-started_at")


def recalls_of(lot: Lot) -> list[Recall]:
    """Recalls that began with a lot or reached it."""
    reached = RecallLine.unscoped.filter(lot=lot).values("recall")
    return list(Recall.objects.filter(Q(lot=lot) | Q(pk__in=reached)).order_by("-started_at", "-pk"))


def lines_of(recall: Recall) -> list[RecallLine]:
    """The holders of a recall inside the scope, those with most to do first."""
    rows = RecallLine.objects.filter(recall=recall).select_related("lot", "place", "area")
    order = list(HolderState)
    return sorted(rows, key=lambda row: (order.index(HolderState(row.state)), -row.open_pieces, str(row)))


def totals(lines: Iterable[RecallLine]) -> dict[str, int]:
    """Pieces of lines added up: to account for, sealed, returned, destroyed, used, open."""
    lines = list(lines)
    names = ("pieces", "sealed", "returned", "destroyed", "used", "open_pieces")
    return {name: sum(getattr(line, name) for line in lines) for name in names}


def paper_choices() -> list[tuple[str, str]]:
    """Kinds of papers somebody can attach."""
    return [choice for choice in PaperKind.choices if choice[0] != PaperKind.OUTBOUND]


def held_until(consignment: Consignment) -> datetime:
    """The moment from which the notice of a consignment is fulfilled."""
    return judging.held_until(consignment, rules.pack_of(consignment.area_id))


def _positives(lots) -> QuerySet[GoodsTest]:
    return GoodsTest.unscoped.filter(lot__in=lots, finding=Finding.POSITIVE).order_by("reported_at", "pk")


def _summed(rows: QuerySet[Movement], by: str, what: str) -> dict[UUID, int]:
    return {row[by]: row["n"] or 0 for row in rows.order_by().values(by).annotate(n=Sum(what))}
