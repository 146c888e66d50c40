"""Two entries of one person are made one: alone where nobody is restricted, by two officers where somebody is.

Whoever is a case that counts, a contact being followed, or has a stay at an isolation site is restricted: putting that
on another entry, or taking it off one, is never the word of one officer.
"""

from collections.abc import Iterable
from uuid import UUID

from fangxian.core import scope
from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, require
from fangxian.systems.cases import selectors as cases
from fangxian.systems.people import merging
from fangxian.systems.people import selectors as people
from fangxian.systems.people.merging import Undone
from fangxian.systems.people.models import Merge
from fangxian.systems.quarantine import selectors as quarantine
from fangxian.systems.quarantine.models import Stay

HELD = (Stay.State.NO_ROOM, Stay.State.BOOKED, Stay.State.IN)


def merge(*, winner: UUID, loser: UUID, reason: str, by: Officer) -> Merge:
    """Merge, or propose to a second person what touches a restriction. Ids of entries; ValidationError with reason."""
    stays, goes = people.person(winner), people.person(loser)
    for person in (stays, goes):
        require(by, Permission.PEOPLE_WRITE, person.area_id)
    restricted = restricted_among([stays.pk, goes.pk])
    return merging.merge(winner=stays, loser=goes, reason=reason, by=by, is_restricting=bool(restricted))


def agree(merge: Merge, *, by: Officer) -> Merge:
    """A second person agrees to a merge that touches a restriction."""
    require(by, Permission.PEOPLE_WRITE, merge.area_id)
    return merging.agree(merge=merge, by=by)


def refuse(merge: Merge, *, reason: str, by: Officer) -> Merge:
    """A second person does not agree."""
    require(by, Permission.PEOPLE_WRITE, merge.area_id)
    return merging.refuse(merge=merge, reason=reason, by=by)


def undo(merge: Merge, *, reason: str, by: Officer) -> tuple[Merge, Undone]:
    """Make two entries of one again."""
    require(by, Permission.PEOPLE_WRITE, merge.area_id)
    return merging.undo(merge=merge, reason=reason, by=by)


def restricted_among(person_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the people whom a case, a contact being followed or a stay restricts now."""
    ids = list(person_ids)
    with scope.everywhere("a restriction counts, whichever area's it is"):
        ill = set(cases.cases_in().filter(person_id__in=ids).values_list("person_id", flat=True))
        followed = set(cases.open_contacts().filter(person_id__in=ids).values_list("person_id", flat=True))
        stays = {who for who, rows in quarantine.stays_of(ids).items() if any(row.state in HELD for row in rows)}
    return ill | followed | stays
