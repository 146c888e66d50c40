"""A sentence as the bytes it was made of: what `alignment.py` searches for the reading the writer meant.

Two-byte characters fall apart into their bytes; a note or a mark of loss is a unit of its own. Marks such as `,` may
stand for one byte or, where wide forms were narrowed afterwards, for two (`，` is A3 AC).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from functools import cache
from unicodedata import normalize

from fangxian.engines.bulletins import notes
from fangxian.engines.bulletins.cells import Cells, joined
from fangxian.engines.bulletins.characters import alone
from fangxian.engines.bulletins.script import one_simplified

NARROWED = ",:;!?()"


class What(Enum):
    """Kinds of units."""

    BYTE = 1
    PLAIN = 2  # a character that is not two bytes
    NOTE = 3
    HALF = 4  # a note that swallowed the byte before it
    MARK = 5  # a question mark: written, or all that is left of a byte


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit: `value` a byte, `text` what it shows, the cells it comes from, and whether it begins a character."""

    what: What
    start: int
    end: int
    text: str = ""
    value: int = 0
    first: bool = True


@dataclass(frozen=True, slots=True)
class Byte:
    """One byte that can be read at a place, and the place behind it: unit and half of a narrowed mark."""

    value: int
    then: tuple[int, int]


def units_of(cells: Cells) -> list[Unit]:
    """The units of a run of cells."""
    text, at, found = joined(cells), 0, list[Unit]()
    while at < len(text):
        half, note = notes.HALF_NOTE.match(text, at), notes.NOTE.match(text, at)
        if half and found and found[-1].what is What.BYTE:
            found.append(Unit(What.HALF, at, half.end(), half[1]))
        elif note:
            found.append(Unit(What.NOTE, at, note.end(), note[1]))
        else:
            found.extend(_bytes_of(text[at], at))
        at = found[-1].end
    return found


def _bytes_of(char: str, at: int) -> list[Unit]:
    if char == "?":
        return [Unit(What.MARK, at, at + 1, char)]
    coded = char.encode("gbk", "ignore")
    if len(coded) != 2:
        return [Unit(What.PLAIN, at, at + 1, char)]
    return [Unit(What.BYTE, at, at + 1, char, coded[0]), Unit(What.BYTE, at, at + 1, char, coded[1], first=False)]


def bytes_at(units: list[Unit], place: tuple[int, int]) -> list[Byte]:
    """Every byte that can be read at a place."""
    at, half = place
    if at >= len(units):
        return []
    unit, behind = units[at], (at + 1, 0)
    if unit.what is What.BYTE:
        return [Byte(unit.value, behind)]
    if unit.what is What.HALF:
        return [Byte(value, behind) for value in notes.first_bytes(units[at - 1].value, unit.text)]
    if half:
        return [Byte(ord(unit.text) + 0x80, behind)]
    found = [Byte(0xA3, (at, 1))] if unit.text in NARROWED else []
    if len(unit.text) == 1 and 0x40 <= ord(unit.text) <= 0x7E:
        found.append(Byte(ord(unit.text), behind))
    return found


@cache
def character(lead: int, trail: int) -> str:
    """The character of two bytes, wide marks narrowed; empty when they are none."""
    try:
        found = bytes((lead, trail)).decode("gbk")
    except UnicodeDecodeError:
        return ""
    if len(found) != 1:
        return ""
    return normalize("NFKC", found) if "\uff01" <= found <= "\uff5e" else found


@cache
def with_trail(trail: int) -> tuple[str, ...]:
    """Every character that ends in the byte, the usual ones first."""
    return _usual(character(lead, trail) for lead in range(0x81, 0xFF))


@cache
def with_lead(lead: int) -> tuple[str, ...]:
    """Every character that begins with the byte, the usual ones first."""
    return _usual(character(lead, trail) for trail in range(0x40, 0xFF))


def _usual(found: Iterable[str]) -> tuple[str, ...]:
    known = {char for char in found if len(char) == 1 and alone(one_simplified(char)) > LEAST}
    return tuple(sorted(known, key=lambda char: (-alone(one_simplified(char)), char)))


LEAST = -15.5
"""Characters rarer than this are not proposed for a lost byte."""
