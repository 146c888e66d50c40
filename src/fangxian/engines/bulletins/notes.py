"""Notes of pronunciation in brackets: `會(huì)`, and `?zhǔn)` inside the bytes of a character.

A converter replaced byte pairs in GBK text without looking where characters begin. So a note also stands where the last
byte of one character and the first of the next happened to spell a third; that third one's reading is written, and the
first byte of the next swallowed the opening bracket: `?zhǔn)`.
"""

import re
from functools import lru_cache
from unicodedata import normalize

LETTERS = "a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿ"
NOTE = re.compile(rf"\(([{LETTERS}]{{1,6}}) ?\)")
HALF_NOTE = re.compile(rf"\?([{LETTERS}]{{1,6}}) ?\)")
TONES = re.compile("[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ]")


@lru_cache(maxsize=30_000)
def readings(character: str) -> frozenset[str]:
    """All readings of a character, with tones and without."""
    from pypinyin import Style, pinyin  # its dictionary takes a third of a second to load: not at every start

    found = pinyin(character, style=Style.TONE, heteronym=True, errors="ignore")
    toned = {reading for group in found for reading in group}
    return frozenset(toned | {toneless(reading) for reading in toned})


def toneless(reading: str) -> str:
    """A reading without its tone."""
    plain = "".join(char for char in normalize("NFD", reading) if char not in "\u0304\u0301\u030c\u0300")
    return normalize("NFC", plain)


def belongs(reading: str, character: str) -> bool:
    """Whether the note gives a reading of the character."""
    return bool({reading, toneless(reading)} & readings(character))


def first_bytes(trail: int, reading: str) -> tuple[int, ...]:
    """The bytes that spell, behind the last byte of a character, another one with this reading."""
    found = []
    for byte in range(0x81, 0xFF):
        try:
            third = bytes((trail, byte)).decode("gbk")
        except UnicodeDecodeError:
            continue
        if reading in readings(third):
            found.append(byte)
    return tuple(found)
