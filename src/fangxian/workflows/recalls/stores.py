"""What a recall asks of the stores that held its lots: swabs first, then final disinfection; once each (人物同防)."""

from collections.abc import Iterable

from django.utils.translation import gettext_noop

from fangxian.core.areas import county_of
from fangxian.core.officers import Officer
from fangxian.core.policy import Pack
from fangxian.systems.command import selectors as tasks
from fangxian.systems.command import services as command
from fangxian.systems.command.models import Task
from fangxian.systems.environment import selectors as environment
from fangxian.systems.environment import services as treating
from fangxian.systems.environment.models import EnvironmentOrder
from fangxian.systems.environment.words import Surrounding
from fangxian.systems.goods import rules
from fangxian.systems.goods.models import GoodsPlace, Recall
from fangxian.systems.goods.words import PlaceKind
from fangxian.workflows.recalls.handing import whose

PLACE, RECALL = "goods.goodsplace", "goods.recall"
SWAB = gettext_noop("Swab %(place)s: lot %(lot)s was there")
HOW = gettext_noop(
    "Sample floor, shelves, doors and tools before the disinfection. Enter each sample on the page of the place, so "
    "that a positive one reaches what lies there and who works there."
)


def hand_down(
    recall: Recall, places: Iterable[GoodsPlace], pack: Pack, *, by: Officer | None
) -> list[EnvironmentOrder]:
    """A task to swab and an order to disinfect for each place, given now or before.

    Those of a place in another county go to its command.
    """
    places = sorted(places, key=lambda place: place.pk)
    command.hand_down_many(by=by, tasks=[_swab(recall, place, pack) for place in places])
    return [_disinfect(recall, place, by) for place in places]


def withdraw(recall: Recall, places: Iterable[GoodsPlace], *, reason: str) -> int:
    """Take back what is still open of it; what was done stays."""
    about = [task for place in places for task in tasks.for_subject(PLACE, place.pk) if task.key == _key(recall, place)]
    about += [order.task for order in environment.orders_for([recall.pk]) if order.task]
    waiting = [task for task in about if task.status in Task.OPEN]
    if waiting:
        command.withdraw_many(tasks=waiting, by=None, reason=reason)
    return len(waiting)


def _swab(recall: Recall, place: GoodsPlace, pack: Pack) -> Task:
    county = county_of(recall.area_id) or recall.area
    area, role = whose(place, county)
    return Task(
        key=_key(recall, place), kind=Task.Kind.GENERAL, title=SWAB, instructions=HOW,
        params={"place": str(place), "lot": recall.lot.number}, area=area, from_area=county, role=role,
        subject_kind=PLACE, subject_id=place.pk, due_at=recall.started_at + rules.time_to_seal(pack),
        priority=Task.Priority.HIGH,
    )  # fmt: skip


def _disinfect(recall: Recall, place: GoodsPlace, by: Officer | None) -> EnvironmentOrder:
    area, role = whose(place, county_of(recall.area_id) or recall.area)
    setting = Surrounding.VEHICLE if place.kind == PlaceKind.VEHICLE else Surrounding.GOODS
    return treating.order_once(
        by=by, because=(RECALL, recall.pk), about=(PLACE, place.pk), area=area, role=role, where=str(place),
        setting=setting,
    )  # fmt: skip


def _key(recall: Recall, place: GoodsPlace) -> str:
    return f"goods:swab:{recall.pk}:{place.pk}"
