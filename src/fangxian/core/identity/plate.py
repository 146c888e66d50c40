"""Vehicle plates (GA 36): blue and yellow plates of 7 characters, new-energy plates of 8."""

import re
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from fangxian.core.identity.errors import Doubt, InvalidIdentifier
from fangxian.core.identity.text import compact

KIND = "plate"
FORM = re.compile(
    r"(?:[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z]"
    r"(?:[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳]|[A-HJK][A-HJ-NP-Z0-9][0-9]{4}|[0-9]{5}[A-HJK]))"
)
_DIGIT_FOR_LETTER = str.maketrans("OI", "01")


class PlateKind(StrEnum):
    """What the plate says about the vehicle."""

    ORDINARY = "ordinary"
    NEW_ENERGY_SMALL = "new_energy_small"
    NEW_ENERGY_LARGE = "new_energy_large"
    TRAILER = "trailer"
    LEARNER = "learner"
    POLICE = "police"
    HONG_KONG = "hong_kong"
    MACAU = "macau"


_LAST = {
    "挂": PlateKind.TRAILER,
    "学": PlateKind.LEARNER,
    "警": PlateKind.POLICE,
    "港": PlateKind.HONG_KONG,
    "澳": PlateKind.MACAU,
}


@dataclass(frozen=True)
class Plate:
    """A plate in its one spelling. `city` is the sign of the province with the letter of the city, e.g. 豫H."""

    number: str
    city: str
    kind: PlateKind
    doubts: tuple[Doubt, ...] = ()


def plate(value: object) -> Plate:
    """Parse a plate. Military, embassy, tractor and foreign plates are refused: free text with a type is for them."""
    written = compact(KIND, value, "·•・.-_")
    number = written[:2] + written[2:].translate(_DIGIT_FOR_LETTER)
    if not FORM.fullmatch(number):
        raise InvalidIdentifier(
            KIND, _("Not a civil plate, such as 豫H12345 or 豫HD12345. Enter other plates as text and name their type.")
        )
    doubts = () if number == written else (Doubt.LETTER_READ_AS_DIGIT,)
    return Plate(number, number[:2], _kind(number), doubts)


def _kind(number: str) -> PlateKind:
    if len(number) == 8:
        return PlateKind.NEW_ENERGY_SMALL if number[2].isalpha() else PlateKind.NEW_ENERGY_LARGE
    return _LAST.get(number[-1], PlateKind.ORDINARY)
