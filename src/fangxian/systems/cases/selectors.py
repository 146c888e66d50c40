"""Reads of cases: nothing here writes, and no query count grows with the rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate

from fangxian.core.areas import code_range
from fangxian.systems.cases.chains import Chain, chain
from fangxian.systems.cases.classification import Suggestion, classify
from fangxian.systems.cases.indicators import Indicator, indicators
from fangxian.systems.cases.models import Case, Contact, Event, Exposure, Response, TimelineEntry, TransmissionLink
from fangxian.systems.cases.timeline import Moment, merge
from fangxian.systems.people import selectors as people
from fangxian.systems.people.models import Person

__all__ = [
    "Chain",
    "Indicator",
    "Moment",
    "Suggestion",
    "active_contacts_of",
    "by_ids",
    "by_numbers",
    "case",
    "cases_in",
    "chain",
    "classify",
    "confirmed_since",
    "contact",
    "contact_counts",
    "contact_totals",
    "contacts_of",
    "counts_by_area",
    "curve",
    "event",
    "exposures_of",
    "indicators",
    "known_by_day",
    "links_of",
    "of_event",
    "open_contacts",
    "places_of_contacts",
    "places_told",
    "responses_of",
    "rings_known",
    "same_illness",
    "search",
    "timeline",
]
C = Case.Classification


def case(pk: UUID | str) -> Case:
    """One case with what its page shows first; `Case.DoesNotExist` outside the scope."""
    return Case.objects.select_related("person", "person__area", "area", "present_area", "event").get(pk=pk)


def event(pk: UUID | str) -> Event:
    """One event."""
    return Event.objects.select_related("area").get(pk=pk)


def of_event(event: Event, limit: int) -> list[Case]:
    """The first cases of an event, in the order they fell ill, with their persons."""
    found = Case.objects.filter(event=event).select_related("person", "area")
    return list(found.order_by(Coalesce("onset_on", TruncDate("created_at")), "pk")[:limit])


def by_numbers(numbers: Iterable[str]) -> dict[str, Case]:
    """Cases by their numbers; those outside the scope are missing."""
    return {found.number: found for found in Case.objects.filter(number__in=list(numbers)).select_related("person")}


def search(text: str) -> QuerySet[Case]:
    """Cases whose number begins with the text, or whose person's name or initials do; newest first."""
    low, high = code_range(text.strip())
    named = people.search(text).order_by().values("pk")
    found = Case.objects.filter(Q(number__gte=low, number__lt=high) | Q(person__in=named))
    return found.select_related("person", "area").order_by("-positive_at", "-pk")


def by_ids(ids: Iterable[UUID | str]) -> list[Case]:
    """Cases by id, in the order asked for; those outside the scope are missing."""
    wanted = list(dict.fromkeys(str(pk) for pk in ids))
    found = {str(case.pk): case for case in Case.objects.filter(pk__in=wanted).select_related("person", "area")}
    return [found[pk] for pk in wanted if pk in found]


def rings_known(case_ids: Iterable[UUID | str]) -> dict[UUID, str]:
    """Persons who are already being followed as contacts of one of these cases, with the nearest ring."""
    found = Contact.objects.filter(case__in=list(case_ids), status=Contact.Status.ACTIVE)
    order = {ring: number for number, ring in enumerate(Contact.Ring.values)}
    known: dict[UUID, str] = {}
    for person, ring in found.order_by().values_list("person_id", "ring"):
        known[person] = min(known.get(person, ring), ring, key=lambda name: order[name])
    return known


def same_illness(person: Person, disease: str, result_id: UUID | None = None) -> Case | None:
    """The person's case this would be the same as: still open, or already confirmed by this very result."""
    open_ones = Q(outcome=Case.Outcome.NO_OUTCOME) & ~Q(classification=C.NO_CASE)
    same = open_ones | Q(result_id=result_id) if result_id else open_ones
    return Case.objects.filter(same, person=person, disease=disease).order_by("created_at", "pk").first()


def cases_in(area: str = "", disease: str = "") -> QuerySet[Case]:
    """Cases that count, of an area and all below it; newest first."""
    low, high = code_range(area)
    found = Case.objects.filter(area_id__gte=low, area_id__lt=high).exclude(classification=C.NO_CASE)
    found = found.filter(disease=disease) if disease else found
    return found.select_related("person", "area").order_by("-positive_at", "-pk")


def confirmed_since(since: datetime, kinds: Iterable[str]) -> set[UUID]:
    """Persons whose case of one of these classifications became known since a moment."""
    rows = cases_in().filter(classification__in=list(kinds)).annotate(known=Coalesce("positive_at", "created_at"))
    return set(rows.filter(known__gte=since).order_by().values_list("person_id", flat=True))


def contacts_of(case: Case, status: str = "") -> QuerySet[Contact]:
    """The contacts of a case, nearest ring first; in all states unless one is named."""
    found = Contact.objects.filter(case=case).select_related(
        "person", "person__area", "area", "via", "via__person", "proposed_by", "decided_by"
    )
    found = found.filter(status=status) if status else found
    return found.order_by("ring", "area_id", "pk")


def waiting_contacts(case: Case) -> QuerySet[Contact]:
    """The contacts of a case for which something is proposed."""
    return Contact.objects.filter(case=case).exclude(proposed="")


def contact_ids(case: Case, *states: str) -> QuerySet:
    """The ids of a case's contacts in some states."""
    return Contact.objects.filter(case=case, status__in=states).order_by().values_list("pk", flat=True)


def contact_counts(case: Case) -> dict[str, int]:
    """How many contacts of a case stand in each ring, without those dropped or only proposed; one query."""
    found = Contact.objects.filter(case=case).exclude(status__in=(Contact.Status.DROPPED, Contact.Status.PROPOSED))
    return dict(found.values_list("ring").annotate(n=Count("pk")).order_by("ring"))


def contact(pk: UUID | str) -> Contact:
    """One contact; `Contact.DoesNotExist` outside the scope."""
    return Contact.objects.select_related("person", "area", "case", "case__area", "proposed_by").get(pk=pk)


def active_contacts_of(person: Person, disease: str) -> list[Contact]:
    """Where a person is a contact that is being followed or proposed, of cases of one disease."""
    states = (Contact.Status.ACTIVE, Contact.Status.PROPOSED)
    found = Contact.objects.filter(person=person, case__disease=disease, status__in=states)
    return list(found.select_related("area", "case"))


def followed_among(person_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the persons who are a contact being followed or proposed, of whatever disease."""
    states = (Contact.Status.ACTIVE, Contact.Status.PROPOSED)
    found = Contact.objects.filter(person_id__in=list(person_ids), status__in=states)
    return set(found.exclude(follow_up=Contact.FollowUp.COMPLETED).values_list("person_id", flat=True))


def open_contacts(area: str = "") -> QuerySet[Contact]:
    """Contacts in follow-up of an area and all below it, those that end first first."""
    low, high = code_range(area)
    found = Contact.objects.filter(area_id__gte=low, area_id__lt=high, status=Contact.Status.ACTIVE)
    found = found.filter(follow_up=Contact.FollowUp.FOLLOW_UP)
    return found.select_related("person", "area", "case").order_by("follow_up_until", "pk")


def exposures_of(case: Case) -> list[Exposure]:
    """What the case told."""
    return list(Exposure.objects.filter(case=case).select_related("person").order_by("starts_at", "pk"))


def places_told(cases: Iterable[Case]) -> set[UUID]:
    """The places cases told of; one query."""
    found = Exposure.objects.filter(case__in=list(cases), place_id__isnull=False)
    return set(found.order_by().values_list("place_id", flat=True).distinct())


def places_of_contacts(cases: Iterable[Case]) -> set[UUID]:
    """The places at which contacts that are followed were met; one query."""
    found = Contact.objects.filter(case__in=list(cases), status=Contact.Status.ACTIVE)
    rows = found.order_by().values_list("evidence", flat=True).iterator()
    return {UUID(piece["place_id"]) for evidence in rows for piece in evidence if piece.get("place_id")}


def contact_totals(cases: Iterable[Case]) -> dict[UUID, int]:
    """How many contacts each case has, without those dropped or only proposed; one query."""
    found = Contact.objects.filter(case__in=list(cases))
    found = found.exclude(status__in=(Contact.Status.DROPPED, Contact.Status.PROPOSED))
    return dict(found.order_by().values_list("case").annotate(n=Count("pk")))


def timeline(case: Case) -> list[Moment]:
    """Everything with a time about a case, in order, uncertain times marked; two queries."""
    return merge(case, list(TimelineEntry.objects.filter(case=case)), exposures_of(case))


def links_of(case: Case) -> list[TransmissionLink]:
    """Who infected the case and whom it infected."""
    found = TransmissionLink.objects.filter(Q(infector=case) | Q(infected=case))
    return list(found.select_related("infector", "infected").order_by("pk"))


def responses_of(case: Case) -> list[Response]:
    """The runs of the response, newest first."""
    return list(Response.objects.filter(case=case).order_by("-run"))


@dataclass(frozen=True)
class CurveDay:
    """Cases by the day of onset (or of the first positive sample when there was none)."""

    day: date
    onset: int
    sampled: int


def curve(area: str = "", disease: str = "") -> list[CurveDay]:
    """The epidemic curve; days without cases are left out. Two queries."""
    cases = cases_in(area, disease).order_by()
    onset = dict(cases.filter(onset_on__isnull=False).values_list("onset_on").annotate(n=Count("pk")))
    silent = cases.filter(onset_on__isnull=True, sampled_at__isnull=False)
    sampled = dict(silent.values_list("sampled_at__date").annotate(n=Count("pk")))
    return [CurveDay(day, onset.get(day, 0), sampled.get(day, 0)) for day in sorted({*onset, *sampled})]


@dataclass(frozen=True)
class DayCount:
    """Cases of one area, disease and classification that became known on one local day."""

    day: date
    area_code: str
    disease: str
    classification: str
    count: int


def known_by_day(since: date, until: date, area: str = "", disease: str = "") -> list[DayCount]:
    """How many cases became known (first positive, else entered) from a day until a day, both counted; one query."""
    known = TruncDate(Coalesce("positive_at", "created_at"))
    rows = cases_in(area, disease).order_by().annotate(day=known).filter(day__range=(since, until))
    counted = rows.values_list("day", "area_id", "disease", "classification").annotate(n=Count("pk"))
    return [DayCount(*row) for row in counted.order_by("day", "area_id", "disease", "classification")]


def counts_by_area(codes: Iterable[str], disease: str = "") -> dict[str, int]:
    """Cases that count in each area and all below it; one query."""
    found = dict(cases_in("", disease).order_by().values_list("area_id").annotate(n=Count("pk")))
    return {code: sum(n for area, n in found.items() if area.startswith(code)) for code in codes}
