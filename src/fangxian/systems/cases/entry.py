"""Checks across the fields of what forms, sheets and the interface enter."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def clean_span(values: dict[str, Any]) -> dict[str, Any]:
    """The end of a stretch lies after its beginning."""
    start, end = values.get("starts_at"), values.get("ends_at")
    if start and end and end < start:
        raise ValidationError({"ends_at": _("The end lies before the beginning.")})
    return values


def clean_contact(values: dict[str, Any]) -> dict[str, Any]:
    """Nobody is a contact of themselves; the last contact is not before the first; the case's area sees the row."""
    first, last = values.get("first_contact_at"), values.get("last_contact_at")
    if first and last and last < first:
        raise ValidationError({"last_contact_at": _("The last contact lies before the first.")})
    case = values.get("case")
    if case is None:
        return values
    if values.get("person") is not None and case.person_id == values["person"].pk:
        raise ValidationError({"person": _("This is the case itself.")})
    return {**values, "case_area": case.area}


def clean_link(values: dict[str, Any]) -> dict[str, Any]:
    """A case does not infect itself."""
    if values.get("infector") is not None and values["infector"] == values.get("infected"):
        raise ValidationError({"infected": _("A case does not infect itself.")})
    return values
