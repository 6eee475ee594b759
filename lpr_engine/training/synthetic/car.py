"""A drawn car as seen from the front or from behind, with its plate on it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Colour = tuple[int, int, int]
Points = tuple[tuple[float, float], ...]

PX_PER_M = 400
CAR_SIZE_M = (2.0, 1.75)
"""Width and height of the sprite, mirrors included; the wheels stand on its lower edge."""
_CENTRE_M = 1.0

# Outlines of the right half, in metres: from the middle outward, and up from the ground.
_BODY: Points = (
    (0, 0.22),
    (0.8, 0.22),
    (0.88, 0.34),
    (0.9, 0.62),
    (0.86, 0.86),
    (0.74, 0.98),
    (0, 0.98),
)
_CABIN: Points = ((0, 0.94), (0.76, 0.94), (0.6, 1.4), (0.5, 1.48), (0, 1.5))
_GLASS: Points = ((0, 1.0), (0.66, 1.0), (0.53, 1.36), (0.46, 1.41), (0, 1.42))
_BUMPER: Points = ((0, 0.24), (0.78, 0.24), (0.86, 0.36), (0.87, 0.5), (0, 0.5))
_MIRROR: Points = ((0.76, 0.98), (0.9, 1.0), (0.96, 1.06), (0.94, 1.12), (0.8, 1.1))


@dataclass(frozen=True, slots=True)
class CarLook:
    """Paint, side and plate of one car."""

    paint: Colour
    from_behind: bool
    plate: Picture
    plate_width_m: float
    plate_up_m: float = 0.46


@dataclass(frozen=True, slots=True)
class Sprite:
    """A car's picture: uint8 RGB and coverage 0..1, at `PX_PER_M`."""

    colour: Picture
    cover: NDArray[np.float32]


def draw_car(look: CarLook) -> Sprite:
    """The car at full size."""
    shape = (round(CAR_SIZE_M[1] * PX_PER_M), round(CAR_SIZE_M[0] * PX_PER_M))
    colour = np.zeros((*shape, 3), np.uint8)
    cover = np.zeros(shape, np.uint8)
    _wheels(colour, cover)
    for outline, paint in (
        (_MIRROR, _darker(look.paint, 0.8)),
        (_CABIN, _darker(look.paint, 0.85)),
        (_BODY, look.paint),
    ):
        _mirrored(colour, outline, paint)
        _mirrored(cover, outline, 255)
    _shade(colour)
    _glass(colour)
    _mirrored(colour, _BUMPER, _darker(look.paint, 0.72))
    _lamps(colour, behind=look.from_behind)
    _grille(colour, behind=look.from_behind)
    _mount(colour, look)
    soft = cv2.GaussianBlur(cover, (0, 0), 1.5).astype(np.float32) / 255
    return Sprite(
        np.asarray(cv2.GaussianBlur(colour, (0, 0), 0.8), np.uint8), np.asarray(soft, np.float32)
    )


def _pixels(points: Points, side: int) -> NDArray[np.int32]:
    height = CAR_SIZE_M[1]
    return np.array(
        [[(_CENTRE_M + side * x) * PX_PER_M, (height - y) * PX_PER_M] for x, y in points], np.int32
    )


def _mirrored(picture: Picture, points: Points, colour: Colour | int) -> None:
    for side in (-1, 1):
        cv2.fillPoly(picture, [_pixels(points, side)], colour, cv2.LINE_AA)


def _darker(colour: Colour, part: float) -> Colour:
    return (int(colour[0] * part), int(colour[1] * part), int(colour[2] * part))


def _wheels(colour: Picture, cover: Picture) -> None:
    tyre: Points = ((0.56, 0.0), (0.8, 0.0), (0.82, 0.04), (0.82, 0.4), (0.56, 0.4))
    _mirrored(colour, tyre, (26, 26, 28))
    _mirrored(cover, tyre, 255)
    sill: Points = ((0, 0.16), (0.7, 0.16), (0.7, 0.3), (0, 0.3))
    _mirrored(colour, sill, (18, 18, 20))
    _mirrored(cover, sill, 255)


def _shade(colour: Picture) -> None:
    """Light from above: brighter shoulders, darker sills."""
    rows = np.linspace(CAR_SIZE_M[1], 0, colour.shape[0], dtype=np.float32)[:, None, None]
    lit = 1.0 + 0.28 * np.exp(-((rows - 0.93) ** 2) / 0.01) - 0.22 * np.exp(-(rows**2) / 0.12)
    colour[:] = np.clip(colour * lit, 0, 255).astype(np.uint8)


def _glass(colour: Picture) -> None:
    _mirrored(colour, _GLASS, (44, 52, 60))
    glare: Points = ((0.1, 1.02), (0.3, 1.02), (0.12, 1.4), (-0.06, 1.4))
    layer = colour.copy()
    cv2.fillPoly(layer, [_pixels(glare, 1)], (150, 168, 184), cv2.LINE_AA)
    colour[:] = cv2.addWeighted(colour, 0.65, layer, 0.35, 0)


def _lamps(colour: Picture, *, behind: bool) -> None:
    lamp: Points = ((0.52, 0.66), (0.8, 0.64), (0.87, 0.72), (0.84, 0.84), (0.6, 0.8))
    _mirrored(colour, lamp, (150, 24, 28) if behind else (218, 224, 230))
    core: Points = ((0.64, 0.69), (0.76, 0.68), (0.78, 0.76), (0.66, 0.76))
    _mirrored(colour, core, (226, 70, 60) if behind else (250, 250, 246))


def _grille(colour: Picture, *, behind: bool) -> None:
    if behind:
        _mirrored(colour, ((0, 0.86), (0.6, 0.86), (0.6, 0.875), (0, 0.875)), (30, 30, 34))
        _mirrored(colour, ((0, 0.9), (0.05, 0.9), (0.05, 0.94), (0, 0.94)), (190, 190, 194))
        return
    _mirrored(colour, ((0, 0.62), (0.42, 0.62), (0.47, 0.8), (0, 0.8)), (24, 24, 28))
    for level in (0.66, 0.71, 0.76):
        _mirrored(
            colour,
            ((0, level), (0.42, level), (0.42, level + 0.012), (0, level + 0.012)),
            (120, 122, 126),
        )


def _mount(colour: Picture, look: CarLook) -> None:
    """The plate on its dark holder."""
    width = round(look.plate_width_m * PX_PER_M)
    height = round(width * look.plate.shape[0] / look.plate.shape[1])
    small = cv2.resize(look.plate, (width, height), interpolation=cv2.INTER_AREA)
    left = round(_CENTRE_M * PX_PER_M - width / 2)
    top = round((CAR_SIZE_M[1] - look.plate_up_m) * PX_PER_M - height / 2)
    colour[top - 5 : top + height + 5, left - 5 : left + width + 5] = (22, 22, 24)
    colour[top : top + height, left : left + width] = small
