"""How readable a crop looks before anything reads it."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr_engine.model.geometry import Box
from lpr_engine.model.pixels import Pixels

ILLEGIBLE_HEIGHT_PX = 8
AMPLE_HEIGHT_PX = 40
COMMON_SIZE = (128, 32)
SHARP_DETAIL = 0.35
FULL_CONTRAST = 45.0
CLIPPED_FACTOR = 0.5
EDGE_PX = 1.0


def quality_of(pixels: Pixels, plate_height_px: float, *, clipped: bool) -> float:
    """Quality 0..1: the geometric mean of size, sharpness and exposure, halved if clipped."""
    luminance = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    small = np.asarray(cv2.resize(luminance, COMMON_SIZE, interpolation=cv2.INTER_AREA), np.float32)
    parts = (_size(plate_height_px), _sharpness(small), _exposure(small))
    mean = math.pow(math.prod(parts), 1 / len(parts))
    return mean * (CLIPPED_FACTOR if clipped else 1.0)


def is_clipped(box: Box, width: int, height: int) -> bool:
    """Whether the box ends at the frame's edge, so that part of the plate may lie outside."""
    return (
        box.x0 <= EDGE_PX
        or box.y0 <= EDGE_PX
        or box.x1 >= width - EDGE_PX
        or box.y1 >= height - EDGE_PX
    )


def _size(height_px: float) -> float:
    return _share(height_px, ILLEGIBLE_HEIGHT_PX, AMPLE_HEIGHT_PX)


def _sharpness(luminance: NDArray[np.float32]) -> float:
    """Variance of the Laplacian over the picture's own variance, so that contrast cancels out."""
    variance = float(luminance.var())
    if variance < 1.0:
        return 0.0
    detail = float(cv2.Laplacian(luminance, cv2.CV_32F).var()) / variance
    return _share(detail, 0.0, SHARP_DETAIL)


def _exposure(luminance: NDArray[np.float32]) -> float:
    """Contrast, less for every share of pixels that are burnt out."""
    contrast = _share(float(luminance.std()), 0.0, FULL_CONTRAST)
    burnt = float((luminance > 252).mean())
    return contrast * (1 - burnt)


def _share(value: float, low: float, high: float) -> float:
    return min(1.0, max(0.0, (value - low) / (high - low)))
