"""How far from what the machine could do: memory's bandwidth and latency measured here and now, and what cases touch.

A case has to read the rows that may match (bytes at the bandwidth of memory) and to find them (one look-up after the
other, each waiting for memory). Nothing that keeps visits in memory in this layout can be quicker.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from bench.tracing.measure import own_cpu, spent
from fangxian.engines.tracing import Segment, VisitStore, explain

PROBE = 256 * 2**20
"""Bytes of the arrays probed: eight times the cache of a large processor."""
STEPS = 1_000_000
CACHED_STEPS = 4
"""The last steps of a binary search stay within a cache line or two."""
COLUMNS = 3
ROUNDS = 5


class Machine(NamedTuple):
    """bandwidth: bytes a second of one core reading on. latency: seconds of a read at a random place, each needing the
    one before. sort: seconds an 8-byte key takes in a sort of a million."""

    bandwidth: float
    latency: float
    sort: float


class Touched(NamedTuple):
    """What tracing reads: bytes of rows, look-ups that wait for memory, rows."""

    bytes: int
    misses: int
    rows: int

    def seconds(self, machine: Machine) -> float:
        """The least time for one case: read on, and wait for every look-up."""
        return self.bytes / machine.bandwidth + self.misses * machine.latency

    def seconds_together(self, machine: Machine) -> float:
        """The least time for many cases: their look-ups overlap, so reading in sequence remains."""
        return self.bytes / machine.bandwidth


def probe() -> Machine:
    """Measure this machine, the best of some rounds each; needs Numba for the chain of reads."""
    line = np.arange(PROBE // 4, dtype=np.int32)
    keys = np.random.default_rng(1).integers(0, 2**62, 1_000_000)
    reading = min(_seconds(line.max) for _ in range(ROUNDS))
    sorting = min(_seconds(lambda: np.sort(keys)) for _ in range(ROUNDS))
    return Machine(line.nbytes / reading, _latency(), sorting / len(keys))


def _latency() -> float:
    """Seconds of one read of a random cycle through `PROBE` bytes."""
    from numba import njit

    @njit
    def walk(following: np.ndarray, steps: int) -> int:
        at = 0
        for _ in range(steps):
            at = following[at]
        return at

    order = np.random.default_rng(2).permutation(PROBE // 8)
    following = np.empty_like(order)
    following[order] = np.roll(order, -1)
    walk(following, 1)
    return min(_seconds(lambda: walk(following, STEPS)) for _ in range(ROUNDS)) / STEPS


def touched(store: VisitStore, cases: pa.Table) -> Touched:
    """What the cases together read in the segments of the store."""
    said = explain(store, cases, engine="segments")
    windows = zip(*(cases[name].to_pylist() for name in ("person_id", "t0", "t1")), strict=True)
    misses = sum(_lookups(store.segments, *window) for window in windows)
    return Touched(said.bytes_touched, misses, said.rows_touched)


def _lookups(segments: list[Segment], person: int, t0: int, t1: int) -> int:
    """Offsets and columns of the person in every segment, then of every place: offsets, binary search, columns."""
    near = [segment for segment in segments if segment.overlaps(t0, t1)]
    steps = [_steps(segment, place) for segment in near for place in _places(segment, person, t0, t1)]
    return len(near) * (1 + COLUMNS) + sum(steps)


def _places(segment: Segment, person: int, t0: int, t1: int) -> list[int]:
    order = segment.by_person
    low, high = (int(bound[0]) for bound in order.ranges(np.array([person], dtype=np.int32)))
    inside = (order.entered[low:high] < t1) & (order.left[low:high] > t0)
    return order.other[low:high][inside].tolist()


def _steps(segment: Segment, place: int) -> int:
    low, high = (int(bound[0]) for bound in segment.by_place.ranges(np.array([place], dtype=np.int32)))
    return 1 + max(1, (high - low).bit_length() - CACHED_STEPS) + COLUMNS


def _seconds(run: Callable[[], object]) -> float:
    return spent(run, own_cpu)[1].cpu
