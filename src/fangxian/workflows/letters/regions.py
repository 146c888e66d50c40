"""The counties of the nation by code and by name, as far back as identity numbers go.

The list is the one that python-stdnum ships for birth places (codes of GB/T 2260 with the years they were valid); it
is read once. Functional zones and other places of the installation's own tree are added by whoever asks.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_PROVINCE = re.compile(r'^(\d{2}) province="([^"]+)"')
_COUNTY = re.compile(r'^ +(\d{4}) county="([^"]+)"')
_NAME = re.compile(r"(?:\[(\d*)-(\d*)\])?([^,\[\]]+)")
_GENERIC = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划", "城区", "郊区", "市区", "矿区"})
LONGEST = 15


@dataclass(frozen=True)
class Region:
    """A division: code of 2, 4 or 6 digits, its name with those above it, its own, and whether the code is in use."""

    code: str
    name: str
    own: str
    current: bool = True


@cache
def regions() -> dict[str, Region]:
    """Every division by its code; prefectures and provinces without the trailing zeros."""
    found: dict[str, Region] = {}
    province = ""
    for line in files("stdnum.cn").joinpath("loc.dat").read_text("utf-8").splitlines():
        if header := _PROVINCE.match(line):
            province = header[1]
            found[province] = Region(province, header[2], header[2])
        elif row := _COUNTY.match(line):
            name, current = _last_name(row[2])
            code = (province + row[1]).removesuffix("00")
            found[code.removesuffix("00")] = Region(code.removesuffix("00"), name, name, current)
    return {code: _full(found, code) for code in found}


def by_code(code: str) -> Region | None:
    """The division of a code, or the nearest above it that is known."""
    known = regions()
    return next((known[code[:length]] for length in (6, 4, 2) if len(code) >= length and code[:length] in known), None)


def starting(text: str, most: int = 12) -> list[Region]:
    """Divisions in use whose code, own name or full name begins with a text; the largest first."""
    if not text:
        return []
    known = (row for row in regions().values() if row.current)
    found = (row for row in known if any(said.startswith(text) for said in (row.code, row.name, row.own)))
    return sorted(found, key=lambda row: (len(row.code), row.code))[:most]


@cache
def by_name() -> dict[str, tuple[str, ...]]:
    """Codes in use by the short name of the county or prefecture; several where a name occurs in several places."""
    found: dict[str, list[str]] = defaultdict(list)
    for code, region in regions().items():
        name = region.own
        if region.current and len(code) > 2 and name not in _GENERIC and len(name) > 1:
            found[name].append(code)
    return {name: tuple(codes) for name, codes in found.items()}


def in_text(text: str, extra: dict[str, tuple[str, ...]] | None = None) -> list[tuple[str, tuple[str, ...]]]:
    """Names of divisions a text holds, each with its codes, in the order of the text; the longest name at each place.

    `extra` are further names of the installation's own areas.
    """
    names, found, at = {**by_name(), **(extra or {})}, [], 0
    while at < len(text):
        for length in range(min(LONGEST, len(text) - at), 1, -1):
            codes = names.get(text[at : at + length])
            if codes:
                found.append((text[at : at + length], codes))
                at += length - 1
                break
        at += 1
    return found


def of_phone(number: str) -> str:
    """From where a phone number is, as words ("河南省焦作市"); "" when nobody knows. Numbers move with people."""
    from phonenumbers import NumberParseException, geocoder, parse  # its tables take seconds to load

    try:
        return geocoder.description_for_number(parse(number, "CN"), "zh")
    except NumberParseException:
        return ""


def _last_name(text: str) -> tuple[str, bool]:
    """The latest name of a code, and whether it holds still."""
    *_before, (_since, until, name) = _NAME.findall(text)
    return name, not until


def _full(found: dict[str, Region], code: str) -> Region:
    above = (found[code[:length]].name for length in (2, 4) if length < len(code) and code[:length] in found)
    own = found[code]
    parts = [*(name for name in above if name not in _GENERIC), own.name]
    return Region(code, "".join(dict.fromkeys(parts)), own.name, own.current)
