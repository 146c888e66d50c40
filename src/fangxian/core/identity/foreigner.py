"""Foreign permanent resident's card: 18 characters from a 9 on (since 2023); before that 3 letters and 12 digits."""

import re
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from fangxian.core.identity import gb11643
from fangxian.core.identity.errors import Doubt, InvalidIdentifier
from fangxian.core.identity.resident import Holder, Sex, resident_id
from fangxian.core.identity.text import compact

KIND = "foreign_permanent_id"
OLD_FORM = re.compile(r"(?P<country>[A-Z]{3})[0-9]{4}(?P<birth>[0-9]{6})[0-9]{2}")


@dataclass(frozen=True)
class ForeignPermanentId:
    """A checked card number. The old form writes the year of birth with two digits and no sex."""

    number: str
    country: str
    birth_date: date
    sex: Sex | None
    doubts: tuple[Doubt, ...] = ()


def foreign_permanent_id(value: object) -> ForeignPermanentId:
    """Parse a card number of either form. `country` is three digits (new form) or three letters (old form)."""
    number = compact(KIND, value, "-")
    old = OLD_FORM.fullmatch(number)
    if old:
        birth = _two_digit_year(old["birth"])
        return ForeignPermanentId(number, old["country"], birth, None, (Doubt.NO_CHECK_DIGIT,))
    parsed = resident_id(number)
    if parsed.holder is not Holder.FOREIGN:
        raise InvalidIdentifier(KIND, _("The number begins with 9, or with three letters on an old card."))
    return ForeignPermanentId(number, number[3:6], parsed.birth_date, parsed.sex, parsed.doubts)


def _two_digit_year(digits: str) -> date:
    """The latest such day that is not in the future."""
    try:
        return gb11643.birth_date(KIND, f"20{digits}")
    except InvalidIdentifier:
        return gb11643.birth_date(KIND, f"19{digits}")
