"""The verbs of meetings: convene one, correct what was entered of it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.areas import Area, covers
from fangxian.core.officers import Officer
from fangxian.core.records import Source
from fangxian.systems.directives.models import Meeting


def convene(
    *, by: Officer | None, area: Area, title: str, number: int | None = None, passes_on: Meeting | None = None,
    source: str = Source.WEB, **values: Any,
) -> Meeting:  # fmt: skip
    """Enter a meeting; without a number it is the next of its series.

    Raises `ValidationError` when the meeting it passes on is not one of an area above, held before it.
    """
    made = {**values, "area": area, "title": title.strip(), "passes_on": passes_on}
    made["number"] = number or next_number(area, made["title"])
    _require_above(Meeting(**made))
    return records.create(Meeting, by=by, action="directives.meeting.convened", source=source, **made)


def correct_meeting(
    *, meeting: Meeting, by: Officer | None, base_version: int | None = None, **changes: Any
) -> Meeting:
    """Correct what was entered of a meeting."""
    names = ("area", "passes_on", "held_at")
    _require_above(Meeting(**{name: changes.get(name, getattr(meeting, name)) for name in names}, pk=meeting.pk))
    return records.change(meeting, by=by, action="directives.meeting.corrected", base_version=base_version, **changes)


def next_number(area: Area, title: str) -> int:
    """The number after the last of a series of an area."""
    last = Meeting.unscoped.filter(area=area, title=title.strip()).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def _require_above(meeting: Meeting) -> None:
    """A meeting passes on one of its own area or above, held before it; so no chain ever closes to a ring."""
    upper = meeting.passes_on
    if upper is None:
        return
    if not covers(upper.area_id, meeting.area_id) or upper.pk == meeting.pk:
        raise ValidationError({"passes_on": _("A meeting passes on a meeting of the area above it.")})
    if upper.held_at > meeting.held_at:
        raise ValidationError({"passes_on": _("The upper meeting was held later than this one.")})
