"""Cases by day and place, with the places' neighbours: what a scan of space and time reads. Two queries."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

import numpy as np

from fangxian.core.areas import Area
from fangxian.engines.surveillance.panel import Floats, Ints
from fangxian.systems.cases import selectors as cases
from fangxian.systems.cases.models import Case

DIGITS = (12, 9, 6)
"""Village, township, county: a case is counted at the lowest of them whose place on the map is known."""


@dataclass(frozen=True)
class Placed:
    """Cases of one disease.

    areas    code of each place that had a case, A long, ascending
    counts   T × A, by the day they became known
    nearest  A × K positions of the nearest places, each place itself first
    """

    areas: tuple[str, ...]
    counts: Ints
    nearest: Ints


def placed_cases(area_code: str, first: date, last: date, *, neighbours: int, most: int) -> dict[str, Placed]:
    """Cases that count by disease, in an area from a day until a day, inside the scope in force.

    neighbours  places a zone may have, K at most
    most        places at most: where more have had cases, they are counted by township
    A case whose areas are all without a place on the map is left out: nothing is known of its neighbours.
    """
    known = cases.known_by_day(first, last, area_code)
    told = [row for row in known if row.classification != Case.Classification.NO_CASE]
    positions = _positions({row.area_code for row in told})
    found = {}
    for disease in sorted({row.disease for row in told}):
        rows = [(row.area_code, (row.day - first).days, row.count) for row in told if row.disease == disease]
        placed = _placed(rows, positions, (last - first).days + 1, neighbours, most)
        if placed is not None:
            found[disease] = placed
    return found


def _positions(codes: set[str]) -> dict[str, tuple[float, float]]:
    """Latitude and longitude of the areas of some codes and of those above them, where known."""
    wanted = {code[:digits] for code in codes for digits in DIGITS}
    rows = Area.objects.filter(code__in=wanted, latitude__isnull=False, longitude__isnull=False)
    return {code: (latitude, longitude) for code, latitude, longitude in rows.values_list(
        "code", "latitude", "longitude")}  # fmt: skip


def _placed(
    rows: list[tuple[str, int, int]], positions: dict[str, tuple[float, float]], days: int, neighbours: int, most: int
) -> Placed | None:
    for finest in range(len(DIGITS)):
        cells: dict[tuple[str, int], int] = defaultdict(int)
        for code, day, count in rows:
            at = next((code[:digits] for digits in DIGITS[finest:] if code[:digits] in positions), None)
            if at is not None:
                cells[at, day] += count
        areas = tuple(sorted({area for area, _day in cells}))
        if len(areas) <= most:
            break
    return _counted(cells, areas, positions, days, neighbours) if areas else None


def _counted(
    cells: dict[tuple[str, int], int], areas: tuple[str, ...], positions: dict[str, tuple[float, float]], days: int,
    neighbours: int,
) -> Placed:  # fmt: skip
    number = {area: column for column, area in enumerate(areas)}
    counts = np.zeros((days, len(areas)), dtype=np.int64)
    for (area, day), count in cells.items():
        counts[day, number[area]] += count
    return Placed(areas, counts, nearest(np.array([positions[area] for area in areas]), neighbours))


def nearest(places: Floats, neighbours: int) -> Ints:
    """Positions of the nearest of some places (A × 2: latitude and longitude, degrees), each itself first.

    Flat distances, right to a few in a hundred within a prefecture; equally near ones in their order.
    """
    flat = np.radians(places)
    flat[:, 1] *= np.cos(flat[:, 0].mean())
    apart = ((flat[:, None] - flat[None]) ** 2).sum(axis=2)
    np.fill_diagonal(apart, -1.0)
    return np.asarray(np.argsort(apart, axis=1, kind="stable")[:, : min(neighbours, len(places))])
