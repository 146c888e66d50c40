"""What the rules make of a travel history: the gravest thing in it, with the stay and the zone that say so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from fangxian.core.clock import day_of
from fangxian.core.policy import Pack
from fangxian.systems.arrivals.models import Arrival, TravelStay
from fangxian.systems.arrivals.words import Category, Channel
from fangxian.systems.risk_areas import matching
from fangxian.systems.risk_areas import selectors as risk_areas
from fangxian.systems.risk_areas.matching import Zone

AS = "riskarea.traveller_as"
#: the gravest first
ORDER = (
    Category.HIGH, Category.OVERSEAS, Category.RELEASED, Category.MEDIUM, Category.LOW, Category.OUTSIDE, Category.NONE,
)  # fmt: skip
PROVINCE = 2  # characters of a national code that name the province


@dataclass(frozen=True)
class Judgement:
    """A category and why: the stay (place, days) and the zone it lay in, in words that can be shown."""

    category: str
    why: dict[str, Any] = field(default_factory=dict)


def judge(arrival: Arrival, stays: Iterable[TravelStay], zones: Iterable[Zone], pack: Pack) -> Judgement:
    """The gravest category of the stays of one arrival. A history nobody told falls under no rule, and says so.

    stays: places before the arrival. zones: those in force on the day of the arrival or later; a stay counts when it
    touches the time since the zone's look-back began. pack: says as coming from which level people of a zone count.
    """
    stays, zones = list(stays), list(zones)
    found = [judged for stay in stays for judged in _of_stay(arrival, stay, zones, pack.table(AS))]
    if not found:
        return Judgement(Category.NONE, {} if stays else {"unknown": True})
    return min(found, key=lambda judged: ORDER.index(Category(judged.category)))


def zones_for(arrivals: Iterable[Arrival]) -> list[Zone]:
    """The zones that may say something about arrivals, each once: those in force on their days, and now."""
    found: dict[tuple[Any, Any], Zone] = {}
    for disease, on in {(one.disease, one.arrived_on) for one in arrivals}:
        for zone in risk_areas.in_force(on, disease=disease):
            found[zone.version_id, zone.starts_at] = zone
    return list(found.values())


def _of_stay(arrival: Arrival, stay: TravelStay, zones: list[Zone], levels: Mapping[str, Any]) -> list[Judgement]:
    told = {"place": stay.named or stay.code, "code": stay.code, "from": str(stay.from_on), "until": str(stay.until_on)}
    met = [(zone, str(levels.get(zone.level.lower()) or "").upper()) for zone in _met(stay, zones)]
    judged = [Judgement(category, {**told, **_zone(zone)}) for zone, category in met if category]
    judged += [
        Judgement(Category.LOW, {**told, **_zone(zone), "possible": True})
        for zone in matching.possible(_counting(stay, zones), stay.code, arrival.arrived_on)
    ]
    return [*judged, *_by_code(arrival, stay, told)]


def _met(stay: TravelStay, zones: list[Zone]) -> list[Zone]:
    """Zones the stay lay in, whichever of its days; a zone counts from its look-back on."""
    point = (stay.latitude, stay.longitude) if stay.latitude is not None and stay.longitude is not None else None
    counting = _counting(stay, zones)
    matches = [matching.level_of([zone], stay.code, _day_in(zone), point) for zone in counting]
    return [match.zone for match in matches if match]


def _counting(stay: TravelStay, zones: list[Zone]) -> list[Zone]:
    return [zone for zone in zones if stay.until_on >= day_of(zone.counts_from)]


def _day_in(zone: Zone) -> date:
    return day_of(zone.starts_at)


def _by_code(arrival: Arrival, stay: TravelStay, told: dict[str, Any]) -> list[Judgement]:
    if arrival.channel == Channel.HAND_OVER and stay.code:
        return [Judgement(Category.RELEASED, told)]
    if stay.code[:1].isalpha():
        return [Judgement(Category.OVERSEAS, told)]
    if stay.code and stay.code[:PROVINCE] != arrival.area_id[:PROVINCE]:
        return [Judgement(Category.OUTSIDE, told)]
    return []


def _zone(zone: Zone) -> dict[str, Any]:
    return {"zone": zone.name, "level": zone.level, "since": day_of(zone.declared_at).isoformat()}
