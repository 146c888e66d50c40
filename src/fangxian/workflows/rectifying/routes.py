"""Stops chosen by hand: a key place, any village, or any other unit of the area, each with a list that fits it."""

from dataclasses import dataclass, replace
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fangxian.core import scope
from fangxian.core.areas import Area, code_range
from fangxian.core.policy import Pack
from fangxian.registers import site
from fangxian.systems.inspection import rules
from fangxian.systems.inspection.rules import Checklist
from fangxian.systems.inspection.services import Stop
from fangxian.workflows import rectification
from fangxian.workflows.rectifying.places import key_places, place_of

UNIT = "area"
UNITS = (Area.Kind.COUNTY, Area.Kind.ZONE, Area.Kind.TOWNSHIP, Area.Kind.VILLAGE)
MOST = 20
"""Places offered for one search."""


@dataclass(frozen=True)
class Offer:
    """A place that may be a stop.

    value       what says which it is: register and row (`screening.place:<uuid>`), or `area:<code>`
    checklists  the lists that fit it, the best first
    """

    value: str
    name: str
    area: Area
    kind: str
    checklists: list[Checklist]


def offers(area: Area, text: str, pack: Pack) -> list[Offer]:
    """Key places and units of an area whose name has the text, units first; nothing for no text."""
    text = text.strip()
    if not text:
        return []
    low, high = code_range(area.code)
    units = scope.areas_in_scope().filter(code__gte=low, code__lt=high, kind__in=UNITS, name__icontains=text)
    found = [_of_unit(one, pack) for one in units.order_by("code")[:MOST]]
    named = (place for place in key_places(area.code, pack) if text.lower() in place.name.lower())
    found += [
        Offer(f"{one.slug}:{one.pk}", one.name, one.area, one.kind_label, rules.checklists_for(pack, one.kind))
        for one in named
    ]  # fmt: skip
    return found[:MOST]


def lists_for_unit(area: Area, pack: Pack) -> list[Checklist]:
    """The lists for a unit itself, a township, a village, a department: those for its kind, then those for anybody."""
    return rules.checklists_for(pack, f"{UNIT}:{area.kind.upper()}")


def stop_for(value: str, checklist: str, *, area: Area, pack: Pack) -> Stop:
    """The stop an offer stands for; ValidationError for a place outside the area or a list that does not fit it."""
    kind, _colon, key = value.partition(":")
    stop, fitting = _unit_stop(key, pack) if kind == UNIT else _place_stop(kind, key, pack)
    if not stop.area.code.startswith(area.code):
        raise ValidationError(_("%(place)s is not in the area of this trip.") % {"place": stop.where})
    if checklist and checklist not in {one.key for one in fitting}:
        raise ValidationError(_("This list is not for %(place)s.") % {"place": stop.where})
    return replace(stop, checklist=checklist) if checklist else stop


def _of_unit(area: Area, pack: Pack) -> Offer:
    return Offer(f"{UNIT}:{area.code}", area.name, area, area.get_kind_display(), lists_for_unit(area, pack))


def _unit_stop(code: str, pack: Pack) -> tuple[Stop, list[Checklist]]:
    area = scope.areas_in_scope().get(code=code)
    fitting = lists_for_unit(area, pack)
    return Stop(area, area.name, fitting[0].key, unit=area.name), fitting


def _place_stop(slug: str, key: str, pack: Pack) -> tuple[Stop, list[Checklist]]:
    place = place_of(site.get(slug).get(UUID(key)), pack)
    return rectification.stop_at(place, pack), rules.checklists_for(pack, place.kind)


__all__ = ["Offer", "lists_for_unit", "offers", "stop_for"]
