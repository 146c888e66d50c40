"""The hidden truth: the same for a seed, and possible in every row."""

import numpy as np
import pytest

from fangxian.demo import areas, places, population, world
from fangxian.demo.days import BEGIN, NOW
from fangxian.demo.movement import SHORTEST
from fangxian.demo.outbreak import ARRIVAL, OUTSIDE

from .conftest import SCALE, SEED


def imagine(seed: int) -> world.World:
    rng = np.random.default_rng(seed)
    return world.imagine(rng, areas.grow(rng)[1], SCALE)


def test_two_builds_of_a_seed_are_the_same_and_of_another_seed_are_not(small):
    assert imagine(SEED).checksum() == small.checksum()
    assert imagine(SEED + 1).checksum() != small.checksum()


def test_the_tree_is_the_real_one():
    rows, tree = areas.grow(np.random.default_rng(1))
    kinds = [row.kind for row in rows if row.code.startswith(areas.COUNTY)]
    assert (kinds.count("county"), kinds.count("township"), kinds.count("village")) == (1, 11, 289)
    counties = [row for row in rows if len(row.code) == 6]
    assert len(counties) == 11
    assert [row.kind for row in counties if row.code == "410871"] == ["zone"]
    assert all(len(cell) == 15 and cell[:12] in tree.names for cell in tree.cells)
    codes = [row.code for row in rows]
    assert all(row.parent_id is None or codes.index(row.parent_id) < codes.index(row.code) for row in rows)


def test_residents_live_in_cells_and_visitors_in_other_counties(small):
    people = small.people
    homes = [people.code(person) for person in range(len(people))]
    assert all(code.startswith(areas.COUNTY) and len(code) == 15 for code in homes[: people.residents])
    assert all(not code.startswith(areas.COUNTY) for code in homes[people.residents :])
    assert len(homes) > people.residents


def test_households_have_adults_and_are_not_all_alike(small):
    people = small.people
    sizes = np.bincount(people.household[: people.residents])
    assert sizes.min() >= 1
    assert set(sizes) >= {1, 2, 3, 4}
    eldest = [people.age[people.household == number].max() for number in range(0, people.households, 7)]
    assert min(eldest) >= 18


@pytest.mark.parametrize("scale", [0, -1, 1.2])
def test_scale_is_a_share_of_the_census(scale):
    with pytest.raises(ValueError, match="share"):
        population.populate(np.random.default_rng(1), areas.grow(np.random.default_rng(1))[1], scale)


def test_children_of_school_age_have_a_class_of_their_township(small):
    people, venues = small.people, small.venues
    pupils = np.flatnonzero((people.age >= 6) & (people.age <= 11) & ~people.is_visitor)
    assert (venues.anchor[pupils] >= 0).all()
    kinds = {venues.kind[int(place)] for place in venues.anchor[pupils]}
    assert kinds == {"SCHOOL"}
    assert all(venues.town[int(venues.anchor[pupil])] == people.town[pupil] for pupil in pupils)
    assert np.bincount(venues.anchor[pupils]).max() <= places.CLASS_SIZE


def test_nobody_is_in_two_places_at_once(small):
    moves = small.moves
    same = moves.person[1:] == moves.person[:-1]
    assert (moves.entered[1:][same] > moves.left[:-1][same]).all()
    assert (moves.left - moves.entered >= SHORTEST).all()
    assert moves.entered.min() >= BEGIN
    assert moves.entered.max() < NOW


def test_the_record_is_poorer_than_the_truth(small):
    moves = small.moves
    assert 0.9 < moves.is_scanned.mean() < 0.98
    assert moves.leaves_scan.sum() < 0.2 * len(moves)
    assert not (moves.leaves_scan & ~moves.is_scanned).any()


def test_every_infection_happened_at_a_true_meeting_or_at_home(small):
    infections = {one.person: one for one in small.infections}
    index = small.infections[0]
    assert index.infector == OUTSIDE
    assert not (small.moves.entered[small.moves.person == index.person] < ARRIVAL).any()
    for one in small.infections[1:]:
        infector = infections[one.infector]
        assert infector.infectious_from <= one.at < NOW
        if one.place < 0:
            assert small.people.household[one.person] == small.people.household[one.infector]
        else:
            met = small.presence.meetings(one.infector, infector.infectious_from, NOW)
            there = (met.person == one.person) & (met.place == one.place)
            assert ((met.start[there] <= one.at) & (one.at < met.end[there])).any()


def test_nobody_is_infected_twice_and_arrivals_in_quarantine_go_nowhere(small):
    ill = [one.person for one in small.infections]
    assert len(ill) == len(set(ill))
    assert not np.isin(small.moves.person, small.arrivals).any()


def test_meetings_are_those_of_brute_force(small):
    moves, person = small.moves, int(small.infections[0].person)
    begin, end = NOW - 5 * 86400, NOW
    mine = [
        row for row in np.flatnonzero(moves.person == person) if moves.entered[row] < end and moves.left[row] > begin
    ]
    wanted = set()
    for row in mine:
        start, stop = max(begin, int(moves.entered[row])), min(end, int(moves.left[row]))
        there = (moves.place == moves.place[row]) & (moves.person != person)
        both = there & (moves.entered < stop) & (moves.left > start)
        for other in np.flatnonzero(both):
            span = max(start, int(moves.entered[other])), min(stop, int(moves.left[other]))
            wanted.add((int(moves.person[other]), int(moves.place[other]), *span))
    met = small.presence.meetings(person, begin, end)
    found = set(zip(met.person.tolist(), met.place.tolist(), met.start.tolist(), met.end.tolist(), strict=True))
    assert found == wanted
    assert found


def test_who_went_nowhere_met_nobody(small):
    assert len(small.presence.meetings(int(small.arrivals[0]), BEGIN, NOW).person) == 0
    assert len(small.presence.meetings(len(small.people) + 5, BEGIN, NOW).person) == 0
    assert len(small.presence.meetings(int(small.infections[0].person), NOW, BEGIN).person) == 0
