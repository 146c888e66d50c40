"""Who may not be put among people: who is in quarantine or followed as a contact, and whoever lives with them."""

from collections.abc import Iterable
from uuid import UUID

from fangxian.core import scope
from fangxian.systems.cases import selectors as cases
from fangxian.systems.people import selectors as people
from fangxian.systems.quarantine import selectors as quarantine
from fangxian.systems.quarantine.models import Stay

WHY = "somebody may be a contact or in quarantine in whatever county"


def barred(person_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the persons who are held or followed themselves, or share a household with somebody who is.

    Three sets of rows whatever the number of persons. Says nothing about why: that is none of whoever plans a shift.
    """
    asked = set(person_ids)
    if not asked:
        return set()
    with scope.everywhere(WHY):
        homes = {person: {person, *(other.pk for other in others)}
                 for person, others in people.household_members(asked).items()}  # fmt: skip
        everybody = set().union(*homes.values())
        held = {person for person, stays in quarantine.stays_of(everybody).items()
                if any(stay.state in Stay.OPEN for stay in stays)}  # fmt: skip
        held |= cases.followed_among(everybody)
    return {person for person, home in homes.items() if home & held}
