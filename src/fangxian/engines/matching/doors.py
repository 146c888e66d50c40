"""Addresses: one spelling of the door, so that the same door written by two people is equal."""

import re
from unicodedata import normalize

_SPACE = re.compile(r"[\s,，。;；、()（）\[\]【】#]+")
_ABOVE = re.compile(
    r"^.*?(?:省|自治区|市|自治州|地区|盟)(?=.)|^.{2,6}?(?:县|区|旗)(?=.)|^.{2,7}?(?:镇|乡|街道办事处|街道)(?=.)"
)
_NUMERAL = re.compile(r"[〇零一二三四五六七八九十百两]+(?=号|栋|幢|座|单元|室|层|楼|组|户|队|院)")
_MARKS = re.compile(r"(?:号院|号楼|号|栋|幢|座|单元|室|层|楼|户|院|-|－|–|—|之)+")
_VALUES = dict(zip("〇零一二两三四五六七八九", (0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))


def door(address: str) -> str:
    """The door in one spelling, without the divisions above the village: 河南省孟州市大定街道段西村十二号 → 段西村12.

    "" where the address names no door (no number in it): a village is no household.
    """
    text = _SPACE.sub("", normalize("NFKC", address))
    text = _NUMERAL.sub(lambda found: str(_value(found[0])), text)
    while (shorter := _ABOVE.sub("", text, count=1)) != text:
        text = shorter
    text = _MARKS.sub("-", text).strip("-").casefold()
    return text if any(letter.isdigit() for letter in text) and len(text) > 2 else ""


def _value(numeral: str) -> int:
    """二十三 → 23, 一百零二 → 102, 二〇一 → 201."""
    if not set(numeral) & set("十百"):
        return int("".join(str(_VALUES[sign]) for sign in numeral))
    total, last = 0, 0
    for sign in numeral:
        if sign in "十百":
            total += (last or 1) * (10 if sign == "十" else 100)
            last = 0
        else:
            last = _VALUES[sign]
    return total + last
