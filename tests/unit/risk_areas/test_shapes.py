"""Points and polygons: inside, on the edge, in a hole; what is no shape is refused with a reason."""

import numpy as np
import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from fangxian.systems.risk_areas import shapes

SQUARE = shapes.polygon((34.0, 112.0), (34.0, 113.0), (35.0, 113.0), (35.0, 112.0))
YARD = {"type": "Polygon", "coordinates": [
    SQUARE["coordinates"][0], [[112.4, 34.4], [112.6, 34.4], [112.6, 34.6], [112.4, 34.6], [112.4, 34.4]],
]}  # fmt: skip
L_SHAPE = shapes.polygon((0, 0), (0, 2), (1, 2), (1, 1), (2, 1), (2, 0))


@pytest.mark.parametrize(
    ("shape", "point", "inside"),
    [
        (SQUARE, (34.5, 112.5), True),
        (SQUARE, (34.5, 111.9), False),
        (SQUARE, (34.0, 112.5), True),  # on the southern edge
        (SQUARE, (35.0, 113.0), True),  # the corner
        (SQUARE, (34.5, 113.00001), False),  # a metre beyond
        (YARD, (34.5, 112.5), False),  # in the hole
        (YARD, (34.4, 112.5), True),  # on the edge of the hole
        (YARD, (34.2, 112.5), True),
        (L_SHAPE, (0.5, 1.5), True),
        (L_SHAPE, (1.5, 1.5), False),  # where the L is bent
        (L_SHAPE, (1.0, 0.5), True),  # level with a corner
    ],
)
def test_inside(shape, point, inside):
    assert shapes.read(shape).contains(*point) is inside


def test_several_polygons_and_features():
    far = shapes.polygon((10, 10), (10, 11), (11, 11))
    both = {"type": "MultiPolygon", "coordinates": [SQUARE["coordinates"], far["coordinates"]]}
    shape = shapes.read({"type": "Feature", "geometry": both})

    assert shape.contains(34.5, 112.5) and shape.contains(10.2, 10.8) and not shape.contains(20, 20)
    assert shape.box == (10, 10, 113, 35)


def test_places_without_coordinates_lie_nowhere():
    found = shapes.read(SQUARE).contains_many([34.5, np.nan], [112.5, np.nan])

    assert found.tolist() == [True, False]


def test_an_open_outline_is_closed():
    assert shapes.read({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1]]]}).contains(0.2, 0.8)


@pytest.mark.parametrize(
    ("geojson", "why"),
    [
        (None, "GeoJSON polygon"),
        ({"type": "Point", "coordinates": [1, 2]}, "GeoJSON polygon"),
        ({"type": "Polygon", "coordinates": []}, "GeoJSON polygon"),
        ({"type": "Polygon", "coordinates": [[]]}, "without an outline"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}, "three corners"),
        ({"type": "Polygon", "coordinates": [["a", "b", "c"]]}, "pair of degrees"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1], [2, 2]]]}, "pair of degrees"),
        (shapes.polygon((112, 34), (113, 34), (113, 35)), "longitude first"),
        (shapes.polygon((0, 0), (1, 1), (0, 1), (1, 0)), "crosses itself"),
        ({"type": "Polygon", "coordinates": [[[i, i * i / 1e6] for i in range(2001)]]}, "longitude first"),
    ],
)
def test_what_is_no_shape(geojson, why):
    with pytest.raises(ValidationError, match=why):
        shapes.read(geojson)


@given(st.floats(-1, 1), st.floats(-1, 1), st.integers(3, 40))
def test_a_round_shape_is_round(x, y, corners):
    """A regular polygon holds what its inscribed circle holds and nothing beyond its circumscribed one."""
    angles = 2 * np.pi * np.arange(corners) / corners
    shape = shapes.read(shapes.polygon(*zip(np.sin(angles).tolist(), np.cos(angles).tolist(), strict=True)))

    distance = np.hypot(x, y)
    if distance < np.cos(np.pi / corners) - 1e-6:
        assert shape.contains(y, x)
    if distance > 1 + 1e-6:
        assert not shape.contains(y, x)
