"""Goods moved at random: the fast engine is the definition, no piece is lost, and every contaminated piece is found."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxian.engines.lots import ANYWHERE, NONE, Direction, LotGraph, Movements, Seed, arrays, follow

DOWN, UP = Direction.DOWN, Direction.UP
lots, places, moments = st.integers(NONE, 4), st.integers(NONE, 4), st.integers(0, 12)
rows = st.lists(st.tuples(lots, places, lots, places, moments, st.integers(0, 9), st.integers(0, 9)), max_size=30)
seeds = st.lists(st.tuples(st.integers(0, 5), st.sampled_from([ANYWHERE, NONE, 0, 1, 2, 9]), moments), max_size=3)


@given(rows, seeds, moments, st.sampled_from(Direction), st.sampled_from([(300, 3000), (2, 3000), (300, 3), (0, 0)]))
@settings(max_examples=400, deadline=None)
def test_the_engines_agree(rows, seeds, limit, direction, sizes):
    movements = Movements.of((number, *row) for number, row in enumerate(rows))
    asked = [Seed(*seed) for seed in seeds]
    plain = follow(movements, asked, direction=direction, limit=limit)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(arrays, "FEW", sizes[0])  # where the queue gives up and waves begin
        patch.setattr(arrays, "MANY", sizes[1])
        assert LotGraph(movements).follow(asked, direction=direction, limit=limit) == plain


@st.composite
def lives_of_pieces(draw):
    """A heap of single pieces moved in time: the movements written down, and where each piece of lot 0 ended."""
    lot, place = [0] * 6 + [1] * 6, [0] * 12
    origin = list(lot)
    rows = [(NONE, NONE, 0, 0, 0, 6, 6), (NONE, NONE, 1, 0, 0, 6, 6)]
    for at in range(1, draw(st.integers(1, 10))):
        here = (lot[draw(st.integers(0, 11))], place[draw(st.integers(0, 11))])
        there = (draw(st.integers(0, 4)), draw(st.integers(NONE, 3)))
        chosen = [n for n in range(12) if (lot[n], place[n]) == here and draw(st.booleans())]
        for n in chosen:
            lot[n], place[n] = there
        if chosen:
            rows.append((*here, *there, at, len(chosen), len(chosen)))
    return Movements.of((n, *row) for n, row in enumerate(rows)), origin, lot, place


@given(lives_of_pieces())
@settings(max_examples=150, deadline=None)
def test_every_piece_is_found_and_the_pieces_add_up(life):
    movements, origin, lot, place = life
    down = LotGraph(movements).follow([Seed(0, ANYWHERE, 0)], direction=DOWN, limit=20)
    found = {(row.lot, row.place): row for row in down.holdings}
    where = Counter(zip(lot, place, strict=True))
    for n in range(12):
        if origin[n] == 0:
            assert (lot[n], place[n]) in found
    assert all(row.held == where[holding] for holding, row in found.items())
    for ended in {(lot[n], place[n]) for n in range(12) if origin[n] == 0}:
        up = LotGraph(movements).follow([Seed(*ended, 20)], direction=UP, limit=0)
        assert 0 in up.lots


@given(rows, moments, moments)
@settings(max_examples=100, deadline=None)
def test_a_longer_window_reaches_no_less(rows, one, other):
    graph = LotGraph(Movements.of((number, *row) for number, row in enumerate(rows)))
    near, far = (graph.follow([Seed(0, ANYWHERE, 0)], direction=DOWN, limit=at) for at in sorted((one, other)))
    assert set(near.movements) <= set(far.movements)
    assert {row[:2] for row in near.holdings} <= {row[:2] for row in far.holdings}
