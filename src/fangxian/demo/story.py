"""Build the demo county, then live through the morning of 2022-03-15, when the first positive result comes in.

`build` makes the hidden truth of a seed and loads what was recorded of it. `replay` lets the laboratory enter its
results and answers each of them with the real workflow, on a clock that stands in 2022 under protocol v8; it measures
how long each step took and how many of the true contacts were found.
"""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from time import perf_counter

import numpy as np

from fangxian.core import clock, modes, scope
from fangxian.demo import morning
from fangxian.demo.areas import Tree, plant
from fangxian.demo.arrivals import load_arrivals
from fangxian.demo.bulletins import load_bulletins
from fangxian.demo.checkpoints import load_checkpoints
from fangxian.demo.command_modes import declare_modes, load_modes
from fangxian.demo.community import load_community
from fangxian.demo.days import MORNING
from fangxian.demo.directives import load_directives
from fangxian.demo.doors import load_doors
from fangxian.demo.drills import load_drills
from fangxian.demo.environment import load_environment
from fangxian.demo.goods import load_goods
from fangxian.demo.history import load_history
from fangxian.demo.immunization import load_immunization
from fangxian.demo.inspections import load_inspections
from fangxian.demo.isolation import load_isolation
from fangxian.demo.letters import load_letters
from fangxian.demo.load import Loaded, load
from fangxian.demo.matching import load_matching
from fangxian.demo.medical import load_medical
from fangxian.demo.officers import Staff, appoint_all
from fangxian.demo.pharmacies import load_pharmacies
from fangxian.demo.publicity import load_publicity
from fangxian.demo.readiness import load_readiness
from fangxian.demo.report import Report, Step, summarise
from fangxian.demo.reporting import load_reporting, report_outbreak
from fangxian.demo.risk_areas import declare_zones, load_risk_areas
from fangxian.demo.rounds import load_rounds
from fangxian.demo.routine import load_routine
from fangxian.demo.supplies import load_supplies
from fangxian.demo.surveillance import load_surveillance
from fangxian.demo.venues import tie_venues
from fangxian.demo.workforce import load_workforce
from fangxian.demo.world import World, imagine
from fangxian.warehouse import visit_log
from fangxian.workflows import county_board

DEFAULT_SCALE, DEFAULT_SEED = 0.1, 410883
WHY = "the demo county is made whole, with people of its neighbours"
Progress = Callable[[str, int, int], None]
"""Told while work goes on: a message id of what is being done, how many are done, of how many."""


@dataclass
class Demo:
    """A demo county that is loaded and ready for its outbreak day."""

    world: World
    loaded: Loaded
    staff: Staff
    scale: float
    seed: int
    visits: int = 0
    steps: list[Step] = field(default_factory=list)


def build(scale: float = DEFAULT_SCALE, seed: int = DEFAULT_SEED, progress: Progress | None = None) -> Demo:
    """Make and load the county; needs a migrated, empty installation. `scale`: share of the census, at most 1."""
    progress = progress or _silent
    rng = np.random.default_rng(seed)
    steps: list[Step] = []
    with _out_of_sight(), scope.everywhere(WHY), clock.frozen(MORNING - timedelta(days=60)):
        tree = _timed(steps, "areas", lambda: _planted(rng, progress))
        world = _timed(steps, "truth", lambda: imagine(rng, tree, scale))
        staff = _timed(steps, "officers", lambda: appoint_all(rng, tree))
        loaded = _timed(steps, "people_and_visits", lambda: load(rng, world, visit_log(), progress))
        _timed(steps, "history", lambda: load_history(rng, world, loaded, staff))
        _timed(steps, "modes", lambda: load_modes(staff))
        _timed(steps, "routine", lambda: load_routine(rng, world, loaded, staff))
        _timed(steps, "inspections", lambda: load_inspections(staff))
        _timed(steps, "drills", lambda: load_drills(staff))
        _timed(steps, "doors", lambda: load_doors(rng, loaded, staff))
        _timed(steps, "matching", lambda: load_matching(staff))
        _timed(steps, "risk_areas", lambda: load_risk_areas(rng, loaded, staff))
        _timed(steps, "arrivals", lambda: load_arrivals(loaded, staff))
        _timed(steps, "letters", lambda: load_letters(staff, scale))
        _timed(steps, "rounds", lambda: load_rounds(rng, world, loaded, staff))
        _timed(steps, "medical", lambda: load_medical(staff))
        _timed(steps, "supplies", lambda: load_supplies(staff))
        _timed(steps, "goods", lambda: load_goods(world, loaded, staff))
        _timed(steps, "environment", lambda: load_environment(staff))
        _timed(steps, "immunization", lambda: load_immunization(staff))
        _timed(steps, "pharmacies", lambda: load_pharmacies(rng, staff))
        _timed(steps, "venues", tie_venues)
        _timed(steps, "surveillance", lambda: load_surveillance(rng, staff))
        _timed(steps, "publicity", lambda: load_publicity(staff))
        _timed(steps, "checkpoints", lambda: load_checkpoints(rng, staff))
        _timed(steps, "community", lambda: load_community(staff))
        _timed(steps, "directives", lambda: load_directives(staff))
        _timed(steps, "readiness", lambda: load_readiness(world, staff))
        _timed(steps, "bulletins", lambda: load_bulletins(staff))
        _timed(steps, "workforce", lambda: load_workforce(staff))
        _timed(steps, "reporting", lambda: load_reporting(staff))
    return Demo(world, loaded, staff, scale, seed, int(world.moves.is_scanned.sum()), steps)


def replay(demo: Demo, progress: Progress | None = None) -> Report:
    """Live through the morning: results in, responses out, contacts scored against the truth."""
    progress = progress or _silent
    with _out_of_sight(), scope.everywhere(WHY):
        with clock.frozen(MORNING):
            _timed(demo.steps, "board", county_board.keep)
        told = morning.live(demo.world, demo.loaded, demo.staff, progress)
        report = summarise(demo.world, demo.loaded, told, visits=demo.visits, steps=demo.steps)
        with clock.frozen(told.finished_at):
            declare_zones(demo.staff)
        # its own infected guest and its rooms are none of the morning that is scored
        _timed(demo.steps, "isolation", lambda: load_isolation(demo.staff))
        with clock.frozen(told.finished_at):
            _timed(demo.steps, "modes_of_the_day", lambda: declare_modes(demo.staff))
            _timed(demo.steps, "report_of_the_day", lambda: report_outbreak(demo.staff))
            _timed(demo.steps, "board_of_the_day", county_board.keep)
        return report


def _planted(rng: np.random.Generator, progress: Progress) -> Tree:
    tree = plant(rng)
    progress("area", len(tree.names), len(tree.names))
    return tree


def _timed(steps: list[Step], name: str, work: Callable):
    started = perf_counter()
    with modes.remembered():
        done = work()
    steps.append(Step(name, round(perf_counter() - started, 3)))
    return done


@contextmanager
def _out_of_sight() -> Iterator[None]:
    """Keep what is in memory already out of the search for garbage: the truth of a county is a million objects that
    stay, no installation has them, and looking through them again and again costs more than the work itself."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _silent(what: str, done: int, total: int) -> None:
    """Nobody is watching."""


__all__ = ["DEFAULT_SCALE", "DEFAULT_SEED", "Demo", "build", "replay"]
