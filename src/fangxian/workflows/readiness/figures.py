"""The figures criteria are judged by: each measure counts for all communities of an area at once.

A measure reads through the selectors of the system it is about and groups by the area that answers. Whatever the
number of communities, it takes the same number of statements. Nothing is stored: the figure is that of the moment.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max
from django.db.models.functions import Coalesce
from django.utils import timezone

from fangxian.core.areas import code_range
from fangxian.core.clock import today
from fangxian.systems.arrivals import selectors as arrivals
from fangxian.systems.arrivals.models import Arrival
from fangxian.systems.cases import selectors as cases
from fangxian.systems.cases.models import Case
from fangxian.systems.checkpoints import selectors as checkpoints
from fangxian.systems.immunization import rules as immunization
from fangxian.systems.inspection import selectors as inspection
from fangxian.systems.people import selectors as people
from fangxian.systems.quarantine import selectors as quarantine
from fangxian.systems.quarantine.models import Stay
from fangxian.systems.testing import coverage as rounds
from fangxian.systems.testing import selectors as testing
from fangxian.systems.testing.models import TestRound
from fangxian.workflows import coverage_count

C = Case.Classification
CONFIRMED = (C.CONFIRMED, C.CONFIRMED_NO_SYMPTOMS, C.CONFIRMED_UNKNOWN_SYMPTOMS)
UNSETTLED = (C.NOT_CLASSIFIED, C.SUSPECT, C.PROBABLE)
MOST_ROUNDS = 3
"""Rounds of one time that are looked at: the latest of so many areas; each takes one statement."""
ROUNDS_LOOKED_AT = 50


@dataclass(frozen=True)
class Asked:
    """What a measure is asked: for which communities (codes of villages or cells inside an area), as of when.

    options: what the criterion of the pack tells the measure (days, a group, a disease).
    """

    area_code: str
    codes: tuple[str, ...]
    at: datetime
    options: Mapping[str, Any]

    @property
    def since(self) -> datetime:
        """The beginning of the days the criterion looks back."""
        return self.at - timedelta(days=int(self.options["within_days"]))

    def spread(self, rows: Iterable[tuple[str, float]]) -> dict[str, float]:
        """Numbers of any areas added up for the communities they lie in; nothing found is 0."""
        found: Counter[str] = Counter(dict.fromkeys(self.codes, 0))
        lengths = {len(code) for code in self.codes}
        for area_id, number in rows:
            for code in (area_id[:length] for length in lengths):
                if code in found:
                    found[code] += number  # type: ignore[assignment]
        return dict(found)


Figures = Mapping[str, float | None]
"""By community: the figure; None where there is nothing to be counted. One without an entry is not known yet."""
Measure = Callable[[Asked], Figures]


def days_since_case(asked: Asked) -> Figures:
    """Days from the last confirmed case or asymptomatic infection to the day asked; None where there never was one."""
    rows = cases.cases_in(asked.area_code).filter(classification__in=CONFIRMED).order_by()
    last = rows.values_list("area_id").annotate(at=Max(Coalesce("positive_at", "created_at")))
    found: dict[str, float | None] = dict.fromkeys(asked.codes)
    day = timezone.localdate(asked.at)
    for area_id, at in last:
        for code in (area_id[:length] for length in {len(code) for code in asked.codes}):
            if code in found:
                passed = float((day - timezone.localdate(at)).days)
                found[code] = passed if found[code] is None else min(passed, found[code] or 0)
    return found


def open_suspects(asked: Asked) -> Figures:
    """Suspected, probable and unclassified cases that are not settled."""
    rows = cases.cases_in(asked.area_code).filter(classification__in=UNSETTLED, outcome=Case.Outcome.NO_OUTCOME)
    return asked.spread(_by_area(rows))


def open_contacts(asked: Asked) -> Figures:
    """Contacts in follow-up."""
    return asked.spread(_by_area(cases.open_contacts(asked.area_code)))


def home_stays(asked: Asked) -> Figures:
    """People isolated at home: where they are, else where they belong."""
    rows = quarantine.open_stays(asked.area_code).filter(place=Stay.Place.HOME).order_by()
    here = rows.annotate(where=Coalesce("present_area_id", "area_id")).values_list("where")
    return asked.spread(here.annotate(n=Count("pk")))


def round_coverage(asked: Asked) -> Figures:
    """Percent tested of those to be tested in the last round of the days asked that reached the community."""
    due: Counter[str] = Counter()
    tested: Counter[str] = Counter()
    for one in _rounds(asked):
        reached = [code for code in asked.codes if code.startswith(one.area_id) and code not in due]
        part = Asked(asked.area_code, tuple(reached), asked.at, asked.options)
        figures = rounds.by_area(one, max(map(len, reached), default=0), asked.area_code) if reached else {}
        due.update(part.spread((code, row.roster - row.excused) for code, row in figures.items()))
        tested.update(part.spread((code, row.tested) for code, row in figures.items()))
    return {code: 100 * tested[code] / due[code] if due[code] else None for code in asked.codes}


def vaccinated(asked: Asked) -> Figures:
    """Percent of a group with a complete course; None where nobody is of the group. Unknown until it was counted."""
    disease, group = str(asked.options["disease"]), str(asked.options["group"])
    pack = immunization.pack_of(disease, asked.area_code)
    counted = coverage_count.of_area(
        asked.area_code, disease, pack, digits=max(map(len, asked.codes), default=0), by=None
    )
    if not counted.lines:
        return {}
    lines = [(line.code, line.groups[group]) for line in counted.lines[1:]]
    everybody = asked.spread((code, one.people) for code, one in lines)
    complete = asked.spread((code, one.complete) for code, one in lines)
    return {code: 100 * complete[code] / count if count else None for code, count in everybody.items()}


def overdue_findings(asked: Asked) -> Figures:
    """Findings nobody has reported mended in time."""
    low, high = code_range(asked.area_code)
    return asked.spread(_by_area(inspection.overdue(asked.at).filter(area_id__gte=low, area_id__lt=high)))


def unmanned_points(asked: Asked) -> Figures:
    """Open points of entry without a shift on duty."""
    open_ = [one for one in checkpoints.points() if one.area_id.startswith(asked.area_code) and one.is_open(today())]
    board = checkpoints.board(open_) if open_ else []
    return asked.spread((row["point"].area_id, 1) for row in board if row["shift"] is None)


def late_arrivals(asked: Asked) -> Figures:
    """Arrivals whose time to be received at home is over."""
    low, high = code_range(asked.area_code)
    rows = arrivals.in_area(asked.area_code).filter(area_id__gte=low, area_id__lt=high, state__in=Arrival.OPEN)
    return asked.spread(_by_area(rows.filter(received_at=None, receive_due_at__lt=asked.at)))


def missed_tests(asked: Asked) -> Figures:
    """Tests of people who had to come and did not, in the days asked."""
    first, last = timezone.localdate(asked.since), timezone.localdate(asked.at)
    return asked.spread(testing.missed_between(first, last, asked.area_code))


def residents(asked: Asked) -> Figures:
    """People on record who live there."""
    return asked.spread(_by_area(people.in_area(asked.area_code)))


MEASURES: dict[str, Measure] = {
    one.__name__: one
    for one in (
        days_since_case, open_suspects, open_contacts, home_stays, round_coverage, vaccinated, overdue_findings,
        unmanned_points, late_arrivals, missed_tests, residents,
    )
}  # fmt: skip


def _by_area(rows: Any) -> Iterable[tuple[str, int]]:
    """How many rows each area answers for; one statement."""
    return rows.order_by().values_list("area_id").annotate(n=Count("pk"))


def _rounds(asked: Asked) -> list[TestRound]:
    """The rounds that count: region-wide, begun in the days asked, the latest of each area, the narrowest first."""
    latest: dict[str, TestRound] = {}
    for one in testing.latest_rounds(ROUNDS_LOOKED_AT):
        reaches = one.area_id.startswith(asked.area_code) or asked.area_code.startswith(one.area_id)
        counts = one.kind == TestRound.Kind.REGION and one.state != TestRound.State.PLANNED
        if reaches and counts and asked.since <= one.begins_at <= asked.at:
            known = latest.get(one.area_id)
            latest[one.area_id] = one if known is None or known.begins_at < one.begins_at else known
    newest = sorted(latest.values(), key=lambda one: one.begins_at, reverse=True)[:MOST_ROUNDS]
    return sorted(newest, key=lambda one: len(one.area_id), reverse=True)
