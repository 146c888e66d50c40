"""What lies at the place of a sample: goods in it, people who work there, guests of the room."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from fangxian.core.policy import Pack
from fangxian.systems.environment import rules
from fangxian.systems.environment.models import EnvironmentSample
from fangxian.systems.goods import near
from fangxian.systems.goods import selectors as goods
from fangxian.systems.goods.models import GoodsPlace, Lot, Worker
from fangxian.systems.people.models import Person

LOT, PLACE = "goods.lot", "goods.goodsplace"


@dataclass
class Lying:
    """Everything at the place of a sample within the pack's days before it.

    from_at, until_at  the span that counts, until now for what still lies there
    places   places of goods there; lots: goods in them; workers: people who handle goods there
    """

    sample: EnvironmentSample
    from_at: datetime
    until_at: datetime
    places: list[GoodsPlace] = field(default_factory=list)
    lots: list[Lot] = field(default_factory=list)
    workers: list[Worker] = field(default_factory=list)

    @property
    def people(self) -> dict[UUID, Person]:
        """The workers once each, by id."""
        return {row.person_id: row.person for row in self.workers}


def lying(sample: EnvironmentSample, pack: Pack, until: datetime) -> Lying:
    """What lies at a sample's place, read in the scope in force; nothing for a sample that names no thing."""
    found = Lying(sample, sample.sampled_at - rules.look_back(pack), until)
    if sample.subject_id is None:
        return found
    if sample.subject_kind == LOT:
        lot = goods.lot(sample.subject_id)
        found.lots = [lot]
        found.places = [place for place, _pieces in goods.stock_of(lot)]
    else:
        found.places = near.places_at([sample.subject_id])
        there = {row.lot.pk: row.lot for row in near.lots_at(found.places, found.from_at, until)}
        found.lots = sorted(there.values(), key=lambda lot: lot.number)
    first, last = timezone.localdate(found.from_at), timezone.localdate(until)
    found.workers = goods.workers_at([place.pk for place in found.places], first, last)
    return found
