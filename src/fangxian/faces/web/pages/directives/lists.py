"""The figures of directives as named lists: what a figure counts is what its link shows."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from fangxian.core.clock import now
from fangxian.faces.web.registers import named
from fangxian.systems.directives import reporting
from fangxian.systems.directives.definitions import FIGURES, Figure
from fangxian.systems.directives.words import Period

SLUG = "directives.handing"


def _of(figure: Figure) -> Callable[[str], Q]:
    """The condition of a figure, for one directive where a value names it."""

    def condition(value: str) -> Q:
        return figure.condition(now()) & (Q(directive=named.uuid_of(value)) if value else Q())

    return condition


def lasting(time: timedelta | None) -> str:
    """A length of time in days, hours and minutes; less than nothing without its sign."""
    if time is None:
        return ""
    minutes = int(abs(time).total_seconds() // 60)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return _("%(days)s d %(hours)s h") % {"days": days, "hours": hours}
    return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}


def line(one: reporting.Reported, span: reporting.Span, area: str, value: int, group: Any = None) -> dict[str, Any]:
    """A figure of a report, of an area or of a working group, with the address of the rows it counts."""
    said = f"{span.starts_at.isoformat()} {span.ends_at.isoformat()}" + (f" {group.pk}" if group else "")
    return {"label": one.label, "value": value, "url": named.url(one.slug, f"reported_{one.key}", said, area)}


def _reported(one: reporting.Reported) -> Callable[[str], Q]:
    """The condition of a figure of a report; the value names its span, and the working group if it is of one."""

    def condition(value: str) -> Q:
        *moments, group = value.split() if value.count(" ") == 2 else [*value.split(), ""]
        begins, ends = _moments(moments)
        of_group = Q(group=named.uuid_of(group)) if group and one.slug in reporting.GROUPED else Q()
        return one.condition(reporting.Span(Period.REGULAR, begins, ends, ends), now()) & of_group

    return condition


def _moments(said: list[str]) -> tuple[datetime, datetime]:
    try:
        begins, ends = map(datetime.fromisoformat, said)
    except ValueError:
        raise ValidationError(_("“%(value)s” is not a day.") % {"value": " ".join(said)[:20]}) from None
    return begins, ends


for _one in reporting.REPORTED.values():
    named.add(f"reported_{_one.key}", _one.slug, _one.label, _reported(_one))
for _figure in FIGURES.values():
    named.add(_figure.key, SLUG, _figure.label, _of(_figure))


def cells(figures: dict[str, int], keys: tuple[str, ...], directive: Any = "", area: str = "") -> list[dict[str, Any]]:
    """Figures with the address of the rows each of them counts."""
    return [
        {"key": key, "label": FIGURES[key].label, "note": FIGURES[key].meaning, "value": figures[key],
         "tone": "danger" if figures[key] and key in ("late", "receive_late") else "",
         "url": named.url(SLUG, key, str(directive), area)}
        for key in keys
    ]  # fmt: skip
