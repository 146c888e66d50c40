"""Freight container numbers (ISO 6346), as they stand on cold-chain papers."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from stdnum import iso6346
from stdnum.exceptions import InvalidChecksum, ValidationError

from fangxian.core.identity.errors import REASON_CHECK_DIGIT, InvalidIdentifier
from fangxian.core.identity.text import compact

KIND = "container"


@dataclass(frozen=True)
class Container:
    """A checked number with its owner's code and the category of equipment (U: freight container)."""

    number: str
    owner: str
    category: str


def container(value: object) -> Container:
    """Parse a container number."""
    number = compact(KIND, value, "-/.")
    try:
        iso6346.validate(number)
    except InvalidChecksum:
        raise InvalidIdentifier(KIND, REASON_CHECK_DIGIT) from None
    except ValidationError:
        raise InvalidIdentifier(
            KIND, _("A container number has 4 letters, the fourth U, J or Z, and 7 digits.")
        ) from None
    return Container(number, number[:3], number[3])
