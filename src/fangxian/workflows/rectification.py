"""One finding, from the spot where it was seen to its end; nothing leaves the ladder in between.

Read downwards: a trip is planned along the places that are longest due (`plan_route`); on the spot each item of the
list is answered, and each “no” is a finding with an owner and a time (`visit`). The owner mends it and shows it;
somebody else looks again and agrees or opens it anew (the verbs of `systems/inspection/mending.py`; what they refuse
stands in `following.py` and in the database). What nobody mends in time, what comes back at the same place or unit, and
what was reopened goes up the ladder by the clock (`climb_due`, every five minutes) to accountability, which one
proposes, another decides and a third hears. A place without its four parties is on the list (`missing_parties`).

Running any of it again is harmless: a finding is known by sheet and item, a step by finding and step.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from fangxian.core import jobs, scope
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.policy import Pack
from fangxian.systems.inspection import rules, selectors, services
from fangxian.systems.inspection.models import Finding, Sheet, Trip
from fangxian.systems.inspection.services import Answer, Stop
from fangxian.workflows.rectifying.places import KeyPlace, key_places

WHY = "the ladder of findings is climbed in every area"
JOB = "inspection.climb"
MOST_STOPS = 12
"""Places of a proposed route: what one team can visit in a day."""


@dataclass(frozen=True)
class Visited:
    """A stop that was answered, with the findings it made: each is there whether made now or by an earlier sending."""

    sheet: Sheet
    findings: list[Finding]


def plan_route(
    *, by: Officer, area: Area, name: str, leader: Officer, on: date, kinds: tuple[str, ...] = (),
    most: int = MOST_STOPS, team: str = "", is_unannounced: bool = True,
) -> Trip:  # fmt: skip
    """Plan a trip to the key places that are longest due, each with the checklist that fits it best.

    `kinds` narrows them to some kinds of the pack. A trip may be planned without a stop; stops are added by hand.
    """
    pack = rules.pack_of(area.code)
    due = [place for place in key_places(area.code, pack, kinds) if place.due_at is not None][:most]
    return services.plan_trip(
        by=by, area=area, name=name, leader=leader, on=on, team=team, is_unannounced=is_unannounced,
        stops=[stop_at(place, pack) for place in due],
    )  # fmt: skip


def stop_at(place: KeyPlace, pack: Pack) -> Stop:
    """The stop of a trip at a key place: the list that fits its kind, the unit that answers for it."""
    fitting = rules.checklists_for(pack, place.kind)
    named = selectors.parties_at(place.slug, place.pk, place.area, place.name[:120])
    unit = next((row.unit for row in named if row.unit), "")
    return Stop(place.area, place.name, fitting[0].key, (place.slug, place.pk), unit)


def visit(*, sheet: Sheet, by: Officer, answers: Mapping[str, Answer], done_at: datetime | None = None) -> Visited:
    """Answer a stop: every “no” becomes a finding of the place and of its unit, with the task to mend it.

    Raises ValidationError for items not answered, not asked, or a “no” without what was seen.
    """
    done = services.answer_sheet(sheet=sheet, by=by, answers=answers, done_at=done_at)
    return Visited(done, selectors.findings_of([done]).get(done.pk, []))


def climb_due(at: datetime | None = None) -> int:
    """Bring every unsettled finding to the step the clock and its memory ask for; returns how many went up.

    Runs inside a scope that reaches everywhere. Each finding is a transaction of its own: none holds up another.
    """
    at, went_up = at or now(), 0
    for finding in list(services.waiting(at)):
        if services.wanted_step(finding, at) != finding.step:
            went_up += services.climb(finding=finding, at=at).step != finding.step
    return went_up


@jobs.job(JOB)
def climb_job(job: jobs.Job) -> dict[str, int]:
    """The same as a job, for the moment it was queued at."""
    with scope.everywhere(WHY):
        return {"went_up": climb_due(job.created_at)}


def missing_parties(area_code: str) -> list[KeyPlace]:
    """The places of an area where one of the four parties is not named for a duty the pack asks for."""
    return [place for place in key_places(area_code, rules.pack_of(area_code)) if place.gaps]


__all__ = ["Visited", "climb_due", "climb_job", "missing_parties", "plan_route", "stop_at", "visit"]
