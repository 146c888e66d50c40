"""What goods know of a place, a person or a venue: the questions of stories that begin elsewhere."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, Sum

from fangxian.core.clock import day_of
from fangxian.systems.goods.models import GoodsPlace, Lot, Movement, Worker


@dataclass(frozen=True)
class LotThere:
    """A lot that lay at a place at some time of a span, or that somebody handled."""

    lot: Lot
    place: GoodsPlace


def places_at(venue_ids: Iterable[UUID]) -> list[GoodsPlace]:
    """Places of goods where people check in at one of these venues, or which are themselves named by their id."""
    ids = list(venue_ids)
    rows = GoodsPlace.objects.filter(Q(venue_id__in=ids) | Q(pk__in=ids))
    return list(rows.select_related("area").order_by("name"))


def lots_at(places: Iterable[GoodsPlace], since: datetime, until: datetime) -> list[LotThere]:
    """Lots that lay at these places at some time of a span: three queries, however many there are."""
    known = {place.pk: place for place in places}
    came = Movement.objects.filter(to_place__in=list(known), to_lot__isnull=False, at__lte=until)
    left = Movement.objects.filter(from_place__in=list(known), at__lt=since)
    gone = {(row["from_place"], row["lot"]): row["n"] for row in _summed(left, "from_place", "lot", "pieces")}
    there = [
        (row["to_place"], row["to_lot"])
        for row in _summed(came, "to_place", "to_lot", "made")
        if (row["n"] or 0) > gone.get((row["to_place"], row["to_lot"]), 0)
    ]
    lots = Lot.objects.filter(pk__in={lot for _place, lot in there}).select_related("area").in_bulk()
    return [LotThere(lots[lot], known[place]) for place, lot in there if lot in lots]


def work_of(people: Iterable[UUID], since: datetime, until: datetime) -> list[Worker]:
    """Where these people worked with goods on some day of a span; one query."""
    rows = Worker.objects.filter(person__in=list(people), from_on__lte=day_of(until))
    rows = rows.filter(Q(until_on=None) | Q(until_on__gte=day_of(since)))
    return list(rows.select_related("place__area").order_by("from_on", "pk"))


def handled_by(people: Iterable[UUID], since: datetime, until: datetime) -> list[LotThere]:
    """Lots these people moved within a span; one query, the latest 500 movements."""
    rows = Movement.objects.filter(handler__in=list(people), at__gte=since, at__lte=until).order_by("-at")
    rows = rows.select_related("lot__area", "from_place", "to_place")
    found = {row.lot_id: LotThere(row.lot, row.from_place or row.to_place) for row in rows[:500]}
    return list(found.values())


def _summed(rows, place: str, lot: str, what: str):
    return rows.order_by().values(place, lot).annotate(n=Sum(what))
