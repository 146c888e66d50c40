"""From when until when a contact is followed up, and how it stands: one pure function.

Everybody disagrees about these dates, so here they are in full.

    start       the last contact; else the case's first positive sample; else the day the case was reported
    until       start + the pack's days (the day itself counts as day 0)
    lengthened  somebody set a later end: it holds; an earlier one is ignored, follow-up is never shortened by hand
    extended    if nobody *saw* the contact on or after the end, but there were attempts then, the end moves to the
                day after the last attempt: a contact who was not at home on the last day is not finished

    status      no follow-up wanted      →  NO_FOLLOW_UP
                became a case            →  CANCELED
                dropped                  →  CANCELED
                seen on or after the end →  COMPLETED
                declared lost            →  LOST
                otherwise                →  FOLLOW_UP

COMPLETED says nothing of the days between: `completeness` is the share of days, from the day after the start until
the end or today, on which the contact was seen. Both are always shown together.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from fangxian.systems.cases.models import Contact

FollowUp = Contact.FollowUp


class Visit(StrEnum):
    """How a day's visit or check went."""

    COOPERATIVE = "COOPERATIVE"
    UNCOOPERATIVE = "UNCOOPERATIVE"
    UNAVAILABLE = "UNAVAILABLE"


@dataclass(frozen=True)
class Facts:
    """What follow-up depends on.

    last_contact, sampled, reported  days, as far as known; the first known one starts follow-up
    days       length by the policy pack; None when this ring is not followed up
    status     Contact.Status of the contact
    visits     what happened on which day
    lengthened an end somebody set by hand
    lost       whether the contact was declared lost
    """

    days: int | None
    last_contact: date | None = None
    sampled: date | None = None
    reported: date | None = None
    status: str = Contact.Status.ACTIVE
    visits: Mapping[date, Visit] = field(default_factory=dict)
    lengthened: date | None = None
    lost: bool = False


@dataclass(frozen=True)
class Answer:
    """Start and end (inclusive), how it stands, and days seen of days due."""

    status: str
    start: date | None = None
    until: date | None = None
    seen: int = 0
    due: int = 0

    @property
    def completeness(self) -> float | None:
        """Share of days seen, 0 to 1; None while no day is due."""
        return self.seen / self.due if self.due else None


def follow_up(facts: Facts, today: date) -> Answer:
    """How a contact's follow-up stands on a day."""
    start = facts.last_contact or facts.sampled or facts.reported
    if facts.days is None or start is None:
        return Answer(FollowUp.NO_FOLLOW_UP if facts.days is None else _status(facts, None), start)
    until = _until(facts, start + timedelta(days=facts.days))
    days = _days(start, min(until, today))
    seen = sum(1 for day in days if facts.visits.get(day) == Visit.COOPERATIVE)
    return Answer(_status(facts, until), start, until, seen, len(days))


def _until(facts: Facts, planned: date) -> date:
    until = max(planned, facts.lengthened or planned)
    attempts = [day for day in facts.visits if day >= until]
    if not attempts or _seen_since(facts, until):
        return until
    return max(attempts) + timedelta(days=1)


def _status(facts: Facts, until: date | None) -> str:
    if facts.status != Contact.Status.ACTIVE:
        return FollowUp.CANCELED
    if until is not None and _seen_since(facts, until):
        return FollowUp.COMPLETED
    return FollowUp.LOST if facts.lost else FollowUp.FOLLOW_UP


def _seen_since(facts: Facts, day: date) -> bool:
    return any(on >= day and visit == Visit.COOPERATIVE for on, visit in facts.visits.items())


def _days(start: date, last: date) -> list[date]:
    return [start + timedelta(days=n) for n in range(1, (last - start).days + 1)]
