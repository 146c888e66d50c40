"""Resident identity number (GB 11643), with the residence permits and the foreigner's card that share its form.

The county code is not checked against a list: numbers keep the code of the day they were given, back to the 1980s, and
a list of today's codes refuses most people born before their county was renamed.
"""

import re
from collections.abc import Container
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from fangxian.core.identity import gb11643
from fangxian.core.identity.errors import Doubt, InvalidIdentifier
from fangxian.core.identity.text import compact

KIND = "resident_id"
OLD_FORM = re.compile(r"[0-9]{15}")
# In the old form these sequence numbers were kept for people of a hundred and more: born in the 19th century.
CENTENARIANS = ("996", "997", "998", "999")
PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71".split()
)


class Sex(StrEnum):
    """Sex as written in the number (digit 17)."""

    MALE = "male"
    FEMALE = "female"


class Holder(StrEnum):
    """Whose document the number stands on."""

    RESIDENT = "resident"
    HONG_KONG = "hong_kong"
    MACAU = "macau"
    TAIWAN = "taiwan"
    FOREIGN = "foreign"


_PERMITS = {"810000": Holder.HONG_KONG, "820000": Holder.MACAU, "830000": Holder.TAIWAN}


@dataclass(frozen=True)
class ResidentId:
    """A checked 18-character number and what it says."""

    number: str
    region: str
    birth_date: date
    sex: Sex
    holder: Holder
    doubts: tuple[Doubt, ...] = ()


def resident_id(value: object, *, regions: Container[str] | None = None) -> ResidentId:
    """Parse any 18-character person number, or the old 15-digit one.

    `regions` may name the six-digit codes that are known; without it only the province is looked at. An unknown region
    is a doubt, never a refusal.
    """
    number = compact(KIND, value, "-–—·.")
    doubts: list[Doubt] = []
    if OLD_FORM.fullmatch(number):
        number = from_old_form(number)
        doubts.append(Doubt.OLD_FORM)
    birth = gb11643.verify(KIND, number)
    holder = _holder(number)
    if holder is Holder.RESIDENT and not _known(number[:6], regions):
        doubts.append(Doubt.UNKNOWN_REGION)
    if number.endswith("000"):
        doubts.append(Doubt.LOOKS_ROUNDED)
    return ResidentId(number, number[:6], birth, sex_of(number), holder, tuple(doubts))


def from_old_form(number: str) -> str:
    """The 18-character number of a 15-digit one (century added, check digit computed)."""
    century = "18" if number[12:] in CENTENARIANS else "19"
    first17 = number[:6] + century + number[6:]
    return first17 + gb11643.check_character(first17)


def sex_of(number: str) -> Sex:
    """Digit 17: odd for men, even for women."""
    return Sex.MALE if int(number[16]) % 2 else Sex.FEMALE


def residence_permit(value: object) -> ResidentId:
    """The number of a residence permit for Hong Kong, Macau or Taiwan residents (810000, 820000, 830000)."""
    parsed = resident_id(value)
    if parsed.holder not in _PERMITS.values():
        raise InvalidIdentifier(
            "residence_permit", _("The number of a residence permit begins with 810000, 820000 or 830000.")
        )
    return parsed


def _holder(number: str) -> Holder:
    if number.startswith("9"):
        return Holder.FOREIGN
    return _PERMITS.get(number[:6], Holder.RESIDENT)


def _known(region: str, regions: Container[str] | None) -> bool:
    return region[:2] in PROVINCES if regions is None else region in regions
