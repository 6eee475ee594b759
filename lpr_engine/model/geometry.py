"""Boxes and polygons: pixels of one frame, or fractions of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """An axis-aligned rectangle, in pixels or in 0..1 of the frame, as said where it is used."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        """Extent along x; never negative."""
        return max(0.0, self.x1 - self.x0)

    @property
    def height(self) -> float:
        """Extent along y; never negative."""
        return max(0.0, self.y1 - self.y0)

    @property
    def area(self) -> float:
        """Width times height."""
        return self.width * self.height

    @property
    def center(self) -> tuple[float, float]:
        """The middle point (x, y)."""
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2

    def intersection(self, other: Box) -> float:
        """Area that both boxes cover."""
        overlap = Box(
            max(self.x0, other.x0),
            max(self.y0, other.y0),
            min(self.x1, other.x1),
            min(self.y1, other.y1),
        )
        return overlap.area

    def iou(self, other: Box) -> float:
        """Intersection over union, 0..1; 0 where both boxes are empty."""
        shared = self.intersection(other)
        union = self.area + other.area - shared
        return shared / union if union > 0 else 0.0

    def scaled(self, factor_x: float, factor_y: float) -> Box:
        """The box in another unit, such as pixels to fractions of the frame."""
        return Box(self.x0 * factor_x, self.y0 * factor_y, self.x1 * factor_x, self.y1 * factor_y)

    def clipped(self, width: float, height: float) -> Box:
        """The part of the box inside a frame of that size."""
        return Box(
            min(max(self.x0, 0.0), width),
            min(max(self.y0, 0.0), height),
            min(max(self.x1, 0.0), width),
            min(max(self.y1, 0.0), height),
        )

    def as_tuple(self) -> tuple[float, float, float, float]:
        """(x0, y0, x1, y1)."""
        return self.x0, self.y0, self.x1, self.y1


@dataclass(frozen=True, slots=True)
class Polygon:
    """A closed area given by at least three corners, each (x, y) in 0..1 of the frame."""

    corners: tuple[tuple[float, float], ...]

    def contains(self, x: float, y: float) -> bool:
        """Whether a point lies inside, by the even-odd rule (ray casting)."""
        inside = False
        previous_x, previous_y = self.corners[-1]
        for corner_x, corner_y in self.corners:
            if (corner_y > y) != (previous_y > y):
                crossing = corner_x + (y - corner_y) * (previous_x - corner_x) / (
                    previous_y - corner_y
                )
                inside ^= x < crossing
            previous_x, previous_y = corner_x, corner_y
        return inside


@dataclass(frozen=True, slots=True)
class DirectionLine:
    """A line across a camera's view, in 0..1 of the frame.

    A plate that crosses from its left side to its right side, looking from `start` to `end`
    in picture coordinates (y grows downwards), goes `in`; the other way goes `out`.
    """

    start: tuple[float, float]
    end: tuple[float, float]

    def side(self, x: float, y: float) -> float:
        """Signed distance-like value: positive on the `in` side, negative before it."""
        (start_x, start_y), (end_x, end_y) = self.start, self.end
        return (end_x - start_x) * (y - start_y) - (end_y - start_y) * (x - start_x)
