"""Who begins the days anew when a guest turns out infected: the plan of a house and a table of what the pack counts."""

from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from uuid import UUID

import pytest

from fangxian.core import policy
from fangxian.core.policy.model import Pack, Rule
from fangxian.systems.people.models import Person
from fangxian.systems.quarantine.models import Room, Site, Stay
from fangxian.workflows.isolation import exposed

TODAY = date(2022, 3, 22)
HOUSE = {"301": "A", "302": "A", "303": "B", "304": "", "401": "A", "501": ""}
"""Rooms with their wing. The infected guest is in 301."""

TABLE = [
    (["ROOM"], {"301": "ROOM"}),
    (["ROOM", "FLOW"], {"301": "ROOM", "302": "FLOW", "401": "FLOW"}),
    (["ROOM", "FLOOR"], {"301": "ROOM", "302": "FLOOR", "303": "FLOOR", "304": "FLOOR"}),
    (["FLOW", "FLOOR"], {"301": "FLOW", "302": "FLOW", "303": "FLOOR", "304": "FLOOR", "401": "FLOW"}),
    (["SITE"], dict.fromkeys(HOUSE, "SITE")),
    ([], {}),
]


@pytest.fixture(scope="module")
def shipped() -> Pack:
    return policy.pack(disease="covid19", area_code="410883", on=date(2022, 3, 15), mode="normal")


def counting(pack: Pack, ways: list[str]) -> Pack:
    """The same rules, but these ways of exposure count."""
    one = pack.rule("restart.exposed")
    other = Rule(**{**{name: getattr(one, name) for name in Rule.__dataclass_fields__}, "data": ways})
    rules = MappingProxyType({**pack.rules, "restart.exposed": other})
    return Pack(**{**{name: getattr(pack, name) for name in Pack.__dataclass_fields__}, "rules": rules})


@pytest.fixture
def house() -> dict[str, Room]:
    site = Site(name="Hotel")
    return {number: Room(site=site, number=number, flow=flow) for number, flow in HOUSE.items()}


def guest(room: Room, state: str = "IN", released_at: datetime | None = None) -> Stay:
    person = Person(name=room.number, id=UUID(int=int(room.number)))
    return Stay(person=person, room=room, state=state, starts_on=TODAY, ends_on=TODAY, released_at=released_at)


@pytest.mark.parametrize(("ways", "expected"), TABLE, ids=[" ".join(ways) or "none" for ways, _found in TABLE])
def test_who_is_exposed_is_said_by_the_pack(shipped, house, ways, expected):
    others = [guest(room) for room in house.values()]
    found = exposed.restarts(guest(house["301"]), others, counting(shipped, ways), today=TODAY)
    assert {row.stay.room.number: row.via for row in found} == expected


def test_the_days_begin_on_the_last_day_of_exposure(shipped, house):
    left = guest(house["301"], "TRANSFERRED", datetime(2022, 3, 20, 4, tzinfo=UTC))
    (row,) = exposed.restarts(left, [guest(house["302"])], shipped, today=TODAY)
    assert (row.exposed_on, row.until) == (date(2022, 3, 20), date(2022, 4, 2))  # 14 days, the first one counts
    (still,) = exposed.restarts(guest(house["301"]), [guest(house["302"])], shipped, today=TODAY)
    assert still.until == TODAY + timedelta(days=13)
    assert still.rule == "restart.exposed; contact.close.isolation"


def test_who_has_left_has_no_days_to_begin_anew(shipped, house):
    others = [guest(house["302"], "RELEASED"), guest(house["302"], "TRANSFERRED")]
    assert exposed.restarts(guest(house["301"]), others, shipped, today=TODAY) == []


def test_the_window_is_counted_in_whole_days_before_the_sample(shipped):
    sampled = datetime(2022, 3, 22, 1, tzinfo=UTC)
    assert exposed.window(sampled, shipped) == sampled - timedelta(days=2)
