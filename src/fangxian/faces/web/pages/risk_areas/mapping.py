"""Risk areas as shapes on a map without tiles: outlines, drawn shapes, and points where only a code is known."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from fangxian.core import reference
from fangxian.core.areas import Area
from fangxian.systems.risk_areas.matching import Zone
from fangxian.systems.risk_areas.words import Level

TONES = {
    Level.HIGH: "danger", Level.LOCKDOWN: "danger", Level.MEDIUM: "warning", Level.CONTROL: "warning",
    Level.ALERT: "info", Level.PRECAUTION: "info", Level.LOW: "success", Level.LIFTED: "neutral",
}  # fmt: skip
RADIUS = {"danger": 11, "warning": 9, "info": 7, "success": 6, "neutral": 5}
Feature = dict[str, Any]


def collection(zones: Iterable[Zone], *, linked: bool = True) -> Feature:
    """A FeatureCollection for map.js: the counties around, then the zones, the gravest drawn last."""
    shown = list(zones)
    located = _located({code for zone in shown for code in (*zone.codes, zone.lies_in) if code})
    drawn = [feature for zone in reversed(shown) for feature in _zone(zone, located, linked)]
    return {"type": "FeatureCollection", "features": [*outlines(), *drawn]}


def outlines() -> list[Feature]:
    """The counties that are on the map."""
    shapes = reference.boundaries()["features"]
    return [{**shape, "properties": {"name": shape["properties"].get("name", "")}} for shape in shapes]


def towns() -> list[Feature]:
    """Townships as small points with their names, to find one's way while drawing."""
    rows = Area.objects.filter(kind=Area.Kind.TOWNSHIP, latitude__isnull=False)
    return [_point(row.latitude, row.longitude, {"name": str(row), "tone": "neutral", "radius": 3}) for row in rows]


def _zone(zone: Zone, located: dict[str, Area], linked: bool) -> list[Feature]:
    tone = TONES.get(zone.level, "neutral")
    said = {"name": zone.name, "note": str(Level(zone.level).label), "tone": tone, "radius": RADIUS[tone]}
    said |= {"url": reverse("risk_area", args=[zone.area_id])} if linked else {}
    if zone.shape is not None:
        rings = [[ring.tolist() for ring in polygon] for polygon in zone.shape.polygons]
        return [{"type": "Feature", "geometry": {"type": "MultiPolygon", "coordinates": rings}, "properties": said}]
    places = (_nearest(code, located) for code in (zone.codes or (zone.lies_in,)))
    return [_point(place.latitude, place.longitude, said) for place in places if place]


def _located(codes: set[str]) -> dict[str, Area]:
    """Areas with coordinates among the codes and all above them."""
    above = {code[:length] for code in codes for length in range(4, len(code) + 1)}
    return Area.objects.filter(code__in=above, latitude__isnull=False, longitude__isnull=False).in_bulk()


def _nearest(code: str, located: dict[str, Area]) -> Area | None:
    return next((located[code[:length]] for length in range(len(code), 3, -1) if code[:length] in located), None)


def _point(latitude: float | None, longitude: float | None, said: dict[str, Any]) -> Feature:
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": [longitude, latitude]}, "properties": said}
