"""Whom a buyer's words mean: found among the people on record, or entered once.

A clerk reads a card and learns nothing from the platform: whether the number is on record, and where that person
lives, is looked up for the record alone and never shown at the till.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fangxian.core import scope
from fangxian.core.areas import Area
from fangxian.core.officers import Officer
from fangxian.core.records import Source
from fangxian.systems.people import derived
from fangxian.systems.people import selectors as people
from fangxian.systems.people import services as entering
from fangxian.systems.people.models import Person

WHY = "a buyer is whoever the card names, wherever they live"
SAID = ("name", "id_number", "phone", "address")


def tidy(values: dict[str, Any]) -> dict[str, Any]:
    """One spelling of name, number and phone; raises ValidationError by field for what cannot be one."""
    told = {name: values[name] for name in ("name", "phone") if values.get(name)}
    if values.get("id_number"):
        told["id_number"] = values["id_number"]
    done = derived.complete(told)
    return {**values, **{name: done[name] for name in told}}


def known_or_new(buyer: dict[str, Any], *, area: Area, by: Officer | None, source: str = Source.WEB) -> Person | None:
    """The person a buyer is; None for whoever gave no name. Raises ValidationError for a number of somebody else."""
    if not buyer.get("name"):
        return None
    with scope.everywhere(WHY):
        found = _by_number(buyer) or _by_phone(buyer)
    if found is not None:
        return found
    values = {name: buyer[name] for name in ("id_number", "phone", "address") if buyer.get(name)}
    paper = {} if values.get("id_number") else {"id_type": Person.IdType.NONE}
    with scope.within(area.code):
        return entering.add_person(by=by, area=area, name=buyer["name"], source=source, **paper, **values)


def _by_number(buyer: dict[str, Any]) -> Person | None:
    number = _plain(buyer.get("id_number"))
    found = people.find_by_id_number(number) if number else None
    if found is not None and found.name != buyer["name"]:
        raise ValidationError({"id_number": _("This number does not go with this name: read both from the card.")})
    return found


def _by_phone(buyer: dict[str, Any]) -> Person | None:
    """Who bears the name under the phone; a family shares one, so the name has to be the same, and no other number."""
    phone, number = _plain(buyer.get("phone")), _plain(buyer.get("id_number"))
    if not phone:
        return None
    namesakes = [row for row in people.find_by_phone(phone) if row.name == buyer["name"]]
    if number:
        namesakes = [row for row in namesakes if not row.id_number]
    return namesakes[0] if len(namesakes) == 1 else None


def _plain(value: Any) -> str:
    return value.reveal() if hasattr(value, "reveal") else (value or "")
