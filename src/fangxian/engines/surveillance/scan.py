"""The prospective space-time permutation scan: more cases here and now than place and time explain apart.

Source: Kulldorff et al., PLoS Med 2005;2:e59 (doi:10.1371/journal.pmed.0020059); scores equal R scanstatistics 1.1.1.
It needs cases only, no populations. A cylinder is an area with its nearest neighbours over the last days.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

from fangxian.engines.surveillance.panel import Floats, Ints

Whole = npt.NDArray[np.integer[Any]]


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
        outside = special.xlogy(number - cases, (number - cases) / (number - expected))
        score = special.xlogy(cases, cases / expected) + outside
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

    Only the cases of the last days are drawn, without replacement: the same law as permuting the days of all. Spans of
    days are asked first: where not even the longest of a span has what its shortest needs, none of it has.
    """
    days, areas = len(needed), counts.shape[1]
    owners = np.repeat(np.arange(areas), counts.sum(axis=0))
    when = np.repeat(np.arange(days), counts[::-1][:days].sum(axis=1))
    spans = _spans(days)
    narrow = np.int16 if len(when) < np.iinfo(np.int16).max else np.int64
    least = np.stack([needed[first : last + 1].min(axis=0) for first, last in spans], axis=2)
    least = np.minimum(least, len(when) + 1).astype(narrow)
    reached = 0
    for _replicate in range(replicates):
        drawn = rng.choice(owners, len(when), replace=False, shuffle=True)
        table = np.bincount(when * areas + drawn, minlength=days * areas).reshape(days, areas).cumsum(axis=0)
        reached += _reaches(table.astype(narrow), nearest, needed, least, [last for _first, last in spans])
    return reached


def _spans(days: int) -> list[tuple[int, int]]:
    """First and last day of spans that double: 0, 1 to 2, 3 to 6, …"""
    spans, first = [], 0
    while first < days:
        spans.append((first, min(days - 1, 2 * first)))
        first = spans[-1][1] + 1
    return spans


def _reaches(table: Whole, nearest: Ints, needed: Ints, least: Whole, lasts: list[int]) -> bool:
    """Whether any cylinder has what it needs.

    table  days × A, cases of the last days; least  A × K × spans; lasts  the longest of each span
    """
    spanned = np.ascontiguousarray(table[lasts].T)
    possible = (spanned[nearest].cumsum(axis=1, dtype=table.dtype) >= least).any(axis=(1, 2))
    centres = np.flatnonzero(possible)
    return bool((table[:, nearest[centres]].cumsum(axis=2) >= needed[:, centres]).any())
