"""Evidence: why someone is thought to have been near a case. Households, what the case told, visits.

Nothing is a contact without at least one piece of evidence that names place and time, or the household.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from fangxian.core.policy import Pack
from fangxian.systems.cases import selectors as cases
from fangxian.systems.people import selectors as people
from fangxian.systems.screening import selectors as screening
from fangxian.warehouse.tracing import Meeting, Tracer, Window
from fangxian.workflows.response.window import Span, midnight

HOUSEHOLD, DECLARED, VISIT = "household", "declared", "visit"


@dataclass(frozen=True)
class Evidence:
    """One piece of evidence about one person.

    degree     1 near the case, 2 near a close contact of it
    via        the close contact, for degree 2
    overlap_s  seconds together; 0 when the person came after the other had left, or the time is not known
    """

    person_id: UUID
    kind: str
    degree: int = 1
    via: UUID | None = None
    place_id: UUID | None = None
    place_name: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    overlap_s: int = 0
    protected: bool = False

    def as_json(self) -> dict[str, Any]:
        """As the contact's row keeps it."""
        return {name: _plain(value) for name, value in vars(self).items() if name != "person_id"}


@dataclass
class SecondDegree:
    """Evidence about contacts of close contacts; `cut` people had some but are beyond the pack's limit."""

    evidence: list[Evidence]
    cut: int


def near_case(case, span: Span, pack: Pack, tracer: Tracer) -> list[Evidence]:
    """All evidence about people near the case in its infectious window."""
    return [*_household(case, span), *_declared(case, span), *_met(case, span, pack, tracer)]


def near_contacts(
    first_met: dict[UUID, datetime], span: Span, pack: Pack, tracer: Tracer, *, known: Collection[UUID]
) -> SecondDegree:
    """Evidence about people near close contacts, each between its first exposure to the case and now.

    first_met: close contacts and when they first met the case. known: people to leave out (the case and its contacts).
    Ranked by time together; more than `contact.secondary.max_persons` people are cut and counted.
    Source: protocol v8, definition of a secondary contact.
    """
    found = [*_households_of(first_met, span), *_met_contacts(first_met, span, pack, tracer)]
    found = [piece for piece in found if piece.person_id not in known]
    kept = _best(found, int(pack.number("contact.secondary.max_persons")))
    return SecondDegree([piece for piece in found if piece.person_id in kept], len({p.person_id for p in found} - kept))


def _household(case, span: Span) -> list[Evidence]:
    """Known to the day only, so that a run an hour later says the same."""
    members = people.household_members([case.person_id])[case.person_id]
    last = max(span.t0, midnight(timezone.localdate(span.t1)))
    return [Evidence(p.pk, HOUSEHOLD, starts_at=span.t0, ends_at=last) for p in members]


def _declared(case, span: Span) -> list[Evidence]:
    """People the case named, at a time inside the window or at an unknown time."""
    return [
        Evidence(told.person_id, DECLARED, place_id=told.place_id, place_name=told.place_name,
                 starts_at=told.starts_at, ends_at=told.ends_at, overlap_s=_seconds(told.starts_at, told.ends_at))
        for told in cases.exposures_of(case)
        if told.person_id and _inside(told.starts_at, told.ends_at, span)
    ]  # fmt: skip


def _met(case, span: Span, pack: Pack, tracer: Tracer) -> list[Evidence]:
    window = Window(ref=str(case.pk), person=case.person_id, t0=span.t0, t1=span.t1)
    lag = int(pack.duration("contact.lag_minutes").total_seconds())
    found = tracer.evidence([window], lag=lag, max_place_rows=int(pack.number("contact.max_place_rows")))
    return _visits(found, degree=1)


def _met_contacts(first_met: dict[UUID, datetime], span: Span, pack: Pack, tracer: Tracer) -> list[Evidence]:
    windows = [Window(str(pk), pk, t0, span.t1) for pk, t0 in first_met.items() if t0 < span.t1]
    least = int(pack.duration("contact.secondary.total_minutes").total_seconds())
    hubs = screening.hubs()
    limit = int(pack.number("contact.max_place_rows"))
    found = tracer.evidence(windows, min_overlap=least, max_place_rows=limit, without_places=hubs)
    return _visits(found, degree=2)


def _households_of(first_met: dict[UUID, datetime], span: Span) -> list[Evidence]:
    """Living together counts from the first exposure to the end of the day."""
    homes = people.household_members(first_met)
    today = midnight(timezone.localdate(span.t1))
    return [
        Evidence(member.pk, HOUSEHOLD, degree=2, via=pk, starts_at=first_met[pk], ends_at=max(first_met[pk], today),
                 overlap_s=_seconds(first_met[pk], today + timedelta(days=1)))
        for pk, members in homes.items()
        for member in members
    ]  # fmt: skip


def _visits(meetings: Iterable[Meeting], *, degree: int) -> list[Evidence]:
    meetings = list(meetings)
    places = screening.by_ids({meeting.place for meeting in meetings})
    return [
        Evidence(met.person, VISIT, degree, UUID(met.case_ref) if degree == 2 else None, met.place,
                 places[met.place].name if met.place in places else "", met.entered_at, met.left_at, met.overlap_s)
        for met in meetings
    ]  # fmt: skip


def _best(found: list[Evidence], limit: int) -> set[UUID]:
    together: dict[UUID, int] = {}
    for piece in found:
        together[piece.person_id] = together.get(piece.person_id, 0) + piece.overlap_s
    ranked = sorted(together, key=lambda pk: (-together[pk], pk))
    return set(ranked[:limit])


def _inside(starts_at: datetime | None, ends_at: datetime | None, span: Span) -> bool:
    return (starts_at is None or starts_at < span.t1) and (ends_at is None or ends_at > span.t0)


def _seconds(starts_at: datetime | None, ends_at: datetime | None) -> int:
    return int((ends_at - starts_at).total_seconds()) if starts_at and ends_at else 0


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else str(value) if isinstance(value, UUID) else value
