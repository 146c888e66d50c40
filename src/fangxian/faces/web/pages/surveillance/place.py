"""Where a signal is: its county's outline, the towns in it, those the signal is about in red."""

from typing import Any

from fangxian.core import reference
from fangxian.core.areas import Area, code_range

COUNTY, TOWNSHIP = 6, 9


def place_map(signal: Any) -> dict[str, Any] | None:
    """A FeatureCollection for map.js; None where no area of the county has a place on the map, or it is all of it.

    The places of a cluster carry their cases; of another signal the area itself is marked, or the town it lies in.
    """
    county = signal.area_id[:COUNTY]
    counted = {place["code"]: place["cases"] for place in signal.series.get("places", [])}
    about = set(counted) or {signal.area_id[:TOWNSHIP]}
    low, high = code_range(county)
    areas = Area.objects.filter(code__gte=low, code__lt=high, latitude__isnull=False, longitude__isnull=False)
    points = [area for area in areas.order_by("code") if len(area.code) == TOWNSHIP or area.code in counted]
    if len(county) < COUNTY or not any(area.code in about for area in points):
        return None
    shapes = [shape for shape in reference.boundaries()["features"] if shape["properties"]["code"] == county]
    outlines = [{**shape, "properties": {"name": shape["properties"]["name"]}} for shape in shapes]
    return {"type": "FeatureCollection", "features": [*outlines, *(_point(one, about, counted) for one in points)]}


def _point(area: Area, about: set[str], counted: dict[str, int]) -> dict[str, Any]:
    shown: dict[str, Any] = {"name": str(area), "tone": "danger" if area.code in about else "neutral",
                             "radius": 10 if area.code in about else 6}  # fmt: skip
    if area.code in counted:
        shown["value"] = counted[area.code]
    place = {"type": "Point", "coordinates": [area.longitude, area.latitude]}
    return {"type": "Feature", "geometry": place, "properties": shown}
