"""Questions to medical care, inside the scope in force."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Case, Max, QuerySet, When

from fangxian.core.areas import code_range
from fangxian.core.clock import now
from fangxian.core.standing import standing
from fangxian.systems.medical import rules
from fangxian.systems.medical.beds import OPEN, Capacity, capacity
from fangxian.systems.medical.models import Admission, ControlAnswer, ControlRound, Facility, FeverVisit, Referral
from fangxian.systems.medical.words import Answered

__all__ = ["Capacity", "capacity"]


def facility(pk: UUID | str) -> Facility:
    """One facility; raises DoesNotExist."""
    return Facility.objects.select_related("area").get(pk=pk)


def visit(pk: UUID | str) -> FeverVisit:
    """One visit of a fever patient; raises DoesNotExist."""
    return FeverVisit.objects.select_related("facility__area", "person__area", "area").get(pk=pk)


def referral(pk: UUID | str) -> Referral:
    """One patient transfer; raises DoesNotExist."""
    return Referral.objects.select_related("from_facility", "to_facility", "person", "area").get(pk=pk)


def admission(pk: UUID | str) -> Admission:
    """One admission; raises DoesNotExist."""
    return Admission.objects.select_related("facility", "person", "area").get(pk=pk)


def rounds_of(facility: Facility) -> QuerySet[ControlRound]:
    """The rounds of a facility, the latest first."""
    return ControlRound.objects.filter(facility=facility).order_by("-done_at")


def control_round(pk: UUID | str) -> ControlRound:
    """One round of infection control; raises DoesNotExist."""
    return ControlRound.objects.select_related("facility__area").get(pk=pk)


def facilities() -> QuerySet[Facility]:
    """Those that are open, by area and name."""
    return Facility.objects.filter(standing()).select_related("area").order_by("area_id", "name")


def fever_clinics(county_code: str) -> list[Facility]:
    """Where fever patients of a county are sent: its fever clinics, else its hospitals, both open."""
    low, high = code_range(county_code)
    houses = facilities().filter(area_id__gte=low, area_id__lt=high)
    clinics = list(houses.filter(kind=Facility.Kind.FEVER_CLINIC))
    hospitals = (Facility.Kind.DESIGNATED_HOSPITAL, Facility.Kind.HOSPITAL)
    return clinics or list(houses.filter(kind__in=hospitals))


def visits_since(since: datetime, facility: Facility | None = None) -> QuerySet[FeverVisit]:
    """Fever patients seen, exceptions first: not allowed there, then fever, then the latest."""
    rows = FeverVisit.objects.filter(visited_at__gte=since).select_related("facility", "person", "area")
    rows = rows.filter(facility=facility) if facility else rows
    return rows.order_by("-is_forbidden", "-is_fever", "-visited_at")


def referrals_of(subject_ids: Iterable[UUID]) -> dict[UUID, Referral]:
    """The transfers that follow from visits, by the visit."""
    rows = Referral.objects.filter(subject_id__in=list(subject_ids)).select_related("to_facility")
    return {row.subject_id: row for row in rows}


def open_referrals() -> QuerySet[Referral]:
    """Those not arrived yet, the most urgent first: late, then by kind and time."""
    rows = Referral.objects.filter(state__in=Referral.OPEN)
    rows = rows.select_related("from_facility", "to_facility", "person", "area", "sent_by", "taken_by")
    return rows.order_by(Case(When(due_at__lt=now(), then=0), default=1), "kind", "due_at")


def patients(facility: Facility) -> QuerySet[Admission]:
    """Who lies there now."""
    return Admission.objects.filter(OPEN, facility=facility).select_related("person").order_by("bed", "admitted_at")


def not_fulfilled(done: ControlRound) -> list[ControlAnswer]:
    """The items of a round that were not fulfilled."""
    return list(done.answers.filter(value=Answered.NO).order_by("item"))


def rounds_due() -> list[tuple[Facility, datetime | None]]:
    """Open facilities whose last round is longer ago than the pack allows, with that round's time; never first."""
    last = dict(ControlRound.objects.values_list("facility_id").annotate(at=Max("done_at")))
    due = []
    for house in facilities():
        at = last.get(house.pk)
        if at is None or at + rules.time_between_rounds(rules.pack_of(house.area_id)) < now():
            due.append((house, at))
    return sorted(due, key=lambda row: (row[1] is not None, row[1] or now()))
