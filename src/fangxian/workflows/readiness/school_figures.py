"""The figures a school is judged by: each measure counts for all schools of an area at once.

What a school is asked to show stands in other ledgers already: the checklist an inspector filled in, the four parties,
findings, cases, doses, results. Its own are only the roll of the term with what people declared, and the name of its
health commissioner.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count

from fangxian.core.clock import day_of, today
from fangxian.systems.cases import selectors as cases
from fangxian.systems.immunization import coverage
from fangxian.systems.immunization import rules as immunization
from fangxian.systems.immunization import selectors as doses
from fangxian.systems.inspection import rules as inspection_rules
from fangxian.systems.inspection import selectors as inspection
from fangxian.systems.inspection.models import Sheet
from fangxian.systems.readiness import selectors
from fangxian.systems.readiness.models import SchoolOpening
from fangxian.systems.testing import selectors as testing
from fangxian.systems.testing.models import LabResult
from fangxian.workflows.readiness.figures import CONFIRMED
from fangxian.workflows.rectifying.places import key_places

KIND, SCHOOL, CHECKLIST, YES = "screening.place", "screening.place:SCHOOL", "school_opening", "YES"


class OnRoll(NamedTuple):
    """Somebody on the roll of a school."""

    place_id: UUID
    person_id: UUID
    stayed_code: str
    returned_on: date | None
    birth_date: date | None


@dataclass
class Schools:
    """The schools of an area that are judged together: by place, the opening of the term or None.

    What several measures need is read once, when the first of them asks.
    """

    area_code: str
    openings: dict[UUID, SchoolOpening | None]
    at: datetime
    _sheets: dict[int, dict[UUID, Sheet]] = field(default_factory=dict)

    @cached_property
    def place_of(self) -> dict[UUID, UUID]:
        """The place of each opening."""
        return {opening.pk: place for place, opening in self.openings.items() if opening}

    @cached_property
    def roll(self) -> list[OnRoll]:
        """Everybody on a roll."""
        rows = selectors.roll(self.place_of)
        return [OnRoll(self.place_of[opening], *rest) for opening, *rest in rows]

    @cached_property
    def gaps(self) -> dict[UUID, int]:
        """Duties that lack one of their four parties, by place."""
        pack = inspection_rules.pack_of(self.area_code)
        return {place.pk: len(place.gaps) for place in key_places(self.area_code, pack, (SCHOOL,))}

    def sheets(self, days: int) -> dict[UUID, Sheet]:
        """The latest visit of each school with the checklist of schools in so many days."""
        if days not in self._sheets:
            self._sheets[days] = inspection.answered_since(KIND, CHECKLIST, self.at - timedelta(days=days))
        return self._sheets[days]

    def counted(self, places: Iterable[UUID]) -> dict[UUID, float | None]:
        """How often each place occurs; those that do not are 0."""
        found = Counter(places)
        return {place: float(found[place]) for place in self.openings}


Figures = Mapping[UUID, float | None]
"""By place: the figure; None where there is nothing to be counted."""
Options = Mapping[str, Any]
Measure = Callable[[Schools, Options], Figures]


def checklist_missed(schools: Schools, options: Options) -> Figures:
    """Items that were not as they should be at the last visit of the days asked; None without a visit."""
    sheets = schools.sheets(int(options["within_days"]))
    return {place: float(sheets[place].missed) if place in sheets else None for place in schools.openings}


def checklist_item(schools: Schools, options: Options) -> Figures:
    """1 where an item of the checklist was in order at the last visit, 0 where not; None without a visit."""
    sheets, item = schools.sheets(int(options["within_days"])), str(options["item"])
    answers = {place: sheets[place].answers.get(item, {}).get("value") for place in sheets}
    return {place: float(answers[place] == YES) if place in answers else None for place in schools.openings}


def commissioner(schools: Schools, options: Options) -> Figures:
    """1 where a health commissioner is named."""
    return {place: float(bool(one and one.commissioner.strip())) for place, one in schools.openings.items()}


def party_gaps(schools: Schools, options: Options) -> Figures:
    """Duties of the place for which not all four parties are named."""
    return {place: float(schools.gaps.get(place, 0)) for place in schools.openings}


def on_roll(schools: Schools, options: Options) -> Figures:
    """People on the roll of the term."""
    return schools.counted(one.place_id for one in schools.roll)


def undeclared(schools: Schools, options: Options) -> Figures:
    """People on the roll who have not declared where they were; None where nobody is on it."""
    counts = selectors.roll_counts(schools.place_of)
    found: dict[UUID, float | None] = dict.fromkeys(schools.openings)
    return found | {schools.place_of[opening]: float(silent) for opening, (_n, silent) in counts.items()}


def untested_returners(schools: Schools, options: Options) -> Figures:
    """People who came back from elsewhere and have no negative result of a sample taken since."""
    away = [one for one in schools.roll if one.stayed_code and one.returned_on]
    if not away:
        return schools.counted(())
    back = {one.person_id: one.returned_on for one in away if one.returned_on}
    since = schools.at - timedelta(days=max((today() - day).days for day in back.values()) + 1)
    negative = {
        row.person_id for row in testing.tested_since(back, since)
        if row.value == LabResult.Value.NEGATIVE and day_of(row.sampled_at) >= back[row.person_id]
    }  # fmt: skip
    return schools.counted(one.place_id for one in away if one.person_id not in negative)


def roll_vaccinated(schools: Schools, options: Options) -> Figures:
    """Percent of those of a group on the roll with a complete course; None where nobody is of the group."""
    disease = str(options["disease"])
    pack = immunization.pack_of(disease, schools.area_code)
    group = next(one for one in immunization.groups(pack) if one.key == options["group"])
    of_age = [one for one in schools.roll if coverage.is_of(group, one.birth_date, today())]
    complete = doses.complete_among([one.person_id for one in of_age], disease)
    everybody = Counter(one.place_id for one in of_age)
    done = Counter(one.place_id for one in of_age if one.person_id in complete)
    return {
        place: 100 * done[place] / everybody[place] if everybody[place] else None for place in schools.openings
    }  # fmt: skip


def open_findings(schools: Schools, options: Options) -> Figures:
    """Findings about the school that are not settled."""
    rows = inspection.unsettled(schools.area_code).filter(subject_kind=KIND).order_by().values_list("subject_id")
    counted = dict(rows.annotate(n=Count("pk")))
    return {place: float(counted.get(place, 0)) for place in schools.openings}


def roll_cases(schools: Schools, options: Options) -> Figures:
    """People on the roll who became confirmed cases in the days asked."""
    since = schools.at - timedelta(days=int(options["within_days"]))
    rows = cases.confirmed_since(since, CONFIRMED)
    return schools.counted(one.place_id for one in schools.roll if one.person_id in rows)


MEASURES: dict[str, Measure] = {
    one.__name__: one
    for one in (
        checklist_missed, checklist_item, commissioner, party_gaps, on_roll, undeclared, untested_returners,
        roll_vaccinated, open_findings, roll_cases,
    )
}  # fmt: skip
