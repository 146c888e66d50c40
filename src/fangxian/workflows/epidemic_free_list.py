"""The public list of epidemic-free communities (无疫小区名单): what everybody may know, nothing of any person in it.

Only names and the last day are shown. Why a community is not on the list is not said, and one so small that its people
would be known by it is not named at all (the pack's least number of people), whether it has the status or not.
"""

from dataclasses import dataclass
from datetime import date

from fangxian.core import scope
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.systems.readiness import rules, selectors
from fangxian.workflows.readiness.figures import Asked, residents

WHY = "the public list names communities and reads no row of a person"


@dataclass(frozen=True)
class Town:
    """A township with its communities on the list, each with the last day of its status."""

    area: Area
    communities: list[tuple[Area, date]]


def public_list(area: Area) -> list[Town]:
    """The communities of an area whose status holds today and that are large enough to be named, by township."""
    least = rules.least_people(rules.pack_of(area.code))
    with scope.everywhere(WHY):
        rows = selectors.in_force(area.code)
        people = residents(Asked(area.code, tuple(row.area_id for row in rows), now(), {})) if rows else {}
    towns: dict[str, Town] = {}
    above = Area.objects.in_bulk({row.area_id[:9] for row in rows})
    for row in rows:
        if (people.get(row.area_id) or 0) >= least and row.valid_until is not None:
            town = towns.setdefault(row.area_id[:9], Town(above.get(row.area_id[:9], row.area), []))
            town.communities.append((row.area, row.valid_until))
    return list(towns.values())
