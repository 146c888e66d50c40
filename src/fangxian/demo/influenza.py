"""The winter's last influenza in the county: some fifty cases in six weeks, known days after their onset.

Early warning has something to show with them: a curve by onset whose last days are not all reported, and how many one
case infects.
"""

from datetime import date, datetime, time, timedelta

import numpy as np

from fangxian.core import clock
from fangxian.core.areas import code_range
from fangxian.core.records import Source
from fangxian.demo.areas import COUNTY
from fangxian.demo.days import MORNING, OUTBREAK_DAY, ZONE
from fangxian.demo.officers import Staff
from fangxian.systems.cases import services as cases
from fangxian.systems.cases.models import Case
from fangxian.systems.people.models import Person

SEED, DISEASE = 20220315, "influenza"
AMONG = 4000
"""Residents the ill are drawn from."""
DAYS, PEAK_AGO, WIDTH, PEAK = 42, 3, 12.0, 3.4
"""Days of it, days since its highest, its spread in days, and cases on its highest day."""
DELAYS = (0.10, 0.25, 0.25, 0.18, 0.12, 0.06, 0.04)
"""Shares of cases known so many days after the day of their onset."""
ILL_DAYS = 8


def load_influenza(staff: Staff) -> None:
    """Cases as the hospital reported them, each known by the morning; those of weeks ago are well again."""
    rng = np.random.default_rng(SEED)
    known = _known(rng)
    low, high = code_range(COUNTY)
    residents = Person.objects.filter(area_id__gte=low, area_id__lt=high, household__isnull=False).order_by("pk")
    ids = list(residents.values_list("pk", flat=True)[:AMONG])
    people = Person.objects.in_bulk([ids[index] for index in rng.permutation(len(ids))[: len(known)]])
    for person, (onset, at) in zip(people.values(), known, strict=False):
        _case(person, onset, at, staff)


def _known(rng: np.random.Generator) -> list[tuple[date, datetime]]:
    """Day of onset, and when the hospital's result came in."""
    told = []
    for ago in range(DAYS, 0, -1):
        height = PEAK * np.exp(-((ago - PEAK_AGO) ** 2) / (2 * WIDTH**2))
        for _case_of_day in range(rng.poisson(height)):
            onset = OUTBREAK_DAY - timedelta(days=ago)
            day = onset + timedelta(days=int(rng.choice(len(DELAYS), p=DELAYS)))
            told.append((onset, datetime.combine(day, time(9 + int(rng.integers(8))), tzinfo=ZONE)))
    return [(onset, at) for onset, at in sorted(told) if at < MORNING]


def _case(person: Person, onset: date, at: datetime, staff: Staff) -> None:
    by = staff["investigator1"]
    with clock.frozen(at):
        case = cases.open_case(
            by=by, person=person, disease=DISEASE, source=Source.DEMO, symptomatic=True, onset_on=onset, positive_at=at,
            reported_at=at, laboratory_at=at, laboratory_by=by,
        )  # fmt: skip
    well = onset + timedelta(days=ILL_DAYS)
    if well < OUTBREAK_DAY:
        with clock.frozen(datetime.combine(well, time(9), tzinfo=ZONE)):
            cases.set_outcome(case, by=by, outcome=Case.Outcome.RECOVERED, on=well)
