"""Cases with the places rules ask about: village, household, school. Three queries, however many cases."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Coalesce, TruncDate

from fangxian.systems.cases import selectors as cases
from fangxian.systems.cases.models import Exposure, ExposureKind
from fangxian.systems.screening.models import Place

VILLAGE = 12
"""Digits of a village's code."""


@dataclass(frozen=True)
class At:
    """A place several cases may share.

    setting    household, village or school, as the rules name it
    area_code  who answers for it
    id         of the household or the place; None for a village
    name       shown on the card; "" where the area says it
    """

    setting: str
    area_code: str
    id: UUID | None
    name: str


@dataclass(frozen=True)
class Known:
    """One case: its disease, the day it became known, and where it belongs."""

    case_id: UUID
    disease: str
    day: date
    area_code: str
    places: tuple[At, ...]


def known_cases(area_code: str, first: date, last: date, school_words: list[str]) -> list[Known]:
    """Cases that count and became known from a day until a day, inside the scope in force."""
    day = TruncDate(Coalesce("positive_at", "reported_at", "created_at"))
    rows = cases.cases_in(area_code).order_by().annotate(day=day).filter(day__range=(first, last))
    told = list(
        rows.values_list("pk", "disease", "day", "area_id", "person__household_id", "person__household__number")
    )
    schools = _schools([row[0] for row in told], school_words)
    return [
        Known(pk, disease, on, area, (*_homes(area, household, number), *schools.get(pk, ())))
        for pk, disease, on, area, household, number in told
    ]


def _homes(area: str, household: UUID | None, number: str | None) -> list[At]:
    village = [At("village", area[:VILLAGE], None, "")] if len(area) >= VILLAGE else []
    return [*village, At("household", area[:VILLAGE], household, str(number or ""))] if household else village


def _schools(case_ids: list[UUID], words: list[str]) -> dict[UUID, list[At]]:
    """Schools by what the cases told: a place on record that is one, or a name that says so."""
    told = Exposure.objects.filter(case_id__in=case_ids).filter(Q(kind=ExposureKind.WORK) | ~Q(place_id=None))
    rows = list(told.order_by("pk").values_list("case_id", "place_id", "place_name", "kind", "area_id"))
    known = Place.unscoped.filter(pk__in={row[1] for row in rows if row[1]}, kind=Place.Kind.SCHOOL)
    places = {place.pk: place for place in known}
    found: dict[UUID, set[At]] = defaultdict(set)
    for case_id, place_id, name, kind, area in rows:
        if place_id in places:
            found[case_id].add(At("school", places[place_id].area_id, place_id, places[place_id].name))
        elif kind == ExposureKind.WORK and any(word in name.lower() for word in words):
            found[case_id].add(At("school", area[:VILLAGE], None, name))
    return {case_id: sorted(at, key=lambda one: one.name) for case_id, at in found.items()}
