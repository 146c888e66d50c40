"""The definition, slow and plain: what a question means. Every other engine gives exactly these answers.

Down, from seeds until a moment: a seed's holding is contaminated from the seed's moment on. A movement that leaves a
contaminated holding, not before its contamination and not after the end, contaminates the holding it makes, from that
moment on. The same moment counts: what is received and passed on in one second is followed. Nothing else contaminates.

Up, from seeds back to a moment: the same with time turned round. A movement into a holding, not after the last moment
at which it could have given and not before the begin, makes the holding it took from a source up to that moment.
"""

from collections.abc import Iterable

from fangxian.engines.lots.model import ANYWHERE, NONE, Answer, Direction, Movements, Reached, Seed, checked

Holding = tuple[int, int]
Row = tuple[int, ...]


def follow(movements: Movements, seeds: Iterable[Seed], *, direction: Direction, limit: int) -> Answer:
    """Everything reached from the seeds.

    `limit` is the last moment looked at when going down, the first when going up (UTC seconds, inclusive). Quantities
    are counted up to `limit` going down, up to the latest seed going up. A seed of a holding that no movement
    names reaches nothing.
    """
    seeds = checked(seeds, limit)
    rows = [turned(row, direction) for row in movements.rows()]
    reached = _spread(rows, seeds, direction, limit)
    end = limit if direction is Direction.DOWN else max((seed.at for seed in seeds), default=limit)
    holdings = tuple(_reached(holding, at, movements, direction, end) for holding, at in sorted(reached.items()))
    taken = (row[0] for row in rows if _follows(row, reached, direction, limit))
    return Answer(holdings, tuple(sorted(taken)))


def turned(row: Row, direction: Direction) -> Row:
    """A row (movement, lot, place, lot, place, at, …) in the direction in which it is followed."""
    movement, lot_from, place_from, lot_to, place_to, at, *_pieces = row
    if direction is Direction.DOWN:
        return movement, lot_from, place_from, lot_to, place_to, at
    return movement, lot_to, place_to, lot_from, place_from, at


def _spread(rows: list[Row], seeds: list[Seed], direction: Direction, limit: int) -> dict[Holding, int]:
    """The moment of each reached holding; over and over until nothing changes."""
    known = {(lot, place) for row in rows for lot, place in (row[1:3], row[3:5]) if lot != NONE}
    reached: dict[Holding, int] = {}
    for seed in seeds:
        for holding in known:
            if holding[0] == seed.lot and seed.place in (ANYWHERE, holding[1]):
                _improve(reached, holding, seed.at, direction)
    changed = True
    while changed:
        changed = False
        for row in rows:
            if _follows(row, reached, direction, limit) and row[3] != NONE:
                changed |= _improve(reached, (row[3], row[4]), row[5], direction)
    return reached


def _follows(row: Row, reached: dict[Holding, int], direction: Direction, limit: int) -> bool:
    """Whether a movement leaves a reached holding in time."""
    _movement, lot, place, _lot, _place, at = row
    if lot == NONE or (lot, place) not in reached:
        return False
    since = reached[lot, place]
    return since <= at <= limit if direction is Direction.DOWN else limit <= at <= since


def _improve(reached: dict[Holding, int], holding: Holding, at: int, direction: Direction) -> bool:
    """Keep the earlier moment going down, the later one going up."""
    known = reached.get(holding)
    if known is not None and (known <= at if direction is Direction.DOWN else known >= at):
        return False
    reached[holding] = at
    return True


def _reached(holding: Holding, at: int, movements: Movements, direction: Direction, end: int) -> Reached:
    """A holding with its pieces; going down, contaminated since its first pieces came at the earliest."""
    lot, place = holding
    came = [row for row in movements.rows() if (row[3], row[4]) == holding]
    left = [row for row in movements.rows() if (row[1], row[2]) == holding]
    first = min((row[5] for row in came), default=at)
    since = max(at, first) if direction is Direction.DOWN else at
    received = sum(row[7] for row in came if row[5] <= end)
    return Reached(lot, place, since, received, sum(row[6] for row in left if row[5] <= end))
