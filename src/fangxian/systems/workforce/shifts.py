"""Entering front-line work that no other system knows of."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.officers import Officer
from fangxian.core.records import Source
from fangxian.systems.people.models import Person
from fangxian.systems.workforce.models import FrontlineShift


def check_worker(officer: Officer | None, person: Person | None) -> None:
    """Refuse work of nobody."""
    if officer is None and person is None:
        raise ValidationError({"officer": _("Name an officer, or a person on record.")})


def check_times(starts_at: datetime, ends_at: datetime | None) -> None:
    """Refuse what ends before it begins."""
    if ends_at is not None and ends_at <= starts_at:
        raise ValidationError({"ends_at": _("It ends after it begins.")})


def enter_shift(
    *, by: Officer | None, starts_at: datetime, ends_at: datetime, officer: Officer | None = None,
    person: Person | None = None, source: str = Source.WEB, **values: Any,
) -> FrontlineShift:  # fmt: skip
    """Enter one shift. What overlaps a shift known from elsewhere counts once, so that nobody need look first."""
    check_worker(officer, person)
    check_times(starts_at, ends_at)
    return records.create(
        FrontlineShift, by=by, action="workforce.shift.entered", source=source, officer=officer, person=person,
        starts_at=starts_at, ends_at=ends_at, **values,
    )  # fmt: skip
