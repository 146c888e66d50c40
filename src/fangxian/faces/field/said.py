"""Reading the payload of an entry: it comes from outside, so every value is asked for by its kind, refused by name."""

import base64
import binascii
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LONGEST = 500
MOST_PHOTOS, MOST_BYTES = 4, 600_000
"""Photos an entry's part may carry, and how large each may be once the phone has made it smaller."""


class Said:
    """What a phone said in one entry."""

    def __init__(self, payload: Mapping[str, Any]):
        self._payload = payload

    def text(self, name: str) -> str:
        """A text without blanks around it, "" for none; never longer than a person writes on a phone."""
        value = self._payload.get(name)
        return str(value).strip()[:LONGEST] if isinstance(value, str | int | float) else ""

    def flag(self, name: str) -> bool:
        """Yes only for a real yes."""
        return self._payload.get(name) is True

    def number(self, name: str) -> int | None:
        """A whole number, None for none."""
        value = self._payload.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def id(self, name: str) -> UUID:
        """The id of a record."""
        return _uuid(name, self._payload.get(name))

    def ids(self, name: str) -> list[UUID]:
        """Ids of records, at most some hundred."""
        value = self._payload.get(name) or []
        if not isinstance(value, list) or len(value) > LONGEST:
            raise _refused(name)
        return [_uuid(name, one) for one in value]

    def day(self, name: str) -> date:
        """A day."""
        found = self.day_or_none(name)
        if found is None:
            raise ValidationError({name: _("Enter the day.")})
        return found

    def day_or_none(self, name: str) -> date | None:
        """A day, None where nothing is said."""
        text = self.text(name)
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            raise _refused(name) from None

    def degrees(self, name: str) -> Decimal | None:
        """A temperature, None where none was taken."""
        text = self.text(name).replace(",", ".")
        try:
            return Decimal(text).quantize(Decimal("0.1")) if text else None
        except InvalidOperation:
            raise _refused(name) from None

    def photos(self, name: str) -> tuple[tuple[str, bytes], ...]:
        """Photos as the phone packed them: JPEG, base64."""
        rows = self._payload.get(name)
        rows = rows if isinstance(rows, list) else []
        if len(rows) > MOST_PHOTOS:
            raise ValidationError({name: _("That is too many photos.")})
        return tuple((f"{number}.jpg", _photo(name, row)) for number, row in enumerate(rows, start=1))


def _photo(name: str, row: object) -> bytes:
    try:
        content = base64.b64decode(str(row).rpartition(",")[2], validate=True)
    except (ValueError, binascii.Error):
        raise ValidationError({name: _("This photo cannot be read.")}) from None
    if len(content) > MOST_BYTES:
        raise ValidationError({name: _("This photo is too large.")})
    return content


def _uuid(name: str, value: object) -> UUID:
    try:
        return UUID(str(value))
    except ValueError:
        raise _refused(name) from None


def _refused(name: str) -> ValidationError:
    return ValidationError({name: _("This value cannot be read.")})
