"""The prospective space-time permutation scan: more cases here and now than place and time explain apart.

Source: Kulldorff et al., PLoS Med 2005;2:e59 (doi:10.1371/journal.pmed.0020059); scores equal R scanstatistics 1.1.1.
It needs cases only, no populations. A cylinder is an area with its nearest neighbours over the last days.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import scipy  # not scipy.special: that loads when first asked, and no command waits for it

from fangxian.engines.surveillance.panel import Floats, Ints


class Cylinder(NamedTuple):
    """One cluster. areas: positions, ascending; days: the last so many; expected: if place and time were apart."""

    areas: tuple[int, ...]
    days: int
    cases: int
    expected: float
    score: float


@dataclass(frozen=True)
class Scan:
    """Clusters by score, highest first, and how unusual the first is.

    p                    rank of the highest score among those of the replicates
    recurrence_days      days between such clusters if nothing goes on and the scan is made every `every` days
    """

    clusters: tuple[Cylinder, ...]
    p: float
    recurrence_days: float


def space_time_scan(
    counts: Ints,
    nearest: Ints,
    *,
    days: int,
    top: int = 40,
    replicates: int = 999,
    seed: int = 0,
    every: int = 1,
    most: float = 0.5,
) -> Scan:
    """Look for clusters that reach up to the last day.

    counts      T × A cases by day and area, whole numbers
    nearest     A × K positions of the nearest areas, each area itself first
    days        longest cluster
    replicates  permutations of the days of all cases; the seed is fixed, so that a night run twice says the same
    most        largest share of all cases in a cluster
    A replicate only asks whether any cylinder reaches the least count that would match the highest score: the same
    rank without logarithms. Raises ValueError for clusters longer than the days there are.
    """
    if not 0 < days <= len(counts):
        raise ValueError("clusters cannot be longer than the days there are")
    cases, expected = _cylinders(counts, nearest, days)
    number = int(counts.sum())
    scores = np.where(cases <= most * number, _scores(cases, expected, number), 0.0)
    scores[:, ~_first_of_each(nearest)] = 0.0
    order = np.argsort(-scores, axis=None, kind="stable")[:top]
    clusters = tuple(_cylinder(int(one), cases, expected, scores, nearest) for one in order if scores.flat[one] > 0)
    if not clusters:
        return Scan((), 1.0, float(every))
    needed = _least_counts(expected, number, clusters[0].score, most)
    p = (1 + _reaching(counts, nearest, needed, replicates, np.random.default_rng(seed))) / (1 + replicates)
    return Scan(clusters, p, every / p)


def _cylinders(counts: Ints, nearest: Ints, days: int) -> tuple[Ints, Floats]:
    """Cases and expected cases of every cylinder, each days × A × K."""
    recent = np.cumsum(counts[::-1][:days], axis=0)
    zones = counts.sum(axis=0)[nearest].cumsum(axis=1)
    expected = zones * (recent.sum(axis=1) / max(int(counts.sum()), 1))[:, None, None]
    return recent[:, nearest].cumsum(axis=2), expected


def _scores(cases: Ints, expected: Floats, number: int) -> Floats:
    """Logarithm of the likelihood ratio; zero where there are no more cases than expected."""
    with np.errstate(divide="ignore", invalid="ignore"):
        outside = scipy.special.xlogy(number - cases, (number - cases) / (number - expected))
        score = scipy.special.xlogy(cases, cases / expected) + outside
    return np.where(cases > expected, score, 0.0)


def _first_of_each(nearest: Ints) -> np.ndarray:
    """Which of the A × K zones is the first of its set of areas; sets are told apart by sums of random 63-bit keys."""
    keys = np.random.default_rng(20050215).integers(1, 1 << 62, nearest.max() + 1)
    sums = keys[nearest].cumsum(axis=1)
    first = np.zeros(nearest.size, dtype=bool)
    first[np.unique(sums, return_index=True)[1]] = True
    return first.reshape(nearest.shape)


def _cylinder(place: int, cases: Ints, expected: Floats, scores: Floats, nearest: Ints) -> Cylinder:
    day, area, size = (int(one) for one in np.unravel_index(place, scores.shape))
    areas = tuple(sorted(nearest[area, : size + 1].tolist()))
    at = (day, area, size)
    return Cylinder(areas, day + 1, int(cases[at]), float(expected[at]), float(scores[at]))


def _least_counts(expected: Floats, number: int, score: float, most: float) -> Ints:
    """The least count of each cylinder that reaches a score, by halving; one more than there can be where none does."""
    beyond = int(most * number) + 1
    low, high = np.floor(expected).astype(np.int64), np.full(expected.shape, beyond, dtype=np.int64)
    while (apart := high - low > 1).any():
        middle = (low + high) // 2
        reached = _scores(middle, expected, number) >= score * (1 - 1e-12)
        high, low = np.where(apart & reached, middle, high), np.where(apart & ~reached, middle, low)
    return high


def _reaching(counts: Ints, nearest: Ints, needed: Ints, replicates: int, rng: np.random.Generator) -> int:
    """How many replicates have a cylinder with as many cases as it needs.

    Only the cases of the last days are drawn, without replacement: the same law as permuting the days of all.
    """
    days, areas = len(needed), counts.shape[1]
    owners = np.repeat(np.arange(areas), counts.sum(axis=0))
    when = np.repeat(np.arange(days), counts[::-1][:days].sum(axis=1))
    spans, zones = _spans(needed, when), _zones_of(nearest)
    reached = 0
    for _replicate in range(replicates):
        drawn = rng.choice(owners, len(when), replace=False, shuffle=True)
        centres = _possible(zones[drawn], spans, nearest.shape)
        table = np.bincount(when * areas + drawn, minlength=days * areas).reshape(days, areas).cumsum(axis=0)
        reached += bool((table[:, nearest[centres]].cumsum(axis=2) >= needed[:, centres]).any())
    return reached


def _spans(needed: Ints, when: Ints) -> list[tuple[int, Ints]]:
    """Spans of days that double: cases drawn up to the last day of each, and the least its zones need, A × K."""
    spans, first = [], 0
    while first < len(needed):
        last = min(len(needed) - 1, 2 * first)
        spans.append((int(np.searchsorted(when, last, side="right")), needed[first : last + 1].min(axis=0)))
        first = last + 1
    return spans


def _zones_of(nearest: Ints) -> Ints:
    """Places in A × K at which each area joins a zone, a row an area, filled up with the place after the last."""
    joined = np.argsort(nearest, axis=None, kind="stable")
    number = np.bincount(nearest.ravel(), minlength=len(nearest))
    found = np.full((len(nearest), int(number.max())), nearest.size)
    found[np.arange(found.shape[1]) < number[:, None]] = joined
    return found


def _possible(zones: Ints, spans: list[tuple[int, Ints]], shape: tuple[int, ...]) -> Ints:
    """Centres that may reach what they need: with the cases of the longest of a span what the shortest needs.

    zones  where each drawn case joins, the newest first
    """
    counted, before = np.zeros(shape[0] * shape[1] + 1, dtype=np.int64), 0
    possible = np.zeros(shape[0], dtype=bool)
    for upto, least in spans:
        counted += np.bincount(zones[before:upto].ravel(), minlength=len(counted))
        possible |= (counted[:-1].reshape(shape).cumsum(axis=1) >= least).any(axis=1)
        before = upto
    return np.flatnonzero(possible)
