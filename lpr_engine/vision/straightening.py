"""Slanted plates made level and upright, only where the slant is plain to see."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr_engine.model.pixels import Pixels

WORKING_WIDTH_PX = 128
STEEPEST_DEGREES = 30.0
COARSE_DEGREES = 3.0
FINE_DEGREES = 1.5
LEAST_DEGREES = 3.0
MIN_GAIN = 1.15
GAIN_PER_DEGREE = 0.01
MIN_HEIGHT_PX = 14
MAX_CUT_SHARE = 0.35


class Direction(Enum):
    """Which lines of a plate are looked at; the value is the axis along which they run."""

    ROWS = 1
    STROKES = 0


@dataclass(frozen=True, slots=True)
class Slant:
    """How far lines lean, and how much clearer they stand out once that is undone.

    Rows slope down to the right, strokes lean with their feet to the right, when positive.
    `gain` is the contrast between lines with the slant undone over that of the crop as it is.
    """

    degrees: float
    gain: float

    @property
    def is_plain(self) -> bool:
        """Whether undoing it helps for sure: a wrong warp costs more than a missed one.

        The steeper the slant, the rarer it is, and the clearer it has to be.
        """
        steepness = abs(self.degrees)
        needed = MIN_GAIN + GAIN_PER_DEGREE * (steepness - LEAST_DEGREES)
        return LEAST_DEGREES <= steepness < STEEPEST_DEGREES and self.gain >= needed


def straighten(pixels: Pixels) -> Pixels:
    """The crop with level rows, and then upright strokes, where they plainly are not.

    Upright rows are taken as proof that the plate is seen straight: then nothing is changed.
    """
    if pixels.shape[0] < MIN_HEIGHT_PX or pixels.shape[1] < 2 * MIN_HEIGHT_PX:
        return pixels
    rows = measure_slant(pixels, Direction.ROWS)
    if not rows.is_plain:
        return pixels
    levelled = level(pixels, rows.degrees)
    strokes = measure_slant(levelled, Direction.STROKES)
    return erect(levelled, strokes.degrees) if strokes.is_plain else levelled


def measure_slant(pixels: Pixels, direction: Direction) -> Slant:
    """The slant at which edges line up best in rows, or in columns.

    The profile of edges over rows has most variance where the plate's rim and the feet and heads
    of its characters fall into rows of their own; over columns, where upright strokes do.
    """
    edges = _edges(pixels, direction)
    half = cv2.resize(edges, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    coarse = np.asarray(half, np.float32)
    steps = round(STEEPEST_DEGREES / COARSE_DEGREES)
    near = max(
        (step * COARSE_DEGREES for step in range(-steps, steps + 1)),
        key=lambda degrees: _contrast(coarse, degrees, direction),
    )
    contrasts = {
        degrees: _contrast(edges, degrees, direction)
        for degrees in (near, near - FINE_DEGREES, near + FINE_DEGREES, 0.0)
    }
    best = max(contrasts, key=contrasts.__getitem__)
    unmoved = contrasts[0.0]
    return Slant(best, contrasts[best] / unmoved if unmoved > 0 else 1.0)


def level(pixels: Pixels, degrees: float) -> Pixels:
    """Shear columns vertically by that slope; cut off the height that the slope had added."""
    height, width = pixels.shape[:2]
    sheared = _sheared(pixels, degrees, Direction.ROWS)
    surplus = width * abs(math.tan(math.radians(degrees)))
    cut = int(min(surplus / 2, height * MAX_CUT_SHARE))
    return np.ascontiguousarray(sheared[cut : height - cut], np.uint8)


def erect(pixels: Pixels, degrees: float) -> Pixels:
    """Shear rows horizontally, so that strokes that lean by that angle stand upright."""
    return np.asarray(_sheared(pixels, degrees, Direction.STROKES), np.uint8)


def _edges(pixels: Pixels, direction: Direction) -> NDArray[np.float32]:
    luminance = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    height = max(8, round(pixels.shape[0] * WORKING_WIDTH_PX / pixels.shape[1]))
    small = cv2.resize(luminance, (WORKING_WIDTH_PX, height), interpolation=cv2.INTER_AREA)
    along_x = direction is Direction.STROKES
    return np.abs(cv2.Sobel(small, cv2.CV_32F, int(along_x), int(not along_x), ksize=3)).astype(
        np.float32
    )


def _contrast(edges: NDArray[np.float32], degrees: float, direction: Direction) -> float:
    return float(_sheared(edges, degrees, direction).mean(axis=direction.value).var())


def _sheared(
    picture: NDArray[np.uint8] | NDArray[np.float32], degrees: float, direction: Direction
) -> NDArray[Any]:
    height, width = picture.shape[:2]
    slope = math.tan(math.radians(degrees))
    matrix = (
        np.array([[1.0, 0.0, 0.0], [-slope, 1.0, slope * (width - 1) / 2]])
        if direction is Direction.ROWS
        else np.array([[1.0, -slope, slope * (height - 1) / 2], [0.0, 1.0, 0.0]])
    )
    border = cv2.BORDER_REPLICATE if picture.dtype == np.uint8 else cv2.BORDER_CONSTANT
    return np.asarray(cv2.warpAffine(picture, matrix, (width, height), borderMode=border))
