"""What a case tells: how the illness began, the places it remembers, and the people it knows by name."""

from datetime import datetime

import numpy as np

from fangxian.core import clock
from fangxian.core.records import Source
from fangxian.demo.days import HOUR, NOW, ZONE, moment
from fangxian.demo.load import Loaded
from fangxian.demo.outbreak import Infection, Meetings
from fangxian.demo.world import World
from fangxian.systems.cases import services as cases
from fangxian.systems.cases.models import Case

PLACES_REMEMBERED, PEOPLE_NAMED = 4, 8
KNOWN_AFTER = HOUR
"""At work or in class one knows by name whom one has spent so long with."""

SETTINGS = {"WORKPLACE": "WORK", "SCHOOL": "WORK", "HOSPITAL": "CARE", "RESTAURANT": "GATHERING"}


def tell(case: Case, infection: Infection, world: World, loaded: Loaded, *, by) -> None:
    """Write down what a case tells, as timeline and exposures."""
    if infection.has_symptoms:
        began = moment(infection.onset)
        cases.add_timeline(
            by=by, case=case, kind="SYMPTOM", starts_at=began, precision="DAY", text="乏力、咽痛", source=Source.DEMO
        )
    _places(case, infection, world, loaded, by)
    _people(case, infection, world, loaded, by)


def _places(case: Case, infection: Infection, world: World, loaded: Loaded, by) -> None:
    """The last places visited; times from memory."""
    visits = world.presence.stays(infection.person, infection.infectious_from, NOW)[-PLACES_REMEMBERED:]
    for row in visits.tolist():
        place = int(world.moves.place[row])
        span = _span(int(world.moves.entered[row]), int(world.moves.left[row]))
        where = {"place_id": loaded.places[place], "place_name": world.venues.name[place], "source": Source.DEMO}
        cases.add_timeline(by=by, case=case, kind="VISIT", precision="ABOUT", **span, **where)
        kind = SETTINGS.get(world.venues.kind[place], "VISIT")
        cases.add_exposure(by=by, case=case, kind=kind, precision="ABOUT", **span, **where)


def _people(case: Case, infection: Infection, world: World, loaded: Loaded, by) -> None:
    """Colleagues and classmates, those met longest first."""
    met = world.presence.meetings(infection.person, infection.infectious_from, NOW)
    anchor = int(world.venues.anchor[infection.person])
    for person in _familiar(met, anchor):
        rows = np.flatnonzero((met.person == person) & (met.place == anchor))
        cases.add_exposure(
            by=by, case=case, kind="WORK", person_id=loaded.persons[person], place_id=loaded.places[anchor],
            place_name=world.venues.name[anchor], precision="DAY", source=Source.DEMO,
            **_span(int(met.start[rows].min()), int(met.end[rows].max())),
        )  # fmt: skip


def _familiar(met: Meetings, anchor: int) -> list[int]:
    """Persons the case knows from its class or work unit."""
    there = met.place == anchor
    together = np.bincount(met.person[there].astype(np.int64), (met.end - met.start)[there])
    longest = np.argsort(-together, kind="stable")[:PEOPLE_NAMED]
    return [int(person) for person in longest if together[person] >= KNOWN_AFTER]


def _span(begin: int, end: int) -> dict[str, datetime]:
    """From and until; nobody can tell what lies ahead."""
    return {"starts_at": moment(begin), "ends_at": min(moment(end), clock.now().astimezone(ZONE))}
