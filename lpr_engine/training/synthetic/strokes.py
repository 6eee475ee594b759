"""Letters and digits drawn as strokes: plate-like shapes in endless variation, no font needed.

Coordinates are (x right, y down) in a unit box. A point with a third element stays a sharp
corner; the others are rounded by the style's radius. A stroke that ends where it began is closed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

Point = tuple[float, ...]
Stroke = tuple[Point, ...]

_S = 0  # marks a sharp corner

_SHAPES: dict[str, tuple[Stroke, ...]] = {
    "A": (((0, 1), (0.5, 0, _S), (1, 1)), ((0.18, 0.68), (0.82, 0.68))),
    "B": (
        ((0, 0.47, _S), (0, 0, _S), (0.92, 0), (0.92, 0.47), (0, 0.47, _S)),
        ((0, 0.47, _S), (1, 0.47), (1, 1), (0, 1, _S), (0, 0.47, _S)),
    ),
    "C": (((1, 0.27), (1, 0), (0, 0), (0, 1), (1, 1), (1, 0.73)),),
    "D": (((0, 0, _S), (1, 0), (1, 1), (0, 1, _S), (0, 0, _S)),),
    "E": (((1, 0), (0, 0, _S), (0, 1, _S), (1, 1)), ((0, 0.48), (0.84, 0.48))),
    "F": (((1, 0), (0, 0, _S), (0, 1)), ((0, 0.48), (0.84, 0.48))),
    "G": (((1, 0.25), (1, 0), (0, 0), (0, 1), (1, 1), (1, 0.55, _S), (0.58, 0.55)),),
    "H": (((0, 0), (0, 1)), ((1, 0), (1, 1)), ((0, 0.5), (1, 0.5))),
    "I": (((0.5, 0), (0.5, 1)),),
    "J": (((0.95, 0), (0.95, 1), (0, 1), (0, 0.68)),),
    "K": (((0, 0), (0, 1)), ((0.95, 0), (0, 0.6)), ((0.32, 0.42), (1, 1))),
    "L": (((0, 0), (0, 1, _S), (1, 1)),),
    "M": (((0, 1), (0, 0, _S), (0.5, 0.6, _S), (1, 0, _S), (1, 1)),),
    "N": (((0, 1), (0, 0, _S), (1, 1, _S), (1, 0)),),
    "O": (((0, 0.5), (0, 0), (1, 0), (1, 1), (0, 1), (0, 0.5)),),
    "P": (((0, 1), (0, 0, _S), (1, 0), (1, 0.55), (0, 0.55)),),
    "Q": (((0, 0.5), (0, 0), (1, 0), (1, 1), (0, 1), (0, 0.5)), ((0.55, 0.72), (1.0, 1.05))),
    "R": (((0, 1), (0, 0, _S), (1, 0), (1, 0.54), (0, 0.54)), ((0.5, 0.54), (1, 1))),
    "S": (((1, 0.26), (1, 0), (0, 0), (0, 0.48), (1, 0.48), (1, 1), (0, 1), (0, 0.74)),),
    "T": (((0, 0), (1, 0)), ((0.5, 0), (0.5, 1))),
    "U": (((0, 0), (0, 1), (1, 1), (1, 0)),),
    "V": (((0, 0), (0.5, 1, _S), (1, 0)),),
    "W": (((0, 0), (0.24, 1, _S), (0.5, 0.3, _S), (0.76, 1, _S), (1, 0)),),
    "X": (((0, 0), (1, 1)), ((1, 0), (0, 1))),
    "Y": (((0, 0), (0.5, 0.5, _S), (1, 0)), ((0.5, 0.5), (0.5, 1))),
    "Z": (((0, 0), (1, 0, _S), (0, 1, _S), (1, 1)),),
    "0": (((0, 0.5), (0, 0), (1, 0), (1, 1), (0, 1), (0, 0.5)),),
    "1": (((0.12, 0.24), (0.55, 0, _S), (0.55, 1)),),
    "2": (((0, 0.28), (0, 0), (1, 0), (1, 0.42), (0, 1, _S), (1, 1)),),
    "3": (
        ((0, 0.25), (0, 0), (0.94, 0), (0.94, 0.47), (0.4, 0.47)),
        ((0.4, 0.47), (1, 0.47), (1, 1), (0, 1), (0, 0.75)),
    ),
    "4": (((0.72, 1), (0.72, 0, _S), (0, 0.72, _S), (1, 0.72)),),
    "5": (((0.92, 0), (0.08, 0, _S), (0.03, 0.43, _S), (1, 0.4), (1, 1), (0, 1), (0, 0.74)),),
    "6": (((0.95, 0.22), (0.95, 0), (0, 0), (0, 1), (1, 1), (1, 0.44), (0, 0.44)),),
    "7": (((0, 0), (1, 0, _S), (0.35, 1)),),
    "8": (
        ((0.5, 0), (0.94, 0), (0.94, 0.47), (0.06, 0.47), (0.06, 0), (0.5, 0)),
        ((0.5, 0.47), (1, 0.47), (1, 1), (0, 1), (0, 0.47), (0.5, 0.47)),
    ),
    "9": (((0.05, 0.78), (0.05, 1), (1, 1), (1, 0), (0, 0), (0, 0.56), (1, 0.56)),),
}

# Other ways in which plate makers draw the same character.
_VARIANTS: dict[str, tuple[tuple[Stroke, ...], ...]] = {
    "A": (
        (((0, 1), (0, 0.35, _S), (0.5, 0, _S), (1, 0.35, _S), (1, 1)), ((0, 0.62), (1, 0.62))),
        (((0, 1), (0.42, 0, _S), (0.58, 0, _S), (1, 1)), ((0.16, 0.7), (0.84, 0.7))),
    ),
    "I": ((((0, 0), (1, 0)), ((0, 1), (1, 1)), ((0.5, 0), (0.5, 1))),),
    "J": ((((0.3, 0), (1, 0, _S), (1, 1), (0, 1), (0, 0.7)),),),
    "M": (
        (((0, 1), (0, 0, _S), (0.5, 0.95, _S), (1, 0, _S), (1, 1)),),
        (((0, 1), (0, 0, _S), (0.5, 0.38, _S), (1, 0, _S), (1, 1)),),
    ),
    "W": (
        (((0, 0), (0, 1, _S), (0.5, 0.45, _S), (1, 1, _S), (1, 0)),),
        (((0, 0), (0.24, 1, _S), (0.5, 0, _S), (0.76, 1, _S), (1, 0)),),
    ),
    "Q": ((((0, 0.5), (0, 0), (1, 0), (1, 1), (0, 1), (0, 0.5)), ((0.5, 0.85), (0.5, 1.15))),),
    "0": (
        (((0, 0.5), (0, 0), (1, 0), (1, 1), (0, 1), (0, 0.5)), ((0.8, 0.2), (0.2, 0.8))),
        (((0, 0.22), (0.3, 0), (1, 0), (1, 0.78), (0.7, 1), (0, 1), (0, 0.22)),),
    ),
    "1": (
        (((0.5, 0), (0.5, 1)),),
        (((0.1, 0.22), (0.5, 0, _S), (0.5, 1)), ((0.05, 1), (0.95, 1))),
        (((0.1, 0.0), (0.5, 0, _S), (0.5, 1)),),
    ),
    "3": ((((0, 0), (1, 0, _S), (0.45, 0.42, _S), (1, 0.42), (1, 1), (0, 1), (0, 0.75)),),),
    "4": (
        (((0.35, 0), (0, 0.68, _S), (1, 0.68)), ((0.75, 0.4), (0.75, 1))),
        (((0.85, 1), (0.85, 0, _S), (0, 0.7, _S), (1, 0.7)),),
    ),
    "6": ((((0.75, 0, _S), (0.05, 0.6), (0, 1), (1, 1), (1, 0.42), (0.2, 0.42)),),),
    "9": ((((0.25, 1, _S), (0.95, 0.4), (1, 0), (0, 0), (0, 0.58), (0.8, 0.58)),),),
    "7": (
        (((0, 0.12), (0, 0, _S), (1, 0, _S), (0.3, 1)),),
        (((0, 0), (1, 0, _S), (0.5, 0.45), (0.4, 1)),),
    ),
    "Z": ((((0, 0), (1, 0, _S), (0, 1, _S), (1, 1)), ((0.25, 0.5), (0.75, 0.5))),),
    "G": ((((1, 0.25), (1, 0), (0, 0), (0, 1), (1, 1), (1, 0.5, _S), (0.5, 0.5)),),),
}

_NARROW = {"I": 0.2, "1": 0.55, "J": 0.85, "L": 0.9, "M": 1.15, "W": 1.2}


@dataclass(frozen=True, slots=True)
class StrokeStyle:
    """How one stroke alphabet is drawn; lengths are parts of the cap height."""

    width: float = 0.52
    thickness: float = 0.15
    radius: float = 0.2
    square_ends: bool = True
    monospaced: bool = False
    variant: int = 0


def stroke_glyph(character: str, style: StrokeStyle, height: int) -> NDArray[np.uint8]:
    """Coverage mask 0..255 of one character, shape (height, width)."""
    return _draw(character, style, height)


@lru_cache(maxsize=4096)
def _draw(character: str, style: StrokeStyle, height: int) -> NDArray[np.uint8]:
    shape = _shape_of(character, style.variant)
    thin = _is_bar(shape)
    factor = 1.0 if style.monospaced else _NARROW.get(character, 1.0)
    thickness = max(2.0, style.thickness * height)
    width = max(thickness + 2, style.width * height * factor)
    if thin:
        width = thickness + 2 if not style.monospaced else style.width * height
    canvas = np.zeros((height, math.ceil(width)), np.uint8)
    inner = (width - thickness, height - thickness)
    for stroke in shape:
        points = _rounded(stroke, inner, style.radius * height)
        points += thickness / 2
        _paint(canvas, points, thickness, square=style.square_ends)
    return canvas


def _shape_of(character: str, variant: int) -> tuple[Stroke, ...]:
    others = _VARIANTS.get(character, ())
    choice = (variant * 7 + ord(character)) % (len(others) + 2) if variant else 0
    return others[choice - 2] if choice >= 2 else _SHAPES[character]


def _is_bar(shape: tuple[Stroke, ...]) -> bool:
    return len({point[0] for stroke in shape for point in stroke}) == 1


def _rounded(stroke: Stroke, inner: tuple[float, float], radius: float) -> NDArray[np.float64]:
    """Points of the stroke in pixels with quarter curves in place of its round corners."""
    corners = [np.array([p[0] * inner[0], p[1] * inner[1]]) for p in stroke]
    out = [corners[0]]
    for index in range(1, len(corners) - 1):
        corner = corners[index]
        if len(stroke[index]) == 3:
            out.append(corner)
            continue
        out.extend(_corner(corners[index - 1], corner, corners[index + 1], radius))
    out.append(corners[-1])
    return np.array(out)


def _corner(
    before: NDArray[np.float64],
    corner: NDArray[np.float64],
    after: NDArray[np.float64],
    radius: float,
) -> list[NDArray[np.float64]]:
    lead, trail = before - corner, after - corner
    lead_length, trail_length = float(np.hypot(*lead)), float(np.hypot(*trail))
    reach_in = min(radius, lead_length * 0.5)
    reach_out = min(radius, trail_length * 0.5)
    start = corner + lead * (reach_in / max(lead_length, 1e-6))
    end = corner + trail * (reach_out / max(trail_length, 1e-6))
    steps = np.linspace(0, 1, 7)[:, None]
    # Rational quadratic with weight sqrt(1/2): a quarter circle where the legs are equal.
    weight = math.sqrt(0.5)
    bottom = (1 - steps) ** 2 + 2 * weight * steps * (1 - steps) + steps**2
    curve = (
        (1 - steps) ** 2 * start + 2 * weight * steps * (1 - steps) * corner + steps**2 * end
    ) / bottom
    return list(curve)


def _paint(
    canvas: NDArray[np.uint8], points: NDArray[np.float64], thickness: float, *, square: bool
) -> None:
    path = points
    closed = bool(np.allclose(points[0], points[-1]))
    if square and not closed:
        path = points.copy()
        path[0] += _beyond(points[0], points[1], thickness)
        path[-1] += _beyond(points[-1], points[-2], thickness)
    fixed = np.round(path * 16).astype(np.int32).reshape(-1, 1, 2)
    cv2.polylines(canvas, [fixed], False, 255, max(1, round(thickness)), cv2.LINE_AA, shift=4)


def _beyond(
    end: NDArray[np.float64], inside: NDArray[np.float64], thickness: float
) -> NDArray[np.float64]:
    """Lengthen a stroke that ends on the box's edge: the canvas then cuts it off square."""
    direction = end - inside
    length = float(np.hypot(*direction))
    if length < 1e-6 or max(abs(direction)) / length < 0.8:
        return np.zeros(2)
    return direction / length * thickness * 0.12
