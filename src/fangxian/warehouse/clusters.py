"""Cases with the places rules ask about. Six queries, however many cases.

A place is on record, or known by the name somebody told: where one place of the county is called so, that one is meant;
else the name itself is the place, in its county, for who told it does not say where in the county it stands.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Min, QuerySet
from django.db.models.functions import Coalesce, TruncDate

from fangxian.systems.cases import selectors as cases
from fangxian.systems.cases.models import Case
from fangxian.systems.medical.models import Admission
from fangxian.systems.surveillance.settings import ANY, HOUSEHOLD, VILLAGE, Settings
from fangxian.warehouse.told_places import places_of

DIGITS = {VILLAGE: 12, ANY: 9}
"""Digits of a village's and of a township's code."""
ROW = (
    "pk", "disease", "day", "area_id", "person_id", "person__workplace", "person__household_id",
    "person__household__number", "origin", "outcome", "outcome_on",
)  # fmt: skip


@dataclass(frozen=True)
class At:
    """A place several cases may share, as one kind of place it is; a school is a collective unit, too.

    setting    as the rules name it
    area_code  who answers for it
    id         of the household or the place; None for an area and for what is only a name
    name       shown on the card; "" where the area says it
    """

    setting: str
    area_code: str
    id: UUID | None
    name: str

    @property
    def place(self) -> tuple[str, str, str]:
        """What is the same place, whichever setting it is looked at as."""
        return self.area_code, self.name, str(self.id or "")


@dataclass(frozen=True)
class Known:
    """One case: its disease, the day it became known, and where it belongs.

    died_on, admitted_on  None where it did not or was not
    """

    case_id: UUID
    disease: str
    day: date
    area_code: str
    places: tuple[At, ...]
    imported: bool = False
    died_on: date | None = None
    admitted_on: date | None = None


def known_cases(area_code: str, first: date, last: date, settings: Callable[[str], Settings]) -> list[Known]:
    """Cases that count and became known from a day until a day, inside the scope in force.

    settings  the kinds of places that are told apart, by area
    """
    day = TruncDate(Coalesce("positive_at", "reported_at", "created_at"))
    rows = cases.cases_in(area_code).order_by().annotate(day=day).filter(day__range=(first, last))
    told = list(rows.values(*ROW))
    works = {row["pk"]: (row["area_id"], row["person__workplace"]) for row in told if row["person__workplace"]}
    places = places_of(rows, works, settings) if told else {}
    admitted = _admitted(rows, first, last) if told else {}
    return [_known(row, _ats(row, places.get(row["pk"], ())), admitted.get(row["person_id"])) for row in told]


def _known(row: dict, places: Iterable[At], admitted_on: date | None) -> Known:
    died = row["outcome"] == Case.Outcome.DECEASED
    return Known(
        row["pk"], row["disease"], row["day"], row["area_id"], tuple(places),
        imported=row["origin"] == Case.Origin.POINT_OF_ENTRY,
        died_on=(row["outcome_on"] or row["day"]) if died else None, admitted_on=admitted_on,
    )  # fmt: skip


def _ats(row: dict, places: Iterable[tuple[str, str, UUID | None, str]]) -> list[At]:
    """The township, the village and the household of a case, and every place it told."""
    area, number = row["area_id"], str(row["person__household__number"] or "")
    found = [At(ANY, area[: DIGITS[ANY]], None, "")]
    found += [At(VILLAGE, area[: DIGITS[VILLAGE]], None, "")] if len(area) >= DIGITS[VILLAGE] else []
    home = row["person__household_id"]
    found += [At(HOUSEHOLD, area[: DIGITS[VILLAGE]], home, number)] if home else []
    return [*found, *(At(*place) for place in places)]


def _admitted(rows: QuerySet[Case], first: date, last: date) -> dict[UUID, date]:
    """The first day of these persons in a hospital's bed from a day on."""
    beds = Admission.objects.filter(person__in=rows.values("person_id")).order_by()
    days = beds.annotate(day=TruncDate("admitted_at")).filter(day__range=(first, last))
    return dict(days.values_list("person_id").annotate(Min("day")))
