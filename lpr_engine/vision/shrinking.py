"""Pictures made smaller: fast, and without the patterns that come of skipped pixels."""

from __future__ import annotations

import cv2
import numpy as np

from lpr_engine.model.pixels import Pixels


def shrunk(pixels: Pixels, width: int, height: int) -> Pixels:
    """The picture in that size; only its last step may enlarge.

    Halved as often as it goes, then interpolated linearly. Means over whole areas
    (`cv2.INTER_AREA`) look the same, but unless they are of two by two pixels they take eight
    times as long, which was a sixth of the time of a frame of 720p.
    """
    rows, columns = pixels.shape[:2]
    while columns >= 2 * width and rows >= 2 * height:
        columns, rows = columns // 2, rows // 2
        pixels = np.asarray(
            cv2.resize(pixels, (columns, rows), interpolation=cv2.INTER_AREA), np.uint8
        )
    if (columns, rows) == (width, height):
        return pixels
    return np.asarray(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
