"""Who was in a zone: residents, stays told, passages, check-ins. A fixed number of questions a zone, whatever it holds.

What is known only roughly (a county told where one street is the zone) proves nothing: it is counted and named beside
the evidence, so that somebody asks.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import numpy as np
from django.utils import timezone

from fangxian.core.areas import covers
from fangxian.systems.arrivals import selectors as arrivals
from fangxian.systems.checkpoints import selectors as checkpoints
from fangxian.systems.people import selectors as people
from fangxian.systems.risk_areas.matching import Zone
from fangxian.systems.risk_areas.words import Because
from fangxian.systems.screening import selectors as screening
from fangxian.systems.screening.models import Place
from fangxian.warehouse.visitors import visitors
from fangxian.workflows.risk_areas.deciding import Piece

MOST_ROUGH = 200  # ids of rough stays kept with a run; the count is always whole


@dataclass
class Gathered:
    """Evidence for a zone within [since, until], and what was read for it.

    rough: arrivals whose stay is told too roughly to tell. vehicles: passages without a person.
    """

    since: datetime
    until: datetime
    pieces: list[Piece] = field(default_factory=list)
    read: dict[str, Any] = field(default_factory=dict)


def gather(zone: Zone, at: datetime, sources: Iterable[str]) -> Gathered:
    """All evidence that a person was in a zone from the first day that counts until now.

    sources: which kinds to look at (`riskarea.sources`). Must run in a scope that sees everybody.
    """
    found = Gathered(zone.counts_from, min(at, zone.ends_at or at))
    for source in sources:
        pieces = GATHER[source](zone, found)
        found.read[source] = len(pieces)
        found.pieces += pieces
    return found


def residents(zone: Zone, found: Gathered) -> list[Piece]:
    """Who lives in the zone: by area code, or behind a door whose address names the building."""
    pieces = [
        Piece(person, Because.RESIDENCE, person, area)
        for code in zone.codes
        for person, area in people.in_area(code).order_by("pk").values_list("pk", "area_id")
    ]
    if zone.building:
        pieces += [piece for door in people.roster(zone.lies_in).doors for piece in _behind(door, zone.building)]
    return pieces


def stays(zone: Zone, found: Gathered) -> list[Piece]:
    """Who told of a stay in the zone, in a declaration or on arrival."""
    around = [*zone.codes, *([zone.lies_in] if zone.lies_in else [])]
    first, last = timezone.localdate(found.since), timezone.localdate(found.until)
    rows = arrivals.stays_between(first, last, around)
    drawn = _drawn_stays(zone, {row.arrival_id for row in rows}, first, last)
    pieces = [
        Piece(
            row.person_id, Because.STAY, row.arrival_id, row.code, "", max(row.from_on, first), min(row.until_on, last)
        )
        for row in rows
        if any(covers(code, row.code) for code in zone.codes) or row.arrival_id in drawn
    ]  # fmt: skip
    told = {piece.ref for piece in pieces}
    rough = sorted({str(row.arrival_id) for row in rows if row.arrival_id not in told})
    found.read |= {"rough": len(rough), "rough_arrivals": rough[:MOST_ROUGH]}
    return pieces


def passages(zone: Zone, found: Gathered) -> list[Piece]:
    """Who passed a checkpoint coming from the zone, all passages of a person from one code as one piece."""
    rows = checkpoints.passages_between(found.since, found.until, zone.codes) if zone.codes else []
    found.read["vehicles"] = sum(row.person_id is None for row in rows)
    merged: dict[tuple[UUID, str], Piece] = {}
    for row in rows:
        if row.person_id is not None:
            day, known = timezone.localdate(row.passed_at), merged.get((row.person_id, row.from_code))
            merged[row.person_id, row.from_code] = Piece(
                row.person_id, Because.PASSAGE, known.ref if known else row.passage_id, row.from_code, "",
                known.first_on if known else day, day, known.times + 1 if known else 1,
            )  # fmt: skip
    return list(merged.values())


def visits(zone: Zone, found: Gathered) -> list[Piece]:
    """Who checked in at a place in the zone, all visits of a person at one place as one piece."""
    places = {place.pk: place for place in places_in(zone, on=timezone.localdate(found.since))}
    answer = visitors(places, found.since, found.until)
    found.read |= {"places": len(places), "visits_read": answer.visits_read}
    return [
        Piece(
            one.person, Because.VISIT, one.place, places[one.place].area_id, places[one.place].name,
            timezone.localdate(max(one.first_at, found.since)), timezone.localdate(min(one.last_at, found.until)),
            one.visits,
        )
        for one in answer.found
    ]  # fmt: skip


def places_in(zone: Zone, *, on: date) -> list[Place]:
    """Venues inside a zone that were not closed on a day: by area code, by their point, by the building they name."""
    found = {place.pk: place for code in zone.codes for place in screening.in_area(code, on=on)}
    around = list(screening.in_area(zone.lies_in, on=on)) if zone.lies_in else []
    if zone.shape is not None and around:
        points = np.array([(place.latitude, place.longitude) for place in around], np.float64)
        inside = zone.shape.contains_many(points[:, 0], points[:, 1])
        found |= {place.pk: place for place, is_in in zip(around, inside, strict=True) if is_in}
    if zone.building:
        found |= {place.pk: place for place in around if names(zone.building, place.address)}
    return list(found.values())


def names(building: str, address: str) -> bool:
    """Whether an address names a building: 3号楼 is in “段西村3号楼2单元”, not in “段西村13号楼”."""
    wanted, text = _plain(building), _plain(address)
    begin, end = ("(?<![0-9])" if wanted[:1].isdigit() else "", "(?![0-9])" if wanted[-1:].isdigit() else "")
    return bool(wanted) and re.search(f"{begin}{re.escape(wanted)}{end}", text) is not None


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def _behind(door: people.Door, building: str) -> list[Piece]:
    """The people behind a door, when its address names the building. The address itself is not kept."""
    home = door.household
    if not home.address or not names(building, home.address.reveal()):
        return []
    return [Piece(one.pk, Because.RESIDENCE, one.pk, one.area_id) for one in door.people]


def _drawn_stays(zone: Zone, arrival_ids: set[UUID], first: date, last: date) -> set[UUID]:
    """Arrivals with a stay whose point lies inside the shape of the zone, in time."""
    if zone.shape is None:
        return set()
    return {
        arrival
        for arrival, told in arrivals.stays_of(arrival_ids).items()
        for stay in told
        if stay.latitude is not None and stay.from_on <= last and stay.until_on >= first
        and zone.shape.contains(stay.latitude, stay.longitude)
    }  # fmt: skip


GATHER: dict[str, Callable[[Zone, Gathered], list[Piece]]] = {
    Because.RESIDENCE: residents, Because.STAY: stays, Because.PASSAGE: passages, Because.VISIT: visits,
}  # fmt: skip
