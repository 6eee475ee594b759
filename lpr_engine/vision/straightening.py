"""Slanted plates made level, only where the slant is plain to see."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr_engine.model.pixels import Pixels

WORKING_WIDTH_PX = 128
STEEPEST_DEGREES = 24
STEP_DEGREES = 1.5
LEAST_DEGREES = 4.0
MIN_GAIN = 1.25
MIN_HEIGHT_PX = 14


@dataclass(frozen=True, slots=True)
class Slant:
    """How far a plate's rows slope down to the right, and how much clearer they are levelled.

    `gain` is the sharpness of the rows when levelled over that of the crop as it is.
    """

    degrees: float
    gain: float

    @property
    def is_plain(self) -> bool:
        """Whether levelling helps for sure: a wrong warp costs more than a missed one."""
        inside = abs(self.degrees) < STEEPEST_DEGREES
        return abs(self.degrees) >= LEAST_DEGREES and inside and self.gain >= MIN_GAIN


def straighten(pixels: Pixels) -> Pixels:
    """The crop with its rows level where they plainly are not; else the crop itself."""
    if pixels.shape[0] < MIN_HEIGHT_PX or pixels.shape[1] < 2 * MIN_HEIGHT_PX:
        return pixels
    slant = measure_slant(pixels)
    return level(pixels, slant.degrees) if slant.is_plain else pixels


def measure_slant(pixels: Pixels) -> Slant:
    """The slant at which horizontal edges line up best in rows.

    The profile of edges over rows has most variance where the plate's rim and the feet and heads
    of its characters fall into rows of their own.
    """
    edges = _horizontal_edges(pixels)
    angles = np.arange(-STEEPEST_DEGREES, STEEPEST_DEGREES + 1e-6, STEP_DEGREES)
    scores = np.array([_row_sharpness(edges, float(angle)) for angle in angles])
    best = int(scores.argmax())
    unmoved = float(scores[len(angles) // 2])
    gain = float(scores[best]) / unmoved if unmoved > 0 else 1.0
    return Slant(float(angles[best]), gain)


def level(pixels: Pixels, degrees: float) -> Pixels:
    """Shear columns vertically by that slope; cut off the height that the slope had added."""
    height, width = pixels.shape[:2]
    sheared = cv2.warpAffine(
        pixels,
        _shear(degrees, width),
        (width, height),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    surplus = width * abs(math.tan(math.radians(degrees)))
    cut = int(min(surplus / 2, height / 4))
    return np.ascontiguousarray(sheared[cut : height - cut], np.uint8)


def _horizontal_edges(pixels: Pixels) -> NDArray[np.float32]:
    luminance = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    height = max(8, round(pixels.shape[0] * WORKING_WIDTH_PX / pixels.shape[1]))
    small = cv2.resize(luminance, (WORKING_WIDTH_PX, height), interpolation=cv2.INTER_AREA)
    return np.abs(cv2.Sobel(small, cv2.CV_32F, 0, 1, ksize=3)).astype(np.float32)


def _row_sharpness(edges: NDArray[np.float32], degrees: float) -> float:
    moved = cv2.warpAffine(edges, _shear(degrees, edges.shape[1]), edges.shape[::-1])
    return float(np.asarray(moved).mean(axis=1).var())


def _shear(degrees: float, width: int) -> NDArray[np.float64]:
    slope = math.tan(math.radians(degrees))
    return np.array([[1.0, 0.0, 0.0], [-slope, 1.0, slope * (width - 1) / 2]])
