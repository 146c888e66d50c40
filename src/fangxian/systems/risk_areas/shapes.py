"""Shapes on the map: GeoJSON polygons as a published list or a hand draws them, and whether a point lies inside.

Zones are streets, compounds and buildings: a few dozen corners in degrees. That needs no geometry library, only the
even-odd rule and edges that count as inside; `numpy` does it for all places of a county at once (decision 0024).
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from numpy.typing import ArrayLike, NDArray

EDGE = 1e-9
"""Degrees within which a point is on an edge: a tenth of a millimetre."""
CORNERS = 4  # the fewest positions of a closed ring: three corners and the first again
MOST_CORNERS = 2_000
Ring = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Shape:
    """Polygons, each an outline with holes. Rings are (n, 2) arrays of longitude, latitude; the last is the first."""

    polygons: tuple[tuple[Ring, ...], ...]

    @property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east, north."""
        outlines = np.concatenate([rings[0] for rings in self.polygons])
        (west, south), (east, north) = outlines.min(axis=0), outlines.max(axis=0)
        return float(west), float(south), float(east), float(north)

    def contains(self, latitude: float, longitude: float) -> bool:
        """Whether a point lies inside or on the edge."""
        return bool(self.contains_many([latitude], [longitude])[0])

    def contains_many(self, latitudes: ArrayLike, longitudes: ArrayLike) -> NDArray[np.bool_]:
        """The same for many points; a point without coordinates (nan) lies nowhere."""
        x, y = np.asarray(longitudes, np.float64), np.asarray(latitudes, np.float64)
        inside = np.zeros(x.shape, bool)
        for outline, *holes in self.polygons:
            here = _in_ring(outline, x, y) | _on_edge(outline, x, y)
            for hole in holes:
                here &= ~_in_ring(hole, x, y) | _on_edge(hole, x, y)
            inside |= here
        return inside


def read(geojson: Any) -> Shape:
    """A shape from a GeoJSON geometry or feature; raises ValidationError that says what is wrong with it."""
    return _read(json.dumps(geojson, sort_keys=True))


def polygon(*corners: tuple[float, float]) -> dict[str, Any]:
    """GeoJSON of one outline through (latitude, longitude) corners."""
    ring = [[longitude, latitude] for latitude, longitude in corners]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


@lru_cache(maxsize=2048)
def _read(text: str) -> Shape:
    geometry = json.loads(text)
    if isinstance(geometry, dict) and geometry.get("type") == "Feature":
        geometry = geometry.get("geometry")
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    parts = geometry.get("coordinates") if kind in ("Polygon", "MultiPolygon") else None
    if not isinstance(parts, list) or not parts:
        raise ValidationError(_("A shape is a GeoJSON polygon: draw it on the map, or paste one."))
    polygons = [parts] if kind == "Polygon" else parts
    return Shape(tuple(tuple(_ring(ring) for ring in _list(rings)) for rings in polygons))


def _list(value: Any) -> Sequence[Any]:
    if not isinstance(value, list) or not value:
        raise ValidationError(_("The shape holds a part without an outline."))
    return value


def _ring(positions: Any) -> Ring:
    try:
        ring = np.array([position[:2] for position in _list(positions)], np.float64).reshape(-1, 2)
    except (TypeError, ValueError):
        raise ValidationError(_("A corner of the shape is not a pair of degrees.")) from None
    if not np.isfinite(ring).all() or (np.abs(ring) > (180, 90)).any():
        raise ValidationError(_("A corner of the shape lies outside the world: GeoJSON says longitude first."))
    if len(ring) and (ring[0] != ring[-1]).any():
        ring = np.vstack([ring, ring[:1]])
    if len(ring) < CORNERS or len(ring) > MOST_CORNERS:
        raise ValidationError(
            _("An outline needs at least three corners and at most %(most)s.") % {"most": MOST_CORNERS}
        )
    if _crosses_itself(ring):
        raise ValidationError(_("The outline crosses itself: move the corner where two lines cross."))
    return ring


def _edges(ring: Ring) -> Iterator[tuple[float, float, float, float]]:
    for (x0, y0), (x1, y1) in zip(ring[:-1].tolist(), ring[1:].tolist(), strict=True):
        yield x0, y0, x1, y1


def _in_ring(ring: Ring, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Even-odd rule: how many edges a ray to the east meets."""
    inside = np.zeros(x.shape, bool)
    for x0, y0, x1, y1 in _edges(ring):
        if y0 != y1:
            meets = ((y0 > y) != (y1 > y)) & (x < (x1 - x0) * (y - y0) / (y1 - y0) + x0)
            inside ^= meets
    return inside


def _on_edge(ring: Ring, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.bool_]:
    on = np.zeros(x.shape, bool)
    for x0, y0, x1, y1 in _edges(ring):
        length = (x1 - x0) ** 2 + (y1 - y0) ** 2
        along = np.clip(((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / (length or 1.0), 0, 1)
        on |= np.hypot(x - (x0 + along * (x1 - x0)), y - (y0 + along * (y1 - y0))) <= EDGE
    return on


def _crosses_itself(ring: Ring) -> bool:
    """Whether two edges that are not neighbours cross; each edge against all later ones."""
    a, b = ring[:-1], ring[1:]
    for first in range(len(a) - 2):
        others = slice(first + 2, len(a) - (first == 0))
        here = _side(a[first], b[first], a[others]) * _side(a[first], b[first], b[others]) < 0
        there = _side(a[others], b[others], a[first]) * _side(a[others], b[others], b[first]) < 0
        if bool((here & there).any()):
            return True
    return False


def _side(a: Ring, b: Ring, c: Ring) -> Any:
    """On which side of the line from a to b a point c lies: the sign of the cross product."""
    d, e = b - a, c - a
    return np.sign(d[..., 0] * e[..., 1] - d[..., 1] * e[..., 0])
