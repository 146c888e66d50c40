"""Telephone numbers of the Chinese plan. A number is a way to reach somebody, not an identity: families share one."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fangxian.core.identity.errors import InvalidIdentifier
from fangxian.core.identity.text import compact

MOBILE = re.compile(r"(?:\+?86|0086)?(1[3-9][0-9]{9})")
LANDLINE = re.compile(
    r"(?:(?:\+86|0086)-?\(?0?|\(?0)(?P<area>10|2[0-9]|[3-9][0-9]{2})\)?-?(?P<local>[2-9][0-9]{6,7})"
    r"(?:(?:-|转|X|EXT\.?|#)(?P<extension>[0-9]{1,6}))?"
)
_SEPARATORS = "-–—.()"


@dataclass(frozen=True)
class Phone:
    """A number in its one spelling: eleven digits, or area code and number with an extension (0391-8123456-12)."""

    number: str
    is_mobile: bool


def mobile(value: object) -> Phone:
    """Parse a mobile number; +86, spaces and hyphens are dropped."""
    match = MOBILE.fullmatch(compact("mobile", value, _SEPARATORS))
    if not match:
        raise InvalidIdentifier("mobile", _("A mobile number has 11 digits and begins with 13 to 19."))
    return Phone(match[1], is_mobile=True)


def phone(value: object) -> Phone:
    """Parse a mobile or a landline number with its area code."""
    if match := MOBILE.fullmatch(compact("phone", value, _SEPARATORS)):
        return Phone(match[1], is_mobile=True)
    if match := LANDLINE.fullmatch(compact("phone", value, "–—")):
        extension = f"-{match['extension']}" if match["extension"] else ""
        return Phone(f"0{match['area']}-{match['local']}{extension}", is_mobile=False)
    raise InvalidIdentifier("phone", _("Enter a mobile number of 11 digits, or a landline number with its area code."))
