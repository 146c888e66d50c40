"""In which order a worker walks: house by house as the numbers on the doors say. A plain rule, kept so on purpose.

Within a cell: street by street; a building (号楼, 栋, 幢) unit by unit, in a unit floor by floor from below; houses
along a street up the odd side and back down the even one, as a postman goes. What has no number comes last, by name.
"""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from fangxian.core.identity import normalise

_BUILDING = re.compile(r"(\d+|[A-Z])\s*(?:号楼|栋|幢|座|楼)")
_UNIT = re.compile(r"(\d+|[一二三四五六七八九十])\s*单元")
_ROOM = re.compile(r"(\d{1,4})\s*(?:室|户|房)|单元\s*(\d{3,4})")
_FLOOR = re.compile(r"(\d+)\s*(?:层|F)")
_HOUSE = re.compile(r"(\d+)\s*号(?!楼)(?:院)?(?:附(\d+)号?)?")
_DIGITS = {word: number for number, word in enumerate("一二三四五六七八九十", start=1)}


class Step(NamedTuple):
    """Where a door stands on the way; sorting steps gives the way."""

    street: str
    no_number: bool
    building: tuple[int, str]
    unit: int
    floor: int
    side: int
    house: int
    more: int
    text: str


def step(address: str) -> Step:
    """Where an address stands on the way through its cell."""
    text = normalise(address).upper()
    building, house = _BUILDING.search(text), _HOUSE.search(text)
    first = min((match.start() for match in (building, house) if match), default=len(text))
    room = _room(text)
    number = int(house[1]) if house else 0
    return Step(
        street=text[:first], no_number=not (building or house), building=_block(building), unit=_unit(text),
        floor=_floor(text, room), side=0 if building or number % 2 else 1,
        house=room if building else number if number % 2 else -number,
        more=int(house[2] or 0) if house else 0, text=text,
    )  # fmt: skip


def door(address: str, place: str = "") -> str:
    """The last part of an address, as it stands on the door: without the names of the areas above (`place`)."""
    text = normalise(address)
    return text.removeprefix(place) or text


def in_order(rows: Iterable[tuple[str, Any]]) -> list[Any]:
    """Things by their addresses, in the order of the way."""
    return [
        thing for _step, _number, thing in sorted((step(address), n, thing) for n, (address, thing) in enumerate(rows))
    ]


def _block(match: re.Match | None) -> tuple[int, str]:
    if match is None:
        return (0, "")
    return (int(match[1]), "") if match[1].isdigit() else (0, match[1])


def _unit(text: str) -> int:
    match = _UNIT.search(text)
    return 0 if match is None else _DIGITS.get(match[1], 0) or int(match[1])


def _room(text: str) -> int:
    match = _ROOM.search(text)
    return int(match[1] or match[2]) if match else 0


def _floor(text: str, room: int) -> int:
    match = _FLOOR.search(text)
    return int(match[1]) if match else room // 100
