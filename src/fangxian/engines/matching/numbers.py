"""Resident identity numbers (GB 11643) as people write them: which numbers a slip may stand for.

The check character finds every wrong digit and every pair of swapped neighbours, so a number that does not check is one
of some twenty that do. They are listed here, without asking whether they exist: the caller looks them up.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from unicodedata import normalize

from fangxian.engines.matching.model import Slip

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
INVERSES = {weight: pow(weight, -1, 11) for weight in WEIGHTS}
LENGTH, OLD_LENGTH = 18, 15
FIRST_YEAR = 1850
_NOISE = str.maketrans("", "", " \t\r\n\u3000\u00a0\ufeff\u200b-–—·.'‘’\"“”")


def tidied(written: str) -> str:
    """Full width, spaces, hyphens, quotes and small x out of the way: 18 characters where it was a good number."""
    return normalize("NFKC", written).translate(_NOISE).upper()


@lru_cache(maxsize=4096)
def readings(written: str) -> Mapping[str, Slip]:
    """Every valid number of 18 characters that may have been meant, each with the slip it takes.

    A number that checks is read as it stands, alone; an old one of 15 digits as its new form. Otherwise: neighbours
    swapped, one digit wrong, one digit missing, one too many. {} when none of them is a number with a day in it.
    """
    number = tidied(written)
    if is_valid(number):
        return MappingProxyType({number: Slip.NONE})
    if len(number) == OLD_LENGTH and number.isdecimal():
        renewed = _renewed(number)
        return MappingProxyType({renewed: Slip.OLD_FORM} if is_valid(renewed) else {})
    found: dict[str, Slip] = {}
    for slip, candidates in _REPAIRS.get(len(number), ()):
        for candidate in candidates(number):
            if is_valid(candidate):
                found.setdefault(candidate, slip)
    return MappingProxyType(found)


def is_valid(number: str) -> bool:
    """Whether 18 characters check and hold a day that is in the calendar."""
    body = number[:17]
    if len(number) != LENGTH or not (body.isascii() and body.isdecimal()):
        return False
    return number[17] == check_character(body) and birth(number) is not None


def check_character(body: str) -> str:
    """The last character that belongs to 17 digits."""
    return CHECK_CHARACTERS[sum(weight * int(digit) for weight, digit in zip(WEIGHTS, body, strict=True)) % 11]


def birth(number: str) -> date | None:
    """The day inside a number of 18 characters; None when it is none."""
    digits = number[6:14]
    if not (digits.isascii() and digits.isdecimal()) or int(digits[:4]) < FIRST_YEAR:
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def sex(number: str) -> str:
    """ "m" or "f" by the seventeenth digit of a valid number."""
    return "m" if int(number[16]) % 2 else "f"


def _renewed(old: str) -> str:
    body = f"{old[:6]}19{old[6:]}"
    return body + check_character(body)


def _swapped(number: str) -> Iterator[str]:
    for at in range(LENGTH - 1):
        if number[at] != number[at + 1]:
            yield f"{number[:at]}{number[at + 1]}{number[at]}{number[at + 2 :]}"


def _one_digit(number: str) -> Iterator[str]:
    """One character at a time replaced by the only digit with which the number checks."""
    for at in range(LENGTH):
        yield from _fitting(number[:at], number[at + 1 :])


def _missing(number: str) -> Iterator[str]:
    for at in range(LENGTH):
        yield from _fitting(number[:at], number[at:])


def _fitting(before: str, behind: str) -> Iterator[str]:
    """The number of 18 characters with a character between the two parts that makes it check; none or one.

    The weighted sum of the 17 digits and the value of the last character agree modulo 11; every weight has an inverse.
    """
    body, last = before + "0" + behind[:-1], behind[-1:]
    if not last:
        body = before
    if not (len(body) == LENGTH - 1 and body.isascii() and body.isdecimal()):
        return
    if not last:
        yield body + check_character(body)
    elif last in CHECK_CHARACTERS:
        total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, body, strict=True))
        digit = (CHECK_CHARACTERS.index(last) - total) * INVERSES[WEIGHTS[len(before)]] % 11
        if digit < 10:
            yield f"{before}{digit}{behind}"


def _extra(number: str) -> Iterator[str]:
    for at in range(LENGTH + 1):
        yield number[:at] + number[at + 1 :]


_REPAIRS = {
    LENGTH: ((Slip.SWAPPED, _swapped), (Slip.ONE_DIGIT, _one_digit)),
    LENGTH - 1: ((Slip.MISSING_DIGIT, _missing),),
    LENGTH + 1: ((Slip.EXTRA_DIGIT, _extra),),
}
