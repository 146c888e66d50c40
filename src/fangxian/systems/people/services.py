"""Writing people: each verb validated, inside the scope in force, audited in its own transaction."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.areas import Area
from fangxian.core.ids import uuid7
from fangxian.core.officers import Officer
from fangxian.core.records import Source
from fangxian.systems.people import derived
from fangxian.systems.people.models import Household, Person

BATCH = 5_000  # people in one transaction and under one audit row
_FROM = ("area", "name", "id_type", "id_number", "phone", "sex", "birth_date")
_IDENTITY = {"id_type", "id_number", "sex", "birth_date"}


def add_household(
    *, by: Officer | None, area: Area, number: str, address: str = "", source: str = Source.WEB, **values: Any
) -> Household:
    """Enter a household in its grid cell (or village)."""
    return records.create(
        Household, by=by, action="people.household.added", source=source,
        area=area, number=number, address=address, **values,
    )  # fmt: skip


def change_household(
    *, household: Household, by: Officer | None, base_version: int | None = None, **changes: Any
) -> Household:
    """Change fields of a household; its people stay where they are."""
    return records.change(household, by=by, action="people.household.changed", base_version=base_version, **changes)


def add_person(*, by: Officer | None, area: Area, name: str, source: str = Source.WEB, **values: Any) -> Person:
    """Enter a person once. Number and phone are brought to one spelling; sex and birth date come from the number."""
    if values.get("id_type") == Person.IdType.TEMPORARY:
        values.setdefault("id", uuid7())
    done = derived.complete({"area": area, "name": name, **values}, person_id=values.get("id"))
    _lives_inside(done)
    return records.create(Person, by=by, action="people.person.added", source=source, **done)


def change_person(*, person: Person, by: Officer | None, base_version: int | None = None, **changes: Any) -> Person:
    """Change fields of a person; what follows from them changes with them."""
    done = _rederived(person, changes)
    return records.change(person, by=by, action="people.person.changed", base_version=base_version, **done)


def _rederived(person: Person, changes: dict[str, Any]) -> dict[str, Any]:
    """The changes and their consequences, without fields that stay as this writer saw them."""
    known = {name: getattr(person, name) for name in _FROM}
    if not _IDENTITY & changes.keys():
        known = {name: value for name, value in known.items() if name not in _IDENTITY}
    elif {"id_type", "id_number"} & changes.keys():
        # another number brings its own birth date and sex
        known |= {"sex": None, "birth_date": None}
    done = derived.complete(known | changes, person_id=person.pk)
    return {name: value for name, value in done.items() if name in changes or _differs(person, name, value)}


def _differs(person: Person, name: str, value: Any) -> bool:
    return value not in (None, "") and getattr(person, name) != value


def move_person(
    *, person: Person, by: Officer | None, area: Area, household: Household | None = None, address: str = ""
) -> Person:
    """The person now lives elsewhere in our areas: the record moves once and stays visible."""
    changes = {"area": area, "household": household, "address": address, "left_on": None}
    _lives_inside(changes)
    return records.change(person, by=by, action="people.person.moved", **changes)


def leave(*, person: Person, by: Officer | None, on: date) -> Person:
    """The person has moved away; ledgers keep pointing here, rosters no longer show them."""
    return records.change(person, by=by, action="people.person.left", left_on=on)


def add_people_many(
    *, by: Officer | None, people: Iterable[Person], source: str = Source.IMPORT, action: str = "people.person.imported"
) -> int:
    """Enter many people, one transaction and audit row per 5,000; raises ValidationError naming the first bad row.

    Meant for lists that were checked row by row before (sheets) or made by us (demo): uniqueness is the database's.
    """
    return _in_batches(Person, (_completed(row) for row in people), by=by, source=source, action=action)


def add_households_many(
    *, by: Officer | None, households: Iterable[Household], source: str = Source.IMPORT,
    action: str = "people.household.imported",
) -> int:  # fmt: skip
    """Enter many households, one transaction and audit row per 5,000."""
    return _in_batches(Household, households, by=by, source=source, action=action)


def _in_batches(model: type, rows: Iterable, *, by: Officer | None, source: str, action: str) -> int:
    count, batch = 0, []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            count += len(records.create_many(model, batch, by=by, action=action, source=source))
            batch = []
    return count + len(records.create_many(model, batch, by=by, action=action, source=source))


def _completed(row: Person) -> Person:
    values = {name: getattr(row, name) for name in _FROM if name != "area"}
    if row.id_type == Person.IdType.TEMPORARY:
        values["area"] = row.area
    for name, value in derived.complete(values, person_id=row.pk).items():
        setattr(row, name, value)
    return row


def _lives_inside(values: dict[str, Any]) -> None:
    """A household and its members belong to one area, or the roster of the cell would not show them."""
    household, area = values.get("household"), values.get("area")
    if household is not None and area is not None and not household.area_id.startswith(area.code):
        raise ValidationError({"household": _("This household belongs to another area.")})


def same_household(*, by: Officer | None, household: Household, person_ids: Iterable[UUID]) -> int:
    """Put people into one household and its area."""
    people = list(Person.objects.filter(pk__in=list(person_ids)))
    return records.change_many(
        people, by=by, action="people.household.joined", household=household, area=household.area
    )
