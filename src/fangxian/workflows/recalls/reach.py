"""What a contaminated lot reached: lots, places, vehicles, buyers and handlers within the window, in one question."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from fangxian.core import scope
from fangxian.core.clock import day_of, now
from fangxian.core.policy import Pack
from fangxian.engines.lots import Direction
from fangxian.systems.goods import rules, selectors
from fangxian.systems.goods.models import GoodsPlace, Lot, Movement
from fangxian.systems.goods.services import Holder
from fangxian.systems.people.models import Person
from fangxian.warehouse import lots as flow
from fangxian.workflows.recalls.workers import Status, statuses

WHY = "a recall follows goods to whatever place they went"
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Handler:
    """Somebody who was near the goods: where (None: on the way), since when, how they stand with tests and doses."""

    person: Person
    place: GoodsPlace | None
    since: datetime
    status: Status = Status()


@dataclass
class Reach:
    """Everything within the window.

    from_at, until_at  the window
    origins   ids of the lots it came from, the lot itself where it came from none
    holders   one a lot and place, with the pieces there; place None: in hands nobody wrote down
    movements what connects them, in order of time
    """

    lot: Lot
    from_at: datetime
    until_at: datetime
    origins: frozenset[UUID] = frozenset()
    holders: list[Holder] = field(default_factory=list)
    movements: list[Movement] = field(default_factory=list)
    handlers: list[Handler] = field(default_factory=list)

    @property
    def lots(self) -> dict[UUID, Lot]:
        """The lots, by id."""
        return {row.lot.pk: row.lot for row in self.holders}

    @property
    def places(self) -> dict[UUID, GoodsPlace]:
        """The places on record, by id."""
        return {row.place.pk: row.place for row in self.holders if row.place}

    @property
    def vehicles(self) -> dict[UUID, GoodsPlace]:
        """The vehicles that carried the goods, by id."""
        return {row.vehicle.pk: row.vehicle for row in self.movements if row.vehicle}

    @property
    def buyers(self) -> list[Movement]:
        """Sales to buyers whose name was written down."""
        return [row for row in self.movements if row.buyer]


def reach(lot: Lot, *, until: datetime | None = None) -> Reach:
    """Follow a lot up to where it came from and down from there, by the pack of its area; down alone where it says so.

    A county's question is one pass over arrays that are kept; the rows it names are read by id. Tests of handlers are
    those of the days the pack names for workers.
    """
    pack, until_at = rules.pack_of(lot.area_id), until or now()
    found = Reach(lot, until_at - rules.window(pack), until_at)
    with scope.everywhere(WHY):
        found.origins = _origins(found, pack)
        down = flow.follow(found.origins, direction=Direction.DOWN, at=found.from_at, limit=until_at)
        found.holders = _holders(down.holdings)
        found.movements = selectors.movements_by_ids(down.movements)
        found.handlers = _with_status(_handlers(found), pack, until_at)
    return found


def _origins(found: Reach, pack: Pack) -> frozenset[UUID]:
    """The lots a recall begins with: all that the lot came from and itself, or itself alone."""
    if not rules.is_from_origin(pack):
        return frozenset({found.lot.pk})
    up = flow.follow([found.lot.pk], direction=Direction.UP, at=found.until_at, limit=found.from_at)
    return frozenset(up.lots | {found.lot.pk})


def _holders(rows: Iterable[flow.Held]) -> list[Holder]:
    rows = list(rows)
    lots, places = (
        selectors.lots_by_ids({row.lot for row in rows}),
        selectors.places_by_ids({row.place for row in rows if row.place}),
    )
    return [
        Holder(lots[row.lot], places[row.place] if row.place else None, row.at, row.received, row.pieces)
        for row in rows
    ]


def _handlers(found: Reach) -> list[Handler]:
    """Workers of each place in the days the goods were there, drivers of the days they drove, and whoever is named."""
    stays = _stays(found)
    since, until = found.from_at, found.until_at
    workers = selectors.workers_at(stays, day_of(since), day_of(until))
    near: dict[UUID, Handler] = {}
    for row in workers:
        for begin, end in stays[row.place_id]:
            if row.from_on <= day_of(end) and (row.until_on is None or row.until_on >= day_of(begin)):
                near.setdefault(row.person_id, Handler(row.person, row.place, begin))
    for moved in found.movements:
        if moved.handler:
            near.setdefault(moved.handler_id, Handler(moved.handler, moved.from_place or moved.to_place, moved.at))
    return list(near.values())


def _stays(found: Reach) -> dict[UUID, list[tuple[datetime, datetime]]]:
    """When contaminated goods were at each place: from their coming to the last that left, or to the end."""
    left: dict[tuple[UUID, UUID | None], datetime] = {}
    for row in found.movements:
        left[row.lot_id, row.from_place_id] = row.at
    stays: dict[UUID, list[tuple[datetime, datetime]]] = {}
    for holder in found.holders:
        if holder.place:
            end = found.until_at if holder.pieces else left.get(holder.key, found.until_at)
            stays.setdefault(holder.place.pk, []).append((holder.since, end))
    for row in found.movements:
        if row.vehicle_id:
            stays.setdefault(row.vehicle_id, []).append((row.at, row.at + SECOND))
    return stays


def _with_status(handlers: list[Handler], pack: Pack, until: datetime) -> list[Handler]:
    """Handlers with their last test and dose."""
    known = statuses((row.person.pk for row in handlers), pack, until)
    return [replace(row, status=known[row.person.pk]) for row in handlers]
