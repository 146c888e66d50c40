"""The opening of a school (中小学开学), down to every school: what is in the way, who opens it, what closes it again.

Read downwards: what the pack asks of a school is computed for all schools of an area at once (`judge`), shown as a
board of schools and blockers (`board`); one officer proposes, another opens, never with a blocker (`propose`, `open_`).
Classes return in turn on the days of the plan (`grades_back`). Every five minutes schools that are open or
proposed are judged again (`look`), at once when a case comes in: what closes a school closes it and says why.

Nobody types that a school is ready. A check that finds nothing writes nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_noop

from fangxian.core import scope
from fangxian.core.areas import Area, county_of
from fangxian.core.areas import path as path_of
from fangxian.core.clock import now, today
from fangxian.core.officers import Officer
from fangxian.core.roles import TownshipOfficer
from fangxian.systems.command import services as command
from fangxian.systems.readiness import rules, selectors, services
from fangxian.systems.readiness.models import SchoolOpening
from fangxian.systems.readiness.rules import Criterion, Verdict
from fangxian.systems.screening import selectors as places
from fangxian.systems.screening.models import Place
from fangxian.workflows.readiness.school_figures import MEASURES, Schools

WHY = "a school is judged by what any system holds about it, whoever may read those rows"
CLOSED = gettext_noop("%(school)s is closed again")
CLOSED_HOW = gettext_noop("In the way: %(blockers)s. Say what is done; the school is proposed and opened anew.")
BACK = gettext_noop("%(school)s cannot open as proposed")


@dataclass(frozen=True)
class SchoolRow:
    """A school on the board: the place, the opening of the term (None: nothing is prepared), what was found."""

    place: Place
    opening: SchoolOpening | None
    verdicts: list[Verdict]

    @property
    def blockers(self) -> list[Verdict]:
        """What stands in the way."""
        return rules.broken(self.verdicts)


@dataclass(frozen=True)
class Board:
    """Schools by blocker of an area and term. `counts` are the schools each requirement blocks, in its order."""

    term: str
    requirements: list[Criterion]
    rows: list[SchoolRow]

    @property
    def counts(self) -> list[int]:
        """How many schools each requirement blocks."""
        return [sum(not row.verdicts[place].met for row in self.rows) for place in range(len(self.requirements))]


def board(area_code: str, term: str = "") -> Board:
    """Every open school of an area with what stands in its way; the latest term where none is named.

    A school nothing is prepared for stands on it too: it lacks a roll, a commissioner, a visit.
    """
    with scope.everywhere(WHY):
        known = selectors.terms(area_code)
        term = term or (known[0] if known else "")
        schools = list(places.in_area(area_code, kinds=[Place.Kind.SCHOOL]))
        openings = {one.place_id: one for one in selectors.openings(area_code, term)} if term else {}
        judged = judge(area_code, {school.pk: openings.get(school.pk) for school in schools})
    rows = [SchoolRow(school, openings.get(school.pk), judged[school.pk]) for school in schools]
    return Board(term, rules.requirements(rules.pack_of(area_code)), rows)


def judge(area_code: str, openings: dict[UUID, SchoolOpening | None]) -> dict[UUID, list[Verdict]]:
    """Every requirement for every one of these schools (by place); a fixed number of statements."""
    found: dict[UUID, list[Verdict]] = {place: [] for place in openings}
    with scope.everywhere(WHY):
        schools = Schools(area_code, openings, now())
        for asked in rules.requirements(rules.pack_of(area_code)):
            figures = MEASURES[asked.measure](schools, asked.options)
            for place, verdicts in found.items():
                verdicts.append(Verdict(asked, figures.get(place)))
    return found


def judge_one(opening: SchoolOpening) -> list[Verdict]:
    """Every requirement for one school."""
    return judge(opening.area_id, {opening.place_id: opening})[opening.place_id]


def plan(
    *, by: Officer | None, place: Place, term: str, opens_on: date, stages: Iterable[dict[str, str]] = (),
    source: str = "web", **values: Any,
) -> SchoolOpening:  # fmt: skip
    """Prepare a term of a school; name and area are those of the place."""
    return services.plan_opening(
        by=by, area=place.area, place_id=place.pk, school=place.name, term=term, opens_on=opens_on, stages=stages,
        source=source, **values,
    )  # fmt: skip


def propose(*, opening: SchoolOpening, by: Officer) -> SchoolOpening:
    """Say that the school is ready, on the evidence of this moment."""
    return services.propose_opening(opening=opening, by=by, verdicts=judge_one(opening))


def open_(*, opening: SchoolOpening, by: Officer) -> SchoolOpening:
    """Open it as a second person, on the evidence of this moment."""
    return services.open_school(opening=opening, by=by, verdicts=judge_one(opening))


def grades_back(opening: SchoolOpening, on: date | None = None) -> list[str]:
    """Which grades are at school on a day: none while it is not open; all of a school without stages."""
    day = on or today()
    if opening.state != SchoolOpening.State.OPEN or opening.opens_on > day:
        return []
    return [one["grades"] for one in opening.stages if one["on"] <= day.isoformat()]


def look(area_code: str = "") -> int:
    """Judge schools that are open or proposed again; returns how many were closed or fell back.

    Runs inside a scope that reaches everywhere.
    """
    stopped = 0
    together: dict[tuple[str, str], list[SchoolOpening]] = {}
    for opening in selectors.watched_schools(area_code):
        together.setdefault((opening.area_id[:6], opening.term), []).append(opening)
    for (county, _term), openings in together.items():
        judged = judge(county, {one.place_id: one for one in openings})
        stopped += sum(take_check(one, judged[one.place_id]).state != one.state for one in openings)
    return stopped


def take_check(opening: SchoolOpening, verdicts: Sequence[Verdict]) -> SchoolOpening:
    """What a check found; where it stops the school, the township is told in the same transaction."""
    with transaction.atomic():
        after = services.take_school_check(opening=opening, verdicts=verdicts)
        if after.state != opening.state:
            _tell(after, verdicts)
    return after


def _tell(opening: SchoolOpening, verdicts: Sequence[Verdict]) -> None:
    pack = rules.pack_of(opening.area_id)
    keys = {one.criterion.key for one in rules.broken(verdicts)}
    with translation.override(settings.LANGUAGE_CODE):
        named = "；".join(one.text for one in rules.requirements(pack) if one.key in keys)
    is_closed = opening.state == SchoolOpening.State.CLOSED
    command.hand_down(
        by=None, area=_township(opening.area), role=TownshipOfficer.key, title=CLOSED if is_closed else BACK,
        instructions=CLOSED_HOW, params={"school": opening.school, "blockers": named}, subject=opening,
        due_at=now() + rules.time_to_answer(pack), from_area=county_of(opening.area_id), source="workflow",
        key=f"readiness.school:{opening.pk}:{opening.version}",
    )  # fmt: skip


def _township(area: Area) -> Area:
    return next((one for one in path_of(area) if one.kind == Area.Kind.TOWNSHIP), area)


__all__ = ["Board", "SchoolRow", "board", "grades_back", "judge", "judge_one", "look", "open_", "plan", "propose",
           "take_check"]  # fmt: skip
