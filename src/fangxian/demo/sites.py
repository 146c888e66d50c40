"""The houses that take people in: two hotels for contacts, a ward for the ill, rooms enough for a bad week only."""

import numpy as np

from fangxian.core import records
from fangxian.core.records import Source
from fangxian.demo import names
from fangxian.demo.areas import COUNTY
from fangxian.demo.days import BEGIN, FIRST_DAY
from fangxian.demo.numbers import phones, uuids
from fangxian.demo.world import World
from fangxian.systems.quarantine.models import Room, Site

LONG_AGO = BEGIN - 60 * 86400
ROOMS_A_FLOOR = 20
SITES = (
    ("宜尚酒店集中隔离点", "会昌街道韩愈大街", Site.Kind.QUARANTINE, 0.0042, 12, (34.9062, 112.7951)),
    ("河阳集中隔离点", "河阳街道黄河大道", Site.Kind.QUARANTINE, 0.0018, 8, (34.8921, 112.7744)),
    ("孟州市第二医院隔离病区", "大定街道", Site.Kind.ISOLATION, 0.0006, 6, (34.9147, 112.7829)),
)
"""Name, address, kind, rooms as a share of the residents, rooms at least, point. Henan asked for 0.006 in May 2022."""


def load_sites(rng: np.random.Generator, world: World) -> tuple[list[Site], list[Room]]:
    """Write the sites and their rooms; gives the sites, and the rooms that can be given out to contacts."""
    ids, calls = uuids(rng, len(SITES), LONG_AGO), phones(rng, len(SITES))
    heads = np.char.add(names.surnames(rng, len(SITES)), names.given_names(rng, rng.random(len(SITES)) < 0.5))
    sites = [_site(*SITES[row], id=ids[row], phone=calls[row], head=str(heads[row])) for row in range(len(SITES))]
    rooms = []
    for site, (_name, _address, _kind, share, least, _point) in zip(sites, SITES, strict=True):
        rooms += [_room(site, number) for number in range(max(least, round(world.people.residents * share)))]
    for room, made in zip(rooms, uuids(rng, len(rooms), LONG_AGO), strict=True):
        room.id = made
    records.create_many(Site, sites, by=None, action="quarantine.site.demo_loaded", source=Source.DEMO)
    records.create_many(Room, rooms, by=None, action="quarantine.room.demo_loaded", source=Source.DEMO)
    return sites, [room for room in rooms if _is_free(room)]


def _site(name: str, address: str, kind: str, _share: float, _least: int, point: tuple[float, float], **values) -> Site:
    latitude, longitude = point
    return Site(
        area_id=COUNTY,
        name=name,
        kind=kind,
        address=f"孟州市{address}",
        opened_on=FIRST_DAY,
        latitude=latitude,
        longitude=longitude,
        **values,
    )


def _room(site: Site, number: int) -> Room:
    """One room; a few stand empty because they are being disinfected or repaired."""
    state = Room.State.CLEANING if number % 29 == 28 else Room.State.READY
    if number % 43 == 42:
        state = Room.State.OUT_OF_USE
    label = f"{number // ROOMS_A_FLOOR + 1}{number % ROOMS_A_FLOOR + 1:02d}"
    return Room(area_id=COUNTY, site=site, number=label, state=state)


def _is_free(room: Room) -> bool:
    return room.state == Room.State.READY and room.site.kind == Site.Kind.QUARANTINE
