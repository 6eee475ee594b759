"""Letters and digits drawn as strokes: plate-like shapes in endless variation, no font needed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr_engine.training.synthetic.letterforms import PLAIN, VARIANTS, Stroke

_SOFT_EDGE = 0.7
"""Pixels that smooth lines are drawn wider than asked for, less what paint spreads."""
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
    """Which of the other forms are mixed in; 0 for none."""
    forms: tuple[tuple[str, str], ...] = ()
    """Characters that have a certain form: (character, name of its form)."""
    widths: tuple[tuple[str, float], ...] = ()
    """Characters that are wider or narrower than the rest: (characters, factor)."""


def stroke_glyph(character: str, style: StrokeStyle, height: int) -> NDArray[np.uint8]:
    """Coverage mask 0..255 of one character, shape (height, width)."""
    return _draw(character, style, height)


@lru_cache(maxsize=4096)
def _draw(character: str, style: StrokeStyle, height: int) -> NDArray[np.uint8]:
    shape = _shape_of(character, style)
    thin = _is_bar(shape)
    factor = _width_factor(character, style)
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
        if style.square_ends:
            _square_corners(canvas, stroke, inner, thickness)
    return canvas


def _shape_of(character: str, style: StrokeStyle) -> tuple[Stroke, ...]:
    others = VARIANTS.get(character, {})
    chosen = dict(style.forms).get(character)
    if chosen is not None:
        return others[chosen]
    forms = list(others.values())
    number = (style.variant * 7 + ord(character)) % (len(forms) + 2) if style.variant else 0
    return forms[number - 2] if number >= 2 else PLAIN[character]


def _width_factor(character: str, style: StrokeStyle) -> float:
    for characters, factor in style.widths:
        if character in characters:
            return factor
    return 1.0 if style.monospaced else _NARROW.get(character, 1.0)


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
        path[0] += _beyond(points[0], points[1], thickness, canvas.shape)
        path[-1] += _beyond(points[-1], points[-2], thickness, canvas.shape)
    fixed = np.round(path * 16).astype(np.int32).reshape(-1, 1, 2)
    drawn = max(1, round(thickness - _SOFT_EDGE))
    cv2.polylines(canvas, [fixed], False, 255, drawn, cv2.LINE_AA, shift=4)


def _beyond(
    end: NDArray[np.float64],
    inside: NDArray[np.float64],
    thickness: float,
    shape: tuple[int, ...],
) -> NDArray[np.float64]:
    """Lengthen a stroke that ends on the box's edge: the canvas then cuts it off square."""
    direction = end - inside
    length = float(np.hypot(*direction))
    if length < 1e-6 or max(abs(direction)) / length < 0.8:
        return np.zeros(2)
    outer = end + direction / length * thickness * 0.6
    leaves = outer.min() < 0 or outer[0] > shape[1] or outer[1] > shape[0]
    return direction / length * thickness * (0.5 if leaves else 0.12)


def _square_corners(
    canvas: NDArray[np.uint8], stroke: Stroke, inner: tuple[float, float], thickness: float
) -> None:
    """Fill the corners where an upright and a level stroke meet at a sharp point."""
    around = (*stroke, stroke[1]) if stroke[0][:2] == stroke[-1][:2] else stroke
    for before, corner, after in zip(around, around[1:], around[2:], strict=False):
        legs = [(abs(p[0] - corner[0]), abs(p[1] - corner[1])) for p in (before, after)]
        if len(corner) == 3 and all(min(leg) == 0 for leg in legs) and _turns(legs):
            left, top = corner[0] * inner[0], corner[1] * inner[1]
            right, bottom = left + thickness, top + thickness
            canvas[round(top) : round(bottom), round(left) : round(right)] = 255


def _turns(legs: list[tuple[float, float]]) -> bool:
    return (legs[0][0] == 0) != (legs[1][0] == 0)
