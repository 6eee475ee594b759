"""Areas and lines in a camera's view, from lists of points in 0..1.

Where a form has no nested lists (the add-on's options), points are text: `0.1,0.2 0.9,0.2`.
"""

from __future__ import annotations

from typing import Any

from lpr_engine.config.rules import each, number
from lpr_engine.config.scalar import number_of
from lpr_engine.config.values import RefusedError, wrong_type
from lpr_engine.model.geometry import DirectionLine, Polygon

MAX_CORNERS = 200
MIN_AREA = 1e-6
_POINT = "a point [x, y], both from 0 to 1"
_coordinates = each(number(0, 1), most=2)


def points(value: Any) -> Any:
    """Points written as text, as the list that they stand for; anything else as it is."""
    if not isinstance(value, str):
        return value
    pairs = [[number_of(part) for part in word.split(",")] for word in value.split()]
    if not pairs or any(part is None for pair in pairs for part in pair):
        raise RefusedError("this text is no row of points", "points such as 0.1,0.2 0.9,0.2")
    return pairs


def point(value: Any) -> tuple[float, float]:
    """A point (x, y) in 0..1 of the frame."""
    if not isinstance(value, list):
        raise wrong_type(value, _POINT)
    if len(value) != 2:
        raise RefusedError(f"the point has {len(value)} numbers", _POINT)
    x, y = _coordinates(value)
    return x, y


def polygon(value: Any) -> Polygon:
    """An area of at least three corners that encloses something."""
    value = points(value)
    if not isinstance(value, list):
        raise wrong_type(value, f"a list of at least three corners, each {_POINT}")
    corners = each(point, most=MAX_CORNERS)(value)
    if len(corners) > 1 and corners[0] == corners[-1]:
        corners = corners[:-1]
    if len(set(corners)) < 3:
        raise RefusedError(f"the area has {len(set(corners))} different corners", "at least three")
    if enclosed_area(corners) < MIN_AREA:
        expected = "corners in order around the area, not all on one line"
        raise RefusedError("the area encloses nothing", expected)
    return Polygon(corners)


def line(value: Any) -> DirectionLine:
    """A line from one point to another."""
    expected = "a list of two points, the start and the end"
    value = points(value)
    if not isinstance(value, list):
        raise wrong_type(value, expected)
    ends = each(point)(value)
    if len(ends) != 2:
        raise RefusedError(f"the line has {len(ends)} points", expected)
    if ends[0] == ends[1]:
        raise RefusedError("the line's two points are the same", expected)
    return DirectionLine(*ends)


def named_area(value: Any) -> Any:
    """A zone written as text, `name: 0.1,0.2 0.9,0.2 0.9,0.8`, as the keys it stands for."""
    if not isinstance(value, str):
        return value
    name, colon, area = value.rpartition(":")
    if not colon:
        raise RefusedError("this text is no zone", "`name: 0.1,0.2 0.9,0.2 0.9,0.8`")
    return {"name": name, "area": area}


def enclosed_area(corners: tuple[tuple[float, float], ...]) -> float:
    """The area of a simple polygon, by the shoelace formula; 0 for all corners on one line."""
    following = (*corners[1:], corners[0])
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(corners, following, strict=True))) / 2
