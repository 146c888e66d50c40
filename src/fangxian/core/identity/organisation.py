"""Unified social credit code of a legal person (GB 32100)."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum, ValidationError

from fangxian.core.identity.errors import REASON_CHECK_DIGIT, REASON_ROUNDED, InvalidIdentifier
from fangxian.core.identity.text import compact

KIND = "organisation_code"
OLD_LICENCE = re.compile(r"[0-9]{15}|[0-9]{13}")


@dataclass(frozen=True)
class OrganisationCode:
    """A checked code and its parts: registering authority, region and the nine characters of the organisation."""

    number: str
    authority: str
    region: str
    organisation: str


def organisation_code(value: object) -> OrganisationCode:
    """Parse a code of 18 characters; an old licence number is named as such."""
    number = compact(KIND, value, "-")
    if OLD_LICENCE.fullmatch(number):
        raise InvalidIdentifier(KIND, _("This is an old licence number. The 18-character code is on the new licence."))
    try:
        uscc.validate(number)
    except InvalidChecksum:
        rounded = number.isdigit() and number.endswith("000")
        raise InvalidIdentifier(KIND, REASON_ROUNDED if rounded else REASON_CHECK_DIGIT) from None
    except ValidationError:
        raise InvalidIdentifier(
            KIND, _("18 characters are expected: 8 digits, then digits and letters without I, O, S, V and Z.")
        ) from None
    return OrganisationCode(number, number[:2], number[2:8], number[8:17])
