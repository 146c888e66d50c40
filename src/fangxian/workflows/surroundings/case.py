"""People, goods and environment around cases in one view (人物同防): each part read in the scope of its own right."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.systems.cases import selectors as cases
from fangxian.systems.cases.models import Case
from fangxian.systems.environment import selectors, services
from fangxian.systems.environment.models import EnvironmentOrder, EnvironmentSample
from fangxian.systems.environment.words import Surrounding, Work
from fangxian.systems.goods import near
from fangxian.systems.goods.models import GoodsPlace, Worker
from fangxian.systems.goods.near import LotThere
from fangxian.systems.screening import selectors as screening
from fangxian.systems.screening.models import Place
from fangxian.workflows.response import window
from fangxian.workflows.tracing.question import pack_of

CASE, PLACE, HOME = "cases.case", "screening.place", "core.area"


@dataclass(frozen=True)
class Places:
    """Where cases were while they could infect others: ids of places, from when until when."""

    ids: frozenset[UUID]
    from_at: datetime
    until_at: datetime


@dataclass
class GoodsMet:
    """Goods near cases: places of goods they were at, lots that lay there or that they handled, where they work."""

    places: list[GoodsPlace] = field(default_factory=list)
    lots: list[LotThere] = field(default_factory=list)
    work: list[Worker] = field(default_factory=list)


@dataclass
class Environment:
    """Samples and orders because of cases or at their places, the latest first."""

    samples: list[EnvironmentSample]
    orders: list[EnvironmentOrder]


def places_of(found: Iterable[Case]) -> Places:
    """The places cases told of and those at which their active contacts were met, while any case could infect others.

    The number of queries does not grow with the cases.
    """
    found = list(found)
    spans = [window.infectious(case, pack_of(case), at=now()) for case in found]
    ids = cases.places_told(found) | cases.places_of_contacts(found)
    at = now()
    begin, end = min((one.t0 for one in spans), default=at), max((one.t1 for one in spans), default=at)
    return Places(frozenset(ids), begin, end)


def goods_met(found: Iterable[Case], places: Places) -> GoodsMet:
    """Goods at the places of cases and in their hands."""
    people = [case.person_id for case in found]
    met = GoodsMet(near.places_at(places.ids), work=near.work_of(people, places.from_at, places.until_at))
    handled = near.handled_by(people, places.from_at, places.until_at)
    known = {place.pk: place for place in [*met.places, *(row.place for row in met.work)]}
    there = near.lots_at(known.values(), places.from_at, places.until_at)
    lots = {row.lot.pk: row for row in [*there, *handled]}
    met.lots = sorted(lots.values(), key=lambda row: (not row.lot.is_held, row.lot.number))
    return met


def environment(found: Iterable[Case], places: Places, stores: Iterable[GoodsPlace] = ()) -> Environment:
    """What was sampled and treated because of cases, or at their places since they could infect others."""
    because = {case.pk for case in found}
    about = {*places.ids, *(store.pk for store in stores)}
    samples = [*selectors.samples_for(because), *selectors.samples_for(about, places.from_at)]
    orders = [*selectors.orders_for(because), *selectors.orders_for(about, places.from_at)]
    return Environment(list({row.pk: row for row in samples}.values()), list({row.pk: row for row in orders}.values()))


def order_for(case: Case, *, by: Officer | None) -> list[EnvironmentOrder]:
    """Final disinfection of the home and of every place of a case: one order a place, however often it is asked.

    The home is named by its area alone: the address stands with the person. Reads places in the scope in force.
    """
    because = (CASE, case.pk)
    made = [services.order_once(by=by, because=because, about=(CASE, case.pk), kind=Work.FINAL, area=case.area,
                                where=f"{case.number} · {case.area.name}", setting=Surrounding.HOME)]  # fmt: skip
    return made + [
        services.order_once(by=by, because=because, about=(PLACE, place.pk), kind=Work.FINAL, area=place.area,
                            where=str(place), setting=Surrounding.VENUE)
        for place in _venues(case)
    ]  # fmt: skip


def _venues(case: Case) -> list[Place]:
    return sorted(screening.by_ids(places_of([case]).ids).values(), key=str)
