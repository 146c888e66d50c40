"""The fast engine: movements as two sorted arrays, closed holding by holding or wave by wave.

Holdings get dense numbers. For each direction one array of keys `holding · SPAN + moment` is kept in order, so that
"the movements out of this holding since then" is two binary searches, for a whole wave of holdings at once. A wave
reads only movements it has not read before: every movement is read at most once a question.
Most recalls reach a few holdings only; array operations would cost more to call than to do. Such a question is closed
with a queue in the order of time, each holding settled once; past FEW holdings or MANY movements it begins anew in
waves. Columns are int64; a million movements take some 150 MB. Building sorts twice; the arrays are derived and may
be kept.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

import numpy as np

from fangxian.engines.lots.model import ANYWHERE, FAR, NONE, Answer, Direction, Ints, Movements, Reached, Seed, checked

SPAN = 2 * FAR
"""Room for the moments of one holding."""
NEVER = np.int64(np.iinfo(np.int64).max)
FEW, MANY = 300, 3000
"""Holdings and movements up to which a question is closed one holding after the other."""


@dataclass(frozen=True)
class _Side:
    """Movements by the holding they leave, in the order of time; going up, time runs backwards.

    keys    holding · SPAN + moment, ascending
    heads   holding each leads to, or NONE
    rows    number of the movement in the table
    pieces  running sum of pieces before each, one longer
    starts  where the movements out of each holding begin, one longer
    """

    keys: Ints
    heads: Ints
    rows: Ints
    pieces: Ints
    starts: Ints

    @classmethod
    def build(cls, tails: Ints, heads: Ints, moments: Ints, pieces: Ints, holdings: int) -> "_Side":
        used = np.flatnonzero(tails != NONE)
        keys = tails[used] * SPAN + moments[used] + FAR
        order = np.argsort(keys, kind="stable")
        rows = used[order]
        sums = np.concatenate(([0], np.cumsum(pieces[rows])))
        starts = np.concatenate(([0], np.cumsum(np.bincount(tails[used], minlength=holdings)))).astype(np.int64)
        return cls(keys[order], heads[rows], rows, sums, starts)

    def since(self, holdings: Ints, moments: Ints) -> Ints:
        """Where the movements out of each holding begin, from its moment on."""
        return np.searchsorted(self.keys, holdings * SPAN + moments + FAR, side="left")

    def after(self, holdings: Ints, moment: int) -> Ints:
        """Where those up to a moment end."""
        return np.searchsorted(self.keys, holdings * SPAN + moment + FAR, side="right")

    def between(self, begins: Ints, ends: Ints) -> Ints:
        """All positions from begin to end, one range after the other."""
        counts = np.maximum(ends - begins, 0)
        total = int(counts.sum())
        starts = np.cumsum(counts) - counts
        positions: Ints = np.arange(total) - np.repeat(starts, counts) + np.repeat(begins, counts)
        return positions


PARTS = ("keys", "heads", "rows", "pieces", "starts")


class LotGraph:
    """Movements ready to be asked; answers are those of `reference.follow`."""

    def __init__(self, movements: Movements) -> None:
        """Number the holdings and sort both ways."""
        lots = np.concatenate([movements.lot_from, movements.lot_to])
        places = np.concatenate([movements.place_from, movements.place_to])
        there = lots != NONE
        pairs = np.where(there, lots * SPAN + places - NONE, NONE)
        known, number = np.unique(pairs[there], return_inverse=True)
        nodes = np.full(len(lots), NONE, dtype=np.int64)
        nodes[there] = number
        tails, heads = nodes[: len(movements)], nodes[len(movements) :]
        self.lot, self.place = known // SPAN, known % SPAN + NONE
        self.movement, self.at = movements.movement, movements.at
        self._down = _Side.build(tails, heads, movements.at, movements.taken, len(known))
        self._up = _Side.build(heads, tails, -movements.at, movements.made, len(known))

    def follow(self, seeds: Iterable[Seed], *, direction: Direction, limit: int) -> Answer:
        """Everything reached from the seeds; the same as `reference.follow`."""
        down, seeds = direction is Direction.DOWN, checked(seeds, limit)
        side, sign = (self._down, 1) if down else (self._up, -1)
        begun = self._begin(seeds, sign)
        reached, moments, taken = _queue(side, begun, sign * limit) or self._spread(side, begun, sign * limit)
        end = limit if down else max((seed.at for seed in seeds), default=limit)
        holdings = self._holdings(reached, sign * moments, end, down=down)
        return Answer(holdings, tuple(np.sort(self.movement[side.rows[taken]]).tolist()))

    def arrays(self) -> dict[str, Ints]:
        """Everything as named arrays, to be kept and given back to `from_arrays`."""
        sides = {
            f"{name}_{part}": getattr(side, part)
            for name, side in (("down", self._down), ("up", self._up))
            for part in PARTS
        }
        return {"lot": self.lot, "place": self.place, "movement": self.movement, "at": self.at, **sides}

    @classmethod
    def from_arrays(cls, kept: Mapping[str, Ints]) -> "LotGraph":
        """A graph from what `arrays` gave, memory-mapped or not."""
        graph = cls.__new__(cls)
        graph.lot, graph.place, graph.movement, graph.at = (kept[name] for name in ("lot", "place", "movement", "at"))
        down, up = (_Side(*(kept[f"{name}_{part}"] for part in PARTS)) for name in ("down", "up"))
        graph._down, graph._up = down, up
        return graph

    def _begin(self, seeds: list[Seed], sign: int) -> dict[int, int]:
        """The holdings that seeds name, each with its earliest moment; going up, moments are negative."""
        begun: dict[int, int] = {}
        for seed in seeds:
            low, high = self.lot.searchsorted((seed.lot, seed.lot + 1)).tolist()
            for holding, place in enumerate(self.place[low:high].tolist(), start=low):
                if seed.place in (ANYWHERE, place):
                    begun[holding] = min(begun.get(holding, FAR), sign * seed.at)
        return begun

    def _spread(self, side: _Side, begun: dict[int, int], limit: int) -> tuple[Ints, Ints, Ints]:
        """Wave by wave: movements out of what was reached (or reached earlier) in the wave before.

        Each holding has a rank: FAR less its moment, so that earlier is more and 0 is never. An array of zeros costs
        nothing until it is touched, however many holdings there are. Returns the holdings reached, ascending, their
        moments, and the positions of the movements out of them.
        """
        ranks = np.zeros(len(self.lot), dtype=np.int64)
        wave = np.array(sorted(begun), dtype=np.int64)
        ranks[wave] = FAR - np.array([begun[holding] for holding in wave.tolist()], dtype=np.int64)
        waves, read = [wave], np.zeros(len(ranks), dtype=np.int64)  # one more than where reading began; 0: not read
        while len(wave):
            begins, ends = side.since(wave, FAR - ranks[wave]), side.after(wave, limit)
            ends = np.where(read[wave] > 0, np.minimum(read[wave] - 1, ends), ends)
            read[wave] = np.minimum(begins, ends) + 1
            positions = side.between(begins, ends)
            wave = _improve(ranks, side.heads[positions], side.keys[positions] % SPAN - FAR)
            waves.append(wave)
        reached = np.unique(np.concatenate(waves))
        moments = FAR - ranks[reached]
        return reached, moments, side.between(side.since(reached, moments), side.after(reached, limit))

    def _holdings(self, reached: Ints, at: Ints, end: int, *, down: bool) -> tuple[Reached, ...]:
        """The rows of an answer, by lot and place."""
        first_in = self._first_received(reached)
        since = np.where(first_in == NEVER, at, np.maximum(at, first_in)) if down else at
        out_from, out_to = self._down.since(reached, np.full(len(reached), -FAR)), self._down.after(reached, end)
        in_from, in_to = self._up.since(reached, np.full(len(reached), -end)), self._up.after(reached, FAR - 1)
        sent = self._down.pieces[out_to] - self._down.pieces[out_from]
        received = self._up.pieces[in_to] - self._up.pieces[in_from]
        columns = (self.lot[reached], self.place[reached], since, received, sent)
        return tuple(Reached(*row) for row in zip(*(column.tolist() for column in columns), strict=True))

    def _first_received(self, reached: Ints) -> Ints:
        """When the first pieces came into each holding; NEVER where none did."""
        last = self._up.after(reached, FAR - 1) - 1
        begins = self._up.since(reached, np.full(len(reached), -FAR))
        first = np.full(len(reached), NEVER, dtype=np.int64)
        some = last >= begins
        first[some] = FAR - self._up.keys[last[some]] % SPAN
        return first


def _queue(side: _Side, begun: dict[int, int], limit: int) -> tuple[Ints, Ints, Ints] | None:
    """The same as `_spread`, one holding after the other in the order of their moments, so that each is settled once:
    no movement leads back in time. None when there are too many."""
    known = dict(begun)
    settled: dict[int, int] = {}
    taken: list[int] = []
    queue = [(moment, holding) for holding, moment in begun.items()]
    heapify(queue)
    while queue:
        moment, holding = heappop(queue)
        if holding in settled:
            continue
        if len(settled) == FEW or len(taken) > MANY:
            return None
        settled[holding] = moment
        first, last = side.starts[holding : holding + 2].tolist()
        if last - first > MANY:
            return None
        base = holding * SPAN + FAR
        keys = side.keys[first:last].tolist()
        begin, end = bisect_left(keys, base + moment), bisect_right(keys, base + limit)
        taken += range(first + begin, first + end)
        for key, head in zip(keys[begin:end], side.heads[first + begin : first + end].tolist(), strict=True):
            if head != NONE and key - base < known.get(head, FAR):
                known[head] = key - base
                heappush(queue, (key - base, head))
    reached = sorted(settled)
    moments = [settled[holding] for holding in reached]
    return _ints(reached), _ints(moments), _ints(taken)


def _ints(numbers: list[int]) -> Ints:
    return np.array(numbers, dtype=np.int64)


def _improve(ranks: Ints, heads: Ints, at: Ints) -> Ints:
    """Set the ranks of earlier moments; returns the holdings that got one, ascending."""
    there = heads != NONE
    heads, at = heads[there], at[there]
    order = np.lexsort((at, heads))
    heads, at = heads[order], at[order]
    first = np.ones(len(heads), dtype=bool)
    first[1:] = heads[1:] != heads[:-1]
    heads, rank = heads[first], FAR - at[first]
    better = rank > ranks[heads]
    ranks[heads[better]] = rank[better]
    return heads[better]
