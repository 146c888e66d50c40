"""The arithmetic of GB 11643, shared by all 18-character numbers of persons."""

import re
from datetime import date

from django.utils.translation import gettext_lazy as _

from fangxian.core import clock
from fangxian.core.identity.errors import REASON_CHECK_DIGIT, REASON_ROUNDED, InvalidIdentifier

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
FORM = re.compile(r"[0-9]{17}[0-9X]")
EARLIEST_BIRTH = date(1850, 1, 1)


def check_character(first17: str) -> str:
    """The last character that belongs to 17 digits."""
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, first17, strict=True))
    return CHECK_CHARACTERS[total % 11]


def verify(kind: str, number: str) -> date:
    """Check form, birth date and check digit of an 18-character number; gives the birth date."""
    if not FORM.fullmatch(number):
        raise InvalidIdentifier(kind, _("18 characters are expected: 17 digits and a digit or X."))
    if number[17] != check_character(number[:17]):
        # Rounding to 15 significant digits leaves three zeros; saying so saves the clerk the search for a typing error.
        raise InvalidIdentifier(kind, REASON_ROUNDED if number.endswith("000") else REASON_CHECK_DIGIT)
    return birth_date(kind, number[6:14])


def birth_date(kind: str, digits: str) -> date:
    """The day in YYYYMMDD; refuses days that are not in the calendar, in the future or before living memory."""
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise InvalidIdentifier(kind, _("The birth date in the number is not in the calendar.")) from None
    if day > clock.today():
        raise InvalidIdentifier(kind, _("The birth date in the number is in the future."))
    if day < EARLIEST_BIRTH:
        raise InvalidIdentifier(kind, _("The birth date in the number is too long ago."))
    return day
