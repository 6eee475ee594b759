"""A picture in falling sizes, so that what is far away is drawn from a small one."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

Layer = NDArray[np.float32]
"""Colours under their own cover, then the cover: float32 RGBA (H, W, 4), 0..255 and 0..1."""

_SMALLEST_PX = 8


class Levels:
    """A layer, and the same halved again and again."""

    def __init__(self, layer: Layer) -> None:
        self._levels = [layer]
        while min(self._levels[-1].shape[:2]) >= 2 * _SMALLEST_PX:
            height, width = self._levels[-1].shape[:2]
            half = cv2.resize(
                self._levels[-1], (width // 2, height // 2), interpolation=cv2.INTER_AREA
            )
            self._levels.append(np.asarray(half, np.float32))

    @property
    def whole(self) -> Layer:
        """The layer in its own size."""
        return self._levels[0]

    def at_least(self, width_px: float, height_px: float) -> Layer:
        """The smallest one that is no smaller than that, or the whole one."""
        for larger, smaller in pairwise(self._levels):
            if smaller.shape[1] < width_px or smaller.shape[0] < height_px:
                return larger
        return self._levels[-1]
