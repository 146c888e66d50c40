"""Each story is a table of movements (lot@place → lot@place, hour, pieces); `docs/goods.md` tells them in words."""

import pytest

from fangxian.engines.lots import ANYWHERE, NONE, Direction, LotGraph, Movements, Seed, arrays, follow

LOTS = {"-": NONE, "A": 1, "B": 2, "C": 3, "D": 4}
PLACES = {"-": NONE, "port": 1, "store": 2, "market": 3, "shop": 4, "plant": 5}
DOWN, UP = Direction.DOWN, Direction.UP

SPLIT = """
    -      A@store   1  100
    A@store B@market  3   40
    A@store A@shop    4   60
"""
MERGED = """
    -      A@plant   1   10
    -      B@plant   1   20
    A@plant C@plant   2   10
    B@plant C@plant   2   20
    C@plant C@shop    3   12
"""
LATE = """
    -      A@store   1   50
    A@store A@shop    2   20
    -      B@store   3   50
    B@store A@store   4   10
    A@store A@market  5   20
"""
AT_ONCE = """
    -      A@port    1    9
    A@port  A@store   2    9
    A@store A@shop    2    9
"""
GONE = """
    -      A@store   1   30
    A@store A@-       2   10
    A@store -         3   20
"""
ROUND = """
    -      A@store   1   30
    A@store A@shop    2   30
    A@shop  A@store   3   30
    A@store A@market  4   30
"""

STORIES = {
    "a split and a move are both followed": (
        SPLIT, "A@*", 0, DOWN, 9, {"A@store": (1, 100, 100), "A@shop": (4, 60, 0), "B@market": (3, 40, 0)}, 2,
    ),
    "only from the moment of contamination on": (
        SPLIT, "A@store", 4, DOWN, 9, {"A@store": (4, 100, 100), "A@shop": (4, 60, 0)}, 1,
    ),
    "nothing after the end": (SPLIT, "A@store", 0, DOWN, 3, {"A@store": (1, 100, 40), "B@market": (3, 40, 0)}, 1),
    "a merged lot is contaminated as a whole": (
        MERGED, "A@*", 0, DOWN, 9, {"A@plant": (1, 10, 10), "C@plant": (2, 30, 12), "C@shop": (3, 12, 0)}, 2,
    ),
    "what left before the contaminated part came in is clean": (
        LATE, "B@store", 0, DOWN, 9, {"A@store": (4, 60, 40), "A@market": (5, 20, 0), "B@store": (3, 50, 10)}, 2,
    ),
    "received and passed on in one second is followed": (
        AT_ONCE, "A@port", 0, DOWN, 9, {"A@port": (1, 9, 9), "A@store": (2, 9, 9), "A@shop": (2, 9, 0)}, 2,
    ),
    "customers without a name and destroyed pieces are counted": (
        GONE, "A@store", 0, DOWN, 9, {"A@store": (1, 30, 30), "A@-": (2, 10, 0)}, 2,
    ),
    "a way round ends": (
        ROUND, "A@store", 0, DOWN, 9,
        {"A@store": (1, 60, 60), "A@shop": (2, 30, 30), "A@market": (4, 30, 0)}, 3,
    ),
    "up: a merged lot has both as sources": (
        MERGED, "C@shop", 9, UP, 0,
        {"C@shop": (9, 12, 0), "C@plant": (3, 30, 12), "A@plant": (2, 10, 10), "B@plant": (2, 20, 20)}, 5,
    ),
    "up: what came in later gave nothing": (
        LATE, "A@shop", 9, UP, 0, {"A@shop": (9, 20, 0), "A@store": (2, 60, 40)}, 2,
    ),
    "up: not before the begin": (SPLIT, "B@market", 9, UP, 2, {"B@market": (9, 40, 0), "A@store": (3, 100, 100)}, 1),
    "a lot nobody moved reaches nothing": (SPLIT, "D@*", 0, DOWN, 9, {}, 0),
    "no seed, no answer": (SPLIT, "", 0, DOWN, 9, {}, 0),
}  # fmt: skip


def holding(text: str) -> tuple[int, int]:
    lot, _, place = text.partition("@")
    return LOTS[lot], ANYWHERE if place == "*" else PLACES[place or "-"]


def drawn(table: str) -> Movements:
    rows = []
    for number, line in enumerate(table.split("\n")[1:-1]):
        came, goes, hour, pieces = line.split()
        made = 0 if goes == "-" else int(pieces)
        rows.append((number, *holding(came), *holding(goes), int(hour), int(pieces), made))
    return Movements.of(rows)


@pytest.fixture(params=["reference", "arrays", "kept arrays", "waves of many holdings", "waves of many movements"])
def engine(request, monkeypatch):
    if "holdings" in request.param:
        monkeypatch.setattr(arrays, "FEW", 0)
    if "movements" in request.param:
        monkeypatch.setattr(arrays, "MANY", 0)

    def ask(movements, seeds, **how):
        if request.param == "reference":
            return follow(movements, seeds, **how)
        graph = LotGraph(movements)
        return (LotGraph.from_arrays(graph.arrays()) if "kept" in request.param else graph).follow(seeds, **how)

    return ask


@pytest.mark.parametrize("story", STORIES)
def test_following(story, engine):
    table, seed, at, direction, limit, wanted, movements = STORIES[story]
    seeds = [Seed(*holding(seed), at)] if seed else []
    answer = engine(drawn(table), seeds, direction=direction, limit=limit)
    found = {(row.lot, row.place): (row.at, row.received, row.held) for row in answer.holdings}
    assert found == {holding(name): (at, received, received - sent) for name, (at, received, sent) in wanted.items()}
    assert len(answer.movements) == movements


def test_lots_and_places_of_an_answer():
    answer = LotGraph(drawn(GONE)).follow([Seed(1, ANYWHERE, 0)], direction=DOWN, limit=9)
    assert (answer.lots, answer.places) == ((1,), (PLACES["store"],))


def test_no_movements_at_all(engine):
    assert not engine(Movements.of([]), [Seed(1, ANYWHERE, 0)], direction=DOWN, limit=9).holdings


@pytest.mark.parametrize("at", [1 << 32, -(1 << 32)])
def test_moments_beyond_the_span_are_refused(at, engine):
    with pytest.raises(ValueError, match="span"):
        engine(drawn(GONE), [Seed(1, ANYWHERE, at)], direction=DOWN, limit=9)
    with pytest.raises(ValueError, match="span"):
        Movements.of([(0, 1, 1, 1, 1, at, 1, 1)])


def test_columns_of_one_length():
    with pytest.raises(ValueError, match="length"):
        Movements([1], [1], [1], [1], [1], [1], [1], [])
