"""Who reports for early warning without being a feed, and who of them has fallen silent.

A pharmacy has to report, a monitoring point to be sampled; a fever clinic has no duty to say "none today", so its own
usual tells (`engines/surveillance/silence.py`).
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np
from django.db.models import Count, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from fangxian.core.areas import code_range
from fangxian.core.clock import today
from fangxian.core.policy import Pack
from fangxian.engines.surveillance import silences
from fangxian.systems.environment import selectors as environment
from fangxian.systems.environment.selectors import MISSING, NOT_DUE, PointDays
from fangxian.systems.environment.words import Result
from fangxian.systems.medical.models import Facility, FeverVisit
from fangxian.systems.pharmacies import signal as pharmacies
from fangxian.systems.pharmacies.models import Pharmacy
from fangxian.systems.surveillance import rules
from fangxian.warehouse.counting import UNKNOWN, Cell, Days

LATELY = timedelta(days=200)
"""How far back tills and monitoring points are asked one by one, and how long a clinic that says nothing is waited for:
what the daily methods see, and no more."""


@dataclass(frozen=True)
class Silent:
    """Somebody who should have said something.

    since  first day without a word
    """

    name: str
    area_code: str
    since: date


@dataclass(frozen=True)
class Clinic:
    """A place where fever patients are seen; arrays T long.

    fevers  fever patients of each day
    visits  all visits of each day: whoever saw anybody has said something
    """

    name: str
    area_code: str
    closed_on: date | None
    fevers: np.ndarray
    visits: np.ndarray


def clinics(area_code: str, days: Days) -> list[Clinic]:
    """Everyone who saw a patient in an area on any of the days; two queries."""
    low, high = code_range(area_code)
    rows = FeverVisit.objects.filter(
        area_id__gte=low, area_id__lt=high,
        visited_at__gte=_midnight(days.first), visited_at__lt=_midnight(days.last + timedelta(days=1)),
    )  # fmt: skip
    told = rows.order_by().annotate(day=TruncDate("visited_at")).values_list("facility_id", "area_id", "day")
    fevers, visits = (defaultdict(lambda: np.zeros(len(days))) for _ in range(2))
    for house, area, day, number, all_of_them in told.annotate(n=Count("pk", filter=Q(is_fever=True)), m=Count("pk")):
        fevers[house, area][days.at(day)] = number
        visits[house, area][days.at(day)] = all_of_them
    houses = Facility.objects.in_bulk([house for house, _area in visits])
    return [_clinic(houses[house], area, fevers[house, area], visits[house, area]) for house, area in visits]


def _clinic(house: Facility, area: str, fevers: np.ndarray, visits: np.ndarray) -> Clinic:
    return Clinic(house.name, area, house.closed_on, fevers, visits)


def clinic_cells(known: list[Clinic], days: Days, pack: Pack) -> list[Cell]:
    """The fever patients of each clinic: unknown on a day of silence, and nobody there before the first word, after
    the clinic was closed, and when it has been silent for longer than anybody waits."""
    if not known:
        return []
    spoke = np.array([clinic.visits > 0 for clinic in known])
    quiet = _quiet(spoke, pack)
    at = np.arange(len(days))
    waited = at - np.maximum.accumulate(np.where(spoke, at, -len(days)), axis=1)
    there = np.logical_or.accumulate(spoke, axis=1) & ~(quiet & (waited > LATELY.days))
    ends = np.array([len(days) if clinic.closed_on is None else days.at(clinic.closed_on) for clinic in known])
    there &= at < ends[:, None]
    return [Cell(np.where(quiet[number], UNKNOWN, clinic.fevers), there[number]) for number, clinic in enumerate(known)]


def clinic_silence(area_code: str, as_of: date, allowed: timedelta, pack: Pack) -> list[Silent]:
    """Fever clinics that usually see somebody and have seen nobody for longer than is allowed, up to a day."""
    days = Days(as_of - LATELY - timedelta(days=rules.speaks(pack).days), as_of)
    known = clinics(area_code, days)
    found = []
    for clinic, cell in zip(known, clinic_cells(known, days, pack), strict=True):
        said = days.first + timedelta(days=int(np.flatnonzero(clinic.visits)[-1]))
        if cell.there[-1] and np.isnan(cell.counts[-1]) and as_of - said > allowed:
            found.append(Silent(clinic.name, clinic.area_code, said + timedelta(days=1)))
    return found


def _quiet(spoke: np.ndarray, pack: Pack) -> np.ndarray:
    rule = rules.speaks(pack)
    return silences(spoke, days=rule.days, share=rule.share, chance=rule.chance)


def point_cell(point: PointDays, days: Days) -> Cell | None:
    """A monitoring point: one on a positive day, zero on a negative one and where no sample was due, unknown where one
    is missing or has no result yet; None where there was no result at all."""
    known = [day for day, state in point.days.items() if state in (Result.POSITIVE, Result.NEGATIVE)]
    if not known:
        return None
    said = {day: number for day, state in point.days.items() if (number := _positive(state, day)) is not None}
    return Cell.of(said, days, since=min(known), until=point.point.closed_on)


def _positive(state: str, day: date) -> float | None:
    if state == NOT_DUE and day < today():
        return 0.0
    return {Result.POSITIVE: 1.0, Result.NEGATIVE: 0.0}.get(state)


def point_silence(area_code: str, as_of: date, allowed: timedelta) -> list[Silent]:
    """Monitoring points whose samples have been missing on every day for longer than is allowed, up to a day."""
    first = as_of - allowed
    found = []
    for one in environment.feed(first, as_of, area_code=area_code):
        if {state for day, state in one.days.items() if day < today()} == {MISSING}:
            found.append(Silent(one.point.name, one.point.area_id, first))
    return found


def medicine_silence(area_code: str, as_of: date, allowed: timedelta) -> list[Silent]:
    """Pharmacies that have to report and said nothing for longer than is allowed, up to a day."""
    quiet, spoke = {}, set()
    for row in pharmacies.daily(area_code, as_of - allowed, as_of):
        if row.quantity is None:
            quiet[row.pharmacy_id] = row.area_code
        else:
            spoke.add(row.pharmacy_id)
    houses = Pharmacy.objects.filter(pk__in=quiet.keys() - spoke).order_by("pk")
    return [Silent(house.name, quiet[house.pk], as_of - allowed) for house in houses]


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
