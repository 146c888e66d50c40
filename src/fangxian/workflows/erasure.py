"""Erase where a person was: visits in every form they are kept, scans of bad codes, and say who wanted it and why.

What follows from visits that were already looked at (contacts with their evidence, stays, tests) is not touched: it has
its own time. A stored result of a trace goes with its own, three days at most by the pack.
"""

from dataclasses import dataclass
from uuid import UUID

from fangxian.core import audit
from fangxian.core.officers import Officer
from fangxian.core.reasons import stated
from fangxian.systems.people import selectors as people
from fangxian.systems.screening import flagged
from fangxian.warehouse import aliases, visit_log


@dataclass(frozen=True)
class Erased:
    """How many rows went: visits (hot and sealed), and scans of bad codes."""

    visits: int
    flagged_scans: int


def erase_visits(*, person_id: UUID, by: Officer | None, reason: str) -> Erased:
    """Erase a person's visits and flagged scans, inside the scope in force; repeating it is harmless. What was scanned
    under an entry that was merged into this one goes too.

    Raises ValidationError without a reason, Person.DoesNotExist for nobody of this scope. The visits go first: a
    process that dies in between leaves nothing but the audit row to be written, by the same call made again.
    """
    reason = stated(reason)
    person = people.person(person_id)
    ids = sorted(aliases.ids_of(person.pk))
    visits = sum(visit_log().erase(pk) for pk in ids)
    with audit.act("people.person.visits_erased", by=by, area=person.area, target=person) as detail:
        done = Erased(visits, sum(map(flagged.erase, ids)))
        detail |= {"reason": reason, "visits": done.visits, "flagged_scans": done.flagged_scans}
    return done
