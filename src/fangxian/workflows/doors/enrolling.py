"""Who came, was born, moved in or out: the roster is mended at the door. Who is known is found, never entered twice.

An identity number is looked up by its blind index over the whole installation; a name, a phone and an address that are
known are not asked for again. Only a number nobody has yet needs a name.
"""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import reference, scope
from fangxian.core.areas import Area
from fangxian.core.clock import today
from fangxian.core.records import Record, Source
from fangxian.systems.arrivals import selectors as arrivals_known
from fangxian.systems.arrivals import services as arrivals
from fangxian.systems.arrivals.models import Arrival
from fangxian.systems.arrivals.services import Stayed
from fangxian.systems.arrivals.words import Channel
from fangxian.systems.people import calling, services
from fangxian.systems.people import selectors as people
from fangxian.systems.people.models import Household, Person
from fangxian.workflows.doors.entries import Sent

KNOWN_ELSEWHERE = "a person is entered once in the installation, wherever they live: looked up by the identity number"
MOVES = "a person moves out of another area into the one of the officer who met them there"


def arrival(
    sent: Sent, *, household_id: UUID, who: dict[str, Any], arrived_on: date, from_name: str = "", from_code: str = "",
    from_on: date | None = None, until_on: date | None = None, **trip: Any,
) -> Record:  # fmt: skip
    """Somebody who came from elsewhere, met at the door: found or entered, their arrival with where they were."""
    home = calling.household(household_id)
    if arrived_on > today():
        raise ValidationError({"arrived_on": _("This day is still to come.")})
    with transaction.atomic():
        person = _somebody(sent, home, who, joins=False)
        _refuse_twice(person, arrived_on)
        code = from_code or code_of(from_name)
        began = min(from_on or arrived_on, until_on or arrived_on)
        stays = [Stayed(code, began, until_on or arrived_on, from_name)] if code or from_name else []
        return arrivals.record_arrival(
            by=sent.by, person=person, area=home.area, present_area=home.area, arrived_on=arrived_on, stays=stays,
            source=Source.FIELD, id=sent.id, channel=Channel.DOOR, device_at=sent.device_at,
            landed_at=sent.made_at, **trip,
        )  # fmt: skip


def _refuse_twice(person: Person, arrived_on: date) -> None:
    """One coming is one arrival, though a station, a declaration and a worker tell of it."""
    near = (arrived_on - timedelta(days=1), arrived_on + timedelta(days=1))
    told = arrivals_known.in_area("").filter(person_id=person.pk, arrived_on__range=near)
    known = told.exclude(state=Arrival.State.NOT_COME).first()
    if known is not None:
        raise ValidationError(
            {"arrived_on": _("This arrival is known already (%(state)s).") % {"state": known.get_state_display()}}
        )


def moved_in(sent: Sent, *, household_id: UUID, who: dict[str, Any]) -> Record:
    """Somebody lives here now: the known record moves once, a new one is entered."""
    home = calling.household(household_id)
    with transaction.atomic():
        return _somebody(sent, home, who, joins=True)


def newborn(sent: Sent, *, household_id: UUID, name: str, sex: str, birth_date: date) -> Record:
    """A child without papers yet; it gets a number of ours, which the paper's number later replaces."""
    home = calling.household(household_id)
    if birth_date > today():
        raise ValidationError({"birth_date": _("This day is still to come.")})
    return services.add_person(
        by=sent.by, area=home.area, household=home, name=name, sex=sex, birth_date=birth_date,
        id_type=Person.IdType.TEMPORARY, address=home.address.reveal(), id=sent.id, source=Source.FIELD,
    )  # fmt: skip


def moved_out(sent: Sent, *, person_id: UUID, on: date) -> Record:
    """Somebody no longer lives here; ledgers keep pointing to them."""
    if on > today():
        raise ValidationError({"on": _("This day is still to come.")})
    return services.leave(person=people.person(person_id), by=sent.by, on=on)


def _somebody(sent: Sent, home: Household, who: dict[str, Any], *, joins: bool) -> Person:
    """The person with this number, wherever; else a new one of this household. `joins`: they live here from now on."""
    number = who.get("id_number") or ""
    with scope.everywhere(KNOWN_ELSEWHERE):
        known = people.find_by_id_number(number) if number else None
    if known is not None:
        return _moved(sent, known, home) if joins else known
    if not who.get("name"):
        raise ValidationError({"name": _("Nobody is known under this number. Enter the name.")})
    kind = who.get("id_type") or Person.IdType.RESIDENT
    if not number and kind not in (Person.IdType.NONE, Person.IdType.TEMPORARY):
        raise ValidationError({"id_number": _("Enter the identity number, or say that there are no papers.")})
    given = {name: who[name] for name in ("name", "phone", "sex", "birth_date") if who.get(name)}
    # the entry's own id belongs to the record it makes: the person who moved in, or the arrival of one who came
    own = {"id": sent.id} if joins else {}
    return services.add_person(
        by=sent.by, area=home.area, household=home, id_type=kind, id_number=number, address=home.address.reveal(),
        source=Source.FIELD, **given, **own,
    )  # fmt: skip


def _moved(sent: Sent, known: Person, home: Household) -> Person:
    if known.household_id == home.pk and known.left_on is None:
        return known
    with scope.everywhere(MOVES):
        return services.move_person(
            person=known, by=sent.by, area=home.area, household=home, address=home.address.reveal()
        )


def code_of(name: str) -> str:
    """The national code of a place by its exact name, "" where no place or several bear it."""
    asked = name.strip()
    if not asked:
        return ""
    ours = set(Area.objects.filter(name=asked, kind__in=OFFICIAL).values_list("code", flat=True)[:2])
    found = ours or {row.code for row in reference.divisions() if row.name == asked}
    return found.pop() if len(found) == 1 else ""


OFFICIAL = [Area.Kind.PROVINCE, Area.Kind.PREFECTURE, Area.Kind.COUNTY, Area.Kind.TOWNSHIP]


__all__ = ["Arrival", "arrival", "code_of", "moved_in", "moved_out", "newborn"]
