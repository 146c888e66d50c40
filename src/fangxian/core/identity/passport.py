"""Passports: a type and a number. Chinese numbers have known series; others are only looked at for their form."""

import re
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from fangxian.core.identity.errors import Doubt, InvalidIdentifier
from fangxian.core.identity.text import compact

KIND = "passport"
FORM = re.compile(r"(?=.*[0-9])[A-Z0-9]{5,15}")


class PassportType(StrEnum):
    """What the passport is for."""

    ORDINARY = "ordinary"
    PUBLIC_AFFAIRS = "public_affairs"
    SERVICE = "service"
    DIPLOMATIC = "diplomatic"
    UNKNOWN = "unknown"


CHINESE_SERIES = (
    (re.compile(r"E[0-9]{8}|E[A-HJ-NP-Z][0-9]{7}|G[0-9]{8}"), PassportType.ORDINARY),
    (re.compile(r"PE?[0-9]{7,8}"), PassportType.PUBLIC_AFFAIRS),
    (re.compile(r"SE?[0-9]{7,8}"), PassportType.SERVICE),
    (re.compile(r"DE?[0-9]{7,8}"), PassportType.DIPLOMATIC),
)


@dataclass(frozen=True)
class Passport:
    """A passport as it is written. No number carries a check digit outside the machine-readable zone."""

    number: str
    type: PassportType
    issuer: str
    doubts: tuple[Doubt, ...] = (Doubt.NO_CHECK_DIGIT,)


def passport(value: object, *, issuer: str = "", type: PassportType = PassportType.UNKNOWN) -> Passport:  # noqa: A002
    """Parse a passport number. `issuer` is an ISO 3166 country code; the type of a Chinese one is in the number."""
    number = compact(KIND, value, "-/.")
    if not FORM.fullmatch(number):
        raise InvalidIdentifier(KIND, _("A passport number has 5 to 15 letters and digits, with at least one digit."))
    issuer = issuer.upper()
    if issuer in ("CHN", "CN"):
        type = _chinese_type(number)  # noqa: A001
    return Passport(number, type, issuer)


def _chinese_type(number: str) -> PassportType:
    for series, kind in CHINESE_SERIES:
        if series.fullmatch(number):
            return kind
    raise InvalidIdentifier(KIND, _("Chinese passport numbers begin with E, G, P, S or D and have 9 characters."))
