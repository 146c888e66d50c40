"""The area tree of the demo: the real divisions of Jiaozuo, Mengzhou down to its villages, grid cells below them.

Names are the real ones. Grid cells are invented: no list of them is published. The points of the townships are
approximate and only good for a picture.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from fangxian.core.areas import Area, AreaCode
from fangxian.core.reference import Division, divisions, township_codes

COUNTY, PREFECTURE, PROVINCE = "410883", "4108", "41"
CENSUS = 334_213
"""Residents of Mengzhou in the census of 2020."""

CELLS_A_VILLAGE, CELLS_A_COMMUNITY = 2, 4
COMMUNITY_WEIGHT = 3.0
"""How many times a street community of the county seat outnumbers a village."""

POINTS = {
    "410883": (34.907, 112.791), "410883001": (34.915, 112.781), "410883002": (34.908, 112.799),
    "410883003": (34.898, 112.788), "410883004": (34.893, 112.772), "410883100": (34.873, 112.868),
    "410883101": (34.869, 112.824), "410883102": (34.936, 112.851), "410883103": (34.921, 112.896),
    "410883104": (34.974, 112.797), "410883105": (34.912, 112.704), "410883201": (34.957, 112.641),
}  # fmt: skip


@dataclass(frozen=True)
class Tree:
    """What the other parts need of the tree.

    cells: grid cell codes of Mengzhou, with `cell_weights` (how many households each gets, relative).
    towns: its townships (code → name). names: code → name of every area. neighbours: townships of the other counties.
    """

    cells: list[str]
    cell_weights: np.ndarray
    towns: dict[str, str]
    names: dict[str, str]
    neighbours: list[str]

    def address(self, code: str) -> str:
        """The names from the county down to the village of a code."""
        return "".join(self.names[code[:length]] for length in (6, 9, 12) if length <= len(code))


def plant(rng: np.random.Generator) -> Tree:
    """Put the areas and their other codes into the database (known ones are left alone); gives the tree."""
    rows, tree = grow(rng)
    Area.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    _plant_crosswalk(rows)
    return tree


def grow(rng: np.random.Generator) -> tuple[list[Area], Tree]:
    """The areas, parents before children, not yet in the database, and the tree of them."""
    rows = _official()
    cells, weights = _cells(rng, rows)
    return [*rows, *cells], _tree([*rows, *cells], weights)


def _tree(rows: list[Area], weights: np.ndarray) -> Tree:
    towns = {row.code: row.name for row in rows if row.kind == Area.Kind.TOWNSHIP and row.code.startswith(COUNTY)}
    return Tree(
        cells=[row.code for row in rows if row.kind == Area.Kind.GRID_CELL],
        cell_weights=weights,
        towns=towns,
        names={row.code: row.name for row in rows},
        neighbours=[row.code for row in rows if row.kind == Area.Kind.TOWNSHIP and row.code not in towns],
    )


def _official() -> list[Area]:
    """Henan, Jiaozuo, its counties and their townships, and the villages of Mengzhou."""
    counties = [row for row in divisions(PREFECTURE) if len(row.code) <= 9 or row.code.startswith(COUNTY)]
    return [_area(row) for row in (*(row for row in divisions(PROVINCE) if row.code == PROVINCE), *counties)]


def _area(row: Division) -> Area:
    latitude, longitude = POINTS.get(row.code, (None, None))
    return Area(
        code=row.code,
        name=row.name,
        name_en=row.name_en,
        kind=row.kind,
        parent_id=row.parent or None,
        latitude=latitude,
        longitude=longitude,
        population=CENSUS if row.code == COUNTY else None,
    )


def _cells(rng: np.random.Generator, rows: list[Area]) -> tuple[list[Area], np.ndarray]:
    """Grid cells under every village of Mengzhou, and how many households each gets, relative to the others."""
    cells, weights = [], []
    for village in (row for row in rows if row.kind == Area.Kind.VILLAGE):
        is_community = village.name.endswith("社区")
        count = CELLS_A_COMMUNITY if is_community else CELLS_A_VILLAGE
        size = (COMMUNITY_WEIGHT if is_community else 1.0) * rng.lognormal(0, 0.45) / count
        cells += [_cell(village, number) for number in range(1, count + 1)]
        weights += [size] * count
    return cells, np.array(weights)


def _cell(village: Area, number: int) -> Area:
    return Area(
        code=f"{village.code}{number:03d}",
        system="grid",
        name=f"{village.name}第{number}网格",
        name_en=f"{village.name_en} cell {number}",
        kind=Area.Kind.GRID_CELL,
        parent_id=village.code,
        valid_from=date(2021, 1, 1),
    )


def _plant_crosswalk(rows: list[Area]) -> None:
    """The codes and names of the civil-affairs list for the same townships."""
    known = {row.code for row in rows}
    codes = [
        AreaCode(area_id=town.nbs_code, system="mca", code=town.mca_code, name=town.name)
        for town in township_codes(PREFECTURE)
        if town.nbs_code in known and town.mca_code
    ]
    AreaCode.objects.bulk_create(codes, ignore_conflicts=True)
