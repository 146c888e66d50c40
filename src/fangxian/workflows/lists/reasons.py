"""Why a row cannot be used: kept in the words of the code, said in the language of whoever reads it.

A job matches a list in the language of the installation; the pages and the repair sheet are read in either. A reason is
kept as [part, message] or [part, message, parameters], as it goes into JSON.
"""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext

Reason = list[Any]


def of(part: str, error: ValidationError) -> list[Reason]:
    """Every message of one field's error."""
    with translation.override("en"):
        return [[part, str(one.message), *_said(one.params)] for one in error.error_list]


def by_field(error: ValidationError) -> list[Reason]:
    """The reasons of an error with or without fields."""
    fields = error.error_dict if hasattr(error, "error_dict") else {"": error.error_list}
    return [reason for part, errors in fields.items() for one in errors for reason in of(part, one)]


def shown(reason: Sequence[Any]) -> str:
    """The reason in the reader's language."""
    _part, message, *params = reason
    text: str = gettext(message)
    return text % params[0] if params else text


def _said(params: dict[str, Any] | None) -> list[dict[str, str]]:
    return [{name: str(value) for name, value in params.items()}] if params else []
