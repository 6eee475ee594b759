"""Small crops made as large as a network takes them, without blocks."""

from __future__ import annotations

import cv2
import numpy as np

from lpr_engine.model.pixels import Pixels


def enlarged(pixels: Pixels, height: int, width: int, *, keeps_aspect: bool = False) -> Pixels:
    """The crop, at least that high and wide; with its aspect kept, at least one of the two.

    To be called before `cv2.INTER_AREA`, which shrinks well, but where it enlarges repeats pixels:
    steps that no camera makes and no training shows. Cubic splines leave slopes instead.
    """
    rows, columns = pixels.shape[:2]
    if keeps_aspect:
        scale = min(height / rows, width / columns)
        height, width = round(rows * scale), round(columns * scale)
    size = (max(columns, width), max(rows, height))
    if size == (columns, rows):
        return pixels
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_CUBIC), np.uint8)


def fitted(pixels: Pixels, height: int, width: int) -> Pixels:
    """The crop stretched to that size, as the bundled reader is shown it."""
    large = enlarged(pixels, height, width)
    return np.asarray(cv2.resize(large, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
