"""A house is entered once: the place where people check in takes its facts from the house's own register.

Pharmacies, medical facilities, places of goods and vaccination sites have registers of their own (`Visited`). Told once
that a place of the register of places is theirs, that place follows the house: its name, address, person in charge,
area and last day are changed with the house, in the same transaction, and refuse to be changed beside it. Where no
such place exists, one is made from the house. Key places then count the house once.
"""

from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.signals import post_save
from django.utils.translation import gettext as _

from fangxian.core import records, scope
from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, require
from fangxian.registers import site
from fangxian.registers.behaviours import Visited
from fangxian.systems.screening import selectors, services
from fangxian.systems.screening.models import Place

WHY = "a place follows its house"


def place_of(house: Any) -> Place | None:
    """The place that follows this house."""
    with scope.everywhere(WHY):
        return selectors.by_ids([house.venue_id]).get(house.venue_id) if house.venue_id else None


def house_of(place: Place) -> Any | None:
    """The record a place follows, in whatever register that is; None for a place of its own."""
    if not place.kept_in:
        return None
    with scope.everywhere(WHY):
        return site.get(place.kept_in).model.objects.filter(venue_id=place.pk).select_related("area").first()


def offers(house: Any) -> list[Place]:
    """Places of the register that may be this house, the likeliest first; none where it has one or can have none."""
    if house.venue_id or not house.venue_kind():
        return []
    code = getattr(house, "credit_code", "")
    return selectors.like(house.name, code, area_code=house.area_id, kind=house.venue_kind())


def open_place(house: Any, *, by: Officer | None) -> Place:
    """Make the place of a house that has none, with a code of its own; ValidationError with the reason."""
    with transaction.atomic():
        _refuse_second(house, by)
        facts = {name: value for name, value in house.venue_facts().items() if value not in (None, "")}
        place = services.add_place(by=by, kind=house.venue_kind(), source=house.source, **facts)
        return _joined(house, place, by)


def join(house: Any, place_id: UUID, *, by: Officer | None) -> Place:
    """This place of the register is the house; what the two said differently is from now on what the house says."""
    with transaction.atomic():
        _refuse_second(house, by)
        place = selectors.place(place_id)
        if place.kept_in:
            raise ValidationError(_("The place “%(place)s” already belongs to another record.") % {"place": place})
        return _joined(house, place, by)


def part(house: Any, *, by: Officer | None) -> None:
    """The place was not this house: both stand alone again, with what they say now."""
    _may(house, by)
    with transaction.atomic():
        place = place_of(house)
        records.change(house, by=by, action="venue.parted", venue_id=None)
        if place is not None:
            services.let_go(place=place, by=by)


def follow(instance: Any, **_extra: Any) -> None:
    """A house was changed: its place says the same from the same moment."""
    place = place_of(instance)
    if place is not None:
        with scope.everywhere(WHY):
            services.keep(place=place, by=instance.changed_by, kept_in=_slug(instance), facts=_facts(instance))


def _joined(house: Any, place: Place, by: Officer | None) -> Place:
    records.change(house, by=by, action="venue.joined", venue_id=place.pk)  # and the place follows at once
    return selectors.place(place.pk)


def _facts(house: Any) -> dict[str, Any]:
    """The house's facts; a value the house does not know takes none away from its place."""
    return {name: value for name, value in house.venue_facts().items() if value or name == "closed_on"}


def _refuse_second(house: Any, by: Officer | None) -> None:
    _may(house, by)
    if house.venue_id:
        raise ValidationError(_("This record has a place where people check in already."))
    if not house.venue_kind():
        raise ValidationError(_("Nobody checks in at a place of this kind."))


def _may(house: Any, by: Officer | None) -> None:
    """Who may change places in the area of the house; None is the platform itself."""
    if by is not None:
        require(by, Permission.SCREENING_WRITE, house.area_id)


def _slug(house: Any) -> str:
    return str(house._meta.label_lower)


for _model in apps.get_models():
    if issubclass(_model, Visited):
        post_save.connect(follow, sender=_model, dispatch_uid=f"a place follows {_model._meta.label_lower}")
