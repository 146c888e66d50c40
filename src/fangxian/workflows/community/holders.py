"""Who gets a task of the community: the grid worker of a cell, the township, the county, an inspector."""

from typing import Any

from fangxian.core.areas import Area, county_of
from fangxian.core.areas import path as path_of
from fangxian.core.roles import DutyOfficer, GridWorker, Inspector, TownshipOfficer
from fangxian.systems.people import selectors as people


def nearest(area: Area) -> dict[str, Any]:
    """The grid worker who answers for the area, by role in a cell, by name above it; the township where nobody does."""
    if area.kind == Area.Kind.GRID_CELL:
        return {"area": area, "role": GridWorker.key}
    worker = people.workers_of([area.code])[area.code]
    return {"area": area, "role": GridWorker.key, "officer": worker} if worker else township(area)


def township(area: Area) -> dict[str, Any]:
    """The township of an area; its county's duty officer above townships."""
    towns = [above for above in path_of(area) if above.kind == Area.Kind.TOWNSHIP]
    return {"area": towns[0], "role": TownshipOfficer.key} if towns else county(area)


def county(area: Area) -> dict[str, Any]:
    """The duty officer of the county."""
    return {"area": county_of(area.code) or area, "role": DutyOfficer.key}


def inspector(area: Area) -> dict[str, Any]:
    """Whoever inspects there."""
    return {"area": area, "role": Inspector.key}
